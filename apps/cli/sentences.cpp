// Sentences that can be quoted. A range of readings and an outer bound are two things and never
// merged.

#include "circularity_result.hpp"
#include "tables.hpp"

#include <perpetuum/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

std::string in_words(Window const& window) { return print_period(window.period); }

std::string of_hundred(double share) {
    auto const percent = print_percent(share);
    return percent == "<1" ? "less than 1" : percent;
}

/// "1 to 5 by the other readings"
std::string other_readings(OriginReadings const& readings) {
    auto const [low, high] = std::minmax({readings.fifo, readings.lifo, readings.linked});
    if (std::isnan(low) || std::isnan(high)) return "pro rata";
    auto const from = of_hundred(low), to = of_hundred(high);
    if (from == to) return fmt::format("pro rata; {} by the other readings", to);
    return fmt::format("pro rata; {} to {} by the other readings",
                       low < 0.005 && low > 0 ? "under 1" : print_percent(low),
                       print_percent(high));
}

std::string bounds_of(Split const& split) {
    if (std::isnan(split.at_most)) return {};
    auto const most = print_percent(split.at_most) == "<1" ? "1" : print_percent(split.at_most);
    if (split.at_least < 5e-9)
        return fmt::format(" No reading allows more than {}; none forces any.", most);
    auto const least = of_hundred(split.at_least);
    if (most == least) return fmt::format(" Every way of counting gives {}.", most);
    return fmt::format(" No reading allows more than {} or less than {}.", most, least);
}

/// A reader must not take a first year's opening cash for an answer.
std::string held_too(FirmOrigin const& firm) {
    if (!(firm.held_before.typical > 0.25)) return {};
    return fmt::format(", and {} of 100 are cash held when the book opens, of unknown origin",
                       of_hundred(firm.held_before.typical));
}

/// Least and greatest of the conventions that someone uses.
std::pair<double, double> range_of_readings(Split const& split) {
    return std::minmax(
        {split.readings.fifo, split.readings.lifo, split.readings.linked, split.typical});
}

constexpr std::size_t kinds_named = 3;

/// "120 B of equipment, 75.0 B of service and 3.10 B of 2 other types"
std::string kinds_in_words(std::vector<std::pair<std::string, double>> const& kinds) {
    std::string text;
    for (std::size_t k = 0; k < kinds.size() && k < kinds_named; ++k)
        text += fmt::format("{}{} of {}", k > 0 ? ", " : "", print_amount(kinds[k].second),
                            printable(kinds[k].first, 40));
    double rest = 0;
    for (std::size_t k = kinds_named; k < kinds.size(); ++k) rest += kinds[k].second;
    if (kinds.size() > kinds_named)
        text += fmt::format(" and {} of {}", print_amount(rest),
                            count_of(kinds.size() - kinds_named, "other type"));
    return text;
}

} // namespace

bool conventions_disagree(Split const& split) {
    auto const [low, high] = range_of_readings(split);
    double const apart = high - low, bounds = split.at_most - split.at_least;
    return apart >= 0.5 || (bounds >= 0.9 && apart >= 0.3);
}

std::string revenue_sentence(std::string const& name, FirmOrigin const& firm,
                             Window const& window) {
    auto const who = printable(name);
    if (!(firm.revenue > 0))
        return fmt::format("On the central path {} receives nothing for goods and services in {}.",
                           who, in_words(window));
    Split const& own = firm.own_money_back;
    auto const what =
        fmt::format("{} receives for goods and services in {}", who, in_words(window));
    if (conventions_disagree(own)) {
        auto const [low, high] = range_of_readings(own);
        return fmt::format("Not known: on the central path, of every 100 dollars {}, anything from "
                           "{} to {} is money it has itself paid out, depending on the reading; "
                           "bounds {} and {}.",
                           what, of_hundred(low), of_hundred(high), of_hundred(own.at_least),
                           of_hundred(own.at_most));
    }
    if (own.at_most < 5e-9)
        return fmt::format("On the central path, none of what {} is money it has itself paid out "
                           "to firms in this book, by any reading{}.",
                           what, held_too(firm));
    auto const share = of_hundred(own.typical);
    bool const few = share == "0" || share == "less than 1";
    return fmt::format("On the central path, of every 100 dollars {}, {}{} {} money it has itself "
                       "paid out to firms in this book ({}){}.{}",
                       what, few ? "" : "about ", share,
                       share == "1" || share == "less than 1" ? "is" : "are",
                       other_readings(own.readings), held_too(firm), bounds_of(own));
}

std::string spending_sentence(std::string const& name, FirmOrigin const& firm,
                              SpendingKinds const& kinds, Window const& window) {
    SpendingOrigin const& spending = firm.spending;
    auto const who = printable(name);
    if (!(spending.paid > 0))
        return fmt::format("On the central path {} pays nothing for goods and services in {}.", who,
                           in_words(window));
    std::string own;
    if (spending.own_money_back >= 0.005)
        own = fmt::format(", {} are its own money come back", of_hundred(spending.own_money_back));
    auto text = fmt::format(
        "On the central path, of every 100 dollars {} pays for goods and services in {}, {} come "
        "from its customers, {} from partners, {} from outside capital, {} from cash held when the "
        "book opens{} (pro rata). Counted: {}",
        who, in_words(window), of_hundred(spending.customers), of_hundred(spending.partners_money),
        of_hundred(spending.outside_capital), of_hundred(spending.held_before), own,
        kinds_in_words(kinds.counted));
    if (!kinds.left_out.empty()) text += "; not counted: " + kinds_in_words(kinds.left_out);
    return text + ".";
}

std::string return_sentence(std::string const& name, FirmOrigin const& firm, Window const& window) {
    auto const who = printable(name);
    if (!(firm.paid_in > 0))
        return fmt::format("On the central path {} pays nothing to firms of the book in {}.", who,
                           in_words(window));
    ReturnShare const& share = firm.return_share;
    return fmt::format("On the central path, for every 100 dollars {} pays to firms of the book in "
                       "{}, {} come back as revenue (pro rata; at least {}, at most {}).",
                       who, in_words(window), of_hundred(share.typical), of_hundred(share.at_least),
                       of_hundred(share.at_most));
}

} // namespace perpetuum
