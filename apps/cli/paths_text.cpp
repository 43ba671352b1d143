// What the statistics of many paths say, as tables.

#include "paths.hpp"
#include "tables.hpp"

#include <perpetuum/base.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

double number_of(Summary const& summary, std::string const& word) {
    std::string const text = about(summary, word);
    return text.empty() ? 0 : std::stod(text);
}

bool is_plain(Summary const& summary) { return about(summary, "table") == "steps"; }

bool is_check(Summary const& summary, std::string const& series) {
    return !about(summary, series).empty() && series.starts_with("check ");
}

std::string amount(Summary const& summary, double value) {
    if (std::isnan(value)) return "-";
    // Three digits: a sketch knows no more.
    return is_plain(summary) ? fmt::format("{:.3g}", value) : print_amount(value);
}

std::string percent_name(double quantile) { return fmt::format("{:g} %", quantile * 100); }

/// "NVIDIA (nvidia)" of "nvidia.cash"; empty for what belongs to no firm.
std::string owner_of(Summary const& summary, std::string const& series) {
    auto const dot = series.find('.');
    if (dot == std::string::npos) return {};
    std::string const id = series.substr(0, dot), name = about(summary, "name of " + id);
    return name.empty() ? std::string() : name + " (" + id + ")";
}

/// "power_need (GW)": what the table's head does not say. Of a book it says USD.
std::string with_unit(Summary const& summary, std::string const& series, std::string const& name) {
    std::string const unit = about(summary, "unit of " + series);
    bool const said = unit.empty() || (unit == "USD" && !is_plain(summary));
    return said ? name : name + " (" + unit + ")";
}

/// The same on all paths and in all steps shown.
bool never_moves(Summary const& summary, std::size_t series,
                 std::vector<std::pair<int, std::string>> const& steps) {
    double const value = summary.sketch(series, steps.front().first).least();
    return std::all_of(steps.begin(), steps.end(), [&](auto const& step) {
        Sketch const& sketch = summary.sketch(series, step.first);
        return sketch.least() == value && sketch.greatest() == value;
    });
}

void add_rows(Summary const& summary, std::size_t series, std::string const& name,
              std::vector<double> const& quantiles,
              std::vector<std::pair<int, std::string>> const& steps, TextTable& table) {
    for (double const quantile : quantiles) {
        std::vector<std::string> row{quantile == quantiles.front() ? name : "",
                                     percent_name(quantile)};
        for (auto const& [step, label] : steps)
            row.push_back(amount(summary, summary.sketch(series, step).quantile(quantile).value));
        table.rows.push_back(std::move(row));
    }
}

void add_differences(Summary const& summary, std::size_t pair, std::string const& name,
                     std::vector<std::pair<int, std::string>> const& steps, TextTable& table) {
    std::vector<std::string> means{name, "mean"}, errors{"", "±"};
    for (auto const& [step, label] : steps) {
        Moments const difference = summary.pairs(pair, step).difference();
        means.push_back(amount(summary, difference.mean()));
        errors.push_back(amount(summary, 1.96 * difference.standard_error()));
    }
    table.rows.push_back(std::move(means));
    table.rows.push_back(std::move(errors));
}

TextTable empty_table(std::vector<std::pair<int, std::string>> const& steps) {
    TextTable table{{"", ""}, "lr", {}};
    for (auto const& [step, label] : steps) {
        table.head.push_back(label);
        table.align += 'r';
    }
    return table;
}

