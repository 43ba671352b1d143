#include "each_set.hpp"
#include "exactly.hpp"
#include "rows.hpp"

#include <perpetuum/lanes/elementary.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

namespace perpetuum {

namespace {

constexpr std::size_t arguments = 4096;

struct Range {
    double lo, hi;
};

/// Evenly over the range, at random.
std::vector<double> spread_over(Range range, char const* name) {
    std::vector<double> row(arguments);
    uniforms(row.data(), stream_key(1, name), 0, arguments, 0);
    for (double& x : row) x = range.lo + x * (range.hi - range.lo);
    return row;
}

/// Every exponent alike, positive.
std::vector<double> any_positive() {
    std::vector<double> row(arguments);
    uniforms(row.data(), stream_key(2, "bits"), 0, arguments, 0);
    for (double& x : row)
        x = lane_of_bits(static_cast<std::uint64_t>(x * static_cast<double>(0x7ff0000000000000u)));
    return row;
}

using MpfrFunction = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

double worst_error(double (*found)(double), MpfrFunction function, std::vector<double> const& row) {
    double worst = 0;
    for (double const x : row) {
        Exact exact(x);
        function(exact.get(), exact.get(), MPFR_RNDN);
        worst = std::max(worst, ulps_off(found(x), exact));
    }
    return worst;
}

double worst_power_error(std::vector<double> const& x, std::vector<double> const& y) {
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        Exact exact(x[i]), exponent(y[i]);
        mpfr_pow(exact.get(), exact.get(), exponent.get(), MPFR_RNDN);
        worst = std::max(worst, ulps_off(lane_pow(x[i], y[i]), exact));
    }
    return worst;
}

std::vector<double> const odd_ones = {0.0,
                                      1.0,
                                      0.5,
                                      2.0,
                                      3.0,
                                      2.5,
                                      1e308,
                                      5e-324,
                                      1e-310,
                                      0x1p53,
                                      0x1p53 + 2,
                                      0x1p52 + 1,
                                      0x1p53 - 1,
                                      0x1p1023,
                                      1 + 0x1p-52,
                                      1 - 0x1p-53,
                                      4503599627370497.5,
                                      1e19,
                                      1e300,
                                      710.0,
                                      746.0,
                                      1e-20,
                                      1.5,
                                      0.49999999999999994,
                                      HUGE_VAL};

/// Those, their negatives, and a NaN.
std::vector<double> every_odd_one() {
    std::vector<double> all = odd_ones;
    for (double const x : odd_ones) all.push_back(-x);
    all.push_back(lane_nan);
    return all;
}

/// As the C library has it: the same number with the same sign, within 2 units in the last place.
bool as_in_c(double found, double c) {
    if (std::isnan(c)) return std::isnan(found);
    if (std::signbit(c) != std::signbit(found)) return false;
    if (std::isinf(c) || c == 0) return found == c;
    return std::fabs(found - c) <= std::max(std::fabs(c) * 0x1p-51, 0x1p-1073);
}

} // namespace

TEST_CASE("exp is within 0.9 units in the last place") {
    for (Range const range : {Range{-0.35, 0.35}, {-1, 1}, {-20, 20}, {-708, 709.7}, {-745, -700}})
        CHECK(worst_error(lane_exp, mpfr_exp, spread_over(range, "exp")) < 0.9);
    // Where the exponent steps, 1/2 ln 2 from a multiple of ln 2, the reduced argument is largest.
    std::vector<double> steps;
    for (int k = -1000; k < 1000; ++k) steps.push_back((k + 0.5) * 0.6931471805599453);
    CHECK(worst_error(lane_exp, mpfr_exp, steps) < 0.9);
}

TEST_CASE("log is within 0.9 units in the last place") {
    for (Range const range : {Range{0.5, 2},
                              {0.99, 1.01},
                              {1 - 1e-9, 1 + 1e-9},
                              {0.70, 0.72},
                              {1.40, 1.42},
                              {0, 1e-307}})
        CHECK(worst_error(lane_log, mpfr_log, spread_over(range, "log")) < 0.9);
    CHECK(worst_error(lane_log, mpfr_log, any_positive()) < 0.9);
}

