#include "each_set.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace perpetuum {

namespace {

/// The greatest distance between the draws' distribution and `below`, times the square root of their
/// number: beyond 1.95 once in a thousand (Kolmogorov and Smirnov).
template <class Below>
double kolmogorov_distance(std::vector<double> draws, Below below) {
    std::sort(draws.begin(), draws.end());
    double const n = static_cast<double>(draws.size());
    double distance = 0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
        double const at = below(draws[i]), rank = static_cast<double>(i);
        distance = std::max({distance, at - rank / n, (rank + 1) / n - at});
    }
    return distance * std::sqrt(n);
}

std::vector<double> many_draws(void (*draw)(double*, std::uint64_t, std::uint64_t, std::size_t,
                                            std::uint64_t),
                               std::size_t steps) {
    std::vector<double> row(1024 * steps);
    for (std::size_t step = 0; step < steps; ++step)
        draw(row.data() + 1024 * step, stream_key(7, "growth"), 0, 1024, step);
    return row;
}

double normal_below(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

double mean_product(std::vector<double> const& a, std::vector<double> const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum / static_cast<double>(a.size());
}

} // namespace

TEST_CASE("no wider instruction set is used than the machine has") {
    InstructionSet const before = instruction_set();
    for (auto const set :
         {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
        CHECK(use_instruction_set(set) == std::min(set, widest()));
        CHECK(instruction_set() == std::min(set, widest()));
    }
    use_instruction_set(before);
}

TEST_CASE("Philox gives the published words of Random123 on every instruction set") {
    using Words = std::array<std::uint32_t, 4>;
    constexpr std::uint32_t ones = 0xffffffffu;
    InstructionSet const before = instruction_set();
    for (auto const set :
         {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
        use_instruction_set(set);
        CHECK(philox(0, {0, 0, 0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
        CHECK(philox(~0ull, {ones, ones, ones, ones}) ==
              Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
        CHECK(philox(0x299f31d0a4093822u, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}) ==
              Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
    }
    use_instruction_set(before);
}

TEST_CASE("a uniform draw is 52 bits of the generator's words for its path and step") {
    std::vector<double> row(32);
    std::uint64_t const key = stream_key(1, "price"), step = 5;
    std::uint64_t const first_path = 0x300000020u; // its counters need more than 32 bits
    uniforms(row.data(), key, first_path, 32, step);
    for (std::uint64_t i = 0; i < 32; ++i) {
        std::uint64_t const counter = (first_path + i) / 16 * 8 + i % 8;
        auto const words = philox(key, {static_cast<std::uint32_t>(counter),
                                        static_cast<std::uint32_t>(counter >> 32), 5, 0});
        std::size_t const half = i % 16 < 8 ? 0 : 2;
        std::uint64_t const word = (std::uint64_t{words[half]} << 32) | words[half + 1];
        CHECK(row[i] == std::ldexp(static_cast<double>(2 * (word >> 12) + 1), -53));
    }
}

TEST_CASE("draws are the same bytes on every instruction set and however paths are split") {
    for (auto const draw : {uniforms, normals}) {
        std::uint64_t const key = stream_key(3, "demand");
        auto const rows =
            on_each_set(1008, [&](double* row) { draw(row, key, 160, 1008, 0x100000001u); });
        CHECK(all_same(rows));
        for (std::size_t const lanes : {16, 48, 64, 96, 128, 336}) {
            std::vector<double> split(1008);
            for (std::size_t i = 0; i < 1008; i += lanes)
                draw(split.data() + i, key, 160 + i, std::min<std::size_t>(lanes, 1008 - i),
                     0x100000001u);
            CHECK(same_bytes(split, rows[0]));
        }
    }
}

TEST_CASE("draws of other paths than whole groups of 16 are refused") {
    double row[32];
    CHECK_THROWS_AS(uniforms(row, 1, 8, 16, 0), BadInput);
    CHECK_THROWS_AS(normals(row, 1, 16, 20, 0), BadInput);
}

TEST_CASE("another seed, name, step or path is another draw") {
    CHECK(stream_key(1, "a") != stream_key(2, "a"));
    CHECK(stream_key(1, "a") != stream_key(1, "b"));
    CHECK(stream_key(1, "") != stream_key(0, ""));
    std::vector<double> row(16), next(16), later(16);
    uniforms(row.data(), 9, 0, 16, 0);
    uniforms(next.data(), 9, 16, 16, 0);
    uniforms(later.data(), 9, 0, 16, 1);
    for (auto const* other : {&next, &later})
        for (double const u : *other) CHECK(std::find(row.begin(), row.end(), u) == row.end());
}

TEST_CASE("a million uniform draws are spread evenly") {
    auto const draws = many_draws(uniforms, 1000);
    CHECK(kolmogorov_distance(draws, [](double u) { return u; }) < 1.63);
    CHECK(*std::min_element(draws.begin(), draws.end()) > 0);
    CHECK(*std::max_element(draws.begin(), draws.end()) < 1);
}

TEST_CASE("a million normal draws have the normal distribution and its moments") {
    auto const draws = many_draws(normals, 1000);
    CHECK(kolmogorov_distance(draws, normal_below) < 1.63);
    double moments[5] = {};
    for (double const x : draws) {
        double power = 1;
        for (double& moment : moments) moment += power, power *= x;
    }
    double const n = moments[0], root = std::sqrt(n);
    CHECK(std::abs(moments[1] / n) < 3 / root); // three standard errors each
    CHECK(std::abs(moments[2] / n - 1) < 3 * std::sqrt(2) / root);
    CHECK(std::abs(moments[3] / n) < 3 * std::sqrt(15) / root);
    CHECK(std::abs(moments[4] / n - 3) < 3 * std::sqrt(96) / root);
}

TEST_CASE("the two normals of a counter, neighbours and successive steps are uncorrelated") {
    auto const draws = many_draws(normals, 1024); // step by step, 1024 paths each
    std::size_t const n = draws.size() - 1024;
    std::vector<double> const here(draws.begin(), draws.begin() + static_cast<long>(n));
    for (std::size_t const away : {1, 8, 16, 1024}) {
        std::vector<double> there(draws.begin() + static_cast<long>(away),
                                  draws.begin() + static_cast<long>(away + n));
        CHECK(std::abs(mean_product(here, there)) < 3.3 / std::sqrt(double(n)));
        std::vector<double> squares = here;
        for (double& x : squares) x = x * x - 1;
        for (double& x : there) x = x * x - 1;
        CHECK(std::abs(mean_product(squares, there)) < 3.3 * 2 / std::sqrt(double(n)));
    }
}

TEST_CASE("normal draws are those of Box and Muller, computed by other means") {
    std::vector<double> row(16);
    std::uint64_t const key = stream_key(11, "spread");
    normals(row.data(), key, 0, 16, 3);
    long double const pi = 3.14159265358979323846L;
    for (std::uint32_t i = 0; i < 8; ++i) {
        auto const words = philox(key, {i, 0, 3, 0});
        std::uint64_t const near = (std::uint64_t{words[0]} << 32) | words[1];
        std::uint64_t const far = (std::uint64_t{words[2]} << 32) | words[3];
        long double const u = std::ldexp(static_cast<long double>(2 * (near >> 12) + 1), -53);
        long double const f = std::ldexp(static_cast<long double>(2 * (far >> 12) + 1), -52) - 1;
        long double const radius = std::sqrt(-2 * std::log(u));
        long double const side = (words[3] & 1) != 0 ? -1 : 1;
        CHECK(std::abs(row[i] - side * radius * std::cos(pi / 2 * f)) < 1e-15 * radius);
        CHECK(std::abs(row[i + 8] - radius * std::sin(pi / 2 * f)) < 1e-15 * radius);
    }
}

} // namespace perpetuum
