/// What firms would have got less without some payments, when each that gets less pays less, under a
/// stated rule.

#include "chains.hpp"

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace perpetuum {

namespace {

constexpr int most_policies = 200;
constexpr double near_its_payments = 1e-6; // a loss, to what it pays
constexpr double only_rounding = 1e-12;

struct KeptPayments {
    std::vector<Network::Edge> edges;  ///< not removed
    std::vector<std::int64_t> paid;    ///< by node, of these
    std::vector<std::int64_t> got;     ///< by node, all payments
    std::vector<double> direct;        ///< by node: what it got under the removed ones
    std::vector<std::int64_t> through; ///< throughflow with all payments
};

KeptPayments kept_payments(Network const& network, OutsideFlows const& outside,
                           std::vector<std::size_t> const& removed) {
    check_network(network);
    std::vector<char> gone(network.edges.size(), 0);
    for (std::size_t const edge : removed) {
        if (edge >= network.edges.size())
            throw BadInput{"edge " + std::to_string(edge) + " of " +
                           std::to_string(network.edges.size())};
        gone[edge] = 1;
    }
    KeptPayments kept;
    kept.paid.assign(network.nodes.size(), 0);
    kept.got.assign(network.nodes.size(), 0);
    kept.direct.assign(network.nodes.size(), 0);
    kept.through = throughflows(network, outside);
    for (std::size_t k = 0; k < network.edges.size(); ++k) {
        Network::Edge const& edge = network.edges[k];
        kept.got[static_cast<std::size_t>(edge.to)] += edge.amount;
        if (gone[k] != 0) {
            kept.direct[static_cast<std::size_t>(edge.to)] += static_cast<double>(edge.amount);
        } else {
            kept.edges.push_back(edge);
            kept.paid[static_cast<std::size_t>(edge.from)] += edge.amount;
        }
    }
    return kept;
}

/// Everybody cuts all payments by the share of its throughflow that it lost.
std::vector<double> lost_when_shared(KeptPayments const& kept) {
    std::size_t const nodes = kept.through.size();
    auto const base = [&](std::size_t node) { return static_cast<double>(kept.through[node]); };
    Chain chain;
    chain.constant.assign(nodes, 0);
    std::vector<std::int64_t> rest = kept.through;
    for (Network::Edge const& edge : kept.edges) {
        auto const to = static_cast<std::size_t>(edge.to);
        chain.terms.push_back({edge.to, edge.from, static_cast<double>(edge.amount) / base(to)});
        rest[to] -= edge.amount;
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        bool const idle = kept.through[node] == 0;
        chain.constant[node] = idle ? 0 : kept.direct[node] / base(node);
        chain.leak.push_back(idle ? 1 : static_cast<double>(rest[node]) / base(node));
    }
    std::vector<double> lost = solve_chain(chain, ChainWay::gathering);
    for (std::size_t node = 0; node < nodes; ++node) lost[node] *= base(node);
    return lost;
}

/// Losses when those in `stopped` pay nothing any more and all others pay less by all they lose.
std::vector<double> lost_with_stopped(KeptPayments const& kept, std::vector<char> const& stopped) {
    Chain chain;
    chain.constant = kept.direct;
    chain.leak.assign(kept.paid.size(), 1);
    for (Network::Edge const& edge : kept.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        auto const amount = static_cast<double>(edge.amount);
        if (stopped[from] != 0) {
            chain.constant[static_cast<std::size_t>(edge.to)] += amount;
            continue;
        }
        chain.leak[from] = 0; // its payments in all are all it passes on
        chain.terms.push_back({edge.from, edge.to, amount / static_cast<double>(kept.paid[from])});
    }
    return solve_chain(chain, ChainWay::carrying);
}

/// By node: whether it would still pay something when those in `stopped` pay nothing. Where links are
/// thin a loss differs from all that is paid by less than its own rounding; what is left is what the
/// whole numbers leave (payments less receipts) and what others still pay, by itself.
std::vector<char> still_pays(KeptPayments const& kept, std::vector<char> const& stopped) {
    Chain chain;
    chain.constant.assign(kept.paid.size(), 0);
    chain.leak.assign(kept.paid.size(), 1);
    for (Network::Edge const& edge : kept.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        if (stopped[from] != 0) continue;
        chain.leak[from] = 0;
        chain.terms.push_back(
            {edge.from, edge.to,
             static_cast<double>(edge.amount) / static_cast<double>(kept.paid[from])});
    }
    std::vector<double> part[2]; // from payments that lead over receipts, and the other way round
    for (bool const over : {false, true}) {
        for (std::size_t node = 0; node < kept.paid.size(); ++node) {
            std::int64_t const lead = kept.paid[node] - kept.got[node];
            chain.constant[node] =
                static_cast<double>(std::max<std::int64_t>(0, over ? lead : -lead));
        }
        part[over ? 1 : 0] = solve_chain(chain, ChainWay::carrying);
    }
    std::vector<char> pays(kept.paid.size(), 0);
    for (std::size_t node = 0; node < pays.size(); ++node)
        pays[node] =
            part[1][node] - part[0][node] > only_rounding * (part[0][node] + part[1][node]);
    return pays;
}

/// Everybody pays less by what it lost, as far as it pays anything. From above: whoever would have to
/// pay less than nothing stops; those who stop too much for what they then lose begin again. Losses
/// fall from round to round and never below the least solution, which is the only one where a loss
/// arrives at all.
std::vector<double> lost_when_margins_stay(KeptPayments const& kept) {
    std::vector<char> stopped(kept.paid.size(), 0);
    for (int round = 0; round < most_policies; ++round) {
        std::vector<double> lost = lost_with_stopped(kept, stopped);
        std::vector<char> pays; // asked for where a loss does not say it
        bool changed = false;
        for (std::size_t node = 0; node < lost.size(); ++node) {
            if (std::isnan(lost[node])) return lost;
            auto const paid = static_cast<double>(kept.paid[node]);
            bool const less = lost[node] < paid * (1 - near_its_payments);
            bool const more = lost[node] > paid * (1 + near_its_payments);
            bool stops = paid > 0 && !less;
            if (round > 0) { // none stops anew; in the first round too many may
                if (stopped[node] == 0) continue;
                if (!less && !more && pays.empty()) pays = still_pays(kept, stopped);
                stops = more || (!less && pays[node] == 0);
            }
            if (stops == (stopped[node] != 0)) continue;
            stopped[node] = stops ? 1 : 0;
            changed = true;
        }
        if (!changed) return lost;
    }
    return std::vector<double>(kept.paid.size(), std::numeric_limits<double>::quiet_NaN());
}

} // namespace

std::vector<double> income_lost(Network const& network, OutsideFlows const& outside,
                                std::vector<std::size_t> const& removed, SpendingRule rule) {
    KeptPayments const kept = kept_payments(network, outside, removed);
    if (rule == SpendingRule::reserves) return kept.direct;
    return rule == SpendingRule::shared ? lost_when_shared(kept) : lost_when_margins_stay(kept);
}

Network network_without(Network const& network, std::vector<std::size_t> const& removed) {
    std::vector<std::size_t> gone = removed;
    std::sort(gone.begin(), gone.end());
    Network rest{network.nodes, {}, network.minor_unit};
    for (std::size_t k = 0; k < network.edges.size(); ++k)
        if (!std::binary_search(gone.begin(), gone.end(), k))
            rest.edges.push_back(network.edges[k]);
    return rest;
}

} // namespace perpetuum
