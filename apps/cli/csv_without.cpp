// circularity edges.csv --without A,B (a link) or A (a firm): what others would have got less, and what
// could go round then.

#include "csv_circularity.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t firms_in_text = 40;
constexpr std::size_t removed_in_text = 20;
constexpr std::size_t removed_in_json = 100'000;
constexpr std::pair<SpendingRule, char const*> spending_rules[] = {
    {SpendingRule::reserves, "reserves"},
    {SpendingRule::shared, "shared"},
    {SpendingRule::margin, "margin"}};
constexpr char const* removal_measures[] = {"gross_usd", "component_flow_usd",
                                            "max_circulation_usd", "loop_capacity_usd"};

struct Removal {
    std::vector<std::size_t> links;
    std::string words;
    std::vector<std::uint32_t> payments;
    std::vector<double> lost[std::size(spending_rules)];
    std::vector<std::int64_t> received; ///< by firm, with all payments
    std::vector<std::size_t> order;     ///< of firms that lose something
};

bool find_removed(CsvQuestion const& question, Removal& removal, Answer& wrong) {
    std::string const& names = question.options.backtest.without;
    auto const& edges = question.network.edges;
    std::vector<int> parties;
    if (!parties_named(question, names, parties, wrong)) return false;
    if (parties.size() == 1) {
        for (std::size_t k = 0; k < edges.size(); ++k)
            if (edges[k].from == parties[0] || edges[k].to == parties[0])
                removal.links.push_back(k);
        removal.words = question.name(parties[0]);
    } else {
        std::size_t link = 0;
        if (!link_named(question, names, link, wrong)) return false;
        removal.links.push_back(link);
        removal.words = question.name(parties[0]) + " → " + question.name(parties[1]);
    }
    for (std::size_t k = 0; k < question.list().size(); ++k) {
        std::pair const ends{question.list().from[k], question.list().to[k]};
        bool const gone = parties.size() == 1
                              ? ends.first == parties[0] || ends.second == parties[0]
                              : ends == std::pair{parties[0], parties[1]};
        if (gone) removal.payments.push_back(static_cast<std::uint32_t>(k));
    }
    return true;
}

void find_losses(CsvQuestion const& question, Removal& removal) {
    OutsideFlows const outside = no_outside_flows(question.network);
    for (std::size_t rule = 0; rule < std::size(spending_rules); ++rule)
        removal.lost[rule] =
            income_lost(question.network, outside, removal.links, spending_rules[rule].first);
    removal.received.assign(question.network.nodes.size(), 0);
    for (Network::Edge const& edge : question.network.edges)
        removal.received[static_cast<std::size_t>(edge.to)] += edge.amount;
    std::vector<double> const& most = removal.lost[std::size(spending_rules) - 1];
    for (std::size_t firm = 0; firm < most.size(); ++firm)
        if (!(most[firm] <= 0)) removal.order.push_back(firm);
    std::stable_sort(removal.order.begin(), removal.order.end(),
                     [&](std::size_t a, std::size_t b) { return most[a] > most[b]; });
}

double measured(char const* name, Network const& network, PaymentList const& list) {
    for (Measure const& measure : measures)
        if (name == std::string_view(measure.name))
            return in_file_units(measure.value(network, no_outside_flows(network)), list.decimals);
    return std::nan("");
}

std::string text_of_removal(CsvQuestion const& question, Removal const& removal,
                            Network const& rest) {
    PaymentList const& list = question.list();
    std::string text = fmt::format(
        "Without {}: what each would have got less, by what those do who get less; {}\n",
        printable(removal.words, 120), size_words(question));
    TextTable table{{"", "received", "reserves", "shared", "margin"}, "lrrrr", {}};
    for (std::size_t k = 0; k < removal.order.size() && k < firms_in_text; ++k) {
        std::size_t const firm = removal.order[k];
        std::vector<std::string> row{question.name(static_cast<int>(firm)),
                                     exact_amount(removal.received[firm], list.decimals)};
        for (auto const& lost : removal.lost) row.push_back(amount_text(lost[firm], list));
        table.rows.push_back(row);
    }
    text += print_table(table);
    if (removal.order.size() > firms_in_text)
        text += fmt::format("  … and {} more (--json has them)\n",
                            removal.order.size() - firms_in_text);
    text +=
        "reserves: they pay as before; shared: less by the share they lost; margin: less by all "
        "they lost.\n";
    TextTable both{{"", "with", "without"}, "lrr", {}};
    for (char const* const name : removal_measures)
        both.rows.push_back({plain_name(name),
                             fmt::format("{:.12g}", measured(name, question.network, list)),
                             fmt::format("{:.12g}", measured(name, rest, list))});
    text += print_table(both) +
            fmt::format("Removed: {}\n", count_of(removal.payments.size(), "payment"));
    TextTable behind{{}, "lrll", {}};
    for (std::size_t k = 0; k < removal.payments.size() && k < removed_in_text; ++k)
        behind.rows.push_back(payment_cells(list, removal.payments[k]));
    text += print_table(behind);
    if (removal.payments.size() > removed_in_text)
        text += fmt::format("  … and {} more (--json has them)\n",
                            removal.payments.size() - removed_in_text);
    return text;
}

std::string json_of_removal(CsvQuestion const& question, Removal const& removal,
                            Network const& rest) {
    PaymentList const& list = question.list();
    Json firms = Json::object(), both = Json::object(), payments = Json::array();
    for (std::size_t const firm : removal.order) {
        Json row{{"received", amount_json(removal.received[firm], list)}};
        for (std::size_t rule = 0; rule < std::size(spending_rules); ++rule) {
            double const lost = removal.lost[rule][firm];
            row[spending_rules[rule].second] =
                std::isfinite(lost) ? Json(amount_value(lost, list)) : Json();
        }
        firms[question.name(static_cast<int>(firm))] = row;
    }
    for (char const* const name : removal_measures)
        both[plain_name(name)] = {{"with", measured(name, question.network, list)},
                                  {"without", measured(name, rest, list)}};
    for (std::size_t k = 0; k < removal.payments.size() && k < removed_in_json; ++k)
        payments.push_back(payment_as_json(list, removal.payments[k]));
    return print_json({{"without", question.options.backtest.without},
                       {"firms", firms},
                       {"measures", both},
                       {"payments", payments}});
}

} // namespace

Answer without_payments(CsvQuestion const& question) {
    Removal removal;
    Answer wrong;
    if (!find_removed(question, removal, wrong)) return wrong;
    find_losses(question, removal);
    Network const rest = network_without(question.network, removal.links);
    Answer answer;
    answer.talk = question.imported.stated;
    answer.text = question.options.json ? json_of_removal(question, removal, rest)
                                        : text_of_removal(question, removal, rest);
    return answer;
}

} // namespace perpetuum
