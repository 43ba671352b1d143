#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>
#include <perpetuum/loops.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

using namespace perpetuum;

namespace {

Network ono_network() {
    return network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
}
OutsideFlows ono_outside() { return {{20, 5, 0}, {0, 0, 0}}; }

struct GraphRandom { // Knuth's MMIX generator
    std::uint64_t state;
    int below(int bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(bound));
    }
};

Network random_graph(GraphRandom& random, int nodes, int edges, int most) {
    std::vector<std::string> names;
    for (int a = 0; a < nodes; ++a) names.push_back("n" + std::to_string(a));
    std::vector<Network::Edge> list;
    for (int k = 0; k < edges; ++k)
        list.push_back({random.below(nodes), random.below(nodes), 1 + random.below(most)});
    return network_from(names, list);
}

/// The plain way: cancel any cycle that still raises the volume (Bellman–Ford on what is left),
/// until there is none.
std::int64_t volume_by_cancelling(Network const& network) {
    struct Arc {
        int from, to;
        std::int64_t left;
        int cost;
    };
    std::vector<Arc> arcs;
    for (Network::Edge const& edge : network.edges) {
        arcs.push_back({edge.from, edge.to, edge.amount, -1});
        arcs.push_back({edge.to, edge.from, 0, 1});
    }
    std::size_t const nodes = network.nodes.size();
    for (;;) {
        std::vector<std::int64_t> distance(nodes, 0);
        std::vector<int> reached_by(nodes, -1);
        int changed = -1;
        for (std::size_t round = 0; round < nodes; ++round) {
            changed = -1;
            for (std::size_t k = 0; k < arcs.size(); ++k) {
                auto const from = static_cast<std::size_t>(arcs[k].from);
                auto const to = static_cast<std::size_t>(arcs[k].to);
                if (arcs[k].left == 0 || distance[from] + arcs[k].cost >= distance[to]) continue;
                distance[to] = distance[from] + arcs[k].cost;
                reached_by[to] = static_cast<int>(k);
                changed = arcs[k].to;
            }
        }
        if (changed < 0) break;
        auto const before = [&](int node) { return reached_by[static_cast<std::size_t>(node)]; };
        for (std::size_t k = 0; k < nodes; ++k)
            changed = arcs[static_cast<std::size_t>(before(changed))].from;
        std::vector<std::size_t> cycle;
        std::int64_t room = INT64_MAX;
        int node = changed;
        do {
            auto const arc = static_cast<std::size_t>(before(node));
            cycle.push_back(arc);
            room = std::min(room, arcs[arc].left);
            node = arcs[arc].from;
        } while (node != changed);
        for (std::size_t const arc : cycle) {
            arcs[arc].left -= room;
            arcs[arc ^ 1U].left += room;
        }
    }
    std::int64_t volume = 0;
    for (std::size_t k = 1; k < arcs.size(); k += 2) volume += arcs[k].left;
    return volume;
}

} // namespace

TEST_CASE("of the 37 that three firms pay each other, 30 can be going round") {
    Circulation const most = max_circulation(ono_network());
    CHECK(most.volume == 30);
    CHECK(most.gross == 37);
    CHECK(most.flow == std::vector<std::int64_t>{10, 10, 10});
    CHECK(certified(ono_network(), most));
}

TEST_CASE("an outside node would make every dollar circular, which is why there is none") {
    Network const closed = network_from(
        {"N", "O", "R", "C"},
        {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}, {3, 1, 5}, {3, 0, 20}, {0, 3, 22}, {2, 3, 3}});
    CHECK(max_circulation(closed).volume == 87);
}

TEST_CASE("a smaller circulation, or floors that prove less, is not certified") {
    Circulation none;
    none.flow = none.level = {0, 0, 0};
    CHECK_FALSE(certified(ono_network(), none));
    Circulation most = max_circulation(ono_network());
    most.flow[0] = 9;
    CHECK_FALSE(certified(ono_network(), most));
    most = max_circulation(ono_network());
    most.level = {0, 5, 1};
    CHECK_FALSE(certified(ono_network(), most));
}

