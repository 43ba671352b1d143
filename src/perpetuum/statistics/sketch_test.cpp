#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "streams_for_tests.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

Sketch sketch_of(std::vector<double> const& values, SketchShape shape = {}) {
    Sketch sketch(shape);
    sketch.add(values.data(), values.size());
    return sketch;
}

/// What is promised of an order statistic whose true value is known.
bool as_promised(Sketch const& sketch, Bracket const& found, double exact) {
    if (!(found.at_least <= exact && exact <= found.at_most)) return false;
    if (std::isinf(exact) || exact == 0) return found.value == exact;
    if (std::abs(exact) < sketch.shape().smallest) return found.value == 0 || found.value == exact;
    return std::abs(found.value - exact) <= sketch.relative_error() * std::abs(exact) * (1 + 1e-14);
}

std::size_t broken_promises(Sketch const& sketch, std::vector<double> values) {
    std::sort(values.begin(), values.end());
    std::size_t broken = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        broken += !as_promised(sketch, sketch.order_statistic(i + 1), values[i]);
    return broken;
}

} // namespace

TEST_CASE("a quantile is within half a per cent of the value that a sorted list would give") {
    Sketch sketch;
    for (int i = 1; i <= 1000; ++i) sketch.add(i);
    CHECK(sketch.relative_error() == 1.0 / 257);
    CHECK(sketch.quantile(0.5).value == doctest::Approx(500).epsilon(1.0 / 257));
    CHECK(sketch.quantile(0.5).at_least <= 500);
    CHECK(sketch.quantile(0.5).at_most >= 500);
    CHECK(sketch.quantile(0).value == 1);
    CHECK(sketch.quantile(1).value == 1000);
    CHECK(sketch.count() == 1000);
    // between 512 and 1024 a bucket is 4 wide: 500 lies in one 2 wide
    CHECK(sketch.quantile(0.5).at_least == 500);
    CHECK(sketch.quantile(0.5).at_most == 502);
    CHECK(sketch.quantile(0.5).value == doctest::Approx(2 * 500.0 * 502 / 1002));
}

TEST_CASE("every order statistic of every hard stream is within the stated error") {
    for (Stream const& stream : hard_streams(1000)) {
        CAPTURE(stream.name);
        CHECK(broken_promises(sketch_of(stream.values), stream.values) == 0);
        SketchShape const narrow{7, 0x1p-10, 4096}; // too few buckets for the widest streams
        CHECK(broken_promises(sketch_of(stream.values, narrow), stream.values) == 0);
        CHECK(broken_promises(sketch_of(stream.values, {12, 0x1p-1000, 1 << 20}), stream.values) ==
              0);
    }
}

TEST_CASE("the largest error stated is really reached, so that it is no larger than it must be") {
    Sketch sketch;
    double const true_value = 1; // the lower edge of the widest bucket
    for (double x : {0.5, true_value, 1 + 1.0 / 256, 4.0}) sketch.add(x);
    double const error = sketch.order_statistic(2).value / true_value - 1;
    CHECK(error == doctest::Approx(1.0 / 257).epsilon(1e-12));
}

TEST_CASE("sketches merged in any order and grouping are the same") {
    for (SketchShape const shape : {SketchShape{}, SketchShape{7, 0x1p-100, 4096}})
        for (Stream const& stream : hard_streams(600)) {
            CAPTURE(stream.name);
            Sketch const whole = sketch_of(stream.values, shape);
            for (std::uint64_t seed = 1; seed <= 10; ++seed) {
                TestDraws draws{seed};
                std::vector<double> values = stream.values;
                for (std::size_t i = values.size(); i > 1; --i)
                    std::swap(values[i - 1], values[draws.below(i)]);
                std::vector<Sketch> parts;
                for (std::size_t at = 0; at < values.size();) {
                    std::size_t const n = std::min(values.size() - at, draws.below(100));
                    parts.emplace_back(shape).add(values.data() + at, n);
                    at += n;
                }
                while (parts.size() > 1) {
                    std::size_t const i = draws.below(parts.size() - 1);
                    parts[i].merge(parts.back());
                    parts.pop_back();
                }
                CHECK(parts[0] == whole);
            }
        }
}

TEST_CASE("values too far apart for the buckets allowed halve the resolution, and it says so") {
    Sketch sketch({7, 0x1p-1000, 4096});
    sketch.add(1);
    CHECK(sketch.relative_error() == 1.0 / 257);
    sketch.add(0x1p31); // 32 octaves × 128 buckets: just fits
    CHECK(sketch.relative_error() == 1.0 / 257);
    sketch.add(0x1p32);
    CHECK(sketch.relative_error() == 1.0 / 129);
    sketch.add(0x1p-1000);
    sketch.add(0x1p1000);
    sketch.add(-1); // 2001 + 1 octaves: two buckets each
    CHECK(sketch.relative_error() == 1.0 / 5);
    CHECK(sketch.bytes() < 8 * 4096 + 512);
}

