// circularity ledger.csv --trace A,B: whose money came to whom, payment by payment, under the rules of
// courts and standards and over all of them; and the payments behind it.

#include "csv_circularity.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t most_traced = 20'000'000; // payments times targets
constexpr std::size_t targets_in_text = 40;
constexpr std::size_t parts_in_text = 50;
constexpr std::size_t parts_in_json = 100'000;

struct TraceRow {
    int target = 0;
    TraceResult in_order, reversed;
};

struct Trace {
    std::vector<int> funders;
    std::string words; ///< "A and B"
    std::vector<std::int64_t> opening;
    bool ties = false; ///< there are payments of one moment
    bool one_target = false;
    std::int64_t held_before[2] = {0, 0}; ///< in the order of the file, and with ties reversed
    std::vector<TraceRow> rows;
};

/// name,amount: clean money before the first payment.
bool read_opening(CsvQuestion const& question, Trace& trace, Answer& wrong) {
    if (question.asked().opening.empty()) return true;
    Diagnostics diagnostics;
    PaymentList const& list = question.list();
    trace.opening.assign(list.parties.size(), 0);
    auto const table = read_csv_table(question.asked().opening, 0, diagnostics);
    if (table) {
        auto const name = table->column("name"), amount = table->column("amount");
        if (!name || !amount)
            diagnostics.error(table->head.front().where,
                              "the first line of a file of balances names no name or no amount",
                              "name,amount");
        for (auto const& row : table->rows) {
            if (!name || !amount) break;
            if (row.size() <= std::max(*name, *amount)) {
                diagnostics.error(row.front().where, "this line has too few columns",
                                  "name,amount");
                continue;
            }
            auto const found =
                std::find(list.parties.begin(), list.parties.end(), trimmed_cell(row[*name].text));
            auto const value = parse_decimal_amount(trimmed_cell(row[*amount].text), list.decimals);
            if (!value || value->rounded || value->digits > (std::int64_t{1} << 60)) {
                diagnostics.error(row[*amount].where, "this is no amount of the file's decimals",
                                  "--decimals says how many");
            } else if (found != list.parties.end()) {
                std::int64_t digits = value->digits;
                for (int k = value->decimals; k < list.decimals && digits <= (1LL << 58); ++k)
                    digits *= 10;
                trace.opening[static_cast<std::size_t>(found - list.parties.begin())] = digits;
            }
        }
    }
    if (!diagnostics.failed()) return true;
    wrong.code = Exit::wrong_input;
    wrong.talk = diagnostics.render();
    return false;
}

bool has_ties(PaymentList const& list) {
    std::vector<std::int64_t> times = list.time;
    std::sort(times.begin(), times.end());
    return std::adjacent_find(times.begin(), times.end()) != times.end();
}

TraceQuery query_of(Trace const& trace, int target) {
    TraceQuery query;
    query.funders = trace.funders;
    query.target = target;
    query.opening = trace.opening;
    return query;
}

/// What accounts had before: but the target's where one is asked for, else all but the funders'.
void find_held_before(PaymentList const& list, Trace& trace) {
    for (bool const reversed : {false, true}) {
        TraceQuery query = query_of(trace, 0);
        query.ties_reversed = reversed;
        std::int64_t& held = trace.held_before[reversed ? 1 : 0];
        if (!trace.one_target)
            held = held_before_in_all(list, query);
        else if (!trace.rows.empty())
            held = (reversed ? trace.rows[0].reversed : trace.rows[0].in_order).held_before;
    }
}

void trace_targets(PaymentList const& list, std::vector<int> const& targets, Trace& trace) {
    for (int const target : targets) {
        TraceQuery query = query_of(trace, target);
        TraceRow row{target, trace_payments(list, query), {}};
        if (row.in_order.received == 0) continue;
        query.ties_reversed = true;
        query.bounds = false;
        row.reversed = trace.ties ? trace_payments(list, query) : row.in_order;
        trace.rows.push_back(row);
    }
    std::stable_sort(trace.rows.begin(), trace.rows.end(),
                     [](TraceRow const& a, TraceRow const& b) {
                         return a.in_order.at_most > b.in_order.at_most;
                     });
}

/// Of one moment in the file's order and the other way round: "7" or "7 / 9".
std::string rule_text(CsvQuestion const& question, TraceRow const& row, std::size_t rule) {
    std::string const text = amount_text(row.in_order.funded[rule], question.list());
    std::string const other = amount_text(row.reversed.funded[rule], question.list());
    return text == other ? text : text + " / " + other;
}

