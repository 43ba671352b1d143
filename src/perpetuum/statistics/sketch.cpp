/// Buckets by the leading bits of a double: a value's place is its bits shifted right, less where its
/// sign's window begins. Windows begin and end at powers of two and cover just what was seen, so what
/// is held depends on the values alone.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "each_row.hpp"
#include "wide_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace perpetuum {

PERPETUUM_CLONES(bool, slots_of_row, std::uint64_t*, double const*, std::uint64_t const*,
                 SlotRule const*)

namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

void check_shape(SketchShape const& shape) {
    if (shape.bits < 2 || shape.bits > 12)
        throw BadInput{"a sketch resolves 2 to 12 bits, found " + std::to_string(shape.bits)};
    auto const smallest = std::bit_cast<std::uint64_t>(shape.smallest);
    if (!(shape.smallest >= 0x1p-1000 && shape.smallest <= 0x1p1000) ||
        smallest << 12 != 0) // a power of two has no fraction
        throw BadInput{"the smallest value of a sketch is a power of two from 2^-1000 to 2^1000, "
                       "found " +
                       std::to_string(shape.smallest)};
    if (shape.most_buckets < 4096 || shape.most_buckets > std::uint64_t{1} << 24)
        throw BadInput{"a sketch has 4,096 to 16,777,216 buckets at most, found " +
                       std::to_string(shape.most_buckets)};
}

} // namespace

SketchShape SketchShape::for_error(double error) {
    if (!(error >= 0.0001 && error <= 0.4))
        throw BadInput{"the relative error of a sketch is 0.0001 to 0.4, found " +
                       std::to_string(error)};
    SketchShape shape;
    shape.bits = 2;
    while (shape.bits < 12 && 1 / (std::ldexp(1, shape.bits + 1) + 1) > error) ++shape.bits;
    if (1 / (std::ldexp(1, shape.bits + 1) + 1) > error)
        throw BadInput{"the smallest relative error of a sketch is 1/8193"};
    return shape;
}

Sketch::Sketch(SketchShape shape)
    : shape_(shape), bits_(shape.bits), counts_(4), least_(no_value), greatest_(no_value) {
    check_shape(shape);
}

double Sketch::relative_error() const { return 1 / (std::ldexp(1, bits_ + 1) + 1); }

std::uint64_t Sketch::negative() const {
    return std::accumulate(counts_.begin() + static_cast<std::ptrdiff_t>(slot(true)), counts_.end(),
                           counts_[0] + infinities_[1]);
}

std::uint64_t Sketch::count() const {
    return std::accumulate(counts_.begin(), counts_.end(), infinities_[0] + infinities_[1]);
}

std::size_t Sketch::bytes() const { return sizeof *this + 8 * counts_.capacity(); }

bool Sketch::operator==(Sketch const& other) const {
    return shape_ == other.shape_ && bits_ == other.bits_ && windows_ == other.windows_ &&
           counts_ == other.counts_ && infinities_ == other.infinities_ &&
           not_numbers_ == other.not_numbers_ &&
           std::bit_cast<std::uint64_t>(least_) == std::bit_cast<std::uint64_t>(other.least_) &&
           std::bit_cast<std::uint64_t>(greatest_) == std::bit_cast<std::uint64_t>(other.greatest_);
}

int Sketch::bits_for(std::uint64_t octaves) const {
    int bits = shape_.bits;
    while (bits > 0 && octaves << bits > shape_.most_buckets) --bits;
    return bits;
}

/// The same counts in wider windows, with as many bits or fewer.
void Sketch::rearrange(std::array<Window, 2> const& windows, int bits) {
    std::vector<std::uint64_t> counts(4 + ((windows[0].octaves + windows[1].octaves) << bits));
    std::copy_n(counts_.begin(), 4, counts.begin());
    for (bool negative : {false, true}) {
        Window const& from = windows_[negative];
        std::uint64_t const to = 4 + (negative ? windows[0].octaves << bits : 0);
        for (std::uint64_t i = 0; i < buckets(negative); ++i) {
            std::uint64_t const key = ((from.first << bits_) + i) >> (bits_ - bits);
            counts[to + key - (windows[negative].first << bits)] += counts_[slot(negative) + i];
        }
    }
    counts_ = std::move(counts);
    windows_ = windows;
    bits_ = bits;
}

