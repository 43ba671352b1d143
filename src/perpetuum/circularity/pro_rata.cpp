/// Pro-rata circulation: inside each component, the flow of money of which everybody passes on all
/// that comes in, alike to all payees, scaled until the first firm has paid all it paid. Stationary
/// flow by elimination without subtraction (Grassmann, Taksar & Heyman 1985); above 1,000 firms as
/// sparse as it is, else by sweeps, accepted only with a bound on how far they can be off. That they
/// have come to rest says little: blocks with thin links between them do so long before.

#include "members.hpp"
#include "sparse_elimination.hpp"

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t most_eliminated = 1'000;
constexpr int most_sweeps = 2'000;
constexpr double at_rest = 1e-13; // of the sum of the weights
constexpr double rounding = 1e-15;
constexpr double certain_scale = 1e-6;
constexpr double used_up = 1e-11; // of what was paid
constexpr double most_round_work = 2e10;

/// matrix  n × n shares, row major; rows sum to 1, diagonal unused. Returns the stationary weights.
std::vector<double> stationary(std::vector<double>& matrix, std::size_t n) {
    for (std::size_t k = n; --k > 0;) {
        double const* row = &matrix[k * n];
        double leaving = 0;
        for (std::size_t j = 0; j < k; ++j) leaving += row[j];
        for (std::size_t i = 0; i < k; ++i) {
            double* above = &matrix[i * n];
            if (above[k] == 0) continue;
            above[k] /= leaving;
            for (std::size_t j = 0; j < k; ++j)
                if (j != i) above[j] += above[k] * row[j];
        }
    }
    std::vector<double> weight(n, 0);
    weight[0] = 1;
    for (std::size_t k = 1; k < n; ++k)
        for (std::size_t i = 0; i < k; ++i) weight[k] += weight[i] * matrix[i * n + k];
    return weight;
}

/// What a payer passes on to a payee, of each dollar it pays; nodes by place in their component.
struct Passing {
    std::size_t from = 0, to = 0;
    double share = 0;
};

std::vector<double> eliminated(std::vector<Passing> const& passings, std::size_t n) {
    std::vector<double> matrix(n * n);
    for (Passing const& passing : passings) matrix[passing.from * n + passing.to] = passing.share;
    return stationary(matrix, n);
}

/// Nodes in the order of a depth-first walk along payments, reversed: a sweep carries weights along
/// all payments but those that lead back. A loop of the walk has one such payment, so sweeps cannot
/// fall into going round with it for ever.
std::vector<std::size_t> along_payments(std::vector<Passing> const& passings, std::size_t n) {
    std::vector<std::size_t> first(n + 1), next, order, path{0};
    for (Passing const& passing : passings) ++first[passing.from + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    next.assign(first.begin(), first.end() - 1);
    std::vector<bool> seen(n);
    for (seen[0] = true; !path.empty();) {
        std::size_t const node = path.back();
        if (next[node] == first[node + 1]) {
            order.push_back(node);
            path.pop_back();
            continue;
        }
        std::size_t const to = passings[next[node]++].to;
        if (!seen[to]) path.push_back(to);
        seen[to] = true;
    }
    std::reverse(order.begin(), order.end());
    return order;
}

/// passings  sorted by payer. Stationary weights; empty when they have not come to rest.
std::vector<double> swept(std::vector<Passing> passings, std::size_t n) {
    std::vector<std::size_t> const order = along_payments(passings, n);
    std::vector<std::size_t> rank(n);
    for (std::size_t k = 0; k < n; ++k) rank[order[k]] = k;
    std::stable_sort(passings.begin(), passings.end(),
                     [&](Passing const& a, Passing const& b) { return rank[a.to] < rank[b.to]; });
    std::vector<double> weight(n, 1);
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        double moved = 0, sum = 0;
        for (std::size_t k = 0; k < passings.size();) {
            std::size_t const node = passings[k].to;
            double comes = 0;
            for (; k < passings.size() && passings[k].to == node; ++k)
                comes += weight[passings[k].from] * passings[k].share;
            moved += std::abs(comes - weight[node]);
            sum += comes;
            weight[node] = comes;
        }
        if (moved <= at_rest * sum) return weight;
        for (double& one : weight) one *= static_cast<double>(n) / sum;
    }
    return {};
}

/// Stationary weights, each known to so much; empty where they are not known.
struct Weights {
    std::vector<double> weight, within;
};

