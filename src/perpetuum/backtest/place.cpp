// A figure in the distribution that was forecast for it.

#include <perpetuum/backtest.hpp>

#include <perpetuum/base.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace perpetuum {

namespace {

void check_forecast(std::span<double const> forecast, double actual) {
    if (forecast.empty()) throw BadInput{"a forecast of no numbers"};
    bool const finite =
        std::isfinite(actual) && std::all_of(forecast.begin(), forecast.end(),
                                             [](double value) { return std::isfinite(value); });
    if (!finite) throw BadInput{"a forecast or figure that is no finite number"};
}

} // namespace

double place_of(std::span<double const> forecast, double actual) {
    check_forecast(forecast, actual);
    double below = 0, ties = 0;
    for (double const value : forecast) {
        below += value < actual ? 1 : 0;
        ties += value == actual ? 1 : 0;
    }
    return (below + ties / 2 + 0.5) / (static_cast<double>(forecast.size()) + 1);
}

double crps(std::span<double const> forecast, double actual) {
    check_forecast(forecast, actual);
    std::vector<double> sorted(forecast.begin(), forecast.end());
    std::sort(sorted.begin(), sorted.end());
    double const n = static_cast<double>(sorted.size());
    double off = 0, apart = 0; // Σ |X − actual|; Σ over pairs i < j of X_j − X_i
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        off += std::abs(sorted[i] - actual);
        apart += sorted[i] * (2 * static_cast<double>(i) + 1 - n);
    }
    return std::max(0.0, off / n - apart / (n * n));
}

double crps_of_normal(double mean, double deviation, double actual) {
    double const off = actual - mean;
    if (!(deviation > 0)) return std::abs(off);
    double const z = off / deviation;
    double const below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    double const density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    return deviation * (z * (2 * below - 1) + 2 * density - 1 / std::sqrt(std::numbers::pi));
}

} // namespace perpetuum
