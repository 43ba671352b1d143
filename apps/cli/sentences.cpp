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
    return fmt::format(", and {} of 100 were cash held when the book opens, of unknown origin",
                       of_hundred(firm.held_before.typical));
}

} // namespace

std::string revenue_sentence(std::string const& name, FirmOrigin const& firm,
                             Window const& window) {
    auto const who = printable(name);
    if (!(firm.revenue > 0))
        return fmt::format("{} received nothing for goods and services in {}.", who,
                           in_words(window));
    Split const& own = firm.own_money_back;
    auto const [low, high] =
        std::minmax({own.readings.fifo, own.readings.lifo, own.readings.linked, own.typical});
    if (own.at_least < 0.005 && own.at_most > 0.995 && high - low > 0.5)
        return fmt::format("Not known: of every 100 dollars {} received for goods and services in "
                           "{}, anything from "
                           "0 to 100 may have been its own money.",
                           who, in_words(window));
    if (own.at_most < 5e-9)
        return fmt::format("None of what {} received for goods and services in {} was money it had "
                           "itself paid out "
                           "to firms in this book, by any reading{}.",
                           who, in_words(window), held_too(firm));
    auto const share = of_hundred(own.typical);
    return fmt::format(
        "Of every 100 dollars {} received for goods and services in {}, {}{} were money it had "
        "itself paid out to firms in this book ({}){}.{}",
        who, in_words(window), share == "0" || share == "less than 1" ? "" : "about ", share,
        other_readings(own.readings), held_too(firm), bounds_of(own));
}

std::string spending_sentence(std::string const& name, FirmOrigin const& firm,
                              Window const& window) {
    SpendingOrigin const& spending = firm.spending;
    auto const who = printable(name);
    if (!(spending.paid > 0))
        return fmt::format("{} paid nothing for goods and services in {}.", who, in_words(window));
    std::string own;
    if (spending.own_money_back >= 0.005)
        own = fmt::format(", {} were its own money come back", of_hundred(spending.own_money_back));
    return fmt::format(
        "Of every 100 dollars {} paid for goods and services in {}, {} came from its customers, "
        "{} from partners, {} from outside capital, {} from cash held when the book opens{} "
        "(pro rata).",
        who, in_words(window), of_hundred(spending.customers), of_hundred(spending.partners_money),
        of_hundred(spending.outside_capital), of_hundred(spending.held_before), own);
}

std::string return_sentence(std::string const& name, FirmOrigin const& firm, Window const& window) {
    auto const who = printable(name);
    if (!(firm.paid_in > 0))
        return fmt::format("{} paid nothing to firms of the book in {}.", who, in_words(window));
    ReturnShare const& share = firm.return_share;
    return fmt::format("For every 100 dollars {} paid to firms of the book in {}, {} came back as "
                       "revenue (pro rata; "
                       "at least {}, at most {}).",
                       who, in_words(window), of_hundred(share.typical), of_hundred(share.at_least),
                       of_hundred(share.at_most));
}

} // namespace perpetuum