TEST_CASE("the kernel and the plain way agree, and every answer carries its certificate") {
    GraphRandom random{3};
    for (int trial = 0; trial < 400; ++trial) {
        int const nodes = 2 + random.below(9);
        Network const network =
            random_graph(random, nodes, random.below(5 * nodes), trial % 2 ? 5 : 1000);
        Circulation const most = max_circulation(network);
        CHECK(most.volume == volume_by_cancelling(network));
        CHECK(certified(network, most));
    }
}

TEST_CASE("the largest loop times its length never exceeds the maximum circulation, nor that the "
          "components' payments") {
    GraphRandom random{4};
    for (int trial = 0; trial < 100; ++trial) {
        Network const network = random_graph(random, 8, 24, 50);
        Circulation const most = max_circulation(network);
        for (Loop const& loop : find_loops(network).found)
            CHECK(loop.bottleneck * static_cast<std::int64_t>(loop.nodes.size()) <= most.volume);
        double const volume = static_cast<double>(most.volume) * network.minor_unit;
        CHECK(volume <= component_share(network, no_outside_flows(network)) *
                                gross_usd(network, no_outside_flows(network)) +
                            1e-9);
        CHECK(volume <= compression_excess_usd(network, no_outside_flows(network)) + 1e-9);
    }
}

TEST_CASE("a year circulates at least what its quarters do") {
    GraphRandom random{5};
    for (int trial = 0; trial < 50; ++trial) {
        Network const a = random_graph(random, 6, 15, 20), b = random_graph(random, 6, 15, 20);
        std::vector<Network::Edge> both = a.edges;
        both.insert(both.end(), b.edges.begin(), b.edges.end());
        CHECK(max_circulation(network_from(a.nodes, both)).volume >=
              max_circulation(a).volume + max_circulation(b).volume);
    }
}

TEST_CASE("30,000 payments among 3,000 firms are solved and proved at once") {
    GraphRandom random{6};
    Network const network = random_graph(random, 3000, 30'000, 1'000'000);
    Circulation const most = max_circulation(network);
    CHECK(certified(network, most));
    CHECK(most.volume > 0);
    CHECK(most.volume < most.gross);
}

TEST_CASE("the measures of the worked example are those of the research note") {
    Network const network = ono_network();
    OutsideFlows const outside = ono_outside();
    std::map<std::string, double> value;
    for (Measure const& measure : measures) value[measure.name] = measure.value(network, outside);
    CHECK(value["gross_usd"] == 37);
    CHECK(value["max_circulation_usd"] == 30);
    CHECK(value["max_circulation_share"] == doctest::Approx(30. / 37));
    CHECK(value["component_share"] == 1);
    CHECK(value["compression_excess_usd"] == 32);
    CHECK(value["finn_index"] == doctest::Approx(0.25).epsilon(1e-14));
    for (double const share : own_money_shares(network, outside))
        CHECK(share == doctest::Approx(0.25).epsilon(1e-14));
}

TEST_CASE("money in a pocket that nothing leaves has all been there before; in a chain none has") {
    Network const pocket = network_from({"a", "b"}, {{0, 1, 7}, {1, 0, 7}}, 1);
    CHECK(own_money_shares(pocket, no_outside_flows(pocket)) == std::vector<double>{1, 1});
    CHECK(finn_index(pocket, no_outside_flows(pocket)) == 1);
    Network const chain = network_from({"a", "b"}, {{0, 1, 7}}, 1);
    CHECK(own_money_shares(chain, no_outside_flows(chain)) == std::vector<double>{0, 0});
    CHECK(finn_index(chain, no_outside_flows(chain)) == 0);
}

TEST_CASE("a network without payments has no shares, and says so") {
    Network const empty = network_from({"a"}, {}, 1);
    CHECK(max_circulation(empty).volume == 0);
    CHECK(finn_index(empty, no_outside_flows(empty)) != finn_index(empty, no_outside_flows(empty)));
    CHECK(max_circulation_share(empty, no_outside_flows(empty)) !=
          max_circulation_share(empty, no_outside_flows(empty)));
}
