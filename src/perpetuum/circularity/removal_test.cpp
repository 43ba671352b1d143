#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using namespace perpetuum;

namespace {

Network three_firms() {
    return network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
}

std::vector<double> near(std::vector<double> values) {
    for (double& value : values) value = std::round(value * 1e9) / 1e9;
    return values;
}

/// Losses handed on round after round, from none upwards.
std::vector<double> lost_by_rounds(Network const& network, OutsideFlows const& outside,
                                   std::size_t removed, SpendingRule rule) {
    std::vector<std::int64_t> const through = throughflows(network, outside);
    std::vector<double> lost(network.nodes.size(), 0), paid(lost.size(), 0);
    for (std::size_t k = 0; k < network.edges.size(); ++k)
        if (k != removed)
            paid[static_cast<std::size_t>(network.edges[k].from)] +=
                static_cast<double>(network.edges[k].amount);
    for (int round = 0; round < 30'000; ++round) {
        std::vector<double> next(lost.size(), 0);
        for (std::size_t k = 0; k < network.edges.size(); ++k) {
            Network::Edge const& edge = network.edges[k];
            auto const from = static_cast<std::size_t>(edge.from);
            auto const amount = static_cast<double>(edge.amount);
            double share = 1;
            if (k != removed && rule == SpendingRule::shared)
                share = lost[from] / static_cast<double>(through[from]);
            if (k != removed && rule == SpendingRule::margin)
                share = std::min(1.0, lost[from] / paid[from]);
            next[static_cast<std::size_t>(edge.to)] += amount * share;
        }
        lost = next;
    }
    return lost;
}

} // namespace

TEST_CASE("without its investment of 10, N sells 0, 8 or 10 less, by what the others do") {
    Network const network = three_firms();
    OutsideFlows const outside{{20, 5, 0}, {22, 0, 3}};
    auto const lost = [&](SpendingRule rule) {
        return near(income_lost(network, outside, {0}, rule));
    };
    CHECK(lost(SpendingRule::reserves) == std::vector<double>{0, 10, 0});
    CHECK(lost(SpendingRule::shared) == std::vector<double>{8, 10, 10});
    CHECK(lost(SpendingRule::margin) == std::vector<double>{10, 10, 10});
    CHECK(max_circulation(network_without(network, {0})).volume == 0);
    CHECK_THROWS_AS(income_lost(network, outside, {3}, SpendingRule::shared), BadInput);
}

TEST_CASE("nobody can pay less than nothing: a loss of 1 stops a ring of 100 that keeps nothing") {
    // c pays a 1; a and b pay each other 100 (a 101 as it got them): each round b gets 1 less.
    Network const network = network_from({"a", "b", "c"}, {{0, 1, 101}, {1, 0, 100}, {2, 0, 1}}, 1);
    std::size_t const from_c = 2;
    OutsideFlows const outside = no_outside_flows(network);
    // All 100 that b pays end, and so do a's 101.
    CHECK(near(income_lost(network, outside, {from_c}, SpendingRule::margin)) ==
          std::vector<double>{101, 101, 0});
    // The same with a billion times the amounts takes no longer.
    std::int64_t const much = 1'000'000'000;
    Network const large =
        network_from({"a", "b", "c"}, {{0, 1, 100 * much + 1}, {1, 0, 100 * much}, {2, 0, 1}}, 1);
    auto const lost = income_lost(large, outside, {from_c}, SpendingRule::margin);
    CHECK(lost[1] == doctest::Approx(100. * 1e9 + 1));
}

TEST_CASE("a firm that is gone takes its income and its purchases with it") {
    Network const network = three_firms();
    std::vector<std::size_t> const of_o{0, 1}; // N pays O, O pays R
    auto const lost =
        near(income_lost(network, no_outside_flows(network), of_o, SpendingRule::shared));
    CHECK(lost == std::vector<double>{12, 10, 15});
}

TEST_CASE("solved at once, losses are what round after round comes to; rules are ordered") {
    std::mt19937 random(11);
    for (int trial = 0; trial < 60; ++trial) {
        unsigned const nodes = 3 + static_cast<unsigned>(trial % 7);
        std::vector<Network::Edge> edges;
        std::vector<std::string> names;
        for (unsigned k = 0; k < nodes; ++k) names.push_back("n" + std::to_string(k));
        for (unsigned k = 0; k < 3 * nodes; ++k)
            edges.push_back({static_cast<int>(random() % nodes), static_cast<int>(random() % nodes),
                             static_cast<std::int64_t>(1 + random() % 50)});
        Network const network = network_from(names, edges, 1);
        OutsideFlows outside = no_outside_flows(network);
        for (auto& flow : outside.in) flow += static_cast<std::int64_t>(random() % 20);
        std::size_t const removed = random() % network.edges.size();
        std::vector<double> before(nodes, 0);
        for (SpendingRule const rule :
             {SpendingRule::reserves, SpendingRule::shared, SpendingRule::margin}) {
            auto const lost = income_lost(network, outside, {removed}, rule);
            for (std::size_t k = 0; k < nodes; ++k) CHECK(lost[k] >= before[k] * (1 - 1e-12));
            before = lost;
            if (rule == SpendingRule::reserves) continue;
            auto const rounds = lost_by_rounds(network, outside, removed, rule);
            for (std::size_t k = 0; k < nodes; ++k)
                CHECK(lost[k] == doctest::Approx(rounds[k]).epsilon(1e-6));
        }
    }
}

TEST_CASE("a thin link drains one ring into another until as much comes back as arrives") {
    // Two rings in which everybody pays the next 3e11; A0 pays B0 1, B0 pays A0 3. Without A1's
    // payment all of A stops, so B0 loses 1; what B lost goes round in it and leaves as 3 of 3e11 a
    // turn: until it has lost a third.
    std::vector<std::string> names;
    std::vector<Network::Edge> edges{{0, 20, 1}, {20, 0, 3}};
    for (int k = 0; k < 40; ++k) {
        names.push_back(std::to_string(k));
        edges.push_back({k, k / 20 * 20 + (k + 1) % 20, 300'000'000'000});
    }
    Network const network = network_from(names, edges, 1);
    std::size_t removed = 0;
    while (network.edges[removed].from != 1) ++removed;
    auto const lost =
        income_lost(network, no_outside_flows(network), {removed}, SpendingRule::margin);
    CHECK(lost[5] == doctest::Approx(3e11).epsilon(1e-9));
    CHECK(lost[25] == doctest::Approx(1e11).epsilon(1e-9));
}