/// Widens the window of a sign to octaves first … last, halving the resolution where it must be.
void Sketch::cover(bool negative, std::uint64_t first, std::uint64_t last) {
    std::array<Window, 2> windows = windows_;
    Window& window = windows[negative];
    if (window.octaves > 0) {
        first = std::min(first, window.first);
        last = std::max(last, window.first + window.octaves - 1);
    }
    window = {first, last - first + 1};
    if (window == windows_[negative]) return;
    rearrange(windows, std::min(bits_, bits_for(windows[0].octaves + windows[1].octaves)));
}

void Sketch::take_one(double value, std::uint64_t times) {
    std::uint64_t const size = magnitude_bits(value);
    bool const below = value < 0;
    if (size >= infinity_bits) {
        (size > infinity_bits ? not_numbers_ : infinities_[below]) += times;
        return;
    }
    if (!(value >= least_)) least_ = value + 0.0; // −0 is 0: which came first must not show
    if (!(value <= greatest_)) greatest_ = value + 0.0;
    if (std::abs(value) < shape_.smallest) {
        counts_[size == 0 ? 1 : below ? 0 : 2] += times;
        return;
    }
    cover(below, size >> 52, size >> 52);
    counts_[slot(below) + (size >> (52 - bits_)) - (windows_[below].first << bits_)] += times;
}

void Sketch::take_row(double const* values, std::uint64_t const* taken) {
    SlotRule rule;
    rule.shift = static_cast<std::uint64_t>(52 - bits_);
    rule.smallest = shape_.smallest;
    rule.least = least_;
    rule.greatest = greatest_;
    for (bool negative : {false, true}) {
        Window const& window = windows_[negative];
        rule.base[negative] = slot(negative) - (window.first << bits_);
        rule.edge[negative] =
            std::bit_cast<double>(window.octaves > 0 ? window.first << 52 : infinity_bits);
    }
    std::uint64_t slots[row_size];
    if (each_slots_of_row(slots, values, taken, &rule)) {
        std::uint64_t* const counts = counts_.data();
        for (std::size_t i = 0; i < row_size; ++i) ++counts[slots[i]];
        counts[3] = 0;
        return;
    }
    for (std::size_t i = 0; i < row_size; ++i)
        if (taken[i]) take_one(values[i]);
}

void Sketch::add(double const* values, std::size_t n, std::uint8_t const* counted) {
    each_row(values, n, counted,
             [&](double const* row, std::uint64_t* taken) { take_row(row, taken); });
}

void Sketch::merge(Sketch const& other) {
    if (shape_ != other.shape_) throw BadInput{"sketches of different shapes cannot be merged"};
    std::uint64_t const a = count() + not_numbers_, b = other.count() + other.not_numbers_;
    if (a > most_values || b > most_values - a)
        throw BadInput{"at most 2^62 values can be counted, found " + std::to_string(a) + " and " +
                       std::to_string(b)};
    for (bool negative : {false, true}) {
        Window const theirs = other.windows_[negative];
        if (theirs.octaves > 0) cover(negative, theirs.first, theirs.first + theirs.octaves - 1);
    }
    for (bool negative : {false, true}) {
        std::uint64_t const first = other.windows_[negative].first << other.bits_;
        std::uint64_t const ours = slot(negative) - (windows_[negative].first << bits_);
        for (std::uint64_t i = 0; i < other.buckets(negative); ++i)
            counts_[ours + ((first + i) >> (other.bits_ - bits_))] +=
                other.counts_[other.slot(negative) + i];
        infinities_[negative] += other.infinities_[negative];
    }
    for (std::size_t i : {0u, 1u, 2u}) counts_[i] += other.counts_[i];
    not_numbers_ += other.not_numbers_;
    if (!(other.least_ >= least_) && !std::isnan(other.least_)) least_ = other.least_;
    if (!(other.greatest_ <= greatest_) && !std::isnan(other.greatest_))
        greatest_ = other.greatest_;
}

} // namespace perpetuum
