// perpetuum loops edges.csv

#include "csv_loops.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace perpetuum {

namespace {

constexpr std::size_t loops_shown = 20;
constexpr std::size_t payments_shown = 50;
// Of the ranked search, which also counts the legs it keeps: a bound on time and memory.
constexpr std::uint64_t ranked_effort = 300'000'000;

std::function<bool()> stop_after(double seconds) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    return [end] { return std::chrono::steady_clock::now() > end; };
}

LoopBudget budget_of(CsvLoopQuery const& query, PaymentOptions const& options) {
    LoopBudget budget;
    if (query.effort > 0) budget.effort = query.effort;
    budget.stop = stop_after(query.seconds);
    budget.threads = threads_of(options.threads);
    return budget;
}

/// The largest loops of a network come first in the ranked search: where nothing else is asked, it
/// need not see all.
void rank_network(CsvLoops& loops, CsvLoopQuery const& query) {
    LoopLimits limits;
    limits.longest = query.query.longest;
    limits.most = query.most;
    limits.effort = query.effort > 0 ? query.effort : ranked_effort;
    limits.stop = stop_after(query.seconds);
    Loops ranked = find_loops(loops.network, limits);
    for (Loop& loop : ranked.found) {
        FoundLoop found{std::move(loop.nodes), {}, loop.bottleneck};
        for (std::size_t k = 0; k < found.nodes.size(); ++k) {
            std::pair const pair{found.nodes[k], found.nodes[(k + 1) % found.nodes.size()]};
            auto const edge =
                std::lower_bound(loops.network.edges.begin(), loops.network.edges.end(), pair,
                                 [](Network::Edge const& e, std::pair<int, int> const& wanted) {
                                     return std::pair{e.from, e.to} < wanted;
                                 });
            found.payments.push_back(
                static_cast<std::uint32_t>(edge - loops.network.edges.begin()));
        }
        loops.found.push_back(std::move(found));
    }
    loops.tally.cut_by_count = ranked.cut_by_count;
    loops.tally.cut_by_effort = ranked.cut_by_effort;
    loops.tally.complete = !ranked.cut_by_count && !ranked.cut_by_effort;
    loops.cut_by_length = ranked.cut_by_length && !query.length_asked;
    loops.counted = loops.tally.complete;
    loops.tally.count = loops.found.size();
}

std::string way_of(PaymentList const& list, FoundLoop const& loop) {
    std::string way;
    for (std::size_t k = 0; k < loop.nodes.size() && way.size() < 1000; ++k)
        way += list.parties[static_cast<std::size_t>(loop.nodes[k])] + " → ";
    return printable(way + list.parties[static_cast<std::size_t>(loop.nodes.front())], 300);
}

std::int64_t amount_of_leg(PaymentList const& list, CsvLoopQuery const& query,
                           CsvLoops const& loops, FoundLoop const& loop, std::size_t leg) {
    std::uint32_t const payment = loop.payments[leg];
    return query.temporal ? list.amount[payment] : loops.network.edges[payment].amount;
}

std::string leg_name(PaymentList const& list, FoundLoop const& loop, std::size_t leg) {
    auto const name = [&](std::size_t k) {
        return list.parties[static_cast<std::size_t>(loop.nodes[k % loop.nodes.size()])];
    };
    return "   " + name(leg) + " → " + name(leg + 1);
}

std::vector<std::string> payment_row(PaymentList const& list, std::uint32_t payment) {
    std::vector<std::string> row{"   ", exact_amount(list.amount[payment], list.decimals)};
    row.push_back(list.time.empty() ? "" : print_time(list.time[payment], list.time_form));
    row.push_back(list.kind.empty() ? ""
                                    : list.kinds[static_cast<std::size_t>(list.kind[payment])]);
    row.push_back(list.line.empty() ? "" : "line " + std::to_string(list.line[payment]));
    return row;
}

