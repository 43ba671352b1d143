/// Hodge loop share: the net payment of each pair is a difference of heights, as far as least squares
/// finds any, and a current that goes round; the current's share of the squares.

#include "laplacian.hpp"

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace perpetuum {

double hodge_loop_share(Network const& network, OutsideFlows const&) {
    std::map<std::pair<int, int>, std::int64_t> net; // from the smaller number to the larger
    for (Network::Edge const& edge : network.edges)
        net[std::minmax(edge.from, edge.to)] += edge.from < edge.to ? edge.amount : -edge.amount;
    std::vector<HeightLink> links;
    std::vector<double> flow, surplus(network.nodes.size(), 0);
    double all = 0;
    for (auto const& [pair, amount] : net) {
        auto const a = static_cast<std::size_t>(pair.first);
        auto const b = static_cast<std::size_t>(pair.second);
        links.push_back({a, b, 1}); // also where the pair is even: there can be a current
        flow.push_back(static_cast<double>(amount));
        surplus[a] -= flow.back();
        surplus[b] += flow.back();
        all += flow.back() * flow.back();
    }
    double const unknown = std::numeric_limits<double>::quiet_NaN();
    if (!(all > 0)) return unknown;
    std::vector<double> const height = solve_heights(links, surplus.size(), surplus);
    if (height.empty()) return unknown;
    double round = 0;
    for (std::size_t k = 0; k < links.size(); ++k) {
        double const current = flow[k] - (height[links[k].b] - height[links[k].a]);
        round += current * current;
    }
    return round / all;
}

} // namespace perpetuum
