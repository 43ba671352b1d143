#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "streams_for_tests.hpp"

#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

__extension__ using Float128 = __float128;

Moments moments_of(std::vector<double> const& values) {
    Moments moments;
    moments.add(values.data(), values.size());
    return moments;
}

Moments one_by_one(std::vector<double> const& values) {
    Moments moments;
    for (double value : values) moments.add(value);
    return moments;
}

PairMoments pairs_of(std::vector<double> const& x, std::vector<double> const& y) {
    PairMoments pairs;
    pairs.add(x.data(), y.data(), x.size());
    return pairs;
}

} // namespace

TEST_CASE("what rounding would lose is not lost") {
    CHECK(moments_of({1e308, 1, -1e308}).sum() == 1);
    CHECK(moments_of({1e16, 1, 1e-16, -1e16, -1}).sum() == 1e-16);
    CHECK(moments_of(std::vector<double>(10, 0.1)).sum() ==
          1); // adding up gives 0.9999999999999999
    CHECK(moments_of({5e-324, 1e300, -1e300}).sum() == 5e-324);
    CHECK(moments_of({1e308, 1e308}).mean() == 1e308); // though the sum is beyond all doubles
    CHECK(std::isinf(moments_of({1e308, 1e308}).sum()));
}

TEST_CASE("results are rounded once, to the nearest, ties to even, down to the smallest double") {
    CHECK(moments_of({5e-324, 0}).mean() == 0); // half of the smallest: a tie
    CHECK(moments_of({5e-324, 5e-324, 0}).mean() == 5e-324);
    CHECK(moments_of({1e-323, 5e-324}).mean() == 1e-323); // 1.5 smallest: a tie, to two
    CHECK(moments_of({1, 0x1p-53}).sum() == 1);
    CHECK(moments_of({1, 0x1p-53, 0x1p-1074}).sum() == 1 + 0x1p-52);
    CHECK(moments_of({-1, -0x1p-53, -0x1p-1074}).sum() == -1 - 0x1p-52);
    CHECK(moments_of({1, 1, 0}).mean() == 2.0 / 3);
    CHECK(moments_of({1, 0, 0}).mean() == 1.0 / 3);
}

// NIST Statistical Reference Datasets, univariate: NumAcc1 to NumAcc4, certified to 15 digits.
TEST_CASE("the numerical accuracy sets of NIST come out as certified") {
    Moments const first = moments_of({10000001, 10000003, 10000002});
    CHECK(first.mean() == 10000002);
    CHECK(first.deviation() == 1);
    for (auto const& [middle, mean] :
         {std::pair{1.2, 1.2}, {1000000.2, 1000000.2}, {10000000.2, 10000000.2}}) {
        std::vector<double> values{middle};
        double const base = std::floor(middle);
        for (int i = 0; i < 500; ++i) {
            values.push_back(base + 0.1);
            values.push_back(base + 0.3);
        }
        CHECK(values.size() == 1001);
        CHECK(moments_of(values).mean() == mean);
        // what is left is the rounding of the data themselves: 10000000.1 is off by 4e−10
        CHECK(std::abs(moments_of(values).deviation() - 0.1) < 1e-16 * middle + 1e-16);
    }
}

