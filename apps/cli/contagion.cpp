// perpetuum contagion firms.csv debts.csv --method METHOD

#include "commands.hpp"
#include "json_network.hpp"
#include "network_unread.hpp"
#include "tables.hpp"

#include <perpetuum/base.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t most_rows_shown = 30;

/// What a method is given: the files and the shocks of the command line.
struct ContagionTask {
    NetworkOptions const& options;
    DebtTables tables;
    std::vector<double> lost; ///< firm: share of its cash
    std::vector<int> shocked;
    AssetTables assets;

    std::vector<double> cash_left() const {
        std::vector<double> cash = tables.network.cash;
        for (std::size_t i = 0; i < cash.size(); ++i) cash[i] *= 1 - lost[i];
        return cash;
    }
    std::vector<double> lost_cash() const {
        std::vector<double> amounts = tables.network.cash;
        for (std::size_t i = 0; i < amounts.size(); ++i) amounts[i] *= lost[i];
        return amounts;
    }
};

std::vector<double> as_doubles(std::vector<int> const& values) {
    return {values.begin(), values.end()};
}

double sum_of(std::vector<double> const& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

ContagionReport distress_report(ContagionTask const& task, DebtRankKind kind) {
    auto const& network = task.tables.network;
    auto const equity = equity_at_face(network);
    std::vector<double> first(task.lost.size(), 0.0);
    auto const amounts = task.lost_cash();
    for (std::size_t i = 0; i < first.size(); ++i)
        if (equity[i] > 0) first[i] = std::min(1.0, amounts[i] / equity[i]);
    Distress const found =
        debt_rank(network, first,
                  {.kind = kind, .alpha = task.options.curve, .recovery = task.options.recovery});
    double const at_first = equity_lost(equity, first), in_all = equity_lost(equity, found.loss);
    ContagionReport report;
    report.about =
        "of its equity each firm loses a share; creditors' claims on it lose the same share";
    report.columns = {{"loss", found.loss}, {"first_loss", first}, {"equity", equity}};
    report.sums = {{"equity_lost", in_all}, {"by_contagion", in_all - at_first}};
    report.settled = found.settled;
    return report;
}

ContagionReport cascade_report(ContagionTask const& task, bool by_count) {
    auto const& network = task.tables.network;
    Cascade const found = by_count
                              ? threshold_cascade(network, task.shocked, task.options.threshold)
                              : default_cascade(network, task.shocked, task.options.recovery);
    ContagionReport report;
    report.about = by_count ? "a firm fails once this share of its debtors has"
                            : "a firm fails once its claims on failed firms exceed its equity";
    report.columns = {{"round", as_doubles(found.round)}, {"equity", equity_at_face(network)}};
    report.sums = {{"failed", found.failed}};
    return report;
}

ContagionReport value_report(ContagionTask const& task) {
    ValuationOptions options;
    auto const& name = task.options.valuation;
    options.valuation = name == "face"             ? Valuation::face
                        : name == "furfine"        ? Valuation::furfine
                        : name == "linear"         ? Valuation::linear
                        : name == "before-default" ? Valuation::before_default
                                                   : Valuation::eisenberg_noe;
    options.recovery = task.options.recovery;
    options.volatility = task.options.volatility;
    options.maturity = task.options.maturity;
    auto const found = value_network(task.tables.network, task.cash_left(), options);
    ContagionReport report;
    report.about = "equity that agrees with what claims are worth";
    report.columns = {{"loss_on_claims", found.worth},
                      {"worth", found.worth},
                      {"equity", found.equity},
                      {"equity_at_face", equity_at_face(task.tables.network)}};
    for (double& loss : report.columns[0].second) loss = 1 - loss;
    report.sums = {{"equity", sum_of(found.equity)}};
    report.settled = found.settled;
    return report;
}

ContagionReport rank_report(ContagionTask const& task) {
    auto const by = task.options.by == "debtrank"  ? RankingBy::debt_rank
                    : task.options.by == "cascade" ? RankingBy::cascade
                                                   : RankingBy::clearing;
    auto const ranks = rank_firms(task.tables.network, by, task.options.share,
                                  {.alpha = task.options.curve, .recovery = task.options.recovery});
    std::size_t const n = ranks.size();
    ContagionReport report;
    report.about =
        "each firm shocked alone: equity that the others lose, and how many of them fail";
    report.columns = {{"others_lose", std::vector<double>(n)},
                      {"own_loss", std::vector<double>(n)},
                      {"failures", std::vector<double>(n)}};
    for (SystemicRank const& rank : ranks) {
        auto const i = static_cast<std::size_t>(rank.firm);
        report.columns[0].second[i] = rank.others;
        report.columns[1].second[i] = rank.own;
        report.columns[2].second[i] = rank.failures;
        report.settled = report.settled && rank.settled;
    }
    return report;
}

ContagionReport leverage_report(ContagionTask const& task) {
    auto const found = leverage_sales(task.assets.holdings, equity_at_face(task.tables.network),
                                      task.assets.shock);
    ContagionReport report;
    report.about = "each firm sells to return to its leverage; the sales press prices once";
    report.columns = {{"later_loss", found.later_loss}, {"first_loss", found.first_loss}};
    report.sums = {{"vulnerability", found.vulnerability}, {"sold", sum_of(found.sold)}};
    return report;
}

ContagionReport capital_report(ContagionTask const& task) {
    NetworkClearing const clearing(task.tables.network);
    auto const found = capital_sales(clearing, task.cash_left(), task.assets.holdings,
                                     task.options.ratio, task.assets.shock);
    ContagionReport report;
    report.about =
        "each firm sells until its capital covers what it keeps; debts are cleared at the prices";
    report.columns = {{"sold_share", found.share},
                      {"equity", found.cleared.equity},
                      {"paid", found.cleared.paid},
                      {"wave", as_doubles(found.cleared.wave)}};
    report.settled = found.settled && found.cleared.settled;
    for (std::size_t k = 0; k < found.price.size(); ++k)
        report.sums.emplace_back("price_" + task.assets.names[k], found.price[k]);
    return report;
}

struct Method {
    char const* name;
    bool needs_assets;
    ContagionReport (*run)(ContagionTask const&);
};
constexpr Method methods[] = {
    {"capital-sales", true, capital_report},
    {"cascade", false, [](ContagionTask const& task) { return cascade_report(task, false); }},
    {"debtrank", false,
     [](ContagionTask const& task) { return distress_report(task, DebtRankKind::repeated); }},
    {"debtrank-once", false,
     [](ContagionTask const& task) { return distress_report(task, DebtRankKind::once); }},
    {"leverage-sales", true, leverage_report},
    {"rank", false, rank_report},
    {"threshold", false, [](ContagionTask const& task) { return cascade_report(task, true); }},
    {"value", false, value_report},
};

std::string words(std::string text) {
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string contagion_as_text(ContagionReport const& report) {
    std::string text = report.method + ": " + report.about + "\n";
    for (auto const& [name, value] : report.sums)
        text += fmt::format("  {} {:.7g}\n", printable(words(name)), value);
    TextTable table{{"firm"}, "l", {}};
    for (auto const& [name, values] : report.columns) {
        table.head.push_back(words(name));
        table.align += 'r';
    }
    std::vector<std::size_t> order(report.names.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    auto const& key = report.columns[report.sort_by].second;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key[a] > key[b]; });
    for (std::size_t const i : order) {
        if (table.rows.size() == most_rows_shown) break;
        std::vector<std::string> row{report.names[i]};
        for (auto const& [name, values] : report.columns)
            row.push_back(fmt::format("{:.7g}", values[i]));
        table.rows.push_back(std::move(row));
    }
    text += print_table(table);
    if (order.size() > most_rows_shown)
        text += fmt::format("  and {} more: --json has them all\n", order.size() - most_rows_shown);
    if (!report.settled)
        text += "NOT SETTLED: losses so nearly feed themselves that these are not the end.\n";
    return text;
}

bool one_of(std::string const& word, std::vector<std::string> const& known) {
    return std::find(known.begin(), known.end(), word) != known.end();
}

/// What is wrong with the words of the command line; empty: nothing.
std::string wrong_words(NetworkOptions const& options) {
    if (!one_of(options.valuation,
                {"face", "eisenberg-noe", "furfine", "linear", "before-default"}))
        return "there is no valuation " + quoted(options.valuation);
    if (!one_of(options.by, {"clearing", "debtrank", "cascade"}))
        return "firms are ranked by clearing, debtrank or cascade, not by " + quoted(options.by);
    return "";
}

std::string take_shocks(ContagionTask& task) {
    task.lost = task.tables.lost;
    for (std::string const& shock : task.options.shocks) {
        int firm = 0;
        double share = 0;
        if (auto const fault = parse_shock(shock, task.tables.firms, firm, share); !fault.empty())
            return fault;
        task.lost[static_cast<std::size_t>(firm)] = share;
    }
    for (std::size_t i = 0; i < task.lost.size(); ++i)
        if (task.lost[i] > 0) task.shocked.push_back(static_cast<int>(i));
    return "";
}

Answer refused_files(Diagnostics const& diagnostics) {
    Answer answer;
    answer.code = Exit::wrong_input;
    answer.talk = diagnostics.render();
    return answer;
}

} // namespace

