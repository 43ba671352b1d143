// perpetuum clear firms.csv debts.csv

#include "commands.hpp"
#include "csv_field.hpp"
#include "debt_tables.hpp"
#include "json_network.hpp"
#include "loading.hpp"
#include "network_unread.hpp"
#include "tables.hpp"

#include <perpetuum/base.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t most_firms_shown = 30;

Answer refused_tables(Diagnostics const& diagnostics) {
    Answer answer;
    answer.code = Exit::wrong_input;
    answer.talk = diagnostics.render();
    return answer;
}

std::string talk_of_tables(Diagnostics const& diagnostics) {
    std::string talk;
    for (Diagnostic const& diagnostic : diagnostics.all()) talk += diagnostics.render(diagnostic);
    return talk;
}

/// What the files have beyond the rule that was asked for; empty when they fit.
std::string misfit(std::string const& rule, DebtNetwork const& network) {
    bool const ranks = !network.ranks.empty() || !network.holdings.empty();
    bool const costs = !network.kept_cash.empty(), guarantees = !network.guarantees.empty();
    if (rule == "eisenberg-noe" && (ranks || costs || guarantees))
        return "eisenberg-noe has neither ranks, holdings, default costs nor guarantees";
    if (rule == "rogers-veraart" && (ranks || guarantees))
        return "rogers-veraart has neither ranks, holdings nor guarantees";
    if (rule == "elsinger" && (costs || guarantees))
        return "elsinger has neither default costs nor guarantees";
    return "";
}

std::string firm_table(ClearingReport const& report) {
    ClearedNetwork const& cleared = report.cleared;
    std::vector<std::size_t> failing;
    for (std::size_t i = 0; i < cleared.wave.size(); ++i)
        if (cleared.wave[i] > 0) failing.push_back(i);
    std::stable_sort(failing.begin(), failing.end(), [&](std::size_t a, std::size_t b) {
        return cleared.owed[a] - cleared.paid[a] > cleared.owed[b] - cleared.paid[b];
    });
    TextTable table{{"fails", "owes", "pays", "recovery %", "short of", "wave"}, "lrrrrr", {}};
    for (std::size_t const i : failing) {
        if (table.rows.size() == most_firms_shown) break;
        table.rows.push_back({report.tables.firms.names[i], fmt::format("{:.10g}", cleared.owed[i]),
                              fmt::format("{:.10g}", cleared.paid[i]),
                              fmt::format("{:.2f}", 100 * cleared.paid[i] / cleared.owed[i]),
                              fmt::format("{:.10g}", cleared.owed[i] - cleared.paid[i]),
                              std::to_string(cleared.wave[i])});
    }
    std::string text = failing.empty() ? "" : print_table(table);
    if (failing.size() > most_firms_shown)
        text += fmt::format("  and {} more: --csv - or --json has them all\n",
                            failing.size() - most_firms_shown);
    return text;
}

std::string certificate_lines(ClearingReport const& report) {
    ClearingCertificate const& certificate = report.certificate;
    std::string text = fmt::format(
        "Checked against the files alone: payments keep the rule to {:.0e} of what a firm owes; "
        "money is conserved to {:.0e}.\n",
        certificate.residual, certificate.imbalance);
    if (report.cleared.waves > 0 && certificate.anchored && !report.least &&
        report.tables.network.kept_cash.empty())
        text += "They are the greatest: all who fail owe, at last, somebody who does not.\n";
    if (!report.cleared.settled) text += "NOT SETTLED: the walk ended above the answer.\n";
    return text;
}

