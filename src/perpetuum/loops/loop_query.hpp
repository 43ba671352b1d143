#pragma once
/// Inside the room only.

#include <perpetuum/loops.hpp>

namespace perpetuum {

/// throws  BadInput when the query is senseless for so many nodes
void check_loop_query(LoopQuery const& query, std::size_t nodes);

} // namespace perpetuum