/// Tables by owner: of quantiles, or of what differs from the paired run.
std::string tables(Summary const& summary, std::vector<double> const& quantiles, bool paired) {
    auto const steps = shown_steps(summary);
    auto const& names = paired ? summary.plan().pairs : summary.plan().series;
    std::string text, owner;
    TextTable table = empty_table(steps);
    auto const flush = [&] {
        if (table.rows.empty()) return;
        text += (owner.empty() ? "\n" : "\n" + owner + "\n") + print_table(table);
        table = empty_table(steps);
    };
    for (std::size_t s = 0; s < names.size(); ++s) {
        if (is_check(summary, names[s])) continue;
        std::string const whose = owner_of(summary, names[s]);
        if (whose != owner) flush();
        owner = whose;
        std::string const name = whose.empty() ? names[s] : names[s].substr(names[s].find('.') + 1);
        auto const series = summary.find(names[s]);
        if (name != "cash" && series && never_moves(summary, *series, steps)) continue;
        std::string const title = with_unit(summary, names[s], name);
        if (paired)
            add_differences(summary, s, title, steps, table);
        else
            add_rows(summary, s, title, quantiles, steps, table);
    }
    flush();
    return text;
}

std::string percent_of(Bracket const& share) {
    auto const percent = [](double value) { return fmt::format("{:.1f}", value * 100); };
    return fmt::format("{} % ({} to {})", percent(share.value), percent(share.at_least),
                       percent(share.at_most));
}

/// Firms by how likely they are to default, with when half of those paths have.
std::string default_lines(Summary const& summary) {
    FailureTable const& failures = summary.failures;
    if (failures.firms() == 0) return {};
    std::vector<int> firms;
    for (int firm = 0; firm < failures.firms(); ++firm)
        if (failures.failed(firm) > 0) firms.push_back(firm);
    if (firms.empty()) return "\nnobody defaults on any path\n";
    std::stable_sort(firms.begin(), firms.end(),
                     [&](int a, int b) { return failures.failed(a) > failures.failed(b); });
    TextTable table{{"defaults by " + step_name(summary, failures.steps()), "of the paths, at 95 %",
                     "half of them by"},
                    "lll",
                    {}};
    for (int const firm : firms) {
        std::string const& id = summary.plan().firms[static_cast<std::size_t>(firm)];
        table.rows.push_back({about(summary, "name of " + id),
                              percent_of(probability(failures.failed(firm), failures.paths())),
                              step_name(summary, failures.median_step(firm))});
    }
    return "\n" + print_table(table);
}

std::string check_lines(Summary const& summary) {
    std::string text;
    for (std::size_t s = 0; s < summary.plan().series.size(); ++s) {
        std::string const& name = summary.plan().series[s];
        if (!is_check(summary, name)) continue;
        Sketch const& last = summary.sketch(s, summary.plan().steps);
        if (last.zeros() == 0) continue;
        int first = 1;
        while (summary.sketch(s, first).zeros() == 0) ++first;
        text += fmt::format("a check of the model fails on {} of {} paths, first in {}: {}\n",
                            print_count(last.zeros()), print_count(last.count()),
                            step_name(summary, first), about(summary, name));
    }
    return text;
}

std::string failed_lines(Summary const& summary) {
    std::string text;
    for (auto const& [reason, found] : summary.failed.reasons())
        text += fmt::format("{} stopped and left out: {} (path {} first)\n",
                            count_of(found.paths, "path"), printable(reason, 300),
                            print_count(found.first[0]));
    if (summary.failed.other_reasons() > 0)
        text +=
            fmt::format("{} more for other reasons\n", print_count(summary.failed.other_reasons()));
    return text;
}

/// How well the middle of the least certain quantity is known: are these paths enough?
std::string sureness(Summary const& summary) {
    auto const steps = shown_steps(summary);
    double worst = 0;
    std::string where;
    for (std::size_t s = 0; s < summary.plan().series.size(); ++s) {
        if (is_check(summary, summary.plan().series[s])) continue;
        for (auto const& [step, label] : steps) {
            Sketch const& sketch = summary.sketch(s, step);
            Bracket const middle = sketch.quantile_interval(0.5);
            double const spread = sketch.quantile(0.9).value - sketch.quantile(0.1).value;
            double const width = (middle.at_most - middle.at_least) / 2;
            // Where paths hardly differ, what is left is the sketch's own error.
            bool const differ = spread > 0.05 * std::abs(middle.value);
            if (!differ || !(width / spread > worst)) continue;
            worst = width / spread;
            where = summary.plan().series[s] + " in " + label;
        }
    }
    if (where.empty()) return {};
    return fmt::format("every median is known to {:.0f} % of its 10-to-90 spread or better, at "
                       "95 % (worst: {}); four times the paths halve that\n",
                       std::ceil(worst * 100), where);
}

