/// Measures of a whole network, one function a row of the table.

#include "members.hpp"
#include "sparse_elimination.hpp"

#include <perpetuum/circularity.hpp>
#include <perpetuum/loops.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {

namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_nodes_of_a_component = 1'000;

double share_of(double part, double whole) { return whole > 0 ? part / whole : not_known; }

double gross_units(Network const& network) {
    std::int64_t gross = 0;
    for (Network::Edge const& edge : network.edges) gross += edge.amount;
    return static_cast<double>(gross);
}

/// One component: where a node's money goes inside it (shares of throughflow) and what leaves it.
struct Pocket {
    std::size_t nodes = 0;
    std::vector<ChainTerm> terms;
    std::vector<double> leaving; ///< share of what a node spends that leaves the component
};

/// I − P as two halves of one matrix, row major: above the diagonal the rows of U, below it the
/// factors of L.
struct Factored {
    std::vector<double> matrix;
    std::vector<double> pivot, own; ///< own: 1 − pivot, as a sum
};

/// Elimination without subtraction: a pivot is what still leaves a row, so pockets that hardly leak
/// stay exact.
Factored eliminate(Pocket const& pocket) {
    std::size_t const n = pocket.nodes;
    Factored lu{std::vector<double>(n * n), std::vector<double>(n), std::vector<double>(n)};
    for (ChainTerm const& term : pocket.terms)
        lu.matrix[static_cast<std::size_t>(term.row) * n + static_cast<std::size_t>(term.column)] =
            term.weight;
    std::vector<double> leaving = pocket.leaving;
    for (std::size_t k = 0; k < n; ++k) {
        double const* row = &lu.matrix[k * n];
        lu.pivot[k] = leaving[k];
        for (std::size_t j = k + 1; j < n; ++j) lu.pivot[k] += row[j];
        for (std::size_t i = k + 1; i < n; ++i) {
            double* below = &lu.matrix[i * n];
            if (below[k] == 0) continue;
            below[k] /= lu.pivot[k];
            lu.own[i] += below[k] * row[i];
            for (std::size_t j = k + 1; j < n; ++j)
                if (j != i) below[j] += below[k] * row[j];
            leaving[i] += below[k] * leaving[k];
        }
    }
    return lu;
}

/// The diagonal of the inverse less 1, one pair of triangular solves a node.
std::vector<double> returns_in(Pocket const& pocket) {
    std::size_t const n = pocket.nodes;
    Factored const lu = eliminate(pocket);
    std::vector<double> excess(n), column(n);
    for (std::size_t node = 0; node < n; ++node) {
        std::fill(column.begin(), column.end(), 0);
        column[node] = 1;
        for (std::size_t i = node + 1; i < n; ++i)
            for (std::size_t j = node; j < i; ++j) column[i] += lu.matrix[i * n + j] * column[j];
        for (std::size_t i = n; i-- > node + 1;) { // rows above `node` are not asked for
            for (std::size_t j = i + 1; j < n; ++j) column[i] += lu.matrix[i * n + j] * column[j];
            column[i] /= lu.pivot[i];
        }
        double back = lu.own[node]; // (1 + later) / pivot − 1
        for (std::size_t j = node + 1; j < n; ++j) back += lu.matrix[node * n + j] * column[j];
        excess[node] = back / lu.pivot[node];
    }
    return excess;
}

} // namespace