Answer run_contagion(Options const& options) {
    NetworkOptions const& network = options.network;
    if (options.paths.empty() || options.paths.size() > 2)
        return refused("two files: firms and debts", "perpetuum contagion firms.csv debts.csv");
    auto const* const method =
        std::find_if(std::begin(methods), std::end(methods),
                     [&](Method const& m) { return network.method == m.name; });
    if (method == std::end(methods))
        return refused("there is no method " + quoted(network.method),
                       "capital-sales, cascade, debtrank, debtrank-once, leverage-sales, rank, "
                       "threshold or value");
    if (auto const fault = wrong_words(network); !fault.empty()) return refused(fault);
    if (auto const idle = refuse_unread_by_contagion(network)) return *idle;
    Diagnostics diagnostics;
    ContagionTask task{network, {}, {}, {}, {}};
    if (!read_debt_tables(options.paths, network, task.tables, diagnostics,
                          columns_unread_by_contagion(network)))
        return refused_files(diagnostics);
    if (!task.tables.network.guarantees.empty() || !task.tables.network.ranks.empty())
        return refused("contagion knows neither ranks nor guarantees", "'perpetuum clear' does");
    if (auto const fault = take_shocks(task); !fault.empty()) return refused(fault);
    if (method->needs_assets && (network.assets.empty() || network.holdings.empty()))
        return refused(std::string(method->name) + " needs --assets and --holdings");
    if (method->needs_assets &&
        !read_assets(network.assets, network.holdings, task.tables, task.assets, diagnostics))
        return refused_files(diagnostics);
    Answer answer;
    for (Diagnostic const& diagnostic : diagnostics.all())
        answer.talk += diagnostics.render(diagnostic);
    try {
        ContagionReport report = method->run(task);
        report.method = method->name;
        report.names = task.tables.firms.names;
        answer.text = options.json ? contagion_as_json(report) : contagion_as_text(report);
        if (!report.settled) answer.code = Exit::found;
    } catch (BadInput const& bad) {
        return refused(bad.what);
    }
    return answer;
}

} // namespace perpetuum