std::string head_line(Summary const& summary) {
    std::string const scenario = about(summary, "scenario");
    std::string const table = about(summary, "table");
    return fmt::format(
        "{}: {}, seed {}{}{}{}\n", about(summary, "book"),
        count_of(summary.coverage.count(), "path"), about(summary, "seed"),
        about(summary, "sampling") == "independent" ? "" : ", " + about(summary, "sampling"),
        scenario.empty() ? "" : ", scenario " + printable(scenario),
        table == "years"      ? "; USD of the year"
        : table == "quarters" ? "; USD of the quarter"
                              : "");
}

} // namespace

std::string about(Summary const& summary, std::string const& word) {
    auto const found = summary.plan().about.find(word);
    return found == summary.plan().about.end() ? std::string() : found->second;
}

std::string step_name(Summary const& summary, int step) {
    if (is_plain(summary)) return std::to_string(step);
    double const length = number_of(summary, "step months");
    Date const end{number_of(summary, "start") + step * length};
    return length == 3 ? print_quarter(end) : print_period({{end.months - length}, end});
}

std::vector<std::pair<int, std::string>> shown_steps(Summary const& summary) {
    std::vector<std::pair<int, std::string>> shown;
    int const steps = summary.plan().steps;
    double const start = number_of(summary, "start"), length = number_of(summary, "step months");
    bool const years = about(summary, "table") == "years";
    // Of a long plain run every n-th step, the last among them.
    int const every = is_plain(summary) ? std::max(1, (steps + 9) / 10) : 1;
    for (int step = 1; step <= steps; ++step) {
        double const end = start + step * length;
        bool const ends_year = std::fmod(end, 12) == 0 || step == steps;
        if (years ? !ends_year : (steps - step) % every != 0) continue;
        double const middle = end - length / 2;
        shown.emplace_back(step, years ? std::to_string(static_cast<int>(std::floor(middle / 12)))
                                       : step_name(summary, step));
    }
    return shown;
}

std::string summary_as_text(Summary const& summary, std::vector<double> const& quantiles) {
    std::string text = head_line(summary);
    if (summary.plan().pairs.empty())
        text += tables(summary, quantiles, false);
    else
        text += "\nless " + about(summary, "paired with") +
                ", path by path (mean, and ± 1.96 standard errors)\n" +
                tables(summary, quantiles, true);
    text += default_lines(summary) + "\n" + check_lines(summary) + failed_lines(summary);
    if (summary.plan().pairs.empty()) text += sureness(summary);
    bool const money = !is_plain(summary);
    bool const audited =
        summary.failed.reasons().find("the books do not add up") == summary.failed.reasons().end();
    if (money)
        text += fmt::format("residuals: {} on {} path-steps\n", audited ? "zero" : "NOT ZERO",
                            print_count((summary.coverage.count() - summary.failed.count()) *
                                        static_cast<std::uint64_t>(summary.plan().steps)));
    return text;
}

Answer answer_of(Summary const& summary, Options const& options,
                 std::vector<double> const& quantiles) {
    Answer answer;
    answer.text =
        options.json ? summary_as_json(summary, quantiles) : summary_as_text(summary, quantiles);
    bool const ours =
        summary.failed.reasons().find("the books do not add up") != summary.failed.reasons().end();
    if (ours)
        answer.code = Exit::ours;
    else if (summary.failed.count() > 0 || !check_lines(summary).empty())
        answer.code = Exit::found;
    return answer;
}

} // namespace perpetuum
