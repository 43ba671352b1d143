#pragma once
// What the definition of a cell is made of.

#include <perpetuum/instance.hpp>

#include <unordered_set>
#include <vector>

namespace perpetuum {

/// Each node of a cell's definition once; visit(node) says which other node is to be looked at as
/// well (-1: none).
template <class Visit>
void each_node_below(System const& system, CellId cell, Visit visit) {
    std::unordered_set<NodeId> seen;
    std::vector<NodeId> open{system.cells[static_cast<std::size_t>(cell)].value};
    while (!open.empty()) {
        NodeId const id = open.back();
        open.pop_back();
        if (id < 0 || !seen.insert(id).second) continue;
        Node const& node = system.nodes[static_cast<std::size_t>(id)];
        for (NodeId const argument : node.arguments) open.push_back(argument);
        open.push_back(visit(node));
    }
}

} // namespace perpetuum
