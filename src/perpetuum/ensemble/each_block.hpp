#pragma once
/// Threads take blocks of paths, one after another, until none is left.

#include <perpetuum/statistics.hpp>

#include <cstdint>
#include <functional>

namespace perpetuum {

/// run(worker, first, paths) for each block of `width` paths of a range; `worker` in [0, workers) has
/// one thread at a time. `stop` is asked before each block; false when it said so. The first exception
/// of a worker stops all and is thrown again. Throws BadInput for a range that begins within a group
/// of 16.
bool each_block(Coverage::Range paths, std::uint64_t width, std::size_t workers,
                std::function<bool()> const& stop,
                std::function<void(std::size_t worker, std::uint64_t first, int paths)> const& run);

} // namespace perpetuum