/// What passes elsewhere between two visits of one firm, its home, in which a dollar ends.
struct Excursions {
    std::size_t home = 0;
    std::vector<ChainTerm> terms;
    std::vector<double> constant, leak;
};

Excursions excursions(std::vector<Passing> const& passings, std::vector<double> const& paid) {
    Excursions chain;
    chain.home =
        static_cast<std::size_t>(std::max_element(paid.begin(), paid.end()) - paid.begin());
    chain.constant.assign(paid.size(), 0);
    chain.leak.assign(paid.size(), 0);
    chain.leak[chain.home] = 1;
    for (Passing const& passing : passings) {
        if (passing.from == chain.home)
            chain.constant[passing.to] = passing.share;
        else if (passing.to == chain.home)
            chain.leak[passing.from] = passing.share;
        else
            chain.terms.push_back(
                {static_cast<int>(passing.from), static_cast<int>(passing.to), passing.share});
    }
    return chain;
}

/// By node, at least half of how many payments there are before a dollar is home (P h ≤ h − ½ without
/// home): how far a gap in the weights reaches. From the differences of firms in the long run; empty
/// when they are not found, as where blocks hardly pay each other.
std::vector<double> payments_to_home(std::vector<Passing> const& passings, std::size_t home,
                                     std::vector<double> const& weight) {
    std::size_t const n = weight.size();
    double const sum = std::accumulate(weight.begin(), weight.end(), 0.0);
    std::vector<double> far(n, 0), next(n);
    for (int sweep = 1; sweep <= most_sweeps; ++sweep) {
        std::fill(next.begin(), next.end(), 1);
        next[home] = 1 - sum / weight[home];
        for (Passing const& passing : passings)
            next[passing.from] += passing.share * far[passing.to];
        bool enough = sweep % 8 == 0;
        for (std::size_t k = 0; enough && k < n; ++k) {
            double const here = far[k] - far[home];
            enough = k == home || (here - (next[k] - 1 - far[home]) >=
                                   0.5 + rounding * (std::abs(far[k]) + std::abs(far[home])));
        }
        if (enough) {
            double const at_home = far[home];
            for (double& one : far) one -= at_home;
            return far;
        }
        for (std::size_t k = 0; k < n; ++k) far[k] = (far[k] + next[k]) / 2; // so that none swings
    }
    return {};
}

/// Above 1,000 firms: eliminated as far as it stays sparse; else sweeps, if what they came to is
/// certainly near.
Weights large_weights(std::vector<Passing> const& passings, std::vector<double> const& paid) {
    std::size_t const n = paid.size();
    Excursions const chain = excursions(passings, paid);
    if (auto const factors = eliminate_sparse(n, chain.terms, chain.leak)) {
        Weights found{carried(*factors, chain.constant), std::vector<double>(n)};
        found.weight[chain.home] = 1;
        return found;
    }
    Weights found{swept(passings, n), std::vector<double>(n)};
    if (found.weight.empty()) return {};
    double const home = found.weight[chain.home];
    for (double& one : found.weight) one /= home;
    std::vector<double> const far = payments_to_home(passings, chain.home, found.weight);
    if (far.empty()) return {};
    std::vector<double> comes = chain.constant, most_of_one(n, 0);
    for (ChainTerm const& term : chain.terms)
        comes[static_cast<std::size_t>(term.column)] +=
            term.weight * found.weight[static_cast<std::size_t>(term.row)];
    for (Passing const& passing : passings)
        most_of_one[passing.to] = std::max(most_of_one[passing.to], passing.share);
    double lacks = 0;
    for (std::size_t k = 0; k < n; ++k)
        if (k != chain.home)
            lacks +=
                2 * far[k] * (std::abs(comes[k] - found.weight[k]) + rounding * found.weight[k]);
    for (std::size_t k = 0; k < n; ++k) found.within[k] = lacks * most_of_one[k];
    return found;
}

/// What goes round in one component: of each dollar that a node may pay, how many it pays.
struct RoundFlow {
    double sum = 0;            ///< minor units; NaN when it could not be found
    std::vector<double> share; ///< by place in the component: of what it pays there, 0..1
};

