/// How sure a share or a quantile is. Plus, minus, times, divided and the square root only: the
/// system's functions differ from machine to machine.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {
namespace {

void check_confidence(double confidence) {
    if (!(confidence >= 0.5 && confidence <= 1 - 1e-9))
        throw BadInput{"a confidence is 0.5 to 1 - 1e-9, found " + std::to_string(confidence)};
}

/// exp(−x) for 0 ≤ x ≤ 50: the series of exp(x) has only positive terms, so nothing cancels.
double decay(double x) {
    double term = 1, sum = 1;
    for (int k = 1; term > sum * 1e-17; ++k) sum += term *= x / k;
    return 1 / sum;
}

/// z with a standard normal within ± z in this share of cases: Newton from below, where the
/// distribution function is concave, so that it cannot overshoot.
double normal_deviate(double confidence) {
    constexpr double root_2_pi = 2.506628274631000502;
    double z = 0;
    for (int i = 0; i < 200; ++i) {
        double term = z, series = z; // Φ(z) − 1/2 = φ(z) (z + z³/3 + z⁵/15 + …)
        for (int k = 1; term > series * 1e-17; ++k) series += term *= z * z / (2 * k + 1);
        double const density = decay(z * z / 2) / root_2_pi;
        double const step = (confidence / 2 - density * series) / density;
        z += step;
        if (!(step > z * 1e-15)) break;
    }
    return z;
}

/// Probabilities of a binomial around its mode, up to a common factor; what is left out is below
/// 1e-22 of the mode's.
struct BinomialBump {
    std::uint64_t first = 0;
    std::vector<double> weights;
    double total = 0;

    BinomialBump(std::uint64_t n, double p) {
        double const odds = p / (1 - p), size = static_cast<double>(n);
        auto const mode = std::min(n, static_cast<std::uint64_t>((size + 1) * p));
        double weight = 1;
        for (std::uint64_t k = mode; k > 0; --k) {
            weight *= static_cast<double>(k) / (size - static_cast<double>(k) + 1) / odds;
            if (weight < 1e-22) break;
            weights.push_back(weight);
        }
        first = mode - weights.size();
        std::reverse(weights.begin(), weights.end());
        weights.push_back(1);
        weight = 1;
        for (std::uint64_t k = mode; k < n; ++k) {
            weight *= (size - static_cast<double>(k)) / (static_cast<double>(k) + 1) * odds;
            if (weight < 1e-22) break;
            weights.push_back(weight);
        }
        for (double w : weights) total += w;
    }
};

RankInterval exact_ranks(std::uint64_t n, double p, double confidence) {
    BinomialBump const bump(n, p);
    double const tail = (1 - confidence) / 2 * bump.total;
    std::size_t low = 0, high = bump.weights.size();
    double below = 0, above = 0; // P(B < first + low), P(B ≥ first + high)
    while (below + bump.weights[low] <= tail) below += bump.weights[low++];
    while (above + bump.weights[high - 1] <= tail) above += bump.weights[--high];
    // P(x(l) ≤ quantile ≤ x(u)) = P(l ≤ B ≤ u − 1), B the number of values at or below the quantile
    return {bump.first + low, bump.first + high, 1 - (below + above) / bump.total};
}

} // namespace

Bracket probability(std::uint64_t k, std::uint64_t n, double confidence) {
    check_confidence(confidence);
    if (k > n)
        throw BadInput{"a share is k of n with k at most n, found " + std::to_string(k) + " of " +
                       std::to_string(n)};
    if (n == 0) return {std::numeric_limits<double>::quiet_NaN(), 0, 1};
    double const z = normal_deviate(confidence), z2 = z * z;
    auto const hits = static_cast<double>(k), all = static_cast<double>(n);
    double const misses = static_cast<double>(n - k);
    double const centre = (hits + z2 / 2) / (all + z2);
    double const half = z / (all + z2) * std::sqrt(hits * (misses / all) + z2 / 4);
    return {hits / all, k == 0 ? 0 : std::max(0.0, centre - half),
            k == n ? 1 : std::min(1.0, centre + half)};
}

RankInterval quantile_ranks(std::uint64_t n, double p, double confidence) {
    check_confidence(confidence);
    if (!(p > 0 && p < 1))
        throw BadInput{"the interval of a quantile is asked for a share between 0 and 1, found " +
                       std::to_string(p)};
    if (n == 0) return {0, 1, 1};
    double const size = static_cast<double>(n), spread = size * p * (1 - p);
    if (spread <= 1e9) return exact_ranks(n, p, confidence);
    double const z = normal_deviate(confidence);
    double const reach = z * std::sqrt(spread) + z * z / 6 + 2; // skewness shifts by (z² − 1)/6
    return {static_cast<std::uint64_t>(size * p - reach),
            static_cast<std::uint64_t>(std::ceil(size * p + reach)) + 1, confidence};
}

} // namespace perpetuum
