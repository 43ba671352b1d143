#include "each_set.hpp"

#include <perpetuum/lanes/sobol.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace perpetuum {

namespace {

std::vector<double> whole_plan(SamplingPlan const& plan, std::size_t dimension, std::size_t paths) {
    std::vector<double> row((paths + 15) / 16 * 16);
    planned(row.data(), plan, "parameter " + std::to_string(dimension), dimension, 0, row.size());
    row.resize(paths);
    return row;
}

/// How often each of `parts` equal parts of (0, 1) is met.
std::vector<int> counts(std::vector<double> const& row, std::size_t parts) {
    std::vector<int> met(parts);
    for (double const u : row) ++met.at(static_cast<std::size_t>(u * static_cast<double>(parts)));
    return met;
}

/// Error of a plan's mean of a smooth function of 6 parameters whose integral is 1: the root of the
/// mean square over 20 seeds.
double integration_error(Sampling sampling, std::size_t paths) {
    double squares = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::vector<double> product(paths, 1);
        for (std::size_t d = 0; d < 6; ++d) {
            auto const u = whole_plan({sampling, seed, paths}, d, paths);
            for (std::size_t i = 0; i < paths; ++i)
                product[i] *= 1 + (u[i] * u[i] * 3 - 1) / static_cast<double>(d + 1);
        }
        double sum = 0;
        for (double const value : product) sum += value;
        double const error = sum / static_cast<double>(paths) - 1;
        squares += error * error;
    }
    return std::sqrt(squares / 20);
}

constexpr Sampling every_sampling[] = {Sampling::independent, Sampling::latin_hypercube,
                                       Sampling::sobol};

} // namespace

TEST_CASE("Sobol's first points are those that Joe and Kuo print") {
    double const published[10][3] = {{0, 0, 0},
                                     {0.5, 0.5, 0.5},
                                     {0.75, 0.25, 0.25},
                                     {0.25, 0.75, 0.75},
                                     {0.375, 0.375, 0.625},
                                     {0.875, 0.875, 0.125},
                                     {0.625, 0.125, 0.875},
                                     {0.125, 0.625, 0.375},
                                     {0.1875, 0.3125, 0.9375},
                                     {0.6875, 0.8125, 0.4375}};
    for (std::uint32_t n = 0; n < 10; ++n)
        for (std::size_t d = 0; d < 3; ++d) {
            std::uint32_t const gray = n ^ (n >> 1); // they go from point to point by one bit
            CHECK(sobol_place(sobol_directions_of(d), gray) * 0x1p-32 == published[n][d]);
        }
}

TEST_CASE("Sobol's points in high dimensions are those of SciPy 1.10") {
    // scipy.stats.qmc.Sobol(d=1111, scramble=False, bits=32), point 12345, in units of 2^-32
    std::uint32_t const gray = 12345 ^ (12345 >> 1);
    CHECK(sobol_place(sobol_directions_of(10), gray) == 319029248u);
    CHECK(sobol_place(sobol_directions_of(500), gray) == 1299447808u);
    CHECK(sobol_place(sobol_directions_of(1110), gray) == 1851523072u);
}

TEST_CASE("scrambled Sobol points meet each of 2^k parts of any dimension as often") {
    for (std::size_t const dimension : {0, 1, 2, 17, 400, 1110, 1111, 3000})
        for (std::size_t const paths : {64, 1024}) {
            auto const row = whole_plan({Sampling::sobol, 3, 0}, dimension, paths);
            for (std::size_t parts = 2; parts <= paths; parts *= 2)
                for (int const met : counts(row, parts))
                    CHECK(met == static_cast<int>(paths / parts));
        }
}

TEST_CASE("the first two dimensions of 256 points meet each box of area 1/256 once") {
    auto const x = whole_plan({Sampling::sobol, 5, 0}, 0, 256);
    auto const y = whole_plan({Sampling::sobol, 5, 0}, 1, 256);
    for (int across = 0; across <= 8; ++across) {
        std::set<std::pair<int, int>> boxes;
        for (std::size_t i = 0; i < 256; ++i)
            boxes.insert({static_cast<int>(std::ldexp(x[i], across)),
                          static_cast<int>(std::ldexp(y[i], 8 - across))});
        CHECK(boxes.size() == 256);
    }
}