/// amounts  by edge of the network, > 0 for those of `edges`
RoundFlow round_flow(Network const& network, std::vector<double> const& amounts,
                     ComponentMembers const& members, std::vector<std::size_t> const& edges,
                     std::size_t n) {
    auto const place = [&](int node) {
        return static_cast<std::size_t>(members.local[static_cast<std::size_t>(node)]);
    };
    std::vector<double> paid(n);
    for (std::size_t const k : edges) paid[place(network.edges[k].from)] += amounts[k];
    std::vector<Passing> passings;
    for (std::size_t const k : edges) {
        Network::Edge const& edge = network.edges[k];
        passings.push_back({place(edge.from), place(edge.to), amounts[k] / paid[place(edge.from)]});
    }
    bool const large = n > most_eliminated;
    auto const [weight, within] = large ? large_weights(passings, paid)
                                        : Weights{eliminated(passings, n), std::vector<double>(n)};
    if (weight.empty()) return {std::numeric_limits<double>::quiet_NaN(), {}};
    double scale = std::numeric_limits<double>::infinity(), sum = 0, least = scale;
    for (std::size_t i = 0; i < n; ++i) {
        scale = std::min(scale, paid[i] / weight[i]);
        least = std::min(least, paid[i] / (weight[i] + within[i]));
        sum += weight[i];
    }
    if (least < scale * (1 - certain_scale)) return {std::numeric_limits<double>::quiet_NaN(), {}};
    RoundFlow flow{scale * sum, {}};
    for (std::size_t i = 0; i < n; ++i) flow.share.push_back(scale * weight[i] / paid[i]);
    return flow;
}

std::vector<double> amounts_of(Network const& network) {
    std::vector<double> amounts;
    for (Network::Edge const& edge : network.edges)
        amounts.push_back(static_cast<double>(edge.amount));
    return amounts;
}

/// Takes what went round away; a payment of which hardly anything is left is used up.
void take_away(RoundFlow const& flow, Network const& network, ComponentMembers const& members,
               std::vector<std::size_t> const& edges, std::vector<double>& amounts) {
    for (std::size_t const k : edges) {
        Network::Edge const& edge = network.edges[k];
        int const place = members.local[static_cast<std::size_t>(edge.from)];
        amounts[k] *= 1 - flow.share[static_cast<std::size_t>(place)];
        if (amounts[k] <= used_up * static_cast<double>(edge.amount)) amounts[k] = 0;
    }
}

/// Edges of which something is left, with their places in the network.
std::pair<Network, std::vector<std::size_t>> what_is_left(Network const& network,
                                                          std::vector<double> const& amounts) {
    std::pair<Network, std::vector<std::size_t>> left;
    left.first.nodes.resize(network.nodes.size());
    for (std::size_t k = 0; k < network.edges.size(); ++k)
        if (amounts[k] > 0) {
            left.first.edges.push_back(network.edges[k]);
            left.second.push_back(k);
        }
    return left;
}

} // namespace

double pro_rata_circulation_usd(Network const& network, OutsideFlows const&) {
    ComponentMembers const members = members_of(network);
    std::vector<double> const amounts = amounts_of(network);
    double sum = 0;
    for (std::size_t number = 0; number < members.nodes.size(); ++number) {
        std::size_t const n = members.nodes[number].size();
        if (n < 2) continue;
        sum += round_flow(network, amounts, members, members.edges[number], n).sum;
    }
    return sum * network.minor_unit;
}

double pro_rata_rounds_usd(Network const& network, OutsideFlows const&) {
    std::vector<double> amounts = amounts_of(network);
    double sum = 0, work = 0;
    for (bool found = true; found;) {
        found = false;
        auto const [left, places] = what_is_left(network, amounts);
        ComponentMembers members = members_of(left);
        for (std::size_t number = 0; number < members.nodes.size(); ++number) {
            std::size_t const n = members.nodes[number].size();
            if (n < 2) continue;
            std::vector<std::size_t>& edges = members.edges[number];
            for (std::size_t& edge : edges) edge = places[edge];
            auto const size = static_cast<double>(n);
            work += n > most_eliminated ? 1e9 : size * size * size / 3;
            if (work > most_round_work) return std::numeric_limits<double>::quiet_NaN();
            RoundFlow const flow = round_flow(network, amounts, members, edges, n);
            sum += flow.sum;
            if (flow.share.empty()) return flow.sum;
            take_away(flow, network, members, edges, amounts);
            found = true;
        }
    }
    return sum * network.minor_unit;
}

} // namespace perpetuum
