// Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
// as 1, 2, 3"), several counters side by side in 64-bit lanes. Only the low half of a lane counts:
// the multiplication reads no more, so nothing is masked between the rounds.

#include <perpetuum/lanes/normal_quantile.hpp>
#include <perpetuum/lanes/words.hpp>

#include <cstddef>
#include <cstdint>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

static_assert(8 % width == 0);

constexpr std::size_t abreast = 2; // vectors of counters at once: a round is one long chain

Words all(std::uint64_t word) { return Words{} + word; }

struct Counter {
    Words a, b, c, d;
};

void philox_rounds(Counter* x, std::size_t vectors, std::uint64_t key) {
    auto low = static_cast<std::uint32_t>(key), high = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < vectors; ++i) {
            Words const left = product(x[i].a, all(0xD2511F53u));
            Words const right = product(x[i].c, all(0xCD9E8D57u));
            x[i] = {(right >> 32) ^ x[i].b ^ all(low), right, (left >> 32) ^ x[i].d ^ all(high),
                    left};
        }
        low += 0x9E3779B9u;
        high += 0xBB67AE85u;
    }
}

/// The two 64-bit words of each counter from `first` on; `count` is a multiple of 8.
void words_of_counters(std::uint64_t* near, std::uint64_t* far, std::uint64_t key,
                       std::uint64_t first, std::size_t count, std::uint64_t step) {
    Words within{};
    for (std::size_t i = 0; i < width; ++i) within[i] = i;
    for (std::size_t done = 0; done < count; done += abreast * width) {
        Counter x[abreast];
        for (std::size_t i = 0; i < abreast; ++i) {
            Words const index = all(first + done + i * width) + within;
            x[i] = {index, index >> 32, all(step), all(step >> 32)};
        }
        philox_rounds(x, abreast, key);
        for (std::size_t i = 0; i < abreast && done + i * width < count; ++i) {
            Words const one = (x[i].a << 32) | (x[i].b & 0xffffffffu);
            Words const other = (x[i].c << 32) | (x[i].d & 0xffffffffu);
            __builtin_memcpy(near + done + i * width, &one, sizeof one);
            __builtin_memcpy(far + done + i * width, &other, sizeof other);
        }
    }
}

constexpr std::size_t part = 64; // lanes at once, so that all between stays in the nearest cache

/// Counter i of a part makes lanes i and i + 8 of its group of 16.
void in_groups(double* __restrict out, double const* __restrict near, double const* __restrict far,
               std::size_t counters) {
    for (std::size_t i = 0; i < counters; i += 8) {
        __builtin_memcpy(out + 2 * i, near + i, 8 * sizeof(double));
        __builtin_memcpy(out + 2 * i + 8, far + i, 8 * sizeof(double));
    }
}

/// 52 bits of a word as an odd multiple of 2^-53: exact, never 0 or 1, u as likely as 1 - u.
double unit_interval(std::uint64_t word) {
    return lane_of_bits((word >> 12) | lane_bits(1)) - (1 - 0x1p-53);
}

/// sqrt(-2 log u)
double radius(double u) {
    LaneSplit const split = lane_split_normal(u);
    double const s = split.fraction / (2 + split.fraction), z = s * s, z2 = z * z;
    double const even =
        4 + z2 * (0x1.9999999995239p-1 + z2 * (0x1.c71c62bf43293p-2 + z2 * 0x1.39fce62d22093p-2));
    double const odd =
        0x1.5555555555558p0 +
        z2 * (0x1.2492492e0c873p-1 + z2 * (0x1.7462bfebd4de3p-2 + z2 * 0x1.2b6a94a80f996p-2));
    return __builtin_sqrt(split.exponent * -0x1.62e42fefa39efp0 - s * (even + z * odd));
}

struct Direction {
    double cosine, sine;
};

/// A point of the unit circle, by 52 bits for an angle within a quarter turn of either side and one
/// bit for the side. Half the angle is at most an eighth of a turn; then it is doubled.
Direction direction(std::uint64_t word) {
    double const f = lane_of_bits((word >> 12) | lane_bits(2)) - (3 - 0x1p-52);
    double const z = f * f, z2 = z * z;
    double const sine_even =
        0x1.921fb54442d18p-1 +
        z2 * (0x1.466bc67754fe4p-9 + z2 * (0x1.50782d5b6c795p-22 + z2 * 0x1.e356911e1527bp-38));
    double const sine_odd =
        -0x1.4abbce625be09p-4 + z2 * (-0x1.32d2ccdfe6454p-15 + z2 * -0x1.e2fe7340439acp-30);
    double const cosine_odd =
        -0x1.3bd3cc9be45dep-2 +
        z2 * (-0x1.55d3c7e3b7782p-12 + z2 * (-0x1.a6d1d2d5fcbcdp-26 + z2 * -0x1.ac077c3d39036p-42));
    double const cosine_even =
        1 + z2 * (0x1.03c1f081b5a23p-6 + z2 * (0x1.e1f50664cca8cp-19 + z2 * 0x1.f9b7a4a3edf23p-34));
    double const sine = f * (sine_even + z * sine_odd), cosine = cosine_even + z * cosine_odd;
    double const forward = 1 - 2 * (sine * sine);
    return {lane_of_bits(lane_bits(forward) ^ (word << 63)), 2 * sine * cosine};
}

} // namespace

void philox_words(std::uint32_t* out, std::uint64_t key, std::uint32_t const* counter) {
    Counter x = {all(counter[0]), all(counter[1]), all(counter[2]), all(counter[3])};
    philox_rounds(&x, 1, key);
    Words const words[] = {x.a, x.b, x.c, x.d};
    for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint32_t>(words[i][width - 1]);
}

void uniform_row(double* __restrict out, std::uint64_t key, std::uint64_t first_path,
                 std::size_t lanes, std::uint64_t step) {
    std::uint64_t near[part / 2], far[part / 2];
    for (std::size_t first = 0; first < lanes; first += part) {
        std::size_t const counters = (lanes - first < part ? lanes - first : part) / 2;
        words_of_counters(near, far, key, (first_path + first) / 2, counters, step);
        for (std::size_t group = 0; group < counters; group += 8)
            for (std::size_t i = 0; i < 8; ++i) {
                out[first + 2 * group + i] = unit_interval(near[group + i]);
                out[first + 2 * group + i + 8] = unit_interval(far[group + i]);
            }
    }
}

/// Box and Muller (1958), "A note on the generation of random normal deviates": a radius and a
/// direction make two.
void normal_row(double* __restrict out, std::uint64_t key, std::uint64_t first_path,
                std::size_t lanes, std::uint64_t step) {
    std::uint64_t near[part / 2], far[part / 2];
    double one[part / 2], other[part / 2];
    for (std::size_t first = 0; first < lanes; first += part) {
        std::size_t const counters = (lanes - first < part ? lanes - first : part) / 2;
        words_of_counters(near, far, key, (first_path + first) / 2, counters, step);
        for (std::size_t i = 0; i < counters; ++i) one[i] = radius(unit_interval(near[i]));
        for (std::size_t i = 0; i < counters; ++i) {
            Direction const to = direction(far[i]);
            other[i] = one[i] * to.sine;
            one[i] = one[i] * to.cosine;
        }
        in_groups(out + first, one, other, counters);
    }
}

} // namespace perpetuum::PERPETUUM_CLONE
