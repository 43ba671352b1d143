#pragma once
// The elementary functions on rows, for the room's tests and measurements.

#include <perpetuum/lanes.hpp>

namespace perpetuum {

PERPETUUM_CLONES(void, exp_row, double*, double const*, std::size_t)
PERPETUUM_CLONES(void, log_row, double*, double const*, std::size_t)
PERPETUUM_CLONES(void, pow_row, double*, double const*, double const*, std::size_t)
PERPETUUM_CLONES(void, sqrt_row, double*, double const*, std::size_t)
PERPETUUM_CLONES(void, floor_row, double*, double const*, std::size_t)
PERPETUUM_CLONES(void, round_row, double*, double const*, std::size_t)
PERPETUUM_CLONES(void, ceil_row, double*, double const*, std::size_t)
PERPETUUM_CLONES(void, trunc_row, double*, double const*, std::size_t)

} // namespace perpetuum
