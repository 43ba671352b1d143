// A run's defaults by firm and quarter, scored beside simple rules fitted to the outcomes.

#include "backtest_failures.hpp"
#include "paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace perpetuum {

namespace {

constexpr Resampling usual_resampling{10'000, 1, 0.9};
constexpr double quarter_months = 3;

bool one_of(std::string const& word, std::initializer_list<char const*> words) {
    return std::any_of(words.begin(), words.end(), [&](char const* each) { return word == each; });
}

std::vector<std::string> ids_that_can_fail(System const& system, std::vector<int> const& firms) {
    std::vector<std::string> ids;
    for (int const firm : firms) ids.push_back(system.entities[static_cast<std::size_t>(firm)].id);
    return ids;
}

/// The quarter in which a firm failed, from the start of the run.
void date_outcome(OutcomeLine& outcome, TabTable::Line const& line, Date start,
                  Diagnostics& diagnostics) {
    auto const period = parse_period(outcome.date);
    if (!period) {
        diagnostics.error(line.where, quoted(outcome.date) + " is no date",
                          "who failed needs the day: 2001-09-26");
        return;
    }
    double const months = period->end.months - start.months;
    if (months <= 0) {
        diagnostics.error(line.where, quoted(outcome.firm) + " failed before the run begins",
                          "leave it out: it is no forecast");
        return;
    }
    int const quarter = static_cast<int>(std::ceil(months / quarter_months - 1e-9));
    outcome.later = quarter > quarters_scored;
    outcome.failed = outcome.later ? 0 : quarter;
}

std::vector<OutcomeLine> read_outcomes(std::string const& file, System const& system,
                                       std::vector<std::string> const& known,
                                       Diagnostics& diagnostics) {
    std::vector<OutcomeLine> outcomes;
    auto const table = read_tab_table(file, {"firm", "outcome", "date", "source"}, diagnostics);
    for (TabTable::Line const& line : table.lines) {
        OutcomeLine outcome{line.cells[0], line.cells[2], line.cells[3]};
        auto const same = [&](OutcomeLine const& other) { return other.firm == outcome.firm; };
        if (std::find(known.begin(), known.end(), outcome.firm) == known.end()) {
            auto const near = nearest(outcome.firm, known);
            diagnostics.error(line.where,
                              "no firm of the run that can fail is called " + quoted(outcome.firm),
                              near ? "did you mean " + quoted(*near) + "?" : "");
        } else if (std::any_of(outcomes.begin(), outcomes.end(), same)) {
            diagnostics.error(line.where, quoted(outcome.firm) + " stands twice");
        } else if (one_of(line.cells[1], {"failed", "filed", "yes", "1"})) {
            date_outcome(outcome, line, system.start, diagnostics);
            outcomes.push_back(std::move(outcome));
        } else if (one_of(line.cells[1], {"alive", "survived", "no", "0", "acquired"})) {
            outcomes.push_back(std::move(outcome));
        } else {
            diagnostics.error(line.where, quoted(line.cells[1]) + " is no outcome",
                              "write failed (with its date) or alive");
        }
    }
    if (outcomes.empty() && !diagnostics.failed())
        diagnostics.error({}, printable(file) + " has no outcomes");
    return outcomes;
}

std::optional<Outcomes> run_defaults(Options const& options, System const& system,
                                     Keeping const& keeping, Reading& reading) {
    Answer refusal;
    auto const asked = paths_asked(options, refusal);
    if (!asked) {
        reading.diagnostics.error({}, refusal.talk);
        return std::nullopt;
    }
    CompileOptions wishes;
    wishes.wanted = wanted_by(system, keeping);
    Program const program = compile(system, reading.diagnostics, wishes);
    if (reading.diagnostics.failed()) return std::nullopt;
    OutcomesAsked wanted;
    wanted.keeping = keeping;
    double const last = quarters_scored * quarter_months / system.step_months;
    wanted.last_step = std::min(system.steps, static_cast<int>(std::ceil(last - 1e-9)));
    return outcomes(system, program, wanted, draws_of(system, program, asked->settings.sample),
                    asked->range, asked->settings.threads, asked->settings.block);
}

/// Share of paths on which a firm has failed by the end of each quarter.
std::vector<double> chances_by_quarter(Outcomes const& run, std::size_t firm, double step_months) {
    std::vector<double> counts(quarters_scored, 0);
    double paths = 0;
    for (std::size_t p = 0; p < run.paths(); ++p) {
        if (!run.fit[p]) continue;
        ++paths;
        int const step = run.defaults(firm)[p];
        if (step == 0) continue;
        auto const quarter =
            static_cast<int>(std::ceil(step * step_months / quarter_months - 1e-9));
        for (int q = quarter; q <= quarters_scored; ++q)
            counts[static_cast<std::size_t>(q - 1)] += 1;
    }
    for (double& count : counts) count /= std::max(1.0, paths);
    return counts;
}

std::vector<bool> failed_by(std::vector<FailureForecast> const& firms, int quarter) {
    std::vector<bool> events;
    for (FailureForecast const& firm : firms)
        events.push_back(firm.failed > 0 && firm.failed <= quarter);
    return events;
}

std::vector<double> chances_at(std::vector<FailureForecast> const& firms, int quarter) {
    std::vector<double> chances;
    for (FailureForecast const& firm : firms)
        chances.push_back(firm.by_quarter[static_cast<std::size_t>(quarter - 1)]);
    return chances;
}

BrierAt brier_at(int quarter, std::vector<double> const& chances, std::vector<bool> const& events,
                 Resampling const& resampling) {
    return {quarter, static_cast<std::size_t>(std::count(events.begin(), events.end(), true)),
            brier_score(chances, events), brier_skill(chances, events, resampling)};
}

Forecaster score_model(std::vector<FailureForecast> const& firms, Resampling const& resampling) {
    Forecaster model{"model", {}, {}};
    model.area = area_with_interval(chances_at(firms, quarters_scored),
                                    failed_by(firms, quarters_scored), resampling);
    for (int const quarter : quarters_of_brier)
        model.brier.push_back(
            brier_at(quarter, chances_at(firms, quarter), failed_by(firms, quarter), resampling));
    return model;
}

// ---- baselines ----------------------------------------------------------------------------------

/// A formula for one firm: `firm.` becomes the firm, as equations write it.
std::string formula_of(std::string const& formula, std::string id) {
    std::replace(id.begin(), id.end(), '-', '_');
    std::string text;
    for (std::size_t i = 0; i < formula.size();) {
        bool const inside = i > 0 && (std::isalnum(static_cast<unsigned char>(formula[i - 1])) ||
                                      formula[i - 1] == '_' || formula[i - 1] == '.');
        if (!inside && formula.compare(i, 5, "firm.") == 0) {
            text += id + ".";
            i += 5;
        } else {
            text += formula[i++];
        }
    }
    return text;
}

/// What the formula comes to for each firm, if it comes to this unit, or the reason why not.
std::vector<ExpectationResult> worked_out(BaselineLine const& line, Reading const& reading,
                                          std::vector<FailureForecast> const& firms,
                                          Unit const& unit) {
    Book book = reading.book;
    book.expectations.clear();
    Diagnostics diagnostics;
    for (FailureForecast const& firm : firms) {
        Expectation expectation;
        expectation.name = firm.firm;
        expectation.left = formula_of(line.formula, firm.firm);
        auto const size = static_cast<std::uint32_t>(expectation.left.size());
        expectation.left_where = {diagnostics.add_text(line.name, expectation.left), 0, size};
        expectation.at = Period{{book.start.months - 12}, book.start};
        expectation.within.unit = unit;
        book.expectations.push_back(std::move(expectation));
    }
    return check_expectations(book, reading.model, diagnostics);
}

/// The formula's value for each firm: of the book's figures as they stood at the start. Its unit
/// does not matter; a plain number, a time or a rate is told by trying. Large values are drawn
/// together: the logarithm of 1 + |x|, with its sign.
std::vector<std::optional<double>> baseline_values(BaselineLine const& line, Reading const& reading,
                                                   std::vector<FailureForecast> const& firms,
                                                   std::string& why_not) {
    std::vector<std::optional<double>> values(firms.size());
    for (int const exponent : {0, 1, -1}) {
        Unit const unit{exponent == 0
                            ? std::vector<std::pair<std::string, int>>{}
                            : std::vector<std::pair<std::string, int>>{{"month", exponent}},
                        1};
        auto const results = worked_out(line, reading, firms, unit);
        why_not.clear();
        for (std::size_t i = 0; i < results.size(); ++i) {
            double const x = results[i].value;
            if (results[i].problem.empty() && std::isfinite(x))
                values[i] = std::copysign(std::log1p(std::abs(x)), x);
            else if (why_not.empty())
                why_not = results[i].problem;
        }
        if (std::any_of(values.begin(), values.end(), [](auto const& v) { return v.has_value(); }))
            break;
    }
    return values;
}

BaselineResult score_baseline(BaselineLine const& line, Reading const& reading,
                              std::vector<FailureForecast> const& all,
                              Resampling const& resampling) {
    BaselineResult result;
    result.line = line;
    auto const values = baseline_values(line, reading, all, result.why_not);
    std::vector<FailureForecast> firms;
    std::vector<double> numbers;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (values[i]) {
            firms.push_back(all[i]);
            numbers.push_back(*values[i]);
            result.firms.push_back(all[i].firm);
        }
    if (firms.empty()) return result;
    auto const events = failed_by(firms, quarters_scored);
    auto const chances = chances_at(firms, quarters_scored);
    auto const fitted = leave_one_out_logistic(numbers, events);
    result.model = score_model(firms, resampling);
    result.fitted = {line.name, area_with_interval(fitted, events, resampling), {}};
    for (int const quarter : quarters_of_brier) {
        auto const by_then = failed_by(firms, quarter);
        result.fitted.brier.push_back(
            brier_at(quarter, leave_one_out_logistic(numbers, by_then), by_then, resampling));
    }
    result.difference = area_difference(chances, fitted, events, resampling);
    result.plain_area = area_under_curve(numbers, events);
    if (result.plain_area < 0.5) {
        for (double& number : numbers) number = -number;
        result.plain_area = 1 - result.plain_area;
    }
    result.plain_difference = area_difference(chances, numbers, events, resampling);
    return result;
}

/// --baselines, or the file of that name beside the outcomes.
std::vector<BaselineLine> read_baselines(Options const& options, Diagnostics& diagnostics) {
    std::string file = options.backtest.baselines;
    if (file.empty()) {
        auto const beside =
            std::filesystem::path(options.backtest.outcomes).parent_path() / "baselines.tsv";
        std::error_code ignored;
        if (!std::filesystem::exists(beside, ignored)) return {};
        file = beside.string();
    }
    std::vector<BaselineLine> lines;
    for (auto const& line : read_tab_table(file, {"name", "formula"}, diagnostics).lines)
        lines.push_back({line.cells[0], line.cells[1], line.where});
    return lines;
}

} // namespace

char const* words_of_difference(Bracket const& difference) {
    if (difference.at_least > 0) return "beats it";
    if (difference.at_most < 0) return "is beaten";
    return "cannot tell";
}

std::optional<FailuresBacktest> failures_backtest(Options const& options, Reading& reading) {
    System system;
    if (!instantiate_book(options, reading, system)) return std::nullopt;
    Keeping const keeping = keeping_of(system, {});
    auto const ids = ids_that_can_fail(system, keeping.firms);
    FailuresBacktest result;
    result.resampling = usual_resampling;
    result.title = reading.book.title;
    result.start = system.start;
    result.seed = options.many.seed;
    auto const outcome_lines =
        read_outcomes(options.backtest.outcomes, system, ids, reading.diagnostics);
    auto const baselines = read_baselines(options, reading.diagnostics);
    if (reading.diagnostics.failed()) return std::nullopt;
    auto const run = run_defaults(options, system, keeping, reading);
    if (!run) return std::nullopt;
    result.paths = run->paths();
    result.failed = run->failed.count();
    for (std::size_t firm = 0; firm < ids.size(); ++firm) {
        auto const line = std::find_if(outcome_lines.begin(), outcome_lines.end(),
                                       [&](OutcomeLine const& o) { return o.firm == ids[firm]; });
        if (line == outcome_lines.end()) {
            result.without_outcome.push_back(ids[firm]);
            continue;
        }
        result.firms.push_back(
            {ids[firm], chances_by_quarter(*run, firm, system.step_months), line->failed});
        result.outcomes.push_back(*line);
    }
    result.model = score_model(result.firms, result.resampling);
    result.quarter = quarter_error(result.firms);
    for (BaselineLine const& line : baselines)
        result.baselines.push_back(score_baseline(line, reading, result.firms, result.resampling));
    return result;
}

} // namespace perpetuum
