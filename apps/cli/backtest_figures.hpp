#pragma once
// Reported figures that a run as of an earlier day could not know, held against what it forecast.

#include "loading.hpp"

#include <perpetuum/backtest.hpp>

#include <optional>

namespace perpetuum {

/// Another forecast of the same figure, from what was known on the day.
struct PlainForecast {
    double centre = 0, deviation = 0; ///< of a normal distribution
    std::string how;                  ///< "56 B of 2025-Q3, growing by 62 % a year"
    std::optional<double> score;      ///< CRPS
};

struct BacktestFigure {
    std::string firm, name;
    Period period;
    Figure reported;
    double weight = 1;   ///< rivals share 1
    bool later = true;   ///< the period ends after the day; else only its publication does
    std::string why_not; ///< why it cannot be placed; empty: it is
    double place = 0, score = 0;
    std::vector<double> quantiles; ///< 10, 25, 50, 75 and 90 % of the forecast
    std::optional<PlainForecast> trend, guidance;
};

struct FiguresBacktest {
    std::string title;
    Date as_of, start;
    std::uint64_t paths = 0, failed = 0, seed = 1;
    std::vector<BacktestFigure> figures; ///< by firm, name and period
    double trend_spread = 0;             ///< relative, of a year
    std::size_t trend_trials = 0;        ///< past figures that it was measured on; 0: assumed
    Calibration later, nowcast;
    Bracket against_trend, against_guidance; ///< ratio of scores; below 1: the run is better
    std::size_t with_trend = 0, with_guidance = 0;
};

/// Nothing, with diagnostics in `reading`, where the book cannot be run.
std::optional<FiguresBacktest> figures_backtest(Options const& options, Reading& reading);
std::string figures_as_text(FiguresBacktest const& result);
std::string figures_as_json(FiguresBacktest const& result);

// ---- what was known, as a forecast by itself ----------------------------------------------------

/// How a figure follows from steps: added up (a sum of a quarter or more), a mean (a rate), or read
/// at the end of a step.
enum class FigureType { sum, mean, state };
FigureType type_of_figure(Figure const& figure, Period period, bool is_balance);

/// The last value known, grown at its last yearly rate. Nothing where no value is known.
std::optional<PlainForecast> trend_of(Entity const& known, std::string const& name, FigureType type,
                                      Period period, double yearly_spread);
/// What the firm itself said it would be: `NAME_guidance`, `NAME_plan` or `NAME_target` of the period.
std::optional<Figure> guidance_of(Entity const& known, std::string const& name, Period period);
/// How far the trend was off in the past: median of absolute relative errors, each over the root of
/// the years ahead, of all figures known, as a normal distribution has it. Below `fewest` of them: 20 %, assumed.
struct TrendSpread {
    double yearly = 0.2;
    std::size_t trials = 0;
};
TrendSpread trend_spread_of(Book const& known);

} // namespace perpetuum
