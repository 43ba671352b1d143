#pragma once
/// What the kernels over rows of 64 values are told and tell. `taken` is all ones for a value that
/// counts, else zero. Plain data only: *.clones.cpp include this.

#include <cstddef>
#include <cstdint>

namespace perpetuum {

constexpr std::size_t row_size = 64;

/// Where a sketch counts: slots 0, 1, 2 negative, zero, positive near zero, 3 what does not count,
/// then the buckets.
struct SlotRule {
    std::uint64_t shift = 0;        ///< bits of a magnitude that its bucket does not look at
    std::uint64_t base[2] = {0, 0}; ///< [negative]: added to the bucket, gives the slot
    double edge[2] = {0, 0};        ///< [negative]: smaller magnitudes lie outside the window
    double smallest = 0, least = 0, greatest = 0;
};

/// Whole numbers y = value × up below 2^60 of those that are whole, in two halves of 30 bits.
struct RowSums {
    std::int64_t high = 0, low = 0;                  ///< Σ y = high 2^30 + low
    std::uint64_t squares_high = 0, squares_low = 0; ///< Σ y² = high 2^64 + low
    std::uint64_t count = 0;                         ///< values that are whole
    std::uint64_t left = 0;                          ///< those that are not: in no sum
};
struct PairSums {
    RowSums x, y;
    std::int64_t products_high = 0; ///< Σ x y = high 2^64 + low
    std::uint64_t products_low = 0;
};

} // namespace perpetuum
