// perpetuum circularity BOOK

#include "circularity_dollar.hpp"
#include "commands.hpp"
#include "csv_circularity.hpp"
#include "csv_network.hpp"
#include "dependence.hpp"
#include "identities.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

std::vector<std::string> row_of_split(std::string const& name, Split const& split) {
    return {name,
            print_percent(split.at_least),
            print_percent(split.typical),
            print_percent(split.at_most),
            print_percent(split.readings.fifo),
            print_percent(split.readings.lifo),
            print_percent(split.readings.linked)};
}

void add_parts(TextTable& table, Split const& split) {
    for (auto const& [id, share] : split.parts)
        if (split.parts.size() > 1 && share > 0)
            table.rows.push_back({"   " + id, "", print_percent(share)});
}

std::string table_of_firm(FirmOrigin const& firm) {
    TextTable table{
        {"of 100 received", "at least", "pro rata", "at most", "fifo", "lifo", "linked"},
        "lrrrrrr",
        {}};
    table.rows.push_back(row_of_split("customers", firm.customers));
    add_parts(table, firm.customers);
    table.rows.push_back(row_of_split("outside capital", firm.outside_capital));
    table.rows.push_back(row_of_split("held before", firm.held_before));
    table.rows.push_back(row_of_split("own money back", firm.own_money_back));
    if (firm.own_money_back.of_which_finance > 0)
        table.rows.push_back(
            {"   of which finance", "", print_percent(firm.own_money_back.of_which_finance)});
    table.rows.push_back(row_of_split("partners' money", firm.partners_money));
    add_parts(table, firm.partners_money);
    table.rows.push_back(row_of_split("circular (the two)", firm.circular));
    return print_table(table);
}

/// Paid and promised each over what the money of those paid, or promised to, bought.
std::string vendor_line(FirmCircularity const& firm) {
    VendorFinancing const& vendor = firm.vendor;
    PromisedFinance const& promised = firm.promised;
    if (!(vendor.finance > 0) && !(promised.usd > 0)) return {};
    auto const against = [](double revenue, double ratio) {
        return fmt::format("against {} USD received from them: {} %", print_amount(revenue),
                           print_percent(ratio));
    };
    std::string text = "Vendor financing: paid ";
    text += vendor.finance > 0
                ? fmt::format("{} USD as finance to its buyers, {} (of all revenue {} %)",
                              print_amount(vendor.finance),
                              against(vendor.revenue_from_buyers, vendor.of_revenue_from_buyers),
                              print_percent(vendor.of_revenue))
                : "no finance to its buyers";
    text +=
        promised.usd > 0
            ? fmt::format("; promised {} USD in all, {}", print_amount(promised.usd),
                          against(promised.revenue_from_buyers, promised.of_revenue_from_buyers()))
            : "; promised none";
    return text + ".\n";
}

std::string text_of_firm(Projection const& projection, FirmCircularity const& firm,
                         Window const& window) {
    FirmOrigin const& origin = firm.origin;
    if (!(origin.revenue > 0) && !(origin.spending.paid > 0)) return {};
    auto const& entity = projection.system.entities[static_cast<std::size_t>(origin.party)];
    auto const& name = entity.name.empty() ? entity.id : entity.name;
    std::string text = fmt::format(
        "\n{} ({}): received {} USD for goods and services (booked as revenue: {}), paid {} USD "
        "to the book's firms\n",
        printable(name), entity.id, print_amount(origin.revenue), print_amount(firm.booked_revenue),
        print_amount(origin.paid_in));
    if (origin.revenue > 0)
        text += table_of_firm(origin) + revenue_sentence(name, origin, window) + "\n";
    if (origin.spending.paid > 0)
        text += spending_sentence(name, origin, firm.kinds, window) + "\n";
    if (origin.paid_in > 0 && origin.revenue > 0)
        text += return_sentence(name, origin, window) + "\n";
    return text + vendor_line(firm);
}

/// Nobody sold anything: perhaps because no account is one that sales are known by.
std::string no_sales(System const& system) {
    bool const known =
        std::any_of(system.accounts.begin(), system.accounts.end(), [](auto const& account) {
            return account.name == "revenue" || account.name == "advances" ||
                   account.name == "receivables";
        });
    return std::string("No firm received anything for goods and services.") +
           (known ? "\n"
                  : " A payment is a sale when the payee credits 'revenue' or 'advances', or "
                    "settles 'receivables': the model has no such account.\n");
}

Answer circularity_asked(Options const& options, Projection& projection) {
    if (is_payment_file(options.book)) {
        if (!options.dollar.empty() || !options.pair.empty())
            return refused("--dollar and --pair are for books", "perpetuum circularity BOOK");
        return circularity_of_csv(options);
    }
    for (auto const& table : {import_options(), measure_options()})
        if (auto const option = given_option(table, options.payments); !option.empty())
            return refused(option + " is for files of payments", "perpetuum circularity edges.csv");
    if (!project(options, projection)) return refused(projection.reading);
    if (!options.dollar.empty()) return dollar_of(options, projection);
    if (!options.pair.empty()) return pair_of(options, projection);
    if (!options.backtest.without.empty())
        return dependence_of(options, options.backtest.without, projection);
    auto const promises = promises_of(projection.system, projection.reading.book);
    CircularityResult const result = circularity_of(projection, promises, projection.window);
    Answer answer;
    if (options.json) {
        answer.text = circularity_as_json(result);
        return answer;
    }
    answer.talk = talk_of(projection.reading, options.book);
    answer.text = fmt::format(
        "Where the money came from, {}, central path; tracing starts at the end of {}\n"
        "Between the book's firms {} USD were paid; at most {} USD of it ({} %) can have gone "
        "round "
        "(maximum circulation); Finn index {} %.\n"
        "Pro rata: every payment has the mix of its payer's till. fifo, lifo, linked: other orders "
        "out of the till.\n"
        "At least and at most: over all ways of counting that conserve money; they are not "
        "attained together.\n",
        print_period(projection.window.period), print_day({projection.system.start.months - 0.01}),
        print_amount(result.gross), print_amount(result.max_circulation),
        print_percent(result.gross > 0 ? result.max_circulation / result.gross : std::nan("")),
        print_percent(result.finn));
    if (result.firms.empty()) answer.text += "\n" + no_sales(projection.system);
    for (FirmCircularity const& firm : result.firms)
        answer.text += text_of_firm(projection, firm, projection.window);
    answer.text += "\nA loop is not a round trip; goods are delivered. Elements, no verdict.\n";
    return answer;
}

} // namespace

Answer run_circularity(Options const& options) {
    Projection projection;
    Answer answer = circularity_asked(options, projection);
    tell_stop(projection, answer);
    return answer;
}

} // namespace perpetuum
