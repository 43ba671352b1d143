// Finn's index of three ecosystems as distributed with the R package enaR (SEELab/enaR, data/enaModels.rda), beside the values that an
// inverse of their flow matrices gives; other people's flows, and the oldest use of the measure.
#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <cmath>

using namespace perpetuum;

namespace {

struct Ecosystem {
    std::vector<std::vector<double>> flows; ///< from row to column
    std::vector<double> in;                 ///< from outside
};

/// Σ T (1 − 1/N_ii) / Σ T with T what comes in. A flow of a node to itself goes by way of a node of its
/// own, which does not count.
double finn_index_of(Ecosystem const& system) {
    std::size_t const nodes = system.flows.size();
    auto const units = [](double flow) { return std::llround(flow * 1e4); };
    std::vector<std::string> names;
    std::vector<Network::Edge> edges;
    for (std::size_t k = 0; k < nodes; ++k) names.push_back("n" + std::to_string(k));
    for (std::size_t i = 0; i < nodes; ++i)
        for (std::size_t j = 0; j < nodes; ++j) {
            std::int64_t const amount = units(system.flows[i][j]);
            int const from = static_cast<int>(i), to = static_cast<int>(j);
            if (amount == 0) continue;
            if (i != j) {
                edges.push_back({from, to, amount});
                continue;
            }
            int const by_way = static_cast<int>(names.size());
            names.push_back("self" + std::to_string(i));
            edges.push_back({from, by_way, amount});
            edges.push_back({by_way, to, amount});
        }
    Network const network = network_from(names, edges, 1e-4);
    OutsideFlows outside = no_outside_flows(network);
    std::vector<std::int64_t> paid(names.size(), 0), got(names.size(), 0);
    for (Network::Edge const& edge : network.edges) {
        paid[static_cast<std::size_t>(edge.from)] += edge.amount;
        got[static_cast<std::size_t>(edge.to)] += edge.amount;
    }
    for (std::size_t k = 0; k < names.size(); ++k) {
        if (k < nodes) outside.in[k] = units(system.in[k]);
        outside.out[k] = got[k] + outside.in[k] - paid[k]; // what is left leaves
    }
    std::vector<std::int64_t> const through = throughflows(network, outside);
    std::vector<double> const share = own_money_shares(network, outside);
    double cycled = 0, total = 0;
    for (std::size_t k = 0; k < nodes; ++k) {
        cycled += static_cast<double>(through[k]) * share[k];
        total += static_cast<double>(through[k]);
    }
    return cycled / total;
}

} // namespace

TEST_CASE("of Cone Spring's throughflow 9.19 % has been there before") {
    Ecosystem const cone_spring{{{0, 0, 0, 0, 8881},
                                 {0, 0, 75, 0, 1600},
                                 {0, 0, 0, 370, 200},
                                 {0, 0, 0, 0, 167},
                                 {0, 5205, 2309, 0, 0}},
                                {11184, 0, 0, 0, 635}};
    CHECK(std::abs(finn_index_of(cone_spring) - 0.09193898934) < 1e-11);
}

TEST_CASE("of Lake Wingra's 40.49 %, with zooplankton that eat zooplankton") {
    Ecosystem const wingra{{{21.3, 0, 6.6, 0, 2.5},
                            {0, 0, 0.6, 0, 28.7},
                            {0, 0, 0, 0, 1.5},
                            {52.2, 0, 0, 0, 560},
                            {0, 34.9, 0, 330, 0}},
                           {4.9, 0, 0, 474, 0}};
    CHECK(std::abs(finn_index_of(wingra) - 0.4048781802) < 1e-10);
}

TEST_CASE("of an oyster reef's 11.02 %; its books are off by 0.0005 and what is left leaves") {
    Ecosystem const reef{{{0, 0, 0, 0, 0.5135, 15.791},
                          {0, 0, 1.206, 1.206, 0, 0},
                          {0, 0, 0, 0.6609, 0, 4.2403},
                          {0, 0, 0, 0, 0.1721, 1.9076},
                          {0, 0, 0, 0, 0, 0.3262},
                          {0, 8.1721, 7.2745, 0.6431, 0, 0}},
                         {41.47, 0, 0, 0, 0, 0}};
    CHECK(std::abs(finn_index_of(reef) - 0.1101686088) < 1e-10);
}
