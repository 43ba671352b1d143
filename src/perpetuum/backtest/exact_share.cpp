// Clopper and Pearson's interval: quantiles of beta distributions, by bisection of the regularised
// incomplete beta function (continued fraction, Lentz's method).

#include <perpetuum/backtest.hpp>

#include <perpetuum/base.hpp>

#include <cmath>

namespace perpetuum {

namespace {

constexpr int most_terms = 100'000;

/// The continued fraction of the incomplete beta function; converges fast for x < (a + 1)/(a + b + 2).
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    auto const away_from_zero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), h = d;
    for (int m = 1; m < most_terms; ++m) {
        double const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        h *= d * c;
        double const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        double const change = d * c;
        h *= change;
        if (std::abs(change - 1) < 1e-15) break;
    }
    return h;
}

/// The logarithm of |Γ|; `lgamma` would write to a variable that all threads share.
double log_gamma(double x) {
    int sign = 0;
    return lgamma_r(x, &sign);
}

double incomplete_beta(double a, double b, double x) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    double const front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) +
                                  b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double beta_quantile(double a, double b, double p) {
    double low = 0, high = 1;
    for (int i = 0; i < 60; ++i) {
        double const middle = (low + high) / 2;
        (incomplete_beta(a, b, middle) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

} // namespace

Bracket exact_share(double k, double n, double confidence) {
    if (!(k >= 0 && k <= n * (1 + 1e-12)))
        throw BadInput{"a share of more than all, or of less than none"};
    if (!(confidence >= 0.5 && confidence < 1))
        throw BadInput{"confidence is at least 0.5 and below 1"};
    if (n == 0) return {std::nan(""), 0, 1};
    k = std::min(k, n);
    double const tail = (1 - confidence) / 2;
    Bracket share{k / n, 0, 1};
    if (k > 0) share.at_least = beta_quantile(k, n - k + 1, tail);
    if (k < n) share.at_most = beta_quantile(k + 1, n - k, 1 - tail);
    return share;
}

} // namespace perpetuum
