/// The largest bottleneck of any loop: the largest amount such that payments of at least as much still
/// have a loop among them. Halving over the amounts that occur.

#include <perpetuum/circularity.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

/// Whether payments of at least `amount` have a loop: whoever has nobody left to pay is taken away.
bool has_loop(Network const& network, std::int64_t amount) {
    std::vector<int> ways_out(network.nodes.size(), 0);
    std::vector<std::vector<int>> payers(network.nodes.size());
    std::size_t left = 0;
    for (Network::Edge const& edge : network.edges) {
        if (edge.amount < amount) continue;
        ++ways_out[static_cast<std::size_t>(edge.from)];
        payers[static_cast<std::size_t>(edge.to)].push_back(edge.from);
        ++left;
    }
    std::vector<int> ends;
    for (std::size_t node = 0; node < ways_out.size(); ++node)
        if (ways_out[node] == 0) ends.push_back(static_cast<int>(node));
    while (!ends.empty()) {
        auto const node = static_cast<std::size_t>(ends.back());
        ends.pop_back();
        for (int const payer : payers[node]) {
            --left;
            if (--ways_out[static_cast<std::size_t>(payer)] == 0) ends.push_back(payer);
        }
    }
    return left > 0;
}

} // namespace

double loop_capacity_usd(Network const& network, OutsideFlows const&) {
    std::vector<std::int64_t> amounts;
    for (Network::Edge const& edge : network.edges) amounts.push_back(edge.amount);
    std::sort(amounts.begin(), amounts.end());
    amounts.erase(std::unique(amounts.begin(), amounts.end()), amounts.end());
    std::size_t low = 0, high = amounts.size(); // a loop with amounts below `low`, none from `high`
    while (low < high) {
        std::size_t const middle = low + (high - low) / 2;
        if (has_loop(network, amounts[middle]))
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? 0 : static_cast<double>(amounts[low - 1]) * network.minor_unit;
}

} // namespace perpetuum
