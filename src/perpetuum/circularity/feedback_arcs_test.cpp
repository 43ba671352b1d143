#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>
#include <perpetuum/loops.hpp>

#include <algorithm>
#include <random>

using namespace perpetuum;

namespace {

Network without(Network const& network, std::vector<std::size_t> const& left_out) {
    std::vector<Network::Edge> edges;
    for (std::size_t k = 0; k < network.edges.size(); ++k)
        if (!std::binary_search(left_out.begin(), left_out.end(), k))
            edges.push_back(network.edges[k]);
    return network_from(network.nodes, edges, network.minor_unit);
}

} // namespace

TEST_CASE("without the investment of 10, the triangle is a chain") {
    Network const network = network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
    FeedbackArcs const found = feedback_arcs(network);
    CHECK(found.edges == std::vector<std::size_t>{0});
    CHECK(found.amount == 10);
    CHECK(found.least);
}

TEST_CASE("what is left has no loop; in a small network no cheaper choice would do") {
    std::mt19937 random(29);
    for (int round = 0; round < 80; ++round) {
        unsigned const nodes = round % 2 == 0 ? 5 : 30;
        std::vector<Network::Edge> edges;
        for (unsigned k = 0; k < 2 * nodes; ++k)
            edges.push_back({static_cast<int>(random() % nodes), static_cast<int>(random() % nodes),
                             static_cast<std::int64_t>(1 + random() % 20)});
        std::vector<std::string> names;
        for (unsigned k = 0; k < nodes; ++k) names.push_back(std::to_string(k));
        Network const network = network_from(names, edges, 1);
        FeedbackArcs const found = feedback_arcs(network);
        CHECK(max_circulation(without(network, found.edges)).volume == 0);
        if (nodes > 5) continue;
        REQUIRE(found.least);
        std::int64_t best = found.amount;
        for (std::size_t set = 0; set < std::size_t{1} << network.edges.size(); ++set) {
            std::vector<std::size_t> chosen;
            std::int64_t sum = 0;
            for (std::size_t k = 0; k < network.edges.size(); ++k)
                if (set >> k & 1U) {
                    chosen.push_back(k);
                    sum += network.edges[k].amount;
                }
            if (sum < best && max_circulation(without(network, chosen)).volume == 0) best = sum;
        }
        CHECK(best == found.amount);
    }
}
