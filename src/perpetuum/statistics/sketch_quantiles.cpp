/// What a sketch says: its buckets walked from below.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "wide_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

} // namespace

/// Values that cannot be told apart: between low and high, `value` standing for all of them.
struct Sketch::Class {
    std::uint64_t count = 0;
    double low = 0, high = 0, value = 0;
    bool reaches_high = true; ///< else all lie below
};

/// The lower edge of a bucket; of the one beyond the last ∞.
double Sketch::edge(std::uint64_t bucket) const {
    return std::bit_cast<double>(bucket << (52 - bits_));
}

/// From below; stops when `visit` returns true.
template <class Visit>
void Sketch::each_class(Visit visit) const {
    auto const within = [&](Class one) { // no value lies beyond the least and the greatest
        one.low = std::max(one.low, least_);
        if (one.high > greatest_) one.high = greatest_, one.reaches_high = true;
        one.value = std::clamp(one.value, one.low, one.high);
        return one;
    };
    auto const bucket = [&](std::uint64_t i, bool negative) {
        std::uint64_t const key = (windows_[negative].first << bits_) + i;
        std::uint64_t const count = counts_[slot(negative) + i];
        double const low = edge(key), high = edge(key + 1);
        // 2 low high / (low + high) is as far from both in relative terms; in steps of the bucket's
        // width, which neither overflow nor round.
        double const step = std::ldexp(1, static_cast<int>(key >> bits_) - 1023 - bits_);
        double const a = low / step;
        double const middle = 2 * a * (a + 1) / (2 * a + 1) * step;
        if (negative) return within({count, -high, -low, -middle, true});
        return within({count, low, high, middle, false});
    };
    auto const seen = [&](Class const& one) { return one.count > 0 && visit(one); };
    if (seen({infinities_[1], -infinite, -infinite, -infinite, true})) return;
    for (std::uint64_t i = buckets(true); i-- > 0;)
        if (counts_[slot(true) + i] > 0 && visit(bucket(i, true))) return;
    double const tiny = shape_.smallest;
    if (counts_[0] > 0 && visit(within({counts_[0], -tiny, 0, 0, false}))) return;
    if (seen({counts_[1], 0, 0, 0, true})) return;
    if (counts_[2] > 0 && visit(within({counts_[2], 0, tiny, 0, false}))) return;
    for (std::uint64_t i = 0; i < buckets(false); ++i)
        if (counts_[slot(false) + i] > 0 && visit(bucket(i, false))) return;
    seen({infinities_[0], infinite, infinite, infinite, true});
}

Bracket Sketch::order_statistic(std::uint64_t rank) const {
    std::uint64_t const all = count();
    if (rank < 1 || rank > all)
        throw BadInput{"a rank is 1 to " + std::to_string(all) + ", found " + std::to_string(rank)};
    if (rank == infinities_[1] + 1 && rank <= all - infinities_[0]) return {least_, least_, least_};
    if (rank == all - infinities_[0] && rank > infinities_[1])
        return {greatest_, greatest_, greatest_};
    Bracket out;
    std::uint64_t passed = 0;
    each_class([&](Class const& one) {
        passed += one.count;
        out = {one.value, one.low, one.high};
        return passed >= rank;
    });
    return out;
}

Bracket Sketch::quantile(double p) const {
    if (!(p >= 0 && p <= 1))
        throw BadInput{"a quantile is asked for a share of 0 to 1, found " + std::to_string(p)};
    std::uint64_t const all = count();
    if (all == 0) return {not_known, not_known, not_known};
    // 0.07 of 100 is the 7th value, though 0.07 as a double is a little more than 7/100.
    double const rank = std::ceil(p * static_cast<double>(all) * (1 - 0x1p-50));
    auto const whole = static_cast<std::uint64_t>(std::max(rank, 1.0));
    return order_statistic(std::min(whole, all));
}

Bracket Sketch::quantile_interval(double p, double confidence) const {
    std::uint64_t const all = count();
    RankInterval const ranks = quantile_ranks(all, p, confidence);
    Bracket out{quantile(p).value, -infinite, infinite};
    if (ranks.lower >= 1) out.at_least = order_statistic(ranks.lower).at_least;
    if (ranks.upper <= all) out.at_most = order_statistic(ranks.upper).at_most;
    return out;
}

std::pair<std::uint64_t, std::uint64_t> Sketch::below(double x) const {
    if (std::isnan(x)) throw BadInput{"values are counted below a number, found NaN"};
    std::pair<std::uint64_t, std::uint64_t> out{0, 0};
    each_class([&](Class const& one) {
        if (one.reaches_high ? one.high < x : one.high <= x) out.first += one.count;
        if (one.low < x) out.second += one.count;
        return one.low >= x;
    });
    return out;
}

} // namespace perpetuum