TEST_CASE("pow is within 1.1 units in the last place") {
    struct Box {
        Range x, y;
    };
    for (Box const& box :
         {Box{{0.5, 2}, {-1000, 1000}}, Box{{0.9, 1.1}, {-7000, 7000}},
          Box{{0.999, 1.001}, {-740000, 740000}}, Box{{1 - 1e-9, 1 + 1e-9}, {-7e11, 7e11}},
          Box{{0, 100}, {-2, 2}}, Box{{0, 1e-307}, {-1, 1}}, Box{{0.70, 0.72}, {-2100, 2000}},
          Box{{1.40, 1.42}, {-2100, 2000}}})
        CHECK(worst_power_error(spread_over(box.x, "x"), spread_over(box.y, "y")) < 1.1);
    CHECK(worst_power_error(any_positive(), spread_over({-1, 1}, "y")) < 1.1);
    CHECK(worst_power_error(any_positive(), std::vector<double>(arguments, 0.5)) < 1.1);
}

TEST_CASE("at zeros, infinities, NaN and the ends of range functions are as in C") {
    for (double const x : every_odd_one()) {
        CHECK(as_in_c(lane_exp(x), std::exp(x)));
        CHECK(as_in_c(lane_log(x), std::log(x)));
        CHECK(as_in_c(lane_sqrt(x), std::sqrt(x)));
        CHECK(as_in_c(lane_floor(x), std::floor(x)));
        CHECK(as_in_c(lane_ceil(x), std::ceil(x)));
        CHECK(as_in_c(lane_trunc(x), std::trunc(x)));
        CHECK(as_in_c(lane_round(x), std::nearbyint(x)));
        for (double const y : every_odd_one()) {
            INFO("pow of ", x, " and ", y);
            CHECK(as_in_c(lane_pow(x, y), std::pow(x, y)));
        }
    }
}

TEST_CASE("whole numbers are exact: 2 to the 10th is 1024, 0.1 cubed as rounded once") {
    CHECK(lane_pow(2, 10) == 1024);
    CHECK(lane_pow(-3, 3) == -27);
    CHECK(lane_pow(10, 15) == 1e15);
    CHECK(lane_exp(0) == 1);
    CHECK(lane_log(1) == 0);
    CHECK(lane_pow(7, 1) == 7);
}

TEST_CASE("elementary functions give the same bytes on every instruction set") {
    auto const x = any_positive(), small = spread_over({-800, 800}, "small");
    auto y = spread_over({-50, 50}, "power");
    for (std::size_t i = 0; i < arguments; i += 3) y[i] = std::nearbyint(y[i]);
    auto mixed = spread_over({-3, 3}, "mixed");
    auto const odd = every_odd_one();
    std::copy(odd.begin(), odd.end(), mixed.begin());
    for (std::size_t const lanes : {arguments, std::size_t{77}}) {
        CHECK(all_same(
            on_each_set(lanes, [&](double* row) { each_exp_row(row, small.data(), lanes); })));
        CHECK(all_same(
            on_each_set(lanes, [&](double* row) { each_exp_row(row, mixed.data(), lanes); })));
        CHECK(
            all_same(on_each_set(lanes, [&](double* row) { each_log_row(row, x.data(), lanes); })));
        CHECK(all_same(
            on_each_set(lanes, [&](double* row) { each_log_row(row, mixed.data(), lanes); })));
        CHECK(all_same(on_each_set(
            lanes, [&](double* row) { each_pow_row(row, x.data(), y.data(), lanes); })));
        CHECK(all_same(on_each_set(
            lanes, [&](double* row) { each_pow_row(row, mixed.data(), y.data(), lanes); })));
        for (auto const& whole :
             {each_floor_row, each_round_row, each_ceil_row, each_trunc_row, each_sqrt_row})
            CHECK(all_same(
                on_each_set(lanes, [&](double* row) { whole(row, mixed.data(), lanes); })));
    }
}

TEST_CASE("a row of powers is what each lane's power is") {
    auto const x = spread_over({-2, 5}, "base"), y = spread_over({-3, 3}, "power");
    std::vector<double> row(77), single(77);
    each_pow_row(row.data(), x.data(), y.data(), 77);
    for (std::size_t i = 0; i < 77; ++i) single[i] = lane_pow(x[i], y[i]);
    CHECK(same_bytes(row, single));
}

} // namespace perpetuum
