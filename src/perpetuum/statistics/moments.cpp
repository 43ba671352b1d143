/// Exact sums: rows are lifted to whole numbers and added in 128 bits, then once to the wide sum;
/// what does not become whole goes in by itself. All of it is exact, so the order cannot matter.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "wide_sums.hpp"

#include <cmath>
#include <limits>

namespace perpetuum {
namespace {

constexpr double no_moment = std::numeric_limits<double>::quiet_NaN();

/// (n × products − sum × sum) over n (n − 1), rounded once.
double central(std::uint64_t n, Wide const& products, Wide const& sum_x, Wide const& sum_y) {
    if (n < 2) return no_moment;
    Wide over = raised(minus(times(products, n), product(sum_x, sum_y)));
    bool more = divide(over, n);
    more |= divide(over, n - 1);
    return rounded(over, -2148 - 192, more);
}

double mean_of(std::uint64_t n, ExactSum const& sum) {
    if (n == 0) return no_moment;
    Wide over = raised(wide_of(sum.parts));
    bool const more = divide(over, n);
    return rounded(over, -1074 - 192, more);
}

void check_room(std::uint64_t a, std::uint64_t b) {
    if (a > most_values || b > most_values - a)
        throw BadInput{"at most 2^62 values can be counted, found " + std::to_string(a) + " and " +
                       std::to_string(b)};
}

} // namespace

void Moments::take_one(double value) {
    if (magnitude_bits(value) >= infinity_bits) {
        ++left_out_;
        return;
    }
    ++count_;
    Placed const at = placed(value);
    add_shifted(sum_.parts, at.whole, at.place);
    add_unsigned(squares_.parts, static_cast<Uint128>(Int128{at.whole} * at.whole), 2 * at.place);
}

template <bool masked>
void Moments::take(double const* values, std::size_t n, std::uint8_t const* counted) {
    std::uint64_t largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        std::uint64_t const size = masked && !counted[i] ? 0 : magnitude_bits(values[i]);
        largest = size > largest ? size : largest;
    }
    if (largest >= infinity_bits) {
        for (std::size_t i = 0; i < n; ++i)
            if (!masked || counted[i]) take_one(values[i]);
        return;
    }
    RowScale const scale(largest);
    Int128 sum = 0;
    for (std::size_t begin = 0; begin < n; begin += 16) { // 16 squares below 2^124 fit in 128 bits
        Uint128 squares = 0;
        std::size_t const end = begin + 16 < n ? begin + 16 : n;
        for (std::size_t i = begin; i < end; ++i) {
            if (masked && !counted[i]) continue;
            std::int64_t whole;
            if (!scale.lift(values[i], whole)) {
                take_one(values[i]);
                continue;
            }
            ++count_;
            sum += whole;
            squares += static_cast<Uint128>(Int128{whole} * whole);
        }
        add_unsigned(squares_.parts, squares, 2 * scale.place);
    }
    add_shifted(sum_.parts, sum, scale.place);
}

void Moments::add(double const* values, std::size_t n, std::uint8_t const* counted) {
    if (counted)
        take<true>(values, n, counted);
    else
        take<false>(values, n, counted);
}

void Moments::merge(Moments const& other) {
    check_room(count_ + left_out_, other.count_ + other.left_out_);
    count_ += other.count_;
    left_out_ += other.left_out_;
    add_to(sum_.parts, other.sum_.parts);
    add_to(squares_.parts, other.squares_.parts);
}

double Moments::sum() const { return rounded(wide_of(sum_.parts), -1074, false); }
double Moments::mean() const { return mean_of(count_, sum_); }

double Moments::variance() const {
    Wide const sum = wide_of(sum_.parts);
    return central(count_, wide_of(squares_.parts), sum, sum);
}

double Moments::deviation() const { return std::sqrt(variance()); }

double Moments::standard_error() const {
    return std::sqrt(variance() / static_cast<double>(count_));
}

