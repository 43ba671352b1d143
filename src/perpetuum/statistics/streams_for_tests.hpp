#pragma once
/// Streams that statistics find hard, and draws that are the same everywhere.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace perpetuum {

struct TestDraws {
    std::uint64_t state = 1;
    std::uint64_t bits() { // splitmix64 (Steele, Lea & Flood 2014)
        std::uint64_t z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(bits() % n); }
    double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += unit();
        return sum;
    }
};

struct Stream {
    std::string name;
    std::vector<double> values;
};

inline std::vector<Stream> hard_streams(std::size_t n) {
    double const infinity = std::numeric_limits<double>::infinity();
    TestDraws draws;
    auto const make = [&](std::string name, auto value) {
        Stream stream{std::move(name), {}};
        for (std::size_t i = 0; i < n; ++i) stream.values.push_back(value(i));
        return stream;
    };
    auto const real = [](std::size_t i) { return static_cast<double>(i); };
    return {
        make("rising", [&](auto i) { return real(i) + 1; }),
        make("falling", [&](auto i) { return 1e6 - 3 * real(i); }),
        make("all equal", [](auto) { return -17.25; }),
        make("coins", [&](auto) { return std::floor(draws.normal() * 1e12); }),
        make("around zero", [&](auto) { return draws.normal(); }),
        make("heavy tails", [&](auto) { return std::pow(draws.unit() + 1e-9, -3.0) - 2; }),
        make("huge and tiny", [&](auto i) { return i % 2 ? 1e30 : -1e-5; }),
        make("huge and tiny in turn",
             [&](auto i) { return (i % 4 < 2 ? 1 : -1) * (i % 2 ? 1e17 : 1); }),
        make("many zeros", [&](auto i) { return i % 3 ? 0.0 : draws.normal() * 1e9; }),
        make("zeros of both signs", [](auto i) { return i % 2 ? 0.0 : -0.0; }),
        make("denormals", [&](auto i) { return (real(i) - 200) * 5e-324; }),
        make("edges of buckets",
             [](auto i) {
                 return std::ldexp(1 + static_cast<double>(i % 128) / 128, static_cast<int>(i % 7));
             }),
        make("just below edges",
             [](auto i) { return std::nextafter(std::ldexp(1, static_cast<int>(i % 60)), 0.0); }),
        make("some infinite",
             [&](auto i) {
                 return i % 10 == 0 ? infinity : i % 11 == 0 ? -infinity : draws.normal();
             }),
        make("all infinite", [&](auto i) { return i % 3 ? infinity : -infinity; }),
        make("everything",
             [&](auto) {
                 double value = 0;
                 do value = std::bit_cast<double>(draws.bits());
                 while (std::isnan(value));
                 return value;
             }),
    };
}

} // namespace perpetuum
