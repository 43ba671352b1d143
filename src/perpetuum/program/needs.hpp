#pragma once
/// What a run has to compute and to keep, from what is asked for.

#include "lower.hpp"

#include <vector>

namespace perpetuum {

struct Needs {
    std::vector<char> term;   ///< by term: to be computed
    std::vector<char> wanted; ///< by cell: asked for
    std::vector<char> torn;   ///< by cell: to be solved for
    std::vector<int> lags;    ///< by cell: how many steps back its rows are looked at
    std::vector<char> memory; ///< by cell: its whole past is looked at
};

Needs needs_of(System const& system, ClearedFlows const& flows, Lowered const& lowered,
               Sequence const& sequence, CompileOptions const& options);

} // namespace perpetuum
