/// Pro-rata circulation: inside each component, the flow of money of which everybody passes on all
/// that comes in, alike to all payees, scaled until the first firm has paid all it paid. Stationary
/// flow by elimination without subtraction (Grassmann, Taksar & Heyman 1985).

#include "members.hpp"

#include <perpetuum/circularity.hpp>

#include <limits>

namespace perpetuum {

namespace {

constexpr std::size_t most_pro_rata_nodes = 1'000;

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

/// Minor units that go round in one component of n nodes.
double round_flow(Network const& network, ComponentMembers const& members,
                  std::vector<std::size_t> const& edges, std::size_t n) {
    auto const place = [&](int node) {
        return static_cast<std::size_t>(members.local[static_cast<std::size_t>(node)]);
    };
    std::vector<double> matrix(n * n), paid(n);
    for (std::size_t const k : edges)
        paid[place(network.edges[k].from)] += static_cast<double>(network.edges[k].amount);
    for (std::size_t const k : edges) {
        Network::Edge const& edge = network.edges[k];
        matrix[place(edge.from) * n + place(edge.to)] =
            static_cast<double>(edge.amount) / paid[place(edge.from)];
    }
    std::vector<double> const weight = stationary(matrix, n);
    double scale = std::numeric_limits<double>::infinity(), sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        scale = std::min(scale, paid[i] / weight[i]);
        sum += weight[i];
    }
    return scale * sum;
}

} // namespace

double pro_rata_circulation_usd(Network const& network, OutsideFlows const&) {
    ComponentMembers const members = members_of(network);
    double sum = 0;
    for (std::size_t number = 0; number < members.nodes.size(); ++number) {
        std::size_t const n = members.nodes[number].size();
        if (n < 2) continue;
        if (n > most_pro_rata_nodes) return std::numeric_limits<double>::quiet_NaN();
        sum += round_flow(network, members, members.edges[number], n);
    }
    return sum * network.minor_unit;
}

} // namespace perpetuum