std::string clearing_as_text(ClearingReport const& report) {
    ClearedNetwork const& cleared = report.cleared;
    double owed = 0, paid = 0;
    std::size_t fail = 0;
    for (std::size_t i = 0; i < cleared.owed.size(); ++i) {
        owed += cleared.owed[i];
        paid += cleared.paid[i];
        fail += cleared.wave[i] > 0;
    }
    std::string text = fmt::format(
        "{} and {}; {} {}{}. Of {:.10g} owed, {:.10g} is paid{}.\n",
        count_of(cleared.owed.size(), "firm"), count_of(report.tables.network.debts.size(), "debt"),
        fail, fail == 1 ? "fails" : "fail",
        report.least || fail == 0
            ? ""
            : ", in " + count_of(static_cast<std::size_t>(cleared.waves), "wave"),
        owed, paid, report.least ? " at least" : "");
    text += firm_table(report);
    for (std::size_t g = 0; g < cleared.called.size(); ++g) {
        auto const& guarantee = report.tables.network.guarantees[g];
        if (cleared.called[g] > 0)
            text += fmt::format(
                "  {} is called for {:.10g} as a guarantor\n",
                printable(report.tables.firms.names[static_cast<std::size_t>(guarantee.guarantor)]),
                cleared.called[g]);
    }
    return text + certificate_lines(report);
}

std::string clearing_as_csv(ClearingReport const& report) {
    std::string text = "name,owed,paid,received,equity,recovery,wave\n";
    ClearedNetwork const& cleared = report.cleared;
    for (std::size_t i = 0; i < cleared.owed.size(); ++i)
        text += fmt::format(
            "{},{},{},{},{},{},{}\n", csv_field(report.tables.firms.names[i]), cleared.owed[i],
            cleared.paid[i], cleared.received[i], cleared.equity[i],
            cleared.owed[i] > 0 ? cleared.paid[i] / cleared.owed[i] : 1.0, cleared.wave[i]);
    return text;
}

std::string scenarios_as_csv(ScenarioReport const& report) {
    std::string text = "name,failures,unpaid_mean\n";
    for (std::size_t i = 0; i < report.cleared.unpaid.size(); ++i)
        text += fmt::format("{},{},{}\n", csv_field(report.firms.names[i]),
                            report.cleared.failures[i], report.cleared.unpaid[i]);
    return text;
}

std::string scenarios_as_text(ScenarioReport const& report) {
    ClearedScenarios const& all = report.cleared;
    std::vector<std::size_t> order(all.unpaid.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return all.unpaid[a] > all.unpaid[b]; });
    double failing = 0, shortfall = 0;
    for (std::size_t s = 0; s < all.failing.size(); ++s) {
        failing += all.failing[s];
        shortfall += all.shortfall[s];
    }
    auto const count = static_cast<double>(std::max<std::size_t>(1, all.failing.size()));
    std::string text =
        fmt::format("{} of {}: on average {:.4g} fail and {:.6g} stays unpaid\n",
                    count_of(all.failing.size(), "scenario"), count_of(all.unpaid.size(), "firm"),
                    failing / count, shortfall / count);
    TextTable table{{"firm", "fails in %", "unpaid on average"}, "lrr", {}};
    for (std::size_t const i : order)
        if (all.failures[i] > 0 && table.rows.size() < most_firms_shown)
            table.rows.push_back(
                {report.firms.names[i],
                 fmt::format("{:.2f}", 100 * static_cast<double>(all.failures[i]) / count),
                 fmt::format("{:.6g}", all.unpaid[i])});
    if (!table.rows.empty()) text += print_table(table);
    if (report.names.empty()) return text;
    TextTable named{{"scenario", "fail", "unpaid"}, "lrr", {}};
    for (std::size_t s = 0; s < report.names.size() && s < most_firms_shown; ++s)
        named.rows.push_back({report.names[s], std::to_string(all.failing[s]),
                              fmt::format("{:.6g}", all.shortfall[s])});
    return text + print_table(named);
}