Json minor_json(double minor, PaymentList const& list) {
    return std::isfinite(minor) ? Json(amount_value(minor, list)) : Json();
}

Json rules_json(TraceResult const& result, PaymentList const& list) {
    Json json = Json::object();
    for (std::size_t k = 0; k < std::size(tracing_rules); ++k)
        json[tracing_rules[k].name] = minor_json(result.funded[k], list);
    return json;
}

Json row_json(CsvQuestion const& question, Trace const& trace, TraceRow const& row) {
    PaymentList const& list = question.list();
    Json json{{"received", amount_json(row.in_order.received, list)},
              {"at_least", minor_json(row.in_order.at_least, list)},
              {"at_most", minor_json(row.in_order.at_most, list)}};
    json["rules"] = rules_json(row.in_order, list);
    if (trace.ties) json["rules_with_ties_reversed"] = rules_json(row.reversed, list);
    json["held_before"] = amount_json(row.in_order.held_before, list);
    if (trace.ties)
        json["held_before_with_ties_reversed"] = amount_json(row.reversed.held_before, list);
    return json;
}

std::string words_of(CsvQuestion const& question, std::vector<int> const& parties) {
    std::string words;
    for (std::size_t k = 0; k < parties.size(); ++k)
        words += (k == 0                   ? ""
                  : k + 1 < parties.size() ? ", "
                                           : " and ") +
                 question.name(parties[k]);
    return printable(words, 200);
}

std::string trace_table(CsvQuestion const& question, Trace const& trace) {
    TextTable table{{"", "received", "at least"}, "lrr", {}};
    for (auto const& rule : tracing_rules) {
        std::string name = rule.name;
        std::replace(name.begin(), name.end(), '_', ' ');
        if (rule.rule != TracingRule::lowest_balance) table.head.push_back(name);
    }
    table.head.emplace_back("at most");
    table.align += std::string(table.head.size() - table.align.size(), 'r');
    for (std::size_t k = 0; k < trace.rows.size() && k < targets_in_text; ++k) {
        TraceRow const& row = trace.rows[k];
        std::vector<std::string> cells{
            question.name(row.target),
            exact_amount(row.in_order.received, question.list().decimals),
            amount_text(row.in_order.at_least, question.list())};
        for (std::size_t rule = 0; rule < std::size(tracing_rules); ++rule)
            if (tracing_rules[rule].rule != TracingRule::lowest_balance)
                cells.push_back(rule_text(question, row, rule));
        cells.push_back(amount_text(row.in_order.at_most, question.list()));
        table.rows.push_back(cells);
    }
    std::string text = print_table(table);
    if (trace.rows.size() > targets_in_text)
        text +=
            fmt::format("  … and {} more (--json has them)\n", trace.rows.size() - targets_in_text);
    return text;
}

std::string trace_text(CsvQuestion const& question, Trace const& trace) {
    std::string text = fmt::format("Of what each received, how much was the money of {}; {}\n",
                                   trace.words, size_words(question));
    text += trace_table(question, trace);
    text +=
        "Clean first is the lowest intermediate balance, too. At least and at most: over all ways "
        "of counting\nthat conserve money on every account; not attained together.\n";
    if (question.list().time.empty())
        text += "There are no times: payments are taken in the order of the file.\n";
    if (trace.ties)
        text += "Payments of one time are taken in the order of the file / the other way round; at "
                "least and at most hold\nfor any order of them.\n";
    std::int64_t const held = trace.held_before[0], reversed = trace.held_before[1];
    if (held > 0 || reversed > 0) {
        std::string amount = exact_amount(held, question.list().decimals);
        if (reversed != held) amount += " / " + exact_amount(reversed, question.list().decimals);
        text += amount +
                " were paid that accounts had not got before: taken as clean and there from "
                "the beginning (--opening FILE).\n";
    }
    return text;
}

std::optional<TraceConvention> convention_named(std::string const& name) {
    if (name == "at_most" || name == "most") return TraceConvention{std::nullopt, true};
    if (name == "at_least" || name == "least") return TraceConvention{std::nullopt, false};
    for (auto const& rule : tracing_rules)
        if (name == rule.name) return TraceConvention{rule.rule, false};
    return std::nullopt;
}

Answer no_such_rule(std::string const& option, std::string const& name) {
    std::string list = "at_least, at_most";
    for (auto const& rule : tracing_rules) list += std::string(", ") + rule.name;
    return refused(option + " is " + quoted(name), "one of " + list);
}

