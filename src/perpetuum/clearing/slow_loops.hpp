#pragma once
/// Loops of defaults from which money leaves slowly: jump instead of walking.
///
/// Each entity that cannot pay all serves its last group pro rata: that part is linear in what it
/// has, and everything senior to it is full at most. The real solution of these equations bounds
/// the greatest vector in whole coins from above (rounding only takes away), so payments may fall
/// to it at once.

#include <perpetuum/clearing/lane.hpp>

#include <cstdint>

namespace perpetuum {

/// Lowers payments of those entities whose payments fell after `since` (in units of work) to the
/// solution of their equations, but never below the greatest vector; true when any fell. In
/// doubles, which is enough unless money goes round very often before it leaves. cost    at most
/// 128 entities at once, cubic in their number
bool jump(ClearingLane& lane, std::int64_t since);

/// The same to within a coin as a rule, in arithmetic of 113 bits, some fifty times dearer; at most
/// 128 entities at once.
bool jump_finely(ClearingLane& lane, std::int64_t since);

/// Solves for the coins that rounding can take, `margin` times over, to land below the greatest
/// vector.
bool jump_below(ClearingLane& lane, std::int64_t since, double margin);

} // namespace perpetuum