TEST_CASE("over seeds a scrambled point may fall anywhere alike") {
    for (std::size_t const dimension : {0, 7}) {
        std::vector<double> found;
        for (std::uint64_t seed = 0; seed < 4096; ++seed)
            found.push_back(whole_plan({Sampling::sobol, seed, 0}, dimension, 16)[5]);
        double chi_square = 0; // 63 degrees of freedom: above 103 once in a thousand
        for (int const met : counts(found, 64)) chi_square += (met - 64) * (met - 64) / 64.0;
        CHECK(chi_square < 103);
    }
}

TEST_CASE("a Latin hypercube meets each of n parts once, in every dimension") {
    for (std::size_t const paths : {1, 2, 3, 16, 100, 1000, 4096}) {
        for (std::size_t const dimension : {0, 1, 2}) {
            auto const row = whole_plan({Sampling::latin_hypercube, 9, paths}, dimension, paths);
            for (int const met : counts(row, paths)) CHECK(met == 1);
        }
    }
    auto const beyond = whole_plan({Sampling::latin_hypercube, 9, 10}, 0, 16);
    CHECK(*std::max_element(beyond.begin(), beyond.end()) < 1); // six paths that the plan lacks
}

TEST_CASE("all orders of four parts are as likely") {
    std::vector<double> rank;
    for (std::uint64_t seed = 0; seed < 24000; ++seed) {
        auto row = whole_plan({Sampling::latin_hypercube, seed, 4}, 0, 4);
        int order = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            int above = 0;
            for (std::size_t j = i + 1; j < 4; ++j) above += row[j] < row[i];
            order = order * static_cast<int>(4 - i) + above;
        }
        rank.push_back((order + 0.5) / 24);
    }
    double chi_square = 0; // 23 degrees of freedom: above 49.7 once in a thousand
    for (int const met : counts(rank, 24)) chi_square += (met - 1000) * (met - 1000) / 1000.0;
    CHECK(chi_square < 49.7);
}

TEST_CASE("two dimensions of a Latin hypercube are uncorrelated") {
    auto const x = whole_plan({Sampling::latin_hypercube, 1, 10000}, 0, 10000);
    auto const y = whole_plan({Sampling::latin_hypercube, 1, 10000}, 1, 10000);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += 12 * (x[i] - 0.5) * (y[i] - 0.5);
    CHECK(std::abs(sum / 10000) < 0.033); // 3.3 standard errors
}

TEST_CASE("the error of Sobol's plan falls much faster than by chance") {
    double const chance = integration_error(Sampling::independent, 4096);
    double const cube = integration_error(Sampling::latin_hypercube, 4096);
    double const small = integration_error(Sampling::sobol, 512);
    double const large = integration_error(Sampling::sobol, 4096);
    CHECK(large < chance / 20);
    CHECK(cube < chance);
    CHECK(large < small / 6); // by chance: 2.8 times less
}

TEST_CASE("plans are the same bytes on every instruction set and however paths are split") {
    for (auto const sampling : every_sampling) {
        SamplingPlan const plan{sampling, 4, 1000};
        auto const rows =
            on_each_set(1008, [&](double* row) { planned(row, plan, "x", 12, 0, 1008); });
        CHECK(all_same(rows));
        std::vector<double> split(1008);
        for (std::size_t i = 0; i < 1008; i += 48) planned(split.data() + i, plan, "x", 12, i, 48);
        CHECK(same_bytes(split, rows[0]));
        for (double const u : split) CHECK((u > 0 && u < 1));
    }
}

TEST_CASE("a Sobol plan ends at 2^32 paths") {
    double row[16];
    planned(row, {Sampling::sobol, 0, 0}, "x", 0, (std::uint64_t{1} << 32) - 16, 16);
    CHECK_THROWS_AS(planned(row, {Sampling::sobol, 0, 0}, "x", 0, std::uint64_t{1} << 32, 16),
                    BadInput);
}

} // namespace perpetuum
