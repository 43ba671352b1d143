// From two readings of a book (as of the day, and whole) to figures in their forecasts.

#include "backtest_figures.hpp"
#include "paths.hpp"

#include <perpetuum/lanes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr double day_of_months = 1.0 / 31;
constexpr int quantiles_of_guidance = 200;

/// Where in a run a figure is found: weights of the steps of a cell.
struct Target {
    CellId cell = -1;
    double factor = 1;
    std::vector<std::pair<int, double>> steps;
};

/// Since when anyone could know it: the first of its sources. Nothing: no source has a date.
std::optional<Date> known_since(Figure const& figure, Book const& book) {
    std::optional<Date> first;
    for (SourceRef const& ref : figure.sources)
        if (Source const* source = book.source(ref.id); source && source->date)
            if (!first || *source->date < *first) first = source->date;
    return first;
}

std::string find_cell(System const& system, std::string const& name, Figure const& figure,
                      Target& target, bool& is_balance) {
    auto const found = system.names.find(name);
    if (found == system.names.end()) return "the model has no such quantity";
    Cell const& cell = system.cells[static_cast<std::size_t>(found->second)];
    bool const flow =
        cell.account >= 0 &&
        (system.accounts[static_cast<std::size_t>(cell.account)].type == AccountClass::income ||
         system.accounts[static_cast<std::size_t>(cell.account)].type == AccountClass::expense);
    bool const is_account = cell.type == CellType::balance;
    if (!is_account && cell.type != CellType::variable && cell.type != CellType::total)
        return "the model is given it";
    if (figure.unit.powers != cell.unit.powers)
        return fmt::format("reported in {}, in the model it is {}", print_dimension(figure.unit),
                           print_dimension(cell.unit));
    is_balance = is_account && !flow;
    target.cell = found->second;
    target.factor = cell.coins ? system.coin : 1;
    return {};
}

std::string find_steps_of(System const& system, Period period, FigureType type, Target& target) {
    double const start = system.start.months, length = system.step_months;
    double const from = (period.begin.months - start) / length;
    double const to = (period.end.months - start) / length;
    if (type == FigureType::state) {
        int const step = static_cast<int>(std::lround(to));
        if (step < 1) return "it is nearer to the start of the run than to any step's end";
        if (step > system.steps) return "it lies after the run's end";
        target.steps.emplace_back(step, 1);
        return {};
    }
    double const slack = day_of_months / length;
    if (from < -slack) return "its period begins before the run does";
    if (to > system.steps + slack) return "its period ends after the run does";
    double all = 0;
    for (int step = 1; step <= system.steps; ++step) {
        double const share = std::min<double>(step, to) - std::max<double>(step - 1, from);
        if (share <= slack) continue;
        target.steps.emplace_back(step, share);
        all += share;
    }
    if (target.steps.empty()) return "no step of the run lies in its period";
    if (type == FigureType::mean)
        for (auto& [step, share] : target.steps) share /= all;
    return {};
}

/// Figures of one firm, name and period that nobody could know on the day.
void add_figures(Book const& whole, Entity const& entity, std::string const& name, Period period,
                 std::vector<Figure> const& figures, Date day, std::vector<BacktestFigure>& all) {
    std::vector<BacktestFigure> found;
    for (Figure const& figure : figures) {
        auto const since = known_since(figure, whole);
        if (figure.holds != Figure::Holds::amount || !since) continue;
        if (*since <= day) return; // one of the rivals was known
        if (figure.was) continue;
        BacktestFigure one;
        one.firm = entity.id;
        one.name = name;
        one.period = period;
        one.reported = figure;
        one.later = period.end.months > day.months + day_of_months;
        found.push_back(std::move(one));
    }
    for (BacktestFigure& one : found) {
        one.weight = 1 / static_cast<double>(found.size());
        all.push_back(std::move(one));
    }
}

std::vector<BacktestFigure> figures_unknown_on(Book const& whole, System const& system, Date day) {
    std::vector<BacktestFigure> all;
    for (Entity const& entity : whole.entities)
        for (auto const& [name, entry] : entity.reported) {
            // What the model does not compute is no forecast of it: not even listed.
            if (!system.names.contains(entity.id + "." + name)) continue;
            auto by_period = entry.by_period;
            std::stable_sort(by_period.begin(), by_period.end(), [](auto const& a, auto const& b) {
                return a.first.end.months < b.first.end.months;
            });
            for (auto const& [period, figures] : by_period)
                if (period.end.months > system.start.months + day_of_months)
                    add_figures(whole, entity, name, period, figures, day, all);
        }
    return all;
}

/// The runs' values of all targets.
std::optional<Outcomes> run_targets(Options const& options, System const& system,
                                    std::vector<Target> const& targets, Reading& reading) {
    Answer refusal;
    auto const asked = paths_asked(options, refusal);
    if (!asked) {
        reading.diagnostics.error({}, refusal.talk);
        return std::nullopt;
    }
    OutcomesAsked wanted;
    std::vector<Series> series;
    for (Target const& target : targets) {
        if (target.steps.empty()) continue;
        series.push_back({fmt::format("figure {}", series.size()), {{target.cell, target.factor}}});
        for (auto const& [step, share] : target.steps) {
            wanted.columns.push_back({series.size() - 1, step});
            wanted.last_step = std::max(wanted.last_step, step);
        }
    }
    if (series.empty()) return Outcomes{};
    wanted.keeping = keeping_of(system, std::move(series));
    CompileOptions wishes;
    wishes.wanted = wanted_by(system, wanted.keeping);
    Program const program = compile(system, reading.diagnostics, wishes);
    if (reading.diagnostics.failed()) return std::nullopt;
    return outcomes(system, program, wanted, draws_of(system, program, asked->settings.sample),
                    asked->range, asked->settings.threads, asked->settings.block);
}

