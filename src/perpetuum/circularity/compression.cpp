/// Compression: the same net positions with fewer payments. Conservative takes a maximum
/// circulation away; non-conservative pays net positions only, along new ties; bilateral nets each
/// pair.

#include <perpetuum/circularity.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

std::vector<std::int64_t> net_positions(Network const& network) {
    std::vector<std::int64_t> net(network.nodes.size());
    for (Network::Edge const& edge : network.edges) {
        net[static_cast<std::size_t>(edge.from)] += edge.amount;
        net[static_cast<std::size_t>(edge.to)] -= edge.amount;
    }
    return net;
}

} // namespace

Network compressed_conservative(Network const& network, Circulation const& circulation) {
    if (circulation.flow.size() != network.edges.size())
        throw BadInput{"a circulation of " + std::to_string(circulation.flow.size()) +
                       " edges for a network of " + std::to_string(network.edges.size())};
    std::vector<Network::Edge> rest;
    for (std::size_t k = 0; k < network.edges.size(); ++k) {
        Network::Edge edge = network.edges[k];
        edge.amount -= circulation.flow[k];
        if (edge.amount > 0) rest.push_back(edge);
    }
    return network_from(network.nodes, std::move(rest), network.minor_unit);
}

Network compressed_non_conservative(Network const& network) {
    std::vector<std::int64_t> net = net_positions(network);
    std::vector<Network::Edge> edges;
    std::size_t payee = 0;
    for (std::size_t payer = 0; payer < net.size(); ++payer)
        while (net[payer] > 0) { // nets sum to 0: somebody is left who receives
            while (net[payee] >= 0) ++payee;
            std::int64_t const amount = std::min(net[payer], -net[payee]);
            edges.push_back({static_cast<int>(payer), static_cast<int>(payee), amount});
            net[payer] -= amount;
            net[payee] += amount;
        }
    return network_from(network.nodes, std::move(edges), network.minor_unit);
}

double compression_conservative_usd(Network const& network, OutsideFlows const& outside) {
    return max_circulation_usd(network, outside);
}

double compression_excess_usd(Network const& network, OutsideFlows const&) {
    std::int64_t excess = 0;
    for (Network::Edge const& edge : network.edges) excess += edge.amount;
    for (std::int64_t const position : net_positions(network))
        excess -= std::max<std::int64_t>(0, position);
    return static_cast<double>(excess) * network.minor_unit;
}

double compression_bilateral_usd(Network const& network, OutsideFlows const&) {
    auto const before = [](Network::Edge const& a, Network::Edge const& b) {
        return a.from != b.from ? a.from < b.from : a.to < b.to;
    };
    std::int64_t removed = 0;
    for (Network::Edge const& edge : network.edges) {
        auto const back = std::lower_bound(network.edges.begin(), network.edges.end(),
                                           Network::Edge{edge.to, edge.from, 0}, before);
        bool const both =
            back != network.edges.end() && back->from == edge.to && back->to == edge.from;
        if (both) removed += std::min(edge.amount, back->amount);
    }
    return static_cast<double>(removed) * network.minor_unit;
}

} // namespace perpetuum