std::vector<double> own_money_shares(Network const& network, OutsideFlows const& outside) {
    std::vector<std::int64_t> const throughflow = throughflows(network, outside);
    ComponentMembers const members = members_of(network);
    std::vector<double> share(network.nodes.size(), 0);
    for (std::size_t number = 0; number < members.nodes.size(); ++number) {
        Pocket pocket;
        pocket.nodes = members.nodes[number].size();
        if (pocket.nodes < 2) continue;
        std::vector<std::int64_t> left;
        for (int const node : members.nodes[number])
            left.push_back(throughflow[static_cast<std::size_t>(node)]);
        for (std::size_t const k : members.edges[number]) {
            Network::Edge const& edge = network.edges[k];
            int const from = members.local[static_cast<std::size_t>(edge.from)];
            left[static_cast<std::size_t>(from)] -= edge.amount;
            pocket.terms.push_back(
                {from, members.local[static_cast<std::size_t>(edge.to)],
                 static_cast<double>(edge.amount) /
                     static_cast<double>(throughflow[static_cast<std::size_t>(edge.from)])});
        }
        bool closed = true; // decided in whole numbers: a pocket that nothing leaves has no inverse
        for (std::size_t k = 0; k < pocket.nodes; ++k) {
            auto const node = static_cast<std::size_t>(members.nodes[number][k]);
            closed = closed && left[k] == 0;
            pocket.leaving.push_back(static_cast<double>(left[k]) /
                                     static_cast<double>(throughflow[node]));
        }
        std::vector<double> again;
        bool known = true;
        if (!closed && pocket.nodes <= most_nodes_of_a_component) {
            again = returns_in(pocket);
        } else if (!closed) {
            auto const factors = eliminate_sparse(pocket.nodes, pocket.terms, pocket.leaving);
            if (factors) again = returns(*factors);
            known = factors.has_value();
        }
        for (std::size_t k = 0; k < pocket.nodes; ++k)
            share[static_cast<std::size_t>(members.nodes[number][k])] =
                !known   ? not_known
                : closed ? 1
                         : again[k] / (1 + again[k]);
    }
    return share;
}

double gross_usd(Network const& network, OutsideFlows const&) {
    return gross_units(network) * network.minor_unit;
}

double max_circulation_usd(Network const& network, OutsideFlows const&) {
    return static_cast<double>(max_circulation(network).volume) * network.minor_unit;
}

double max_circulation_share(Network const& network, OutsideFlows const&) {
    return share_of(static_cast<double>(max_circulation(network).volume), gross_units(network));
}

namespace {

std::int64_t component_flow(Network const& network) {
    std::vector<int> const component = components(network);
    std::int64_t within = 0;
    for (Network::Edge const& edge : network.edges)
        if (component[static_cast<std::size_t>(edge.from)] ==
            component[static_cast<std::size_t>(edge.to)])
            within += edge.amount;
    return within;
}

} // namespace

double component_flow_usd(Network const& network, OutsideFlows const&) {
    return static_cast<double>(component_flow(network)) * network.minor_unit;
}

double component_share(Network const& network, OutsideFlows const&) {
    return share_of(static_cast<double>(component_flow(network)), gross_units(network));
}

namespace {

/// Minor units of throughflow that have been there before.
Estimate finn_cycled(Network const& network, OutsideFlows const& outside,
                     std::vector<std::int64_t> const& throughflow) {
    std::vector<double> const share = own_money_shares(network, outside);
    double cycled = 0;
    for (std::size_t node = 0; node < share.size(); ++node)
        cycled += static_cast<double>(throughflow[node]) * share[node];
    if (!std::isnan(cycled)) return {cycled, 0};
    LoopErasedVolume const walked = loop_erased_volume(network, outside);
    return {walked.returned, walked.returned_error};
}

} // namespace

Estimate finn_cycled_estimate(Network const& network, OutsideFlows const& outside) {
    Estimate const cycled = finn_cycled(network, outside, throughflows(network, outside));
    return {cycled.value * network.minor_unit, cycled.error * network.minor_unit};
}

double finn_cycled_usd(Network const& network, OutsideFlows const& outside) {
    return finn_cycled_estimate(network, outside).value;
}

Estimate finn_index_estimate(Network const& network, OutsideFlows const& outside) {
    std::vector<std::int64_t> const throughflow = throughflows(network, outside);
    double total = 0;
    for (std::int64_t const through : throughflow) total += static_cast<double>(through);
    Estimate const cycled = finn_cycled(network, outside, throughflow);
    return {share_of(cycled.value, total), share_of(cycled.error, total)};
}

double finn_index(Network const& network, OutsideFlows const& outside) {
    return finn_index_estimate(network, outside).value;
}

} // namespace perpetuum
