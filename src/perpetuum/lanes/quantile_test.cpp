#include "each_set.hpp"
#include "exactly.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace perpetuum {

namespace {

/// From the middle to the ends of (0, 1): evenly, and by halving towards both ends.
std::vector<double> probabilities() {
    std::vector<double> all;
    for (int i = 1; i < 4000; ++i) all.push_back(i / 4000.0);
    for (int i = 1; i <= 52; ++i)
        for (double const u :
             {std::ldexp(1, -i), 1.3 * std::ldexp(1, -i - 1), 1 - std::ldexp(1, -i)})
            all.push_back(u);
    return all;
}

/// How far the quantile x is from the exact one at u, in units of the last place.
double normal_ulps_off(double x, double u) {
    Exact below(-x), root(2), density(x);
    mpfr_sqrt(root.get(), root.get(), MPFR_RNDN);
    mpfr_div(below.get(), below.get(), root.get(), MPFR_RNDN);
    mpfr_erfc(below.get(), below.get(), MPFR_RNDN);
    mpfr_div_ui(below.get(), below.get(), 2, MPFR_RNDN);
    mpfr_sub_d(below.get(), below.get(), u, MPFR_RNDN); // what lies between, over the density
    mpfr_sqr(density.get(), density.get(), MPFR_RNDN);
    mpfr_div_si(density.get(), density.get(), -2, MPFR_RNDN);
    mpfr_exp(density.get(), density.get(), MPFR_RNDN);
    double const away = mpfr_get_d(below.get(), MPFR_RNDN) /
                        (mpfr_get_d(density.get(), MPFR_RNDN) / std::sqrt(2 * M_PI));
    int exponent = 0;
    std::frexp(x, &exponent);
    return x == 0 ? (away == 0 ? 0 : HUGE_VAL) : std::fabs(away) / std::ldexp(1, exponent - 53);
}

/// How much of a PERT of lo 0 and hi 1 lies below x, where its exponents are whole.
long double beta_below(int a, long double x) {
    long double below = 0, ways = 5; // at least a of 5 below
    for (int k = a; k <= 5; ++k) {
        ways = 1;
        for (int i = 0; i < k; ++i) ways = ways * (5 - i) / (i + 1);
        below += ways * std::pow(x, static_cast<long double>(k)) *
                 std::pow(1 - x, static_cast<long double>(5 - k));
    }
    return below;
}

Distribution const every_shape[] = {{Shape::point, {3}},
                                    {Shape::uniform, {-1, 2}},
                                    {Shape::triangular, {1, 2, 5}},
                                    {Shape::triangular, {1, 1, 5}},
                                    {Shape::pert, {10, 30, 40}},
                                    {Shape::pert, {0, 0, 1}},
                                    {Shape::normal, {5, 2}},
                                    {Shape::lognormal, {100, 250}},
                                    {Shape::discrete, {3, 1, 1, 2, 2, 1}},
                                    {Shape::bernoulli, {0.3}}};

} // namespace

TEST_CASE("the normal quantile is within 4 units in the last place, to 2^-53 from both ends") {
    Quantile const normal({Shape::normal, {0, 1}});
    double worst = 0;
    for (double const u : probabilities())
        worst = std::max(worst, normal_ulps_off(normal.at(u), u));
    CHECK(worst < 4);
    CHECK(normal.at(0.5) == 0);
    CHECK(normal.at(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-15));
    for (double const u : probabilities())
        if (1 - (1 - u) == u) CHECK(normal.at(1 - u) == -normal.at(u));
}

TEST_CASE("a PERT's quantile is within 1e-11 of the beta distribution, in probability") {
    for (int const a : {1, 2, 3, 4, 5}) { // exponents a and 6 - a: whole for these modes
        Quantile const pert({Shape::pert, {0, (a - 1) / 4.0, 1}});
        for (double const u : probabilities()) {
            long double const below = beta_below(a, pert.at(u));
            CHECK(std::fabs(static_cast<double>(below / u - 1)) < 1e-11);
        }
    }
}

TEST_CASE("a PERT with any mode meets its mean, (lo + 4 mode + hi) / 6") {
    for (double const mode : {0.001, 0.13, 0.4999, 0.77, 0.99999}) {
        Quantile const pert({Shape::pert, {0, mode, 1}});
        double sum = 0;
        for (int i = 0; i < 100000; ++i) sum += pert.at((i + 0.5) / 100000);
        CHECK(sum / 100000 == doctest::Approx((4 * mode + 1) / 6).epsilon(1e-6));
    }
}

