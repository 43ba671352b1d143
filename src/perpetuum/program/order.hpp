#pragma once
/// Order among cells: strongly connected components and tearing.

#include <vector>

namespace perpetuum::ordering {

using Graph = std::vector<std::vector<int>>; ///< vertex → what it needs first

/// Components so that what is needed stands first (Tarjan 1972, without recursion); vertices within
/// one in order of number. Cost: linear.
std::vector<std::vector<int>> components(Graph const& graph);

/// Few vertices of a component without which it has no cycle left (greedy: the busiest first), in
/// order of number.
std::vector<int> torn(Graph const& graph, std::vector<int> const& component);

/// A shortest cycle through `vertex` inside `component`, starting with it; empty when there is
/// none.
std::vector<int> cycle_through(Graph const& graph, std::vector<int> const& component, int vertex);

} // namespace perpetuum::ordering
