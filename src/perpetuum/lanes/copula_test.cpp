#include "each_set.hpp"
#include "exactly.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace perpetuum {

namespace {

/// Columns of correlated normals, steps × 1024 paths.
std::vector<std::vector<double>> correlated_columns(Copula const& copula, std::size_t steps) {
    std::vector<std::vector<double>> columns(copula.size(), std::vector<double>(1024 * steps));
    for (std::size_t step = 0; step < steps; ++step) {
        std::vector<double*> rows;
        for (std::size_t i = 0; i < copula.size(); ++i) {
            rows.push_back(columns[i].data() + 1024 * step);
            normals(rows.back(), stream_key(i, "copula"), 0, 1024, step);
        }
        copula.correlate(rows, 1024);
    }
    return columns;
}

double correlation(std::vector<double> const& a, std::vector<double> const& b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return ab / std::sqrt(aa * bb);
}

} // namespace

TEST_CASE(
    "correlated normals have the correlations asked for, and the spread of a standard normal") {
    double const table[] = {1, 0.8, -0.3, 0.8, 1, 0.1, -0.3, 0.1, 1};
    auto const columns = correlated_columns(Copula(table), 256);
    double const error = 3.3 / std::sqrt(256 * 1024.0);
    CHECK(std::abs(correlation(columns[0], columns[1]) - 0.8) < error);
    CHECK(std::abs(correlation(columns[0], columns[2]) + 0.3) < error);
    CHECK(std::abs(correlation(columns[1], columns[2]) - 0.1) < error);
    for (auto const& column : columns) {
        double sum = 0;
        for (double const x : column) sum += x * x;
        CHECK(std::abs(sum / static_cast<double>(column.size()) - 1) < std::sqrt(2) * error);
    }
}

TEST_CASE("full correlation is possible: the second row is the first, or its negative") {
    double const same[] = {1, 1, 1, 1}, opposite[] = {1, -1, -1, 1};
    auto const together = correlated_columns(Copula(same), 1);
    auto const apart = correlated_columns(Copula(opposite), 1);
    for (std::size_t i = 0; i < 1024; ++i) {
        CHECK(together[1][i] == together[0][i]);
        CHECK(apart[1][i] == -apart[0][i]);
    }
}

TEST_CASE("correlations that cannot be name the pair and what would do") {
    // Given 0.9 and 0.2 the third lies within 0.18 +- sqrt(0.19 * 0.96) = 0.18 +- 0.4271, which 0.9
    // misses by 0.29; to keep both 0.9, the 0.2 would have to become 0.62.
    double const table[] = {1, 0.9, 0.2, 0.9, 1, 0.9, 0.2, 0.9, 1};
    auto const fault = Copula::fault(table);
    REQUIRE(fault);
    CHECK(fault->first == 1);
    CHECK(fault->second == 2);
    CHECK(fault->lowest == doctest::Approx(-0.247083));
    CHECK(fault->highest == doctest::Approx(0.607083));
    CHECK_THROWS_AS(Copula{table}, BadInput);
    double const cured[] = {1, 0.9, 0.2, 0.9, 1, 0.607, 0.2, 0.607, 1};
    CHECK_FALSE(Copula::fault(cured));
}

TEST_CASE("a correlation beyond 1 is a fault of its pair; a table of another shape is refused") {
    double const table[] = {1, 0, 0, 0, 1, 1.5, 0, 1.5, 1};
    auto const fault = Copula::fault(table);
    REQUIRE(fault);
    CHECK(fault->first == 1);
    CHECK(fault->second == 2);
    double const one_sided[] = {1, 0.5, 0.2, 1}, oblong[] = {1, 0, 0}, no_one[] = {2, 0, 0, 1};
    CHECK_THROWS_AS(Copula::fault(one_sided), BadInput);
    CHECK_THROWS_AS(Copula::fault(oblong), BadInput);
    CHECK_THROWS_AS(Copula::fault(no_one), BadInput);
    double row[16] = {};
    double* const rows[] = {row};
    double const pair[] = {1, 0.5, 0.5, 1};
    CHECK_THROWS_AS(Copula(pair).correlate(rows, 16), BadInput);
}

TEST_CASE("two that are one cannot differ towards a third") {
    double const table[] = {1, 1, 0.5, 1, 1, 0.4, 0.5, 0.4, 1};
    auto const fault = Copula::fault(table);
    REQUIRE(fault);
    CHECK(fault->second == 2);
}

TEST_CASE("correlated rows are the same bytes on every instruction set") {
    double const table[] = {1, 0.8, -0.3, 0.8, 1, 0.1, -0.3, 0.1, 1};
    Copula const copula(table);
    CHECK(all_same(on_each_set(3 * 112, [&](double* all) {
        double* const rows[] = {all, all + 112, all + 224};
        for (std::size_t i = 0; i < 3; ++i) normals(rows[i], i, 0, 112, 0);
        copula.correlate(rows, 112);
    })));
}

TEST_CASE("a normal's probability is within 5 units in the last place, and back again") {
    double worst = 0;
    for (int i = -8200; i <= 8200; i += 7) {
        double const x = i / 1000.0 + 1e-5;
        Exact below(-x), root(2);
        mpfr_sqrt(root.get(), root.get(), MPFR_RNDN);
        mpfr_div(below.get(), below.get(), root.get(), MPFR_RNDN);
        mpfr_erfc(below.get(), below.get(), MPFR_RNDN);
        mpfr_div_ui(below.get(), below.get(), 2, MPFR_RNDN);
        double u = x;
        normals_to_probabilities(&u, 1);
        worst = std::max(worst, ulps_off(u, below));
        if (std::abs(x) > 5) continue; // there a probability near 1 says less of x
        probabilities_to_normals(&u, 1);
        CHECK(u == doctest::Approx(x).epsilon(1e-10));
    }
    CHECK(worst < 5);
    CHECK(all_same(on_each_set(1024, [&](double* row) {
        normals(row, 3, 0, 1024, 0);
        normals_to_probabilities(row, 1024);
        probabilities_to_normals(row, 1024);
    })));
}

} // namespace perpetuum
