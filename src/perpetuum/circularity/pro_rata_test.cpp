#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <cmath>
#include <random>
#include <string>
#include <vector>

using namespace perpetuum;

TEST_CASE("with no choice of payees, pro rata is the loop itself: 3 times 10") {
    Network const network = network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
    CHECK(pro_rata_circulation_usd(network, no_outside_flows(network)) == doctest::Approx(30));
}

TEST_CASE("who pays two payees alike sends half round each way") {
    // a pays b 6 and c 6; b pays a 4, c pays a 10. Half of a's p goes to b, who passes on at most
    // 4: p = 8, b 4, c 4, so 16 go round. The most that can is 2 · 4 + 2 · 6 = 20.
    Network const network =
        network_from({"a", "b", "c"}, {{0, 1, 6}, {0, 2, 6}, {1, 0, 4}, {2, 0, 10}}, 1);
    OutsideFlows const outside = no_outside_flows(network);
    CHECK(pro_rata_circulation_usd(network, outside) == doctest::Approx(16));
    CHECK(max_circulation_usd(network, outside) == 20);
}

TEST_CASE("a chain sends nothing round, and pro rata never exceeds the maximum circulation") {
    Network const chain = network_from({"a", "b", "c"}, {{0, 1, 5}, {1, 2, 5}}, 1);
    CHECK(pro_rata_circulation_usd(chain, no_outside_flows(chain)) == 0);
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        std::vector<Network::Edge> edges;
        for (int k = 0; k < 20; ++k)
            edges.push_back({static_cast<int>(random() % 8), static_cast<int>(random() % 8),
                             static_cast<std::int64_t>(1 + random() % 90)});
        Network const network = network_from({"a", "b", "c", "d", "e", "f", "g", "h"}, edges, 1);
        OutsideFlows const outside = no_outside_flows(network);
        CHECK(pro_rata_circulation_usd(network, outside) <=
              max_circulation_usd(network, outside) * (1 + 1e-12));
    }
}

TEST_CASE("sweeps of a large component find what is known: a ring, and shares that halve") {
    // 1,200 firms in a ring, numbered against the direction of the money; every second one also
    // pays its payee's payee. The stationary flow through firm k is known from one pass.
    int const firms = 1'200;
    std::vector<std::string> names;
    std::vector<Network::Edge> edges;
    for (int k = 0; k < firms; ++k) {
        names.push_back(std::to_string(k));
        edges.push_back({k, (k + firms - 1) % firms, 30});
        if (k % 2 == 0) edges.push_back({k, (k + firms - 2) % firms, 30});
    }
    Network const network = network_from(names, edges, 1);
    // Of what reaches an even firm half skips the odd one: even firms carry 1, odd ones 1/2. Even
    // ones are used up last: they could pay 60, odd ones 30, so both at once: 600 · 60 + 600 · 30.
    CHECK(pro_rata_circulation_usd(network, no_outside_flows(network)) == doctest::Approx(54'000));
}

TEST_CASE("thin links between two rings decide how much goes round in each") {
    // Everybody in a ring of 600 pays the next 3e12; A0 also pays B0 1, B0 pays A0 3. As much must
    // come back as goes: the ring B turns a third as much as A. 600 · 3e12 · 4/3.
    std::vector<std::string> names;
    std::vector<Network::Edge> edges{{0, 600, 1}, {600, 0, 3}};
    for (int k = 0; k < 1200; ++k) {
        names.push_back(std::to_string(k));
        edges.push_back({k, k / 600 * 600 + (k + 1) % 600, 3'000'000'000'000});
    }
    Network const network = network_from(names, edges, 1);
    CHECK(pro_rata_circulation_usd(network, no_outside_flows(network)) ==
          doctest::Approx(2.4e15).epsilon(1e-9));
}

TEST_CASE(
    "where elimination fills up, sweeps count if they are certainly near, else nothing does") {
    // Each of 1,100 pays 5 to 40 others and gets as much: all goes round. Two such blocks with thin
    // links of unequal size: sweeps come to rest, at the wrong place.
    std::mt19937 random(3);
    std::vector<std::string> names;
    std::vector<Network::Edge> one, two{{0, 1100, 1}, {1100, 0, 3}};
    for (int k = 0; k < 2200; ++k) names.push_back(std::to_string(k));
    for (int payee = 0; payee < 40; ++payee) {
        int const away = 1 + static_cast<int>(random() % 1099);
        for (int k = 0; k < 1100; ++k) {
            one.push_back({k, (k + away) % 1100, 5});
            two.push_back({k, (k + away) % 1100, 5'000'000'000'000});
            two.push_back({1100 + k, 1100 + (k + away) % 1100, 5'000'000'000'000});
        }
    }
    Network const block = network_from(names, one, 1), both = network_from(names, two, 1);
    CHECK(pro_rata_circulation_usd(block, no_outside_flows(block)) ==
          doctest::Approx(gross_usd(block, no_outside_flows(block))).epsilon(1e-9));
    CHECK(std::isnan(pro_rata_circulation_usd(both, no_outside_flows(both))));
}
