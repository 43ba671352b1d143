// Sampling plans: which probability a parameter is drawn at, as a function of the path's number.

#include <perpetuum/lanes.hpp>
#include <perpetuum/lanes/sobol.hpp>

#include <algorithm>
#include <array>
#include <bit>

namespace perpetuum {

namespace {

/// Parameters are drawn before the first step; no step has this number.
constexpr std::uint64_t before_all_steps = ~std::uint64_t{0};
constexpr double most_probable = 1 - 0x1p-53;

std::uint64_t mixed(std::uint64_t word) { // Stafford's variant 13, as in the keys of streams
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return word ^ (word >> 31);
}

/// A keyed permutation of 0 … size - 1 without a table: a Feistel network on as many bits as size
/// needs, walked along until it comes back below size (Black and Rogaway 2002, "Ciphers with
/// arbitrary finite domains"). Two steps on average at worst.
class Permutation {
  public:
    Permutation(std::uint64_t size, std::uint64_t key)
        : size_(size), low_bits_(static_cast<int>(std::bit_width(size - 1)) / 2),
          high_bits_(static_cast<int>(std::bit_width(size - 1)) - low_bits_) {
        for (std::uint64_t round = 0; round < rounds; ++round) keys_[round] = mixed(key + round);
    }

    std::uint64_t operator()(std::uint64_t number) const {
        if (size_ < 2) return 0;
        do number = network(number);
        while (number >= size_);
        return number;
    }

  private:
    static constexpr std::size_t rounds = 8;

    std::uint64_t network(std::uint64_t number) const {
        std::uint64_t const low_mask = (std::uint64_t{1} << low_bits_) - 1;
        std::uint64_t const high_mask = (std::uint64_t{1} << high_bits_) - 1;
        std::uint64_t low = number & low_mask, high = number >> low_bits_;
        for (std::size_t round = 0; round < rounds; round += 2) {
            high ^= mixed(low + keys_[round]) & high_mask;
            low ^= mixed(high + keys_[round + 1]) & low_mask;
        }
        return high << low_bits_ | low;
    }

    std::uint64_t size_;
    int low_bits_, high_bits_;
    std::array<std::uint64_t, rounds> keys_{};
};

/// The row holds draws in (0, 1): places within the strata.
void into_strata(double* row, std::uint64_t paths, std::uint64_t key, std::uint64_t first_path,
                 std::size_t lanes) {
    Permutation const stratum(paths, key);
    auto const n = static_cast<double>(paths);
    for (std::size_t i = 0; i < lanes && first_path + i < paths; ++i) {
        double const u = (static_cast<double>(stratum(first_path + i)) + row[i]) / n;
        row[i] = std::min(u, most_probable);
    }
}

/// 32 bits are Sobol's, scrambled; the 20 after them a hash of those, which is Owen's scrambling
/// continued where all of Sobol's bits are 0.
double scrambled_unit(std::uint32_t place, std::uint64_t key) {
    std::uint32_t const scrambled = owen_scrambled(place, key);
    std::uint64_t const rest = mixed(key ^ mixed(scrambled)) >> 44;
    std::uint64_t const bits = std::uint64_t{scrambled} << 20 | rest;
    return static_cast<double>(2 * bits + 1) * 0x1p-53;
}

void sobol_row(double* out, std::uint64_t key, std::uint64_t seed, std::size_t dimension,
               std::uint64_t first_path, std::size_t lanes) {
    if (first_path + lanes > std::uint64_t{1} << 32)
        throw BadInput{"Sobol's sequence has 2^32 paths, not " +
                       std::to_string(first_path + lanes)};
    SobolDirections const directions = sobol_directions_of(dimension % sobol_dimensions);
    if (std::uint64_t const round = dimension / sobol_dimensions; round > 0) {
        // Beyond the table its dimensions come again, over paths in another order (Burley 2020).
        std::uint64_t const order = mixed(mixed(seed) + round);
        for (std::size_t i = 0; i < lanes; ++i) {
            auto const path = static_cast<std::uint32_t>(first_path + i);
            out[i] = scrambled_unit(sobol_place(directions, owen_scrambled(path, order)), key);
        }
        return;
    }
    std::uint32_t within[16]; // the part of a place that the last four bits of a path make
    for (std::uint32_t i = 0; i < 16; ++i) within[i] = sobol_place(directions, i);
    for (std::size_t group = 0; group < lanes; group += 16) {
        auto const place = sobol_place(directions, static_cast<std::uint32_t>(first_path + group));
        for (std::size_t i = 0; i < 16; ++i)
            out[group + i] = scrambled_unit(place ^ within[i], key);
    }
}

} // namespace

void planned(double* out, SamplingPlan const& plan, std::string_view name, std::size_t dimension,
             std::uint64_t first_path, std::size_t lanes) {
    std::uint64_t const key = stream_key(plan.seed, name);
    uniforms(out, key, first_path, lanes, before_all_steps);
    switch (plan.sampling) {
    case Sampling::independent:
        break;
    case Sampling::latin_hypercube:
        into_strata(out, plan.paths, key, first_path, lanes);
        break;
    case Sampling::sobol:
        sobol_row(out, key, plan.seed, dimension, first_path, lanes);
        break;
    }
}

} // namespace perpetuum
