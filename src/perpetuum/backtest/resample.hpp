#pragma once
// Sampling what was observed again: numbers of items, the same for the same seed.

#include <perpetuum/backtest.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perpetuum {

/// n numbers below n, for one repetition; `stream` keeps several draws of it apart.
void draw_again(std::vector<std::size_t>& out, std::size_t n, std::uint64_t seed,
                std::uint32_t stream, std::uint32_t repetition);

/// Between what the middle `confidence` of the values lies; NaN among them are left out.
/// Takes the values in any order.
Bracket percentile_interval(double value, std::vector<double> values, double confidence);

/// throws  BadInput when there are no or too many repetitions, or the confidence is none
void check_resampling(Resampling const& resampling);

} // namespace perpetuum