// Anscombe (1973), "Graphs in statistical analysis": his four sets agree in these numbers.
TEST_CASE("the first set of Anscombe has the means, variances and correlation he printed") {
    std::vector<double> const x{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
    std::vector<double> const y{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
    PairMoments const pairs = pairs_of(x, y);
    CHECK(pairs.x().mean() == 9);
    CHECK(pairs.x().variance() == 11);
    CHECK(pairs.y().mean() == doctest::Approx(7.50).epsilon(0.001));
    CHECK(pairs.y().variance() == doctest::Approx(4.127).epsilon(0.0001));
    CHECK(pairs.covariance() == doctest::Approx(5.501).epsilon(0.0001));
    CHECK(pairs.correlation() == doctest::Approx(0.816).epsilon(0.001));
    CHECK(pairs.covariance() / pairs.x().variance() == doctest::Approx(0.500).epsilon(0.001));
}

// Student (1908), "The probable error of a mean": additional hours of sleep under two drugs.
TEST_CASE("the paired difference of Student's sleep data has his mean and standard error") {
    std::vector<double> const first{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    std::vector<double> const second{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    Moments const gain = pairs_of(second, first).difference();
    CHECK(gain.mean() == doctest::Approx(1.58));
    CHECK(gain.mean() / gain.standard_error() == doctest::Approx(4.0621).epsilon(0.0001));
}

TEST_CASE("whole numbers agree with arithmetic in 113 bits") {
    TestDraws draws;
    for (int run = 0; run < 300; ++run) {
        std::size_t const n = 2 + draws.below(300);
        std::vector<double> x, y;
        Float128 sum_x = 0, sum_y = 0, squares = 0, products = 0; // below 2^113: exact
        for (std::size_t i = 0; i < n; ++i) {
            x.push_back(static_cast<double>(draws.below(std::size_t{1} << (1 + run % 48))) - 1000);
            y.push_back(static_cast<double>(draws.below(1 << 20)));
            sum_x += static_cast<Float128>(x[i]);
            sum_y += static_cast<Float128>(y[i]);
            squares += static_cast<Float128>(x[i]) * static_cast<Float128>(x[i]);
            products += static_cast<Float128>(x[i]) * static_cast<Float128>(y[i]);
        }
        auto const count = static_cast<Float128>(n);
        auto const nearest = [](Float128 value) { return static_cast<double>(value); };
        Moments const moments = moments_of(x);
        CHECK(moments.mean() == nearest(sum_x / count));
        if (run % 48 < 40) { // n times the squares below 2^113
            CHECK(moments.variance() ==
                  nearest((count * squares - sum_x * sum_x) / (count * (count - 1))));
            CHECK(pairs_of(x, y).covariance() ==
                  nearest((count * products - sum_x * sum_y) / (count * (count - 1))));
        }
    }
}

TEST_CASE("rows, single values and merged parts in any order give the same sums") {
    for (Stream const& stream : hard_streams(700)) {
        CAPTURE(stream.name);
        Moments const whole = moments_of(stream.values);
        CHECK(one_by_one(stream.values) == whole);
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            TestDraws draws{seed};
            std::vector<double> values = stream.values;
            for (std::size_t i = values.size(); i > 1; --i)
                std::swap(values[i - 1], values[draws.below(i)]);
            std::vector<Moments> parts(1 + draws.below(9));
            for (std::size_t at = 0; at < values.size();) {
                std::size_t const n = std::min(values.size() - at, draws.below(130));
                parts[draws.below(parts.size())].add(values.data() + at, n);
                at += n;
            }
            for (std::size_t i = 1; i < parts.size(); ++i)
                parts[i].merge(parts[0]), std::swap(parts[i], parts[0]);
            CHECK(parts[0] == whole);
        }
    }
}

TEST_CASE("the moments of a difference are those of the differences") {
    TestDraws draws;
    std::vector<double> x, y, difference;
    for (int i = 0; i < 1000; ++i) {
        x.push_back(std::floor(draws.normal() * 1e9)); // coins: their differences are exact
        y.push_back(std::floor(draws.normal() * 1e9));
        difference.push_back(x.back() - y.back());
    }
    CHECK(pairs_of(x, y).difference() == moments_of(difference));
    CHECK(pairs_of(x, y).x() == moments_of(x));
    CHECK(pairs_of(x, y).y() == moments_of(y));
    CHECK(pairs_of(x, x).difference().variance() == 0);
    CHECK(pairs_of(x, x).correlation() == doctest::Approx(1).epsilon(1e-15));
}

TEST_CASE("pairs in rows, alone and merged are the same, whatever their sizes") {
    auto const streams = hard_streams(500);
    for (std::size_t s = 0; s < streams.size(); ++s) {
        auto const& x = streams[s].values;
        auto const& y = streams[(s * 7 + 3) % streams.size()].values;
        CAPTURE(streams[s].name);
        PairMoments const whole = pairs_of(x, y);
        PairMoments single, tail;
        for (std::size_t i = 0; i < 100; ++i) single.add(&x[i], &y[i], 1);
        tail.add(x.data() + 100, y.data() + 100, 400);
        tail.merge(single);
        CHECK(tail == whole);
    }
}

TEST_CASE("what is not finite is left out and counted") {
    double const inf = std::numeric_limits<double>::infinity();
    Moments const moments = moments_of({1, inf, 3, std::nan(""), -inf});
    CHECK(moments.count() == 2);
    CHECK(moments.left_out() == 3);
    CHECK(moments.mean() == 2);
    CHECK(moments.variance() == 2);
    CHECK(pairs_of({1, 2, inf}, {1, inf, 1}).count() == 1);
    CHECK(pairs_of({1, 2, inf}, {1, inf, 1}).left_out() == 2);
    CHECK(std::isnan(Moments().mean()));
    CHECK(std::isnan(moments_of({1}).variance()));
    std::vector<double> const values{1, inf, 3};
    std::vector<std::uint8_t> const counted{1, 0, 1};
    Moments masked;
    masked.add(values.data(), 3, counted.data());
    CHECK(masked == moments_of({1, 3}));
}
