#pragma once
/// backtest: how a forecast did once it was known what came: figures placed in their forecast
/// distributions, and failures against forecast probabilities. Scores only: what is forecast, and
/// what came, is the caller's. Definitions: docs/methods/backtest.md.

#include <perpetuum/statistics.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace perpetuum {

/// How intervals are drawn: by sampling what was observed again, with replacement, so many times.
/// The same seed gives the same interval.
/// source  Efron and Tibshirani (1993), percentile intervals
struct Resampling {
    int times = 10'000;
    std::uint64_t seed = 1;
    double confidence = 0.95;
};

// ---- figures ------------------------------------------------------------------------------------

/// Place of what came in a forecast: (below + ½ ties + ½) / (n + 1), between 0 and 1.
/// throws  BadInput when the forecast is empty, or anything is not finite
double place_of(std::span<double const> forecast, double actual);
/// Continuous ranked probability score of a sample, in the figure's unit, 0 is best:
/// mean |X − actual| − ½ mean |X − X'|. Of a single number: how far it is off.
/// throws  as place_of; cost  n log n
/// source  Gneiting and Raftery (2007), section 4.2
double crps(std::span<double const> forecast, double actual);
/// The same of a normal distribution; deviation 0: of a number.
double crps_of_normal(double mean, double deviation, double actual);

/// The share k of n, k and n not necessarily whole (figures that share a weight), with the exact
/// (Clopper–Pearson) interval. n = 0 gives NaN within [0, 1].
/// throws  BadInput when k > n or one is negative, or confidence is not in [0.5, 1)
Bracket exact_share(double k, double n, double confidence = 0.95);

/// A reported figure in its forecast.
struct PlacedFigure {
    std::string firm;
    double place = 0.5;
    double weight = 1; ///< rivals of one figure share a weight of 1
};
/// What a score says. Only where both intervals below leave no other word; else `cannot_tell`.
enum class Verdict { cannot_tell, too_narrow, too_wide, biased_low, biased_high };
char const* words_of(Verdict verdict); ///< "too narrow", "biased low", "cannot tell"

/// How often what came lay within a central band of the forecast.
struct BandScore {
    double nominal = 0;                     ///< 0.5: from the 25 % to the 75 % quantile
    Bracket by_figure;                      ///< exact, as if all figures were independent
    Bracket by_firm;                        ///< bootstrap over firms, whose figures move together
    Bracket as_one;                         ///< exact, as if each firm's figures were one
    Verdict verdict = Verdict::cannot_tell; ///< too narrow or too wide
};
struct Calibration {
    double figures = 0; ///< sum of weights
    std::size_t firms = 0;
    std::array<double, 10> histogram{};  ///< weight by place: [0, 0.1), … [0.9, 1]
    BandScore half, most;                ///< bands of 50 % and 80 %
    Bracket mean_place;                  ///< bootstrap over firms; ½ is unbiased
    Verdict bias = Verdict::cannot_tell; ///< biased low: what came was higher than forecast
};
/// A verdict needs the interval by firm to exclude the nominal value, and so does the exact interval
/// of as many draws as there are firms (for the mean place: of as many uniform ones): the bootstrap
/// alone is too sure where firms are few.
/// cost  times × firms
Calibration calibration_of(std::span<PlacedFigure const> figures,
                           Resampling const& resampling = {});

/// A forecast's score beside another's on the same figure, in one unit (or of the figure's size).
struct ScoredPair {
    std::string firm;
    double score = 0, other = 0;
    double weight = 1;
};
/// Weighted scores over the others': below 1 the first is better. Interval: bootstrap over firms.
/// NaN where there are no pairs.
Bracket score_ratio(std::span<ScoredPair const> pairs, Resampling const& resampling = {});

// ---- failures -----------------------------------------------------------------------------------

/// What was forecast for a firm, and what came.
struct FailureForecast {
    std::string firm;
    std::vector<double> by_quarter; ///< probability of having failed by the end of quarter 1, 2, …
    int failed = 0;                 ///< the quarter, counted from 1; 0: alive at the end
};

/// Area under the receiver's curve: how often an event has the higher score than a non-event, ties
/// ½. NaN where there are no events, or nothing else.
/// throws  BadInput when the sizes differ or a score is NaN
double area_under_curve(std::span<double const> scores, std::vector<bool> const& events);
/// The same with a bootstrap interval: events and non-events are sampled apart.
Bracket area_with_interval(std::span<double const> scores, std::vector<bool> const& events,
                           Resampling const& resampling);
/// Area of one less that of the other on the same firms, with the interval of the paired bootstrap.
Bracket area_difference(std::span<double const> scores, std::span<double const> others,
                        std::vector<bool> const& events, Resampling const& resampling);

/// Mean square of probability less what came (1 or 0).
double brier_score(std::span<double const> probabilities, std::vector<bool> const& events);
/// 1 − Brier / Brier of the base rate (of the same firms), with a bootstrap interval over firms. NaN
/// where all or none failed.
Bracket brier_skill(std::span<double const> probabilities, std::vector<bool> const& events,
                    Resampling const& resampling);

/// Probabilities from one number a firm: a logistic curve is fitted to all other firms, and read
/// off at this one. The number is standardised and its slope held by a penalty of 0.001, so that a
/// number which tells all apart has a fit, too.
/// throws  BadInput when sizes differ or a number is not finite
/// cost    n fits of n firms
std::vector<double> leave_one_out_logistic(std::span<double const> numbers,
                                           std::vector<bool> const& events);

/// Firms that failed and had a probability above ½: by how many quarters the forecast's median (the
/// first quarter in which the probability reaches ½) was off.
struct QuarterError {
    double median = 0; ///< NaN: there is no such firm
    std::vector<std::string> firms;
    std::vector<int> forecast, actual; ///< quarters, one a firm
};
QuarterError quarter_error(std::span<FailureForecast const> forecasts);

} // namespace perpetuum