std::string print_loop(PaymentList const& list, CsvLoopQuery const& query, CsvLoops const& loops,
                       std::size_t number, LegPayments const& behind) {
    FoundLoop const& loop = loops.found[number];
    std::size_t narrow = 0;
    TextTable table{{}, "lrlll", {}};
    for (std::size_t leg = 0; leg < loop.nodes.size() && leg < loops_shown; ++leg) {
        std::int64_t const amount = amount_of_leg(list, query, loops, loop, leg);
        if (amount < amount_of_leg(list, query, loops, loop, narrow)) narrow = leg;
        auto const payments = behind.of(loop, leg);
        std::vector<std::string> row{leg_name(list, loop, leg), exact_amount(amount, list.decimals),
                                     "", "", ""};
        if (payments.size() == 1) {
            row = payment_row(list, payments[0]);
            row[0] = leg_name(list, loop, leg);
        } else if (payments.size() > 1) {
            row[2] = count_of(payments.size(), "payment");
        }
        table.rows.push_back(row);
    }
    std::string text =
        fmt::format("{}. {}: at most {} can go round; the narrowest leg is{}\n", number + 1,
                    way_of(list, loop), exact_amount(loop.bottleneck, list.decimals),
                    printable(leg_name(list, loop, narrow).substr(2), 120));
    text += print_table(table);
    if (loop.nodes.size() > loops_shown)
        text += fmt::format("  … and {} more legs\n", loop.nodes.size() - loops_shown);
    return text;
}

/// One loop, and every payment behind each of its legs.
std::string explain_loop(PaymentList const& list, CsvLoopQuery const& query, CsvLoops const& loops,
                         std::size_t number, LegPayments const& behind) {
    FoundLoop const& loop = loops.found[number];
    std::string text =
        fmt::format("Loop {} of {}: {}: at most {} can go round\n", number + 1, loops.found.size(),
                    way_of(list, loop), exact_amount(loop.bottleneck, list.decimals));
    for (std::size_t leg = 0; leg < loop.nodes.size(); ++leg) {
        auto const payments = behind.of(loop, leg);
        text +=
            fmt::format("{}: {} in {}\n", printable(leg_name(list, loop, leg).substr(1), 200),
                        exact_amount(amount_of_leg(list, query, loops, loop, leg), list.decimals),
                        count_of(payments.size(), "payment"));
        TextTable table{{}, "lrlll", {}};
        for (std::size_t k = 0; k < payments.size() && k < payments_shown; ++k)
            table.rows.push_back(payment_row(list, payments[k]));
        text += print_table(table);
        if (payments.size() > payments_shown)
            text += fmt::format("     … and {} more\n", payments.size() - payments_shown);
    }
    return text;
}

std::string count_words(CsvLoops const& loops) {
    std::string const many = count_of(loops.tally.count, "loop");
    return loops.tally.complete ? many : "at least " + many;
}

std::string print_by_length(CsvLoops const& loops) {
    TextTable table{{"legs", "loops"}, "rr", {}};
    std::vector<std::uint64_t> const& by_length = loops.tally.by_length;
    for (std::size_t legs = 2; legs < by_length.size(); ++legs)
        if (by_length[legs] > 0)
            table.rows.push_back({std::to_string(legs), std::to_string(by_length[legs])});
    return table.rows.empty() ? std::string() : print_table(table);
}

std::string print_csv_loops(ImportedPayments const& imported, CsvLoopQuery const& query,
                            CsvLoops const& loops) {
    PaymentList const& list = imported.list;
    LegPayments const behind(list, query.temporal, loops.found);
    std::string text;
    for (std::size_t k = 0; k < loops.found.size() && k < loops_shown; ++k)
        text += print_loop(list, query, loops, k, behind);
    if (loops.found.size() > loops_shown)
        text += fmt::format("… and {} more (--json has them)\n", loops.found.size() - loops_shown);
    if (loops.tally.complete && loops.found.size() < loops.tally.count)
        text += fmt::format("The {} largest are kept (--most N keeps more).\n", loops.found.size());
    return text;
}

std::string head_of(PaymentList const& list, CsvLoopQuery const& query, CsvLoops const& loops) {
    return fmt::format("{} {} among {} and {}\n", count_words(loops), query.words,
                       count_of(list.parties.size(), "firm"),
                       query.temporal ? count_of(list.size(), "payment")
                                      : count_of(loops.network.edges.size(), "link"));
}

std::string foot_of(CsvLoops const& loops) {
    std::string text;
    if (!loops.tally.complete)
        text += "complete: false. The search was cut by " + loops.why() + ".\n";
    else if (loops.cut_by_length)
        text += "complete: false. Loops of more than 8 legs were not looked for (--max-length).\n";
    return text + "A loop says that the same money can return, not that it did.\n";
}

} // namespace

std::string CsvLoops::why() const {
    if (tally.cut_by_effort) return counted ? "effort" : "effort or time; none left out is larger";
    if (tally.cut_by_stop) return "time";
    if (tally.cut_by_count) return "count: there are more, none of them larger";
    return cut_by_length ? "length" : "";
}

