/// Trophic incoherence: heights of firms by least squares, a payment ideally going up by one.

#include "laplacian.hpp"

#include <perpetuum/circularity.hpp>

#include <limits>

namespace perpetuum {

std::vector<double> trophic_heights(Network const& network) {
    std::vector<HeightLink> links;
    std::vector<double> surplus(network.nodes.size());
    for (Network::Edge const& edge : network.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        auto const amount = static_cast<double>(edge.amount);
        links.push_back({from, to, amount});
        surplus[from] -= amount;
        surplus[to] += amount;
    }
    std::vector<double> height = solve_heights(links, surplus.size(), surplus);
    if (height.empty())
        return std::vector<double>(network.nodes.size(), std::numeric_limits<double>::quiet_NaN());
    return height;
}

double trophic_incoherence(Network const& network, OutsideFlows const&) {
    std::vector<double> const height = trophic_heights(network);
    double penalty = 0, gross = 0;
    for (Network::Edge const& edge : network.edges) {
        double const off = height[static_cast<std::size_t>(edge.to)] -
                           height[static_cast<std::size_t>(edge.from)] - 1;
        penalty += static_cast<double>(edge.amount) * off * off;
        gross += static_cast<double>(edge.amount);
    }
    return gross > 0 ? penalty / gross : std::numeric_limits<double>::quiet_NaN();
}

} // namespace perpetuum
