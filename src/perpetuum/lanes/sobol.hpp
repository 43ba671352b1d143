#pragma once
// Sobol's sequence, one dimension at a time.

#include <array>
#include <cstddef>
#include <cstdint>

namespace perpetuum {

constexpr std::size_t sobol_dimensions = 1111;
extern std::uint16_t const sobol_directions[];

/// A dimension's directions: bit k of an index turns the point by the k-th of them.
using SobolDirections = std::array<std::uint32_t, 32>;
SobolDirections sobol_directions_of(std::size_t dimension);

/// The point's place in units of 2^-32.
std::uint32_t sobol_place(SobolDirections const& directions, std::uint32_t index);

/// Owen's nested scrambling of the 32 bits of a place: each bit is flipped or not by a hash of those
/// before it (Laine and Karras 2011; the mixing is Vegdahl's, as in Burley 2020 but without the
/// patterns that he found).
std::uint32_t owen_scrambled(std::uint32_t place, std::uint64_t key);

} // namespace perpetuum
