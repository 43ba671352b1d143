// Indices of a design's rows, and their intervals by resampling rows: every index is a quotient of
// sums over rows, so a resample is a row of weights.

#include <perpetuum/study.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

constexpr double no_index = std::numeric_limits<double>::quiet_NaN();

/// Rows without a gap, columns side by side: A, B, then a column a group.
struct Rows {
    std::size_t count = 0, groups = 0;
    std::vector<double> values; ///< [row × (2 + groups) + column]
    double const* row(std::size_t i) const { return values.data() + i * (2 + groups); }
};

Rows whole_rows(std::span<double const> values, std::size_t groups) {
    std::size_t const columns = 2 + groups, rows = values.size() / columns;
    if (rows * columns != values.size())
        throw BadInput{std::to_string(values.size()) + " values are no " + std::to_string(columns) +
                       " columns"};
    Rows whole{0, groups, {}};
    whole.values.reserve(values.size());
    for (std::size_t i = 0; i < rows; ++i) {
        std::size_t const begin = whole.values.size();
        for (std::size_t c = 0; c < columns; ++c) whole.values.push_back(values[c * rows + i]);
        bool const gap = std::any_of(whole.values.begin() + static_cast<std::ptrdiff_t>(begin),
                                     whole.values.end(), [](double v) { return std::isnan(v); });
        if (gap)
            whole.values.resize(begin);
        else
            ++whole.count;
    }
    return whole;
}

/// Indices of weighted rows. What is constant is taken off first: an index does not see it, and its
/// error would. The product of A and B has mean 0 whatever they are: (1 − T) times that is taken off
/// each product of B and a group's column, which leaves the least error (all of it: Saltelli's).
void indices_of(Rows const& rows, std::vector<double> const& weights, double* first,
                double* total) {
    double sum = 0, square = 0, weight = 0;
    for (std::size_t i = 0; i < rows.count; ++i) {
        double const* const row = rows.row(i);
        weight += weights[i];
        sum += weights[i] * (row[0] + row[1]);
        square += weights[i] * (row[0] * row[0] + row[1] * row[1]);
    }
    double const mean = sum / (2 * weight);
    double const variance = square / (2 * weight) - mean * mean;
    double halves = 0;
    std::fill(first, first + rows.groups, 0.0);
    std::fill(total, total + rows.groups, 0.0);
    for (std::size_t i = 0; i < rows.count; ++i) {
        if (weights[i] == 0) continue;
        double const* const row = rows.row(i);
        double const other = weights[i] * (row[1] - mean);
        halves += other * (row[0] - mean);
        for (std::size_t g = 0; g < rows.groups; ++g) {
            double const change = row[2 + g] - row[0];
            first[g] += other * (row[2 + g] - mean);
            total[g] += weights[i] * change * change;
        }
    }
    bool const varies = variance > 1e-24 * (1 + mean * mean);
    for (std::size_t g = 0; g < rows.groups; ++g) {
        total[g] = varies ? total[g] / (2 * weight * variance) : no_index;
        double const alike = std::clamp(1 - total[g], 0.0, 1.0);
        first[g] = varies ? (first[g] - alike * halves) / (weight * variance) : no_index;
    }
}

/// How often each row is drawn when as many are drawn as there are.
void resample(std::vector<double>& weights, std::vector<double>& draws, std::uint64_t key,
              std::uint64_t number) {
    std::fill(weights.begin(), weights.end(), 0.0);
    uniforms(draws.data(), key, 0, draws.size(), number);
    auto const n = static_cast<double>(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
        ++weights[std::min(weights.size() - 1, static_cast<std::size_t>(draws[i] * n))];
}

Interval interval_of(double value, std::vector<double>& samples, double confidence) {
    if (samples.empty() || std::isnan(value)) return {value, value, value};
    std::erase_if(samples, [](double x) { return std::isnan(x); });
    std::sort(samples.begin(), samples.end());
    if (samples.empty()) return {value, value, value};
    auto const at = [&](double p) {
        return samples[static_cast<std::size_t>(
            std::lround(p * static_cast<double>(samples.size() - 1)))];
    };
    return {value, at((1 - confidence) / 2), at((1 + confidence) / 2)};
}

} // namespace

SobolIndices sobol_indices(std::span<double const> values, std::size_t groups, double confidence,
                           int resamples, std::uint64_t seed) {
    Rows const rows = whole_rows(values, groups);
    SobolIndices result;
    result.rows = rows.count;
    result.dropped = values.size() / (2 + groups) - rows.count;
    result.groups.resize(groups);
    if (rows.count == 0) {
        result.mean = result.variance = no_index;
        for (GroupIndex& group : result.groups)
            group.first = group.total = {no_index, no_index, no_index};
        return result;
    }
    Moments moments;
    for (std::size_t i = 0; i < rows.count; ++i) moments.add(rows.row(i), 2);
    result.mean = moments.mean();
    result.variance = moments.variance();
    std::vector<double> weights(rows.count, 1.0), first(groups), total(groups);
    indices_of(rows, weights, first.data(), total.data());
    std::vector<std::vector<double>> firsts(groups), totals(groups);
    std::vector<double> draws((rows.count + 15) / 16 * 16), one(groups), other(groups);
    std::uint64_t const key = stream_key(seed, "rows drawn again");
    for (int b = 0; b < resamples; ++b) {
        resample(weights, draws, key, static_cast<std::uint64_t>(b));
        indices_of(rows, weights, one.data(), other.data());
        for (std::size_t g = 0; g < groups; ++g) {
            firsts[g].push_back(one[g]);
            totals[g].push_back(other[g]);
        }
    }
    for (std::size_t g = 0; g < groups; ++g) {
        GroupIndex& group = result.groups[g];
        group.first = interval_of(first[g], firsts[g], confidence);
        group.total = interval_of(total[g], totals[g], confidence);
        for (std::size_t i = 0; i < rows.count; ++i)
            group.moved += std::abs(rows.row(i)[2 + g] - rows.row(i)[0]);
        group.moved /= static_cast<double>(rows.count);
    }
    return result;
}

KolmogorovDistance kolmogorov_distance(std::span<double const> figure,
                                       std::span<double const> indicator) {
    std::vector<std::pair<double, bool>> all;
    double with = 0, without = 0;
    for (std::size_t i = 0; i < std::min(figure.size(), indicator.size()); ++i) {
        if (std::isnan(indicator[i])) continue;
        all.emplace_back(figure[i], indicator[i] != 0);
        ++(indicator[i] != 0 ? with : without);
    }
    if (with == 0 || without == 0) return {no_index, no_index};
    std::sort(all.begin(), all.end());
    KolmogorovDistance result;
    double below_with = 0, below_without = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        ++(all[i].second ? below_with : below_without);
        // Between equal values there is no step to look at.
        if (i + 1 < all.size() && all[i + 1].first == all[i].first) continue;
        result.distance =
            std::max(result.distance, std::abs(below_with / with - below_without / without));
    }
    result.by_chance = 1.3581 * std::sqrt((with + without) / (with * without));
    return result;
}

} // namespace perpetuum
