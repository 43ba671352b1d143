#pragma once
/// In which order cells can be computed, before the first step and within a step.

#include <perpetuum/instance.hpp>

#include <vector>

namespace perpetuum {

/// Cells to be computed together: one, or several that need each other (then some are torn).
struct Component {
    std::vector<CellId> cells; ///< in the order in which they follow from the torn ones
    std::vector<CellId> torn;  ///< guessed, then found; also in none of `cells`
};

struct Sequence {
    std::vector<CellId> start; ///< every cell, what its start needs before it
    std::vector<Component> plans, results;
    std::vector<bool> is_plan; ///< by cell: known before the clearing
};

/// Flow numbers in the clearing's order.
struct ClearedFlows {
    std::vector<int> payments, guarantees, costs;
};
ClearedFlows cleared_flows(System const& system);

/// What defines a cell before the first step: −1: nothing does.
NodeId start_of(Cell const& cell);
/// Made once, before the first step.
bool fixed(Cell const& cell);
/// Computed in each step from `value`; the others are put by the step itself.
bool defined(Cell const& cell);

/// cost  linear in the nodes of the system
Sequence sequence_of(System const& system, ClearedFlows const& flows, Diagnostics& diagnostics);

} // namespace perpetuum
