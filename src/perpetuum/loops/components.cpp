#include "strong_components.hpp"

#include <perpetuum/loops.hpp>

namespace perpetuum {

std::vector<int> components(Network const& network) {
    check_network(network);
    std::vector<std::size_t> begin(network.nodes.size() + 1);
    for (Network::Edge const& edge : network.edges)
        ++begin[static_cast<std::size_t>(edge.from) + 1];
    for (std::size_t node = 0; node < network.nodes.size(); ++node) begin[node + 1] += begin[node];
    return StrongComponents(begin, [&](std::size_t edge) { return network.edges[edge].to; }).run();
}

} // namespace perpetuum
