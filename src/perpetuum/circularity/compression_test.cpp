#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <random>

using namespace perpetuum;

namespace {

std::vector<std::int64_t> nets(Network const& network) {
    std::vector<std::int64_t> net(network.nodes.size());
    for (Network::Edge const& edge : network.edges) {
        net[static_cast<std::size_t>(edge.from)] += edge.amount;
        net[static_cast<std::size_t>(edge.to)] -= edge.amount;
    }
    return net;
}

std::int64_t gross(Network const& network) {
    std::int64_t sum = 0;
    for (Network::Edge const& edge : network.edges) sum += edge.amount;
    return sum;
}

} // namespace

TEST_CASE(
    "four firms of D'Errico and Roukny: gross 45, excess 20; 30 are left without new ties, 25 "
    "with them") {
    // A owes C 20, D owes C 10, C owes B 10, B owes A 5: the loop A, C, B carries 5.
    Network const network =
        network_from({"A", "B", "C", "D"}, {{0, 2, 20}, {3, 2, 10}, {2, 1, 10}, {1, 0, 5}}, 1);
    OutsideFlows const outside = no_outside_flows(network);
    CHECK(nets(network) == std::vector<std::int64_t>{15, -5, -20, 10});
    CHECK(gross_usd(network, outside) == 45);
    CHECK(compression_excess_usd(network, outside) == 20);
    CHECK(compression_conservative_usd(network, outside) == 15);
    CHECK(compression_bilateral_usd(network, outside) == 0);
    Network const rest = compressed_conservative(network, max_circulation(network));
    CHECK(gross(rest) == 30);
    REQUIRE(rest.edges.size() == 3); // B owes A nothing any more
    CHECK(rest.edges[0].amount == 15);
    CHECK(rest.edges[1].amount == 5);
    CHECK(rest.edges[2].amount == 10);
    CHECK(gross(compressed_non_conservative(network)) == 25);
}

TEST_CASE("two who owe each other 7 and 3 tear up 3 each") {
    Network const network = network_from({"a", "b"}, {{0, 1, 7}, {1, 0, 3}}, 1);
    CHECK(compression_bilateral_usd(network, no_outside_flows(network)) == 6);
    CHECK(compression_conservative_usd(network, no_outside_flows(network)) == 6);
}

TEST_CASE("compression keeps all net positions: bilateral <= conservative <= non-conservative") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        int const nodes = 2 + static_cast<int>(random() % 9);
        std::vector<Network::Edge> edges;
        for (int k = 0; k < 25; ++k) {
            int const from = static_cast<int>(random() % static_cast<unsigned>(nodes));
            int const to = static_cast<int>(random() % static_cast<unsigned>(nodes));
            edges.push_back({from, to, static_cast<std::int64_t>(1 + random() % 50)});
        }
        std::vector<std::string> names;
        for (int k = 0; k < nodes; ++k) names.push_back(std::to_string(k));
        Network const network = network_from(names, edges, 1);
        OutsideFlows const outside = no_outside_flows(network);
        Network const tight = compressed_conservative(network, max_circulation(network));
        Network const free = compressed_non_conservative(network);
        CHECK(nets(tight) == nets(network));
        CHECK(nets(free) == nets(network));
        double const conservative = compression_conservative_usd(network, outside);
        CHECK(gross(network) - gross(tight) == conservative);
        CHECK(gross(network) - gross(free) == compression_excess_usd(network, outside));
        CHECK(compression_bilateral_usd(network, outside) <= conservative);
        CHECK(conservative <= compression_excess_usd(network, outside));
        CHECK(free.edges.size() < static_cast<std::size_t>(nodes));
        CHECK(max_circulation(tight).volume == 0);
    }
}