void PairMoments::take_one(double x, double y) {
    if (magnitude_bits(x) >= infinity_bits || magnitude_bits(y) >= infinity_bits) {
        ++left_out_;
        return;
    }
    ++count_;
    Placed const a = placed(x), b = placed(y);
    add_shifted(sum_x_.parts, a.whole, a.place);
    add_shifted(sum_y_.parts, b.whole, b.place);
    add_unsigned(squares_x_.parts, static_cast<Uint128>(Int128{a.whole} * a.whole), 2 * a.place);
    add_unsigned(squares_y_.parts, static_cast<Uint128>(Int128{b.whole} * b.whole), 2 * b.place);
    add_shifted(products_.parts, Int128{a.whole} * b.whole, a.place + b.place);
}

void PairMoments::add(double const* x, double const* y, std::size_t n,
                      std::uint8_t const* counted) {
    std::uint64_t largest_x = 0, largest_y = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (counted && !counted[i]) continue;
        largest_x = std::max(largest_x, magnitude_bits(x[i]));
        largest_y = std::max(largest_y, magnitude_bits(y[i]));
    }
    if (largest_x >= infinity_bits || largest_y >= infinity_bits) {
        for (std::size_t i = 0; i < n; ++i)
            if (!counted || counted[i]) take_one(x[i], y[i]);
        return;
    }
    RowScale const scale_x(largest_x), scale_y(largest_y);
    Int128 sum_x = 0, sum_y = 0;
    for (std::size_t begin = 0; begin < n; begin += 8) { // 8 products below 2^124 fit, with sign
        Uint128 squares_x = 0, squares_y = 0;
        Int128 products = 0;
        for (std::size_t i = begin; i < std::min(begin + 8, n); ++i) {
            if (counted && !counted[i]) continue;
            std::int64_t a, b;
            if (!scale_x.lift(x[i], a) || !scale_y.lift(y[i], b)) {
                take_one(x[i], y[i]);
                continue;
            }
            ++count_;
            sum_x += a;
            sum_y += b;
            squares_x += static_cast<Uint128>(Int128{a} * a);
            squares_y += static_cast<Uint128>(Int128{b} * b);
            products += Int128{a} * b;
        }
        add_unsigned(squares_x_.parts, squares_x, 2 * scale_x.place);
        add_unsigned(squares_y_.parts, squares_y, 2 * scale_y.place);
        add_shifted(products_.parts, products, scale_x.place + scale_y.place);
    }
    add_shifted(sum_x_.parts, sum_x, scale_x.place);
    add_shifted(sum_y_.parts, sum_y, scale_y.place);
}

void PairMoments::merge(PairMoments const& other) {
    check_room(count_ + left_out_, other.count_ + other.left_out_);
    count_ += other.count_;
    left_out_ += other.left_out_;
    add_to(sum_x_.parts, other.sum_x_.parts);
    add_to(sum_y_.parts, other.sum_y_.parts);
    add_to(squares_x_.parts, other.squares_x_.parts);
    add_to(squares_y_.parts, other.squares_y_.parts);
    add_to(products_.parts, other.products_.parts);
}

Moments PairMoments::x() const {
    Moments out;
    out.count_ = count_, out.left_out_ = left_out_;
    out.sum_ = sum_x_, out.squares_ = squares_x_;
    return out;
}

Moments PairMoments::y() const {
    Moments out;
    out.count_ = count_, out.left_out_ = left_out_;
    out.sum_ = sum_y_, out.squares_ = squares_y_;
    return out;
}

Moments PairMoments::difference() const {
    Moments out;
    out.count_ = count_, out.left_out_ = left_out_;
    out.sum_.parts = narrow<34>(minus(wide_of(sum_x_.parts), wide_of(sum_y_.parts)));
    Wide const both = plus(wide_of(squares_x_.parts), wide_of(squares_y_.parts));
    out.squares_.parts = narrow<67>(minus(both, times(wide_of(products_.parts), 2)));
    return out;
}

double PairMoments::covariance() const {
    return central(count_, wide_of(products_.parts), wide_of(sum_x_.parts), wide_of(sum_y_.parts));
}

double PairMoments::correlation() const {
    double const scale = x().deviation() * y().deviation();
    return scale > 0 ? covariance() / scale : no_moment;
}

} // namespace perpetuum
