/// Between which amounts an edge's part of a maximum circulation can lie. By complementary
/// slackness the floors of one solution hold for all: what goes down is full in each of them, what
/// goes up by more than one is empty, the rest is free; a max-flow round the edge through the free
/// ones says how far it can move.

#include "max_flow.hpp"

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <limits>

namespace perpetuum {

namespace {

constexpr std::size_t most_interval_edges = 3'000;

std::int64_t rise(Network const& network, Circulation const& circulation, std::size_t edge) {
    return circulation.level[static_cast<std::size_t>(network.edges[edge].to)] -
           circulation.level[static_cast<std::size_t>(network.edges[edge].from)];
}

/// The most that can be led from one node to another past `edge`, changing free edges only.
std::int64_t detour(Network const& network, Circulation const& circulation, std::size_t edge,
                    int from, int to) {
    MaxFlow flow(static_cast<int>(network.nodes.size()));
    for (std::size_t k = 0; k < network.edges.size(); ++k) {
        if (k == edge || rise(network, circulation, k) != 1) continue;
        Network::Edge const& free = network.edges[k];
        if (circulation.flow[k] < free.amount)
            flow.add_edge(free.from, free.to, free.amount - circulation.flow[k]);
        if (circulation.flow[k] > 0) flow.add_edge(free.to, free.from, circulation.flow[k]);
    }
    return flow.augment(from, to);
}

} // namespace

CirculationInterval circulation_interval(Network const& network, Circulation const& circulation,
                                         std::size_t edge) {
    if (!certified(network, circulation)) throw BadInput{"not a maximum circulation of it"};
    if (edge >= network.edges.size())
        throw BadInput{"edge " + std::to_string(edge) + " of " +
                       std::to_string(network.edges.size())};
    std::int64_t const flow = circulation.flow[edge];
    if (rise(network, circulation, edge) != 1) return {flow, flow};
    Network::Edge const& it = network.edges[edge];
    return {flow - std::min(flow, detour(network, circulation, edge, it.from, it.to)),
            flow + std::min(it.amount - flow, detour(network, circulation, edge, it.to, it.from))};
}

double sure_circulation_usd(Network const& network, OutsideFlows const&) {
    if (network.edges.size() > most_interval_edges) return std::numeric_limits<double>::quiet_NaN();
    Circulation const circulation = max_circulation(network);
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < network.edges.size(); ++k)
        sum += circulation_interval(network, circulation, k).least;
    return static_cast<double>(sum) * network.minor_unit;
}

} // namespace perpetuum
