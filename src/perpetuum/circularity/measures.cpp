/// Measures of a whole network, one function a row of the table.

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
    std::vector<double> matrix;  ///< nodes × nodes, row major; the diagonal is not used
    std::vector<double> leaving; ///< share of what a node spends that leaves the component
};

/// Elimination without subtraction: a pivot is what still leaves a row, so pockets that hardly leak
/// stay exact. Afterwards the upper half holds the rows of U off the diagonal, the lower half the
/// factors of L.
std::vector<double> eliminate(Pocket& pocket) {
    std::size_t const n = pocket.nodes;
    std::vector<double> pivot(n);
    for (std::size_t k = 0; k < n; ++k) {
        double const* row = &pocket.matrix[k * n];
        pivot[k] = pocket.leaving[k];
        for (std::size_t j = k + 1; j < n; ++j) pivot[k] += row[j];
        for (std::size_t i = k + 1; i < n; ++i) {
            double* below = &pocket.matrix[i * n];
            if (below[k] == 0) continue;
            below[k] /= pivot[k];
            for (std::size_t j = k + 1; j < n; ++j)
                if (j != i) below[j] += below[k] * row[j];
            pocket.leaving[i] += below[k] * pocket.leaving[k];
        }
    }
    return pivot;
}

/// The diagonal of the inverse, one pair of triangular solves a node.
std::vector<double> visits(Pocket pocket) {
    std::size_t const n = pocket.nodes;
    std::vector<double> const pivot = eliminate(pocket);
    std::vector<double> diagonal(n), column(n);
    for (std::size_t node = 0; node < n; ++node) {
        std::fill(column.begin(), column.end(), 0);
        column[node] = 1;
        for (std::size_t i = node + 1; i < n; ++i)
            for (std::size_t j = node; j < i; ++j)
                column[i] += pocket.matrix[i * n + j] * column[j];
        for (std::size_t i = n; i-- > node;) { // rows above `node` are not asked for
            for (std::size_t j = i + 1; j < n; ++j)
                column[i] += pocket.matrix[i * n + j] * column[j];
            column[i] /= pivot[i];
        }
        diagonal[node] = column[node];
    }
    return diagonal;
}

} // namespace

std::vector<double> own_money_shares(Network const& network, OutsideFlows const& outside) {
    std::vector<std::int64_t> const throughflow = throughflows(network, outside);
    std::vector<int> const component = components(network);
    std::vector<std::vector<std::size_t>> members(network.nodes.size());
    std::vector<std::size_t> local(network.nodes.size());
    for (std::size_t node = 0; node < component.size(); ++node) {
        auto& group = members[static_cast<std::size_t>(component[node])];
        local[node] = group.size();
        group.push_back(node);
    }
    std::vector<Pocket> pockets(members.size());
    std::vector<std::int64_t> inner_out(network.nodes.size());
    for (std::size_t number = 0; number < members.size(); ++number) {
        std::size_t const n = members[number].size();
        pockets[number].nodes = n;
        if (n < 2 || n > most_nodes_of_a_component) continue;
        pockets[number].matrix.assign(n * n, 0);
    }
    for (Network::Edge const& edge : network.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        if (component[from] != component[to]) continue;
        inner_out[from] += edge.amount;
        Pocket& pocket = pockets[static_cast<std::size_t>(component[from])];
        if (pocket.matrix.empty()) continue;
        pocket.matrix[local[from] * pocket.nodes + local[to]] =
            static_cast<double>(edge.amount) / static_cast<double>(throughflow[from]);
    }
    std::vector<double> share(network.nodes.size(), 0);
    for (std::size_t number = 0; number < members.size(); ++number) {
        Pocket& pocket = pockets[number];
        if (pocket.nodes < 2) continue;
        bool closed = true; // decided in whole numbers: a pocket that nothing leaves has no inverse
        for (std::size_t const node : members[number]) {
            std::int64_t const left = throughflow[node] - inner_out[node];
            closed = closed && left == 0;
            pocket.leaving.push_back(static_cast<double>(left) /
                                     static_cast<double>(throughflow[node]));
        }
        bool const too_many = pocket.nodes > most_nodes_of_a_component;
        std::vector<double> const times =
            closed || too_many ? std::vector<double>() : visits(std::move(pocket));
        for (std::size_t const node : members[number])
            share[node] = too_many ? not_known : closed ? 1 : 1 - 1 / times[local[node]];
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
double finn_cycled(Network const& network, OutsideFlows const& outside,
                   std::vector<std::int64_t> const& throughflow) {
    std::vector<double> const share = own_money_shares(network, outside);
    double cycled = 0;
    for (std::size_t node = 0; node < share.size(); ++node)
        cycled += static_cast<double>(throughflow[node]) * share[node];
    return std::isnan(cycled) ? loop_erased_volume(network, outside).returned : cycled;
}

} // namespace

double finn_cycled_usd(Network const& network, OutsideFlows const& outside) {
    return finn_cycled(network, outside, throughflows(network, outside)) * network.minor_unit;
}

double finn_index(Network const& network, OutsideFlows const& outside) {
    std::vector<std::int64_t> const throughflow = throughflows(network, outside);
    double total = 0;
    for (std::int64_t const through : throughflow) total += static_cast<double>(through);
    return share_of(finn_cycled(network, outside, throughflow), total);
}

} // namespace perpetuum
