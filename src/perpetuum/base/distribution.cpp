// Centre and ends of spreads. The median of a PERT (a beta distribution) is found by bisection of
// the regularised incomplete beta function, itself a continued fraction (Lentz; Press et al.,
// Numerical Recipes, section 6.4).

#include <perpetuum/base.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr double normal_95 = 1.6448536269514722; // the normal distribution's 95 % quantile
constexpr double normal_90 = 1.2815515655446004;

double beta_fraction(double x, double a, double b) {
    constexpr double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (std::fabs(d) < tiny ? tiny : d);
    double result = d;
    for (int m = 1; m <= 200; ++m) {
        double const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double factor = 1;
        for (double const term : {even, odd}) {
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (std::fabs(d) < tiny ? tiny : d);
            if (std::fabs(c) < tiny) c = tiny;
            factor = d * c;
            result *= factor;
        }
        if (std::fabs(factor - 1) < 1e-15) break;
    }
    return result;
}

double beta_below(double x, double a, double b) {
    double const front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                  a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

/// 40 halvings: the answer is a short binary fraction, hence the same on machines whose logarithms
/// differ in their last bit.
double beta_median(double a, double b) {
    double low = 0, high = 1;
    for (int i = 0; i < 40; ++i) {
        double const middle = (low + high) / 2;
        (beta_below(middle, a, b) < 0.5 ? low : high) = middle;
    }
    return (low + high) / 2;
}

double pert_median(double lo, double mode, double hi) {
    if (!(hi > lo)) return lo;
    double const a = 1 + 4 * (mode - lo) / (hi - lo), b = 1 + 4 * (hi - mode) / (hi - lo);
    if (a == b) return (lo + hi) / 2;
    return lo + (hi - lo) * beta_median(a, b);
}

double triangular_median(double lo, double mode, double hi) {
    double const centre = (lo + hi) / 2;
    if (mode >= centre) return lo + std::sqrt((hi - lo) * (mode - lo) / 2);
    return hi - std::sqrt((hi - lo) * (hi - mode) / 2);
}

double heaviest_value(std::vector<double> const& pairs) {
    double value = pairs.at(0), weight = -1;
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs[i + 1] <= weight) continue;
        value = pairs[i];
        weight = pairs[i + 1];
    }
    return value;
}

/// Lowest (side -1) or highest (side 1) value that has any weight.
double outermost_value(std::vector<double> const& pairs, int side) {
    double value = heaviest_value(pairs);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2)
        if (pairs[i + 1] > 0 && side * pairs[i] > side * value) value = pairs[i];
    return value;
}

double end_of(Distribution const& distribution, int side) {
    auto const& p = distribution.parameters;
    switch (distribution.shape) {
    case Shape::point:
        return p.empty() ? 0 : p[0];
    case Shape::uniform:
        return side < 0 ? p.at(0) : p.at(1);
    case Shape::triangular:
    case Shape::pert:
        return side < 0 ? p.at(0) : p.at(2);
    case Shape::normal:
        return p.at(0) + side * normal_95 * p.at(1);
    case Shape::lognormal:
        return p.at(0) * std::exp(side * normal_95 / normal_90 * std::log(p.at(1) / p.at(0)));
    case Shape::discrete:
        return outermost_value(p, side);
    case Shape::bernoulli:
        return side < 0 ? (p.at(0) >= 1 ? 1 : 0) : (p.at(0) > 0 ? 1 : 0);
    }
    return 0;
}

} // namespace

double median(Distribution const& distribution) {
    auto const& p = distribution.parameters;
    switch (distribution.shape) {
    case Shape::point:
        return p.empty() ? 0 : p[0];
    case Shape::uniform:
        return (p.at(0) + p.at(1)) / 2;
    case Shape::triangular:
        return triangular_median(p.at(0), p.at(1), p.at(2));
    case Shape::pert:
        return pert_median(p.at(0), p.at(1), p.at(2));
    case Shape::normal:
    case Shape::lognormal:
        return p.at(0);
    case Shape::discrete:
        return heaviest_value(p);
    case Shape::bernoulli:
        return p.at(0) >= 0.5 ? 1 : 0;
    }
    return 0;
}

double lowest(Distribution const& distribution) { return end_of(distribution, -1); }
double highest(Distribution const& distribution) { return end_of(distribution, 1); }

} // namespace perpetuum
