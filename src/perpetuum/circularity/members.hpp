#pragma once
/// Components with their nodes and inner edges, for measures that go through one at a time. Inside
/// the room only.

#include <perpetuum/loops.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace perpetuum {

struct ComponentMembers {
    std::vector<int> component;                  ///< by node
    std::vector<int> local;                      ///< by node: its place in its component
    std::vector<std::vector<int>> nodes;         ///< by component
    std::vector<std::vector<std::size_t>> edges; ///< by component: edges with both ends in it
};

inline ComponentMembers members_of(Network const& network) {
    ComponentMembers members;
    members.component = components(network);
    int count = 0;
    for (int const number : members.component) count = std::max(count, number + 1);
    members.nodes.resize(static_cast<std::size_t>(count));
    members.edges.resize(static_cast<std::size_t>(count));
    members.local.resize(network.nodes.size());
    for (std::size_t node = 0; node < network.nodes.size(); ++node) {
        auto& group = members.nodes[static_cast<std::size_t>(members.component[node])];
        members.local[node] = static_cast<int>(group.size());
        group.push_back(static_cast<int>(node));
    }
    for (std::size_t k = 0; k < network.edges.size(); ++k) {
        int const from = members.component[static_cast<std::size_t>(network.edges[k].from)];
        int const to = members.component[static_cast<std::size_t>(network.edges[k].to)];
        if (from == to) members.edges[static_cast<std::size_t>(from)].push_back(k);
    }
    return members;
}

} // namespace perpetuum
