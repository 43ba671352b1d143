/// Buckets by the leading bits of a double: a value's place is its bits shifted right, less where its
/// sign's window begins. Windows begin and end at powers of two and cover just what was seen, so what
/// is held depends on the values alone.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "wide_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {
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
    : shape_(shape), bits_(shape.bits), least_(no_value), greatest_(no_value) {
    check_shape(shape);
}

double Sketch::relative_error() const { return 1 / (std::ldexp(1, bits_ + 1) + 1); }

std::uint64_t Sketch::negative() const {
    std::uint64_t below_zero = near_zero_[0] + infinities_[1];
    for (std::uint64_t count : windows_[1].counts) below_zero += count;
    return below_zero;
}

std::uint64_t Sketch::count() const {
    std::uint64_t all = negative() + near_zero_[1] + near_zero_[2] + infinities_[0];
    for (std::uint64_t count : windows_[0].counts) all += count;
    return all;
}

std::size_t Sketch::bytes() const {
    return sizeof *this + 8 * (windows_[0].counts.capacity() + windows_[1].counts.capacity());
}

bool Sketch::operator==(Sketch const& other) const {
    return shape_ == other.shape_ && bits_ == other.bits_ && windows_ == other.windows_ &&
           near_zero_ == other.near_zero_ && infinities_ == other.infinities_ &&
           not_numbers_ == other.not_numbers_ &&
           std::bit_cast<std::uint64_t>(least_) == std::bit_cast<std::uint64_t>(other.least_) &&
           std::bit_cast<std::uint64_t>(greatest_) == std::bit_cast<std::uint64_t>(other.greatest_);
}

int Sketch::bits_for(std::uint64_t octaves) const {
    int bits = shape_.bits;
    while (bits > 0 && octaves << bits > shape_.most_buckets) --bits;
    return bits;
}

void Sketch::halve_to(int bits) {
    for (Window& window : windows_) {
        std::vector<std::uint64_t> coarse(window.octaves << bits);
        for (std::size_t i = 0; i < window.counts.size(); ++i)
            coarse[i >> (bits_ - bits)] += window.counts[i];
        window.counts = std::move(coarse);
    }
    bits_ = bits;
}

/// Widens the window of a sign to octaves first … last, halving the resolution where it must be.
void Sketch::cover(int sign, std::uint64_t first, std::uint64_t last) {
    Window& window = windows_[static_cast<std::size_t>(sign)];
    if (window.octaves > 0) {
        first = std::min(first, window.first);
        last = std::max(last, window.first + window.octaves - 1);
    }
    std::uint64_t const octaves = last - first + 1;
    int const bits = bits_for(octaves + windows_[static_cast<std::size_t>(1 - sign)].octaves);
    if (bits < bits_) halve_to(bits);
    if (octaves == window.octaves) return;
    std::vector<std::uint64_t> wider(octaves << bits_);
    if (window.octaves > 0)
        std::copy(window.counts.begin(), window.counts.end(),
                  wider.begin() + static_cast<std::ptrdiff_t>((window.first - first) << bits_));
    window = {first, octaves, std::move(wider)};
}

/// A value that is no number, not finite, a new extreme, or outside its window: everything but
/// counting it in its bucket.
void Sketch::take_unusual(double value) {
    std::uint64_t const size = magnitude_bits(value);
    if (size > infinity_bits) {
        ++not_numbers_;
    } else if (size == infinity_bits) {
        ++infinities_[value < 0];
    } else {
        if (!(value >= least_)) least_ = value + 0.0; // −0 is 0: which came first must not show
        if (!(value <= greatest_)) greatest_ = value + 0.0;
        if (std::abs(value) >= shape_.smallest) cover(value < 0, size >> 52, size >> 52);
    }
}

template <bool masked>
void Sketch::take(double const* values, std::size_t n, std::uint8_t const* counted) {
    std::uint64_t* counts[2];
    std::uint64_t first[2], buckets[2];
    int shift = 0;
    double least = 0, greatest = 0;
    auto const look = [&] {
        shift = 52 - bits_;
        for (std::size_t sign : {0u, 1u}) {
            counts[sign] = windows_[sign].counts.data();
            first[sign] = windows_[sign].first << bits_;
            buckets[sign] = windows_[sign].counts.size();
        }
        least = least_;
        greatest = greatest_;
    };
    look();
    auto const smallest = std::bit_cast<std::uint64_t>(shape_.smallest);
    for (std::size_t i = 0; i < n; ++i) {
        if (masked && !counted[i]) continue;
        double const value = values[i];
        auto const bits = std::bit_cast<std::uint64_t>(value);
        std::uint64_t const sign = bits >> 63, size = bits & ~sign_bit;
        std::uint64_t bucket = (size >> shift) - first[sign];
        bool const near_zero = size < smallest;
        if (!(value >= least && value <= greatest) || (bucket >= buckets[sign] && !near_zero)) {
            take_unusual(value);
            if (size >= infinity_bits) continue;
            look();
            bucket = (size >> shift) - first[sign];
        }
        std::uint64_t* const slot =
            near_zero ? &near_zero_[size == 0 ? 1 : 2 - 2 * sign] : counts[sign] + bucket;
        ++*slot;
    }
}

void Sketch::add(double const* values, std::size_t n, std::uint8_t const* counted) {
    if (counted)
        take<true>(values, n, counted);
    else
        take<false>(values, n, counted);
}

void Sketch::merge(Sketch const& other) {
    if (shape_ != other.shape_) throw BadInput{"sketches of different shapes cannot be merged"};
    std::uint64_t const a = count() + not_numbers_, b = other.count() + other.not_numbers_;
    if (a > most_values || b > most_values - a)
        throw BadInput{"at most 2^62 values can be counted, found " + std::to_string(a) + " and " +
                       std::to_string(b)};
    for (int sign : {0, 1}) {
        Window const theirs = other.windows_[static_cast<std::size_t>(sign)];
        if (theirs.octaves > 0) cover(sign, theirs.first, theirs.first + theirs.octaves - 1);
    }
    for (std::size_t sign : {0u, 1u}) {
        Window const& theirs = other.windows_[sign];
        Window& ours = windows_[sign];
        for (std::size_t i = 0; i < theirs.counts.size(); ++i) {
            std::uint64_t const key = (theirs.first << other.bits_) + i;
            std::uint64_t const at = (key >> (other.bits_ - bits_)) - (ours.first << bits_);
            ours.counts[at] += theirs.counts[i];
        }
        infinities_[sign] += other.infinities_[sign];
    }
    for (std::size_t i : {0u, 1u, 2u}) near_zero_[i] += other.near_zero_[i];
    not_numbers_ += other.not_numbers_;
    if (!(other.least_ >= least_) && !std::isnan(other.least_)) least_ = other.least_;
    if (!(other.greatest_ <= greatest_) && !std::isnan(other.greatest_))
        greatest_ = other.greatest_;
}

} // namespace perpetuum
