#pragma once
/// In which order cells can be computed, before the first step and within a step.

#include <perpetuum/instance.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace perpetuum {

/// How a cell comes by its value in a step.
enum class Origin : std::uint8_t {
    fixed,    ///< made once, before the first step
    given,    ///< a number for each step
    drawn,    ///< anew in each step
    cleared,  ///< put by the clearing
    equation, ///< computed in each step
    still,    ///< nothing defines it: it keeps its start
};
/// What every stage asks of every cell, drawn together: cells themselves are large.
struct Definition {
    NodeId start = -1; ///< what defines it before the first step; −1: nothing does
    NodeId value = -1; ///< of an equation
    Origin origin = Origin::still;
    bool drawn = false;
};

/// Cells to be computed together: one, or several that need each other (then some are torn).
struct Component {
    int first = 0; ///< into Sequence::members: the torn ones, then the others
    int torn = 0;  ///< how many are guessed, then found
    int cells = 0; ///< how many follow from these, in that order
};

struct Sequence {
    std::vector<Definition> definitions; ///< by cell
    std::vector<CellId> start;           ///< every cell, what its start needs before it
    std::vector<CellId> members;         ///< of the components
    std::vector<Component> plans, results;
    std::vector<bool> is_plan; ///< by cell: known before the clearing

    std::span<CellId const> torn(Component const& component) const {
        return {members.data() + component.first, static_cast<std::size_t>(component.torn)};
    }
    std::span<CellId const> cells(Component const& component) const {
        return {members.data() + component.first + component.torn,
                static_cast<std::size_t>(component.cells)};
    }
};

/// Flow numbers in the clearing's order.
struct ClearedFlows {
    std::vector<int> payments, guarantees, costs;
};
ClearedFlows cleared_flows(System const& system);

/// cost  linear in the nodes of the system
Sequence sequence_of(System const& system, ClearedFlows const& flows, Diagnostics& diagnostics);

} // namespace perpetuum
