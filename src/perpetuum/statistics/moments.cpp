/// Exact sums: rows are lifted to whole numbers, added up side by side, then once to the wide sum;
/// what does not become whole goes in by itself. All of it is exact, so the order cannot matter.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "each_row.hpp"
#include "wide_sums.hpp"

#include <cmath>
#include <limits>

namespace perpetuum {

PERPETUUM_CLONES(double, largest_of_row, double const*, std::uint64_t const*)
PERPETUUM_CLONES(void, sums_of_row, RowSums*, double const*, std::uint64_t*, double, double)
PERPETUUM_CLONES(void, sums_of_pairs, PairSums*, double const*, double const*, std::uint64_t*,
                 double const*)

namespace {

constexpr std::uint64_t few = 5; ///< values for which another round is not worth it

Int128 high_low(RowSums const& sums) { return Int128{sums.high} * (1 << 30) + sums.low; }
Uint128 squares(RowSums const& sums) { return Uint128{sums.squares_high} << 64 | sums.squares_low; }

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

void Moments::take_one(double value, std::uint64_t times) {
    if (magnitude_bits(value) >= infinity_bits) {
        left_out_ += times;
        return;
    }
    count_ += times;
    Placed const at = placed(value); // 53 bits: up to 2^22 times its square is below 2^128
    add_shifted(sum_.parts, Int128{at.whole} * static_cast<std::int64_t>(times), at.place);
    add_unsigned(squares_.parts, static_cast<Uint128>(Int128{at.whole} * at.whole) * times,
                 2 * at.place);
}

/// Round by round: what is whole at the scale of the largest is added up side by side, then what is
/// left at the scale of its largest; the last few go in one by one.
void Moments::take_row(double const* values, std::uint64_t* taken) {
    RowSums sums;
    do {
        double const largest = each_largest_of_row(values, taken);
        if (!std::isfinite(largest)) break;
        RowScale const scale(largest);
        each_sums_of_row(&sums, values, taken, scale.up, scale.down);
        count_ += sums.count;
        add_shifted(sum_.parts, high_low(sums), scale.place);
        add_unsigned(squares_.parts, squares(sums), 2 * scale.place);
        if (sums.left == 0) return;
    } while (sums.left > few && sums.count > 0);
    for (std::size_t i = 0; i < row_size; ++i)
        if (taken[i]) take_one(values[i]);
}

void Moments::add(double const* values, std::size_t n, std::uint8_t const* counted) {
    each_row(values, n, counted,
             [&](double const* row, std::uint64_t* taken) { take_row(row, taken); });
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

void PairMoments::take_row(double const* x, double const* y, std::uint64_t* taken) {
    PairSums sums;
    do {
        double const largest_x = each_largest_of_row(x, taken);
        double const largest_y = each_largest_of_row(y, taken);
        if (!std::isfinite(largest_x) || !std::isfinite(largest_y)) break;
        RowScale const a(largest_x), b(largest_y);
        double const scales[] = {a.up, a.down, b.up, b.down};
        each_sums_of_pairs(&sums, x, y, taken, scales);
        count_ += sums.x.count;
        add_shifted(sum_x_.parts, high_low(sums.x), a.place);
        add_shifted(sum_y_.parts, high_low(sums.y), b.place);
        add_unsigned(squares_x_.parts, squares(sums.x), 2 * a.place);
        add_unsigned(squares_y_.parts, squares(sums.y), 2 * b.place);
        auto const products = static_cast<Uint128>(Int128{sums.products_high}) << 64;
        add_shifted(products_.parts, static_cast<Int128>(products | sums.products_low),
                    a.place + b.place);
        if (sums.x.left == 0) return;
    } while (sums.x.left > few && sums.x.count > 0);
    for (std::size_t i = 0; i < row_size; ++i)
        if (taken[i]) take_one(x[i], y[i]);
}

void PairMoments::add(double const* x, double const* y, std::size_t n,
                      std::uint8_t const* counted) {
    double filled[row_size];
    std::size_t at = 0;
    each_row(x, n, counted, [&](double const* row, std::uint64_t* taken) {
        std::size_t const here = std::min(row_size, n - at);
        std::copy_n(y + at, here, filled);
        std::fill(filled + here, filled + row_size, 0.0);
        take_row(row, filled, taken);
        at += here;
    });
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