/// A target's value on each path that could be computed.
std::vector<double> forecast_of(Outcomes const& run, Target const& target, std::size_t& column) {
    std::vector<double> values(run.paths(), 0);
    for (auto const& [step, share] : target.steps) {
        double const* row = run.column(column++);
        for (std::size_t p = 0; p < values.size(); ++p) values[p] += share * row[p];
    }
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    std::sort(values.begin(), values.end());
    return values;
}

void score_guidance(BacktestFigure& figure, Figure const& said) {
    PlainForecast forecast;
    forecast.centre = said.value;
    forecast.how = "guidance: " + print_figure(said);
    std::vector<double> sample{said.value};
    if (said.spread.shape != Shape::point && said.spread.parameters.size() > 1) {
        sample.clear();
        for (int i = 0; i < quantiles_of_guidance; ++i)
            sample.push_back(quantile(said.spread, (i + 0.5) / quantiles_of_guidance));
    }
    forecast.score = crps(sample, figure.reported.value);
    figure.guidance = std::move(forecast);
}

void place(BacktestFigure& figure, std::vector<double> const& forecast) {
    if (forecast.empty()) {
        figure.why_not = "no path could be computed";
        return;
    }
    if (forecast.front() == 0 && forecast.back() == 0) {
        figure.why_not = "the book has none of it: 0 on every path";
        return;
    }
    figure.place = place_of(forecast, figure.reported.value);
    figure.score = crps(forecast, figure.reported.value);
    for (double const share : {0.1, 0.25, 0.5, 0.75, 0.9}) {
        auto const rank =
            static_cast<std::size_t>(share * static_cast<double>(forecast.size() - 1) + 0.5);
        figure.quantiles.push_back(forecast[rank]);
    }
}

void score_all(FiguresBacktest& result) {
    std::vector<PlacedFigure> later, nowcast;
    std::vector<ScoredPair> trend, guidance;
    for (BacktestFigure const& figure : result.figures) {
        if (!figure.why_not.empty()) continue;
        (figure.later ? later : nowcast).push_back({figure.firm, figure.place, figure.weight});
        double const size = std::max(std::abs(figure.reported.value), 1e-9);
        if (!figure.later) continue;
        if (figure.trend)
            trend.push_back(
                {figure.firm, figure.score / size, *figure.trend->score / size, figure.weight});
        if (figure.guidance)
            guidance.push_back(
                {figure.firm, figure.score / size, *figure.guidance->score / size, figure.weight});
    }
    result.later = calibration_of(later);
    result.nowcast = calibration_of(nowcast);
    result.against_trend = score_ratio(trend);
    result.against_guidance = score_ratio(guidance);
    result.with_trend = trend.size();
    result.with_guidance = guidance.size();
}

} // namespace

std::optional<FiguresBacktest> figures_backtest(Options const& options, Reading& reading) {
    System system;
    if (!instantiate_book(options, reading, system)) return std::nullopt;
    Diagnostics aside = reading.diagnostics;
    Book const whole = interpret_book(*reading.text, reading.vocabulary, std::nullopt, aside);
    Book const& known = reading.book;
    FiguresBacktest result;
    result.title = known.title;
    result.as_of = known.as_of;
    result.start = system.start;
    result.figures = figures_unknown_on(whole, system, known.as_of);
    auto const spread = trend_spread_of(known);
    result.trend_spread = spread.yearly;
    result.trend_trials = spread.trials;

    std::vector<Target> targets;
    for (BacktestFigure& figure : result.figures) {
        Target target;
        bool is_balance = false;
        figure.why_not =
            find_cell(system, figure.firm + "." + figure.name, figure.reported, target, is_balance);
        auto const type = type_of_figure(figure.reported, figure.period, is_balance);
        if (figure.why_not.empty())
            figure.why_not = find_steps_of(system, figure.period, type, target);
        targets.push_back(figure.why_not.empty() ? target : Target{});
        Entity const* entity = known.entity(figure.firm);
        if (!entity || !figure.why_not.empty()) continue;
        figure.trend = trend_of(*entity, figure.name, type, figure.period, spread.yearly);
        if (figure.trend)
            figure.trend->score = crps_of_normal(figure.trend->centre, figure.trend->deviation,
                                                 figure.reported.value);
        if (auto const said = guidance_of(*entity, figure.name, figure.period))
            score_guidance(figure, *said);
    }
    auto const run = run_targets(options, system, targets, reading);
    if (!run) return std::nullopt;
    result.paths = run->paths();
    result.failed = run->failed.count();
    result.seed = options.many.seed;
    std::size_t column = 0;
    for (std::size_t i = 0; i < targets.size(); ++i)
        if (result.figures[i].why_not.empty())
            place(result.figures[i], forecast_of(*run, targets[i], column));
    score_all(result);
    return result;
}

} // namespace perpetuum