LegPayments::LegPayments(PaymentList const& list, bool temporal,
                         std::vector<FoundLoop> const& loops)
    : temporal_(temporal) {
    if (temporal) return;
    for (FoundLoop const& loop : loops)
        for (std::size_t leg = 0; leg < loop.nodes.size(); ++leg)
            by_pair_[{loop.nodes[leg], loop.nodes[(leg + 1) % loop.nodes.size()]}];
    if (by_pair_.empty()) return;
    std::vector<char> pays(list.parties.size());
    for (auto const& [pair, payments] : by_pair_) pays[static_cast<std::size_t>(pair.first)] = 1;
    for (std::size_t k = 0; k < list.size(); ++k) {
        if (pays[static_cast<std::size_t>(list.from[k])] == 0) continue;
        auto const found = by_pair_.find({list.from[k], list.to[k]});
        if (found != by_pair_.end()) found->second.push_back(static_cast<std::uint32_t>(k));
    }
}

std::vector<std::uint32_t> LegPayments::of(FoundLoop const& loop, std::size_t leg) const {
    if (temporal_) return {loop.payments[leg]};
    return by_pair_.at({loop.nodes[leg], loop.nodes[(leg + 1) % loop.nodes.size()]});
}

CsvLoops find_csv_loops(PaymentList const& list, CsvLoopQuery const& query,
                        PaymentOptions const& options) {
    CsvLoops loops;
    LoopBudget const budget = budget_of(query, options);
    if (!query.temporal) loops.network = network_of(list);
    LargestLoops largest(list.parties, query.most, !query.temporal);
    LoopSink const keep = [&](LoopSeen const& loop) {
        largest.add(loop);
        return true;
    };
    LoopSink const sink = options.count ? LoopSink() : keep;
    LoopQuery const& wanted = query.query;
    bool const ranked =
        !options.count && !query.temporal && wanted.through < 0 && wanted.leg_from < 0;
    if (ranked) {
        rank_network(loops, query);
        return loops;
    }
    loops.tally = query.temporal ? search_temporal_loops(list, wanted, query.rules, budget, sink)
                                 : search_loops(loops.network, wanted, budget, sink);
    loops.found = largest.take();
    return loops;
}

Answer loops_of_csv(Options const& options) {
    Diagnostics diagnostics;
    ImportedPayments imported;
    auto const wrong = [&] {
        Answer answer;
        answer.code = Exit::wrong_input;
        answer.talk = diagnostics.render() + imported.stated;
        return answer;
    };
    if (!options.as_of.empty() || !options.scenario.empty() || !options.set.empty() ||
        !options.from.empty() || !options.to.empty() || options.promises)
        return refused("a file of payments has no scenarios, promises or periods",
                       "'perpetuum loops --help' lists what goes with it");
    PaymentOptions const& asked = options.payments;
    bool const temporal = !asked.window.empty() || !asked.max_gap.empty();
    // Without a window times are only shown: where they cannot be read, the rest still counts.
    bool const shown =
        !asked.count && asked.through.empty() && (options.json || !asked.explain.empty());
    bool read = import_payments(options.book, asked, temporal || shown, !asked.count, imported,
                                diagnostics);
    if (!read && !temporal && shown) {
        diagnostics = {};
        imported = {};
        read = import_payments(options.book, asked, false, !asked.count, imported, diagnostics);
        if (read) imported.stated += "the times are not all times: none is read\n";
    }
    if (!read) return wrong();
    CsvLoopQuery query;
    if (!csv_loop_query(asked, imported.list, query, diagnostics)) return wrong();
    CsvLoops const loops = find_csv_loops(imported.list, query, asked);
    Answer answer;
    answer.talk = imported.stated;
    if (asked.count) {
        answer.text = options.json ? csv_count_as_json(loops, query)
                                   : head_of(imported.list, query, loops) + print_by_length(loops) +
                                         foot_of(loops);
        return answer;
    }
    if (options.json) {
        answer.text = csv_loops_as_json(imported, loops, query);
        return answer;
    }
    answer.text = head_of(imported.list, query, loops);
    if (query.explain > 0) {
        auto const number = static_cast<std::size_t>(query.explain) - 1;
        if (number >= loops.found.size())
            return refused(fmt::format("there is no loop {}", query.explain),
                           fmt::format("{} {}", loops.found.size() == 1 ? "there is" : "there are",
                                       count_of(loops.found.size(), "loop")));
        answer.text +=
            explain_loop(imported.list, query, loops, number,
                         LegPayments(imported.list, query.temporal, {loops.found[number]}));
    } else {
        answer.text += print_csv_loops(imported, query, loops);
    }
    answer.text += foot_of(loops);
    return answer;
}

} // namespace perpetuum
