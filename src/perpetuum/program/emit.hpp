#pragma once
/// Terms → instructions: what is asked for, and what that needs, each once.

#include "draft.hpp"
#include "lower.hpp"

namespace perpetuum {

/// At most so many unknowns of one simultaneous block.
constexpr std::size_t most_unknowns = 64;

Draft emit(System const& system, Sequence const& sequence, ClearedFlows const& flows,
           Lowered& lowered, CompileOptions const& options);

} // namespace perpetuum