TEST_CASE("quantiles of the plain shapes can be reckoned by hand") {
    CHECK(quantile({Shape::point, {3}}, 0.2) == 3);
    CHECK(quantile({Shape::uniform, {2, 4}}, 0.25) == 2.5);
    CHECK(quantile({Shape::triangular, {0, 1, 4}}, 0.25) == 1); // a quarter lies below the mode
    CHECK(quantile({Shape::triangular, {0, 1, 4}}, 0.0625) ==
          0.5); // half as far: a quarter of that
    CHECK(quantile({Shape::triangular, {0, 3, 4}}, 0.9375) == 3.5);
    CHECK(quantile({Shape::normal, {10, 2}}, 0.5) == 10);
    CHECK(quantile({Shape::lognormal, {100, 250}}, 0.5) == 100);
    CHECK(quantile({Shape::lognormal, {100, 250}}, 0.9) == doctest::Approx(250).epsilon(1e-14));
    Distribution const discrete{Shape::discrete,
                                {3, 1, 1, 2, 2, 1}}; // 1 twice as likely as 2 and 3
    CHECK(quantile(discrete, 0.5) == 1);
    CHECK(quantile(discrete, 0.51) == 2);
    CHECK(quantile(discrete, 0.75) == 2);
    CHECK(quantile(discrete, 0.76) == 3);
    CHECK(quantile({Shape::bernoulli, {0.3}}, 0.7) == 0);
    CHECK(quantile({Shape::bernoulli, {0.3}}, 0.71) == 1);
    CHECK(quantile({Shape::bernoulli, {1}}, 1e-12) == 1);
    CHECK(quantile({Shape::uniform, {2, 2}}, 0.3) == 2);
    CHECK(quantile({Shape::triangular, {2, 2, 2}}, 0.3) == 2);
    CHECK(quantile({Shape::pert, {2, 2, 2}}, 0.3) == 2);
}

TEST_CASE("the middle of every smooth shape is the median that the book shows") {
    for (auto const& distribution : every_shape)
        if (distribution.shape != Shape::discrete)
            CHECK(quantile(distribution, 0.5) ==
                  doctest::Approx(median(distribution)).epsilon(1e-10));
}

TEST_CASE("no quantile falls when the probability rises, or leaves the ends") {
    for (auto const& distribution : every_shape) {
        Quantile const spread(distribution);
        bool const bounded = !spread.from_normal();
        double last = spread.at(0x1p-53);
        for (int i = 1; i < 20000; ++i) {
            double const value = spread.at(i / 20000.0);
            CHECK(value >= last);
            if (bounded) CHECK((value >= lowest(distribution) && value <= highest(distribution)));
            last = value;
        }
    }
}

TEST_CASE("what is no probability gives some value, and nothing else happens") {
    for (auto const& distribution : every_shape)
        for (double const u : {0.0, 1.0, -1.0, 2.0, 1e300, HUGE_VAL, -HUGE_VAL, std::nan("")})
            (void)quantile(distribution, u);
    CHECK(std::isfinite(quantile({Shape::normal, {0, 1}}, 0)));
    CHECK(quantile({Shape::pert, {0, 1, 2}}, 0) >= 0);
    CHECK(quantile({Shape::pert, {0, 1, 2}}, 1) <= 2);
}

TEST_CASE("parameters that make no distribution are refused") {
    for (Distribution const& wrong :
         {Distribution{Shape::uniform, {2, 1}}, Distribution{Shape::uniform, {1}},
          Distribution{Shape::triangular, {0, 5, 4}}, Distribution{Shape::pert, {0, HUGE_VAL, 4}},
          Distribution{Shape::normal, {0, -1}}, Distribution{Shape::lognormal, {-1, 2}},
          Distribution{Shape::lognormal, {3, 2}}, Distribution{Shape::discrete, {1}},
          Distribution{Shape::discrete, {1, 0}}, Distribution{Shape::discrete, {1, -1, 2, 3}},
          Distribution{Shape::discrete, {}}, Distribution{Shape::bernoulli, {1.2}},
          Distribution{Shape::uniform, {-1.7e308, 1.7e308}}})
        CHECK_THROWS_AS(Quantile{wrong}, BadInput);
}

TEST_CASE("values drawn are the same bytes on every instruction set and in any split") {
    for (auto const& distribution : every_shape) {
        Quantile const spread(distribution);
        auto const rows =
            on_each_set(1008, [&](double* row) { spread.draw(row, 77, 32, 1008, 3); });
        CHECK(all_same(rows));
        std::vector<double> split(1008);
        for (std::size_t i = 0; i < 1008; i += 112)
            spread.draw(split.data() + i, 77, 32 + i, 112, 3);
        CHECK(same_bytes(split, rows[0]));
    }
}

TEST_CASE("a value drawn is the quantile of the uniform draw, or the normal draw in its units") {
    std::vector<double> row(64), u(64), z(64);
    Quantile const pert({Shape::pert, {10, 30, 40}}), normal({Shape::normal, {5, 2}});
    uniforms(u.data(), 77, 0, 64, 9);
    normals(z.data(), 77, 0, 64, 9);
    pert.draw(row.data(), 77, 0, 64, 9);
    for (std::size_t i = 0; i < 64; ++i) CHECK(row[i] == pert.at(u[i]));
    normal.draw(row.data(), 77, 0, 64, 9);
    for (std::size_t i = 0; i < 64; ++i) CHECK(row[i] == 5 + 2 * z[i]);
}

} // namespace perpetuum