/// {"fifo": 7}
Answer one_rule(CsvQuestion const& question, Trace const& trace) {
    std::string const& name = question.asked().measure;
    auto const convention = convention_named(name);
    if (!convention) return no_such_rule("--measure", name);
    if (trace.rows.size() != 1)
        return refused("a rule by its name wants one firm that received something",
                       "--target NAME");
    TraceResult const& result = trace.rows[0].in_order;
    double value = convention->most ? result.at_most : result.at_least;
    for (std::size_t k = 0; k < std::size(tracing_rules); ++k)
        if (convention->rule == tracing_rules[k].rule) value = result.funded[k];
    Answer answer;
    answer.talk = question.imported.stated;
    double const known = std::isfinite(value) ? amount_value(value, question.list()) : value;
    answer.text = question.options.json
                      ? measures_as_json({{name, known}})
                      : fmt::format("{}  {}\n", name, amount_text(value, question.list()));
    return answer;
}

Answer payments_of_trace(CsvQuestion const& question, Trace const& trace) {
    std::string const& name = question.asked().explain;
    auto const convention = convention_named(name);
    if (!convention) return no_such_rule("--explain", name);
    if (trace.rows.size() != 1)
        return refused("--explain wants one firm that received something", "--target NAME");
    PaymentList const& list = question.list();
    auto const parts = traced_parts(list, query_of(trace, trace.rows[0].target), *convention);
    Answer answer;
    answer.talk = question.imported.stated;
    if (question.options.json) {
        Json rows = Json::array();
        for (std::size_t k = 0; k < parts.size() && k < parts_in_json; ++k) {
            Json row = payment_as_json(list, parts[k].payment);
            row["part"] = amount_value(parts[k].part, list);
            row["arrives"] = parts[k].arrives;
            rows.push_back(row);
        }
        Json json = row_json(question, trace, trace.rows[0]);
        json["explained"] = name;
        json["payments"] = rows;
        if (parts.size() > parts_in_json)
            json["payments_not_listed"] = parts.size() - parts_in_json;
        answer.text = print_json(json);
        return answer;
    }
    TextTable table{{"", "", "paid", "of it theirs", "", "", ""}, "llrrlll", {}};
    for (std::size_t k = 0; k < parts.size() && k < parts_in_text; ++k) {
        auto const at = parts[k].payment;
        auto const cells = payment_cells(list, at);
        table.rows.push_back({cells[0],
                              question.name(list.from[at]) + " → " + question.name(list.to[at]),
                              cells[1], amount_text(parts[k].part, list), cells[2], cells[3],
                              parts[k].arrives ? "arrives" : ""});
    }
    answer.text =
        trace_text(question, trace) +
        fmt::format("By {}, the payments that can lead to {} and carry money of {}:\n", name,
                    printable(question.name(trace.rows[0].target), 60), trace.words) +
        print_table(table);
    if (parts.size() > parts_in_text)
        answer.text +=
            fmt::format("  … and {} more (--json has them)\n", parts.size() - parts_in_text);
    return answer;
}

} // namespace

Answer traced_on_ledger(CsvQuestion const& question) {
    Trace trace;
    Answer wrong;
    PaymentList const& list = question.list();
    if (!parties_named(question, question.asked().trace, trace.funders, wrong)) return wrong;
    std::vector<int> targets;
    if (!question.asked().target.empty()) {
        targets.push_back(0);
        trace.one_target = true;
        if (!party_named(question, question.asked().target, targets[0], wrong)) return wrong;
    } else {
        targets.resize(list.parties.size());
        std::iota(targets.begin(), targets.end(), 0);
        if (list.size() > most_traced / targets.size())
            return refused("too many firms and payments to trace to every firm", "--target NAME");
    }
    if (!read_opening(question, trace, wrong)) return wrong;
    trace.words = words_of(question, trace.funders);
    trace.ties = has_ties(list);
    trace_targets(list, targets, trace);
    find_held_before(list, trace);
    if (!question.asked().measure.empty()) return one_rule(question, trace);
    if (!question.asked().explain.empty()) return payments_of_trace(question, trace);
    Answer answer;
    answer.talk = question.imported.stated;
    if (!question.options.json) {
        answer.text = trace_text(question, trace);
        return answer;
    }
    Json firms = Json::object();
    for (TraceRow const& row : trace.rows)
        firms[question.name(row.target)] = row_json(question, trace, row);
    Json funders = Json::array();
    for (int const funder : trace.funders) funders.push_back(question.name(funder));
    answer.text = print_json({{"funders", funders}, {"firms", firms}});
    return answer;
}

} // namespace perpetuum