/// One answer in the form asked for; `as_csv` goes to its file, too.
template <class Json, class Csv, class Text>
Answer in_form(Options const& options, Diagnostics const& diagnostics, Json&& as_json, Csv&& as_csv,
               Text&& as_text) {
    std::string problem;
    if (!options.csv.empty() && options.csv != "-" &&
        !write_text_file(options.csv, as_csv(), problem))
        return refused(problem);
    Answer answer;
    answer.talk = talk_of_tables(diagnostics);
    answer.text = options.json ? as_json() : options.csv == "-" ? as_csv() : as_text();
    return answer;
}

Answer clear_scenarios_of_files(Options const& options, DebtTables tables,
                                Diagnostics& diagnostics) {
    NetworkOptions const& network = options.network;
    if (!network.scenarios.empty() && network.draws > 0)
        return refused("either --scenarios or --draws");
    if (network.least) return refused("scenarios are cleared for the greatest vector only");
    if (!tables.network.ranks.empty() || !tables.network.holdings.empty() ||
        !tables.network.guarantees.empty())
        return refused("scenarios go with one rank, without holdings and guarantees");
    ScenarioReport report;
    report.firms = tables.firms;
    ClearingScenarios scenarios;
    scenarios.count = network.draws;
    scenarios.seed = network.seed;
    scenarios.depth = network.depth;
    scenarios.threads = network.threads;
    if (!network.scenarios.empty() &&
        !read_scenarios(network.scenarios, tables, report.names, scenarios, diagnostics))
        return refused_tables(diagnostics);
    tables.network.cash = tables.cash;
    report.cleared = NetworkClearing(std::move(tables.network)).all(scenarios);
    return in_form(
        options, diagnostics, [&] { return scenarios_as_json(report); },
        [&] { return scenarios_as_csv(report); }, [&] { return scenarios_as_text(report); });
}

} // namespace

Answer run_clear(Options const& options) {
    NetworkOptions const& network = options.network;
    if (options.paths.empty() || options.paths.size() > 2)
        return refused("two files: firms and debts", "perpetuum clear firms.csv debts.csv");
    std::vector<std::string> const rules = {"files", "eisenberg-noe", "rogers-veraart", "elsinger"};
    if (std::find(rules.begin(), rules.end(), network.rule) == rules.end())
        return refused(
            "there is no rule " + quoted(network.rule),
            "eisenberg-noe, rogers-veraart or elsinger; without --rule, what the files say");
    if (auto const idle = refuse_unread_by_clear(network)) return *idle;
    if (options.json && options.csv == "-")
        return refused("--json and --csv - both write here", "name a file for --csv");
    Diagnostics diagnostics;
    ClearingReport report;
    if (!read_debt_tables(options.paths, network, report.tables, diagnostics))
        return refused_tables(diagnostics);
    if (!network.holdings.empty() && !read_holdings(network.holdings, report.tables, diagnostics))
        return refused_tables(diagnostics);
    if (auto const fault = misfit(network.rule, report.tables.network); !fault.empty())
        return refused(fault, "leave --rule out to clear what the files say");
    try {
        if (!network.scenarios.empty() || network.draws > 0)
            return clear_scenarios_of_files(options, std::move(report.tables), diagnostics);
        report.least = network.least;
        if (network.least &&
            (!report.tables.network.ranks.empty() || !report.tables.network.holdings.empty() ||
             !report.tables.network.guarantees.empty()))
            return refused("--least goes with one rank, without holdings and guarantees");
        NetworkClearing const clearing(report.tables.network);
        report.cleared = network.least ? clearing.least(report.tables.cash)
                                       : clearing.greatest(report.tables.cash);
        report.certificate = clearing.certify(report.tables.cash, report.cleared);
        report.payments = clearing.payments(report.cleared);
    } catch (BadInput const& bad) {
        return refused(bad.what);
    }
    Answer answer = in_form(
        options, diagnostics, [&] { return clearing_as_json(report); },
        [&] { return clearing_as_csv(report); }, [&] { return clearing_as_text(report); });
    if (!report.cleared.settled && answer.code == Exit::ok) answer.code = Exit::found;
    return answer;
}

} // namespace perpetuum
