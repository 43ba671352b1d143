#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include <cmath>
#include <doctest/doctest.h>

using namespace perpetuum;

// Newcombe (1998), "Two-sided confidence intervals for the single proportion", Table I, method 3.
TEST_CASE("the interval of a share is Wilson's, as Newcombe printed it") {
    struct Row {
        std::uint64_t k, n;
        double lower, upper;
    };
    for (Row const& row : {Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605},
                           Row{0, 20, 0.0000, 0.1611}, Row{1, 29, 0.0061, 0.1718}}) {
        Bracket const found = probability(row.k, row.n);
        CHECK(std::abs(found.at_least - row.lower) < 0.00005);
        CHECK(std::abs(found.at_most - row.upper) < 0.00005);
        CHECK(found.value == static_cast<double>(row.k) / static_cast<double>(row.n));
    }
}

TEST_CASE("the deviates behind it are those of the normal tables") {
    // Half of n: the half width is z / (2 √(n + z²)), so z is found from it.
    auto const deviate = [](double confidence) {
        Bracket const found = probability(1, 2, confidence);
        double const w = (found.at_most - found.at_least) / 2;
        return std::sqrt(2 * 4 * w * w / (1 - 4 * w * w));
    };
    CHECK(deviate(0.5) == doctest::Approx(0.6744897501960817).epsilon(1e-13));
    CHECK(deviate(0.95) == doctest::Approx(1.959963984540054).epsilon(1e-13));
    CHECK(deviate(0.99) == doctest::Approx(2.5758293035489004).epsilon(1e-13));
    CHECK(deviate(1 - 1e-9) == doctest::Approx(6.10941020486).epsilon(1e-8));
}

TEST_CASE("a share of nothing is not known, and the ends are closed") {
    CHECK(std::isnan(probability(0, 0).value));
    CHECK(probability(0, 0).at_least == 0);
    CHECK(probability(0, 0).at_most == 1);
    CHECK(probability(7, 7).at_most == 1);
    CHECK(probability(0, 10'000).at_most == doctest::Approx(0.000384).epsilon(0.001));
    CHECK_THROWS_AS(probability(2, 1), BadInput);
    CHECK_THROWS_AS(probability(1, 2, 0.2), BadInput);
    CHECK_THROWS_AS(probability(1, 2, 1), BadInput);
}

// The sign test's table (Dixon & Mood 1946): of n signs, so many at least decide at 5 %, both sides.
TEST_CASE("the ranks around a median are those of the sign test's table") {
    struct Row {
        std::uint64_t n, lower;
        double coverage;
    };
    for (Row const& row : {Row{6, 1, 0.96875}, Row{10, 2, 0.9785}, Row{15, 4, 0.9648},
                           Row{20, 6, 0.9586}, Row{25, 8, 0.9567}, Row{100, 40, 0.9648}}) {
        RankInterval const found = quantile_ranks(row.n, 0.5);
        CHECK(found.lower == row.lower);
        CHECK(found.upper == row.n + 1 - row.lower);
        CHECK(std::abs(found.coverage - row.coverage) < 0.00006);
    }
    CHECK(quantile_ranks(5, 0.5).lower == 0); // 1/16 is left out even with all five
    CHECK(quantile_ranks(5, 0.5).upper == 6);
}

TEST_CASE("ranks far out need many paths") {
    // all n below the quantile: 0.99^n ≤ 2.5 % from n = 368 on (0.99^367 = 0.02501)
    CHECK(quantile_ranks(367, 0.99).upper == 368);
    CHECK(quantile_ranks(368, 0.99).upper == 368);
    CHECK(quantile_ranks(0, 0.5).upper == 1);
    CHECK_THROWS_AS(quantile_ranks(10, 0), BadInput);
    CHECK_THROWS_AS(quantile_ranks(10, 0.5, 0.3), BadInput);
}

TEST_CASE("ranks of very many paths follow the normal distribution") {
    std::uint64_t const n = 1'000'000;
    RankInterval const exact = quantile_ranks(n, 0.1);
    double const reach = 1.959964 * std::sqrt(0.09 * 1e6); // 587.99
    CHECK(std::abs(static_cast<double>(exact.lower) - (100'000 - reach)) < 3);
    CHECK(std::abs(static_cast<double>(exact.upper) - (100'001 + reach)) < 3);
    std::uint64_t const huge = 1'000'000'000'000;
    RankInterval const far = quantile_ranks(huge, 0.5);
    CHECK(far.lower == doctest::Approx(5e11 - 979982).epsilon(1e-11));
    CHECK(far.lower + far.upper == huge + 1);
}