TEST_CASE("zeros, signs, infinities and what is no number are exact") {
    double const inf = std::numeric_limits<double>::infinity();
    Sketch const sketch = sketch_of({0.0, -0.0, 1e-200, -1e-200, -5, inf, -inf, std::nan(""), 7});
    CHECK(sketch.count() == 8);
    CHECK(sketch.not_numbers() == 1);
    CHECK(sketch.zeros() == 2);
    CHECK(sketch.negative() == 3);
    CHECK(sketch.infinities(false) == 1);
    CHECK(sketch.infinities(true) == 1);
    CHECK(sketch.least() == -5);
    CHECK(sketch.greatest() == 7);
    CHECK(sketch.order_statistic(1).value == -inf);
    CHECK(sketch.order_statistic(8).value == inf);
    CHECK(sketch.order_statistic(3).at_least == -0x1p-30); // −1e−200: only its sign is kept
    CHECK(sketch.order_statistic(3).at_most == 0);
    CHECK(sketch.order_statistic(5).value == 0);
    CHECK(std::isnan(Sketch().quantile(0.5).value));
    CHECK(std::isnan(sketch_of({inf, inf}).least()));
}

TEST_CASE("which zero came first does not show") {
    CHECK(sketch_of({0.0, -0.0}) == sketch_of({-0.0, 0.0}));
    CHECK_FALSE(std::signbit(sketch_of({-0.0}).least()));
}

TEST_CASE("only the paths that count are counted") {
    std::vector<double> const values{1, 2, std::nan(""), 4};
    std::vector<std::uint8_t> const counted{1, 0, 0, 1};
    Sketch sketch;
    sketch.add(values.data(), 4, counted.data());
    CHECK(sketch == sketch_of({1, 4}));
}

TEST_CASE("how many values lie below a number is bracketed, and exact at zero") {
    for (Stream const& stream : hard_streams(500)) {
        CAPTURE(stream.name);
        Sketch const sketch = sketch_of(stream.values);
        std::vector<double> asked = stream.values;
        for (double x : {0.0, 1.0, -1.0, 1e300, 5e-324, 1024.0}) asked.push_back(x);
        for (double x : asked) {
            auto const exact = static_cast<std::uint64_t>(std::count_if(
                stream.values.begin(), stream.values.end(), [&](double v) { return v < x; }));
            auto const [surely, possibly] = sketch.below(x);
            REQUIRE(surely <= exact);
            REQUIRE(exact <= possibly);
            if (x == 0) REQUIRE(surely == possibly);
        }
    }
}

TEST_CASE("a share is taken as the decimal it was written as") {
    Sketch sketch; // a hundred values, all in buckets of their own
    for (int i = 0; i < 100; ++i) sketch.add(std::ldexp(1, i));
    CHECK(0.07 * 100 > 7);                                     // in doubles
    CHECK(sketch.quantile(0.07).at_least == std::ldexp(1, 6)); // the seventh
    CHECK(sketch.quantile(0.0701).at_least == std::ldexp(1, 7));
    CHECK(sketch.quantile(0.29).at_least == std::ldexp(1, 28));
}

TEST_CASE("the interval of a quantile holds the true one as often as it says") {
    int held = 0;
    TestDraws draws;
    for (int run = 0; run < 1000; ++run) {
        Sketch sketch;
        for (int i = 0; i < 200; ++i) sketch.add(draws.unit());
        Bracket const found = sketch.quantile_interval(0.9, 0.9);
        held += found.at_least <= 0.9 && 0.9 <= found.at_most;
    }
    CHECK(held >= 880); // at least 90 %, less three standard errors
    CHECK(held < 980);
}

TEST_CASE("too few values leave the end of a quantile open") {
    Sketch const few = sketch_of({1, 2, 3, 4, 5});
    CHECK(std::isinf(few.quantile_interval(0.5).at_least));
    CHECK(std::isinf(few.quantile_interval(0.5).at_most));
    CHECK(few.quantile_interval(0.5).value == doctest::Approx(3).epsilon(1.0 / 257));
    CHECK(std::isinf(sketch_of(std::vector<double>(100, 2.0)).quantile_interval(0.99).at_most));
}

TEST_CASE("what a sketch cannot be is refused with the value found") {
    CHECK_THROWS_AS(Sketch({13, 1, 32768}), BadInput);
    CHECK_THROWS_AS(Sketch({7, 3, 32768}), BadInput);
    CHECK_THROWS_AS(Sketch({7, 0, 32768}), BadInput);
    CHECK_THROWS_AS(Sketch({7, 1, 100}), BadInput);
    CHECK_THROWS_AS(Sketch().merge(Sketch({8, 1, 32768})), BadInput);
    CHECK_THROWS_AS(Sketch().order_statistic(1), BadInput);
    CHECK_THROWS_AS(Sketch().quantile(1.5), BadInput);
    CHECK_THROWS_AS(Sketch().below(std::nan("")), BadInput);
    CHECK(SketchShape::for_error(0.005).bits == 7);
    CHECK(SketchShape::for_error(0.01).bits == 6);
    CHECK_THROWS_AS(SketchShape::for_error(0), BadInput);
}
