/// Look-through: whose money a firm got, followed backwards through payers' payers until it comes to
/// one of the funders; and how much turnover a dollar causes forwards.

#include "chains.hpp"

#include <perpetuum/circularity.hpp>

#include <string>

namespace perpetuum {

namespace {

/// Shares of an amount that are known in whole numbers.
double share_in(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

} // namespace

LookThrough look_through(Network const& network, OutsideFlows const& outside,
                         std::vector<int> const& funders) {
    check_network(network);
    std::vector<char> is_funder(network.nodes.size(), 0);
    for (int const funder : funders) {
        if (funder < 0 || static_cast<std::size_t>(funder) >= network.nodes.size())
            throw BadInput{"funder " + std::to_string(funder) + " is no node of the network"};
        is_funder[static_cast<std::size_t>(funder)] = 1;
    }
    std::vector<std::int64_t> const through = throughflows(network, outside);
    Chain chain;
    chain.constant.assign(network.nodes.size(), 0);
    std::vector<std::int64_t> rest = through;
    for (Network::Edge const& edge : network.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        rest[to] -= edge.amount;
        if (is_funder[to] != 0) continue; // its money is its own, whoever paid it
        double const weight = share_in(edge.amount, through[to]);
        if (is_funder[from] != 0) {
            chain.constant[to] += weight;
            rest[to] += edge.amount; // ends there: as good as gone
        } else {
            chain.terms.push_back({edge.to, edge.from, weight});
        }
    }
    for (std::size_t node = 0; node < rest.size(); ++node)
        chain.leak.push_back(is_funder[node] != 0 ? 1 : share_in(rest[node], through[node]));
    LookThrough result;
    result.mix = solve_chain(chain, ChainWay::gathering);
    for (std::size_t node = 0; node < rest.size(); ++node)
        if (is_funder[node] != 0) result.mix[node] = 1;
    result.received.assign(network.nodes.size(), 0);
    result.funded.assign(network.nodes.size(), 0);
    for (Network::Edge const& edge : network.edges) {
        auto const to = static_cast<std::size_t>(edge.to);
        result.received[to] += edge.amount;
        result.funded[to] +=
            static_cast<double>(edge.amount) * result.mix[static_cast<std::size_t>(edge.from)];
    }
    return result;
}

std::vector<double> turnover_multipliers(Network const& network, OutsideFlows const& outside,
                                         double passed_on) {
    check_network(network);
    if (!(passed_on > 0 && passed_on <= 1))
        throw BadInput{"the share passed on must be above 0 and at most 1"};
    std::vector<std::int64_t> const through = throughflows(network, outside);
    Chain chain;
    chain.constant.assign(network.nodes.size(), 1);
    std::vector<std::int64_t> rest = through;
    for (Network::Edge const& edge : network.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        rest[from] -= edge.amount;
        chain.terms.push_back(
            {edge.from, edge.to, passed_on * share_in(edge.amount, through[from])});
    }
    for (std::size_t node = 0; node < rest.size(); ++node)
        chain.leak.push_back(through[node] == 0 ? 1
                                                : passed_on * share_in(rest[node], through[node]) +
                                                      (1 - passed_on));
    return solve_chain(chain, ChainWay::gathering);
}

} // namespace perpetuum
