// A logistic curve in one number: Newton's method on the penalised likelihood.

#include <perpetuum/backtest.hpp>

#include <perpetuum/base.hpp>

#include <cmath>

namespace perpetuum {

namespace {

constexpr double penalty = 0.001; // of the slope, per deviation of the number
constexpr int most_rounds = 100;

struct Curve {
    double level = 0, slope = 0;
    double at(double x) const { return 1 / (1 + std::exp(-level - slope * x)); }
};

/// Log-likelihood less the penalty, of all firms but one.
double fit_of(Curve const& curve, std::span<double const> x, std::vector<bool> const& events,
              std::size_t left_out) {
    double sum = -penalty * curve.slope * curve.slope / 2;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (i == left_out) continue;
        double const z = (events[i] ? 1 : -1) * (curve.level + curve.slope * x[i]);
        sum += z > 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
    }
    return sum;
}

/// One step of Newton's method: what is to be added.
Curve newton_step(Curve const& curve, std::span<double const> x, std::vector<bool> const& events,
                  std::size_t left_out) {
    double g0 = 0, g1 = -penalty * curve.slope, h00 = penalty * 1e-3, h01 = 0, h11 = penalty;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (i == left_out) continue;
        double const p = curve.at(x[i]), off = (events[i] ? 1 : 0) - p, weight = p * (1 - p);
        g0 += off, g1 += off * x[i];
        h00 += weight, h01 += weight * x[i], h11 += weight * x[i] * x[i];
    }
    double const determinant = h00 * h11 - h01 * h01;
    return {(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant};
}

Curve fitted(std::span<double const> x, std::vector<bool> const& events, std::size_t left_out) {
    Curve curve;
    double fit = fit_of(curve, x, events, left_out);
    for (int round = 0; round < most_rounds; ++round) {
        Curve const step = newton_step(curve, x, events, left_out);
        double part = 1, next = fit;
        Curve tried = curve;
        for (int halving = 0; halving < 40; ++halving, part /= 2) {
            tried = {curve.level + part * step.level, curve.slope + part * step.slope};
            next = fit_of(tried, x, events, left_out);
            if (next >= fit) break;
        }
        if (!(next > fit + 1e-12)) break;
        curve = tried;
        fit = next;
    }
    return curve;
}

} // namespace

std::vector<double> leave_one_out_logistic(std::span<double const> numbers,
                                           std::vector<bool> const& events) {
    if (numbers.size() != events.size()) throw BadInput{"as many numbers as firms, please"};
    double mean = 0, square = 0;
    double const n = static_cast<double>(numbers.size());
    for (double const number : numbers) {
        if (!std::isfinite(number)) throw BadInput{"a number that is not finite"};
        mean += number / n;
    }
    for (double const number : numbers) square += (number - mean) * (number - mean) / n;
    double const deviation = square > 0 ? std::sqrt(square) : 1;
    std::vector<double> x, result;
    for (double const number : numbers) x.push_back((number - mean) / deviation);
    for (std::size_t i = 0; i < x.size(); ++i) result.push_back(fitted(x, events, i).at(x[i]));
    return result;
}

} // namespace perpetuum
