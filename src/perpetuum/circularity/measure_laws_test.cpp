// Laws that all measures keep, on random networks; and the stylised figures of the research note.
#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string_view>

using namespace perpetuum;

namespace {

unsigned drawn(std::mt19937& random, unsigned bound) {
    return static_cast<unsigned>(random() % bound);
}

Network random_payments(std::mt19937& random, unsigned nodes, unsigned edges) {
    std::vector<Network::Edge> list;
    std::vector<std::string> names;
    for (unsigned k = 0; k < nodes; ++k) names.push_back("n" + std::to_string(k));
    for (unsigned k = 0; k < edges; ++k)
        list.push_back({static_cast<int>(random() % nodes), static_cast<int>(random() % nodes),
                        static_cast<std::int64_t>(1 + random() % 200)});
    return network_from(names, list, 1);
}

} // namespace

TEST_CASE("numbering firms otherwise changes no measure") {
    std::mt19937 random(2);
    for (int trial = 0; trial < 30; ++trial) {
        unsigned const nodes = 3 + drawn(random, 8);
        Network const network = random_payments(random, nodes, 3 * nodes);
        std::vector<int> place(nodes);
        std::iota(place.begin(), place.end(), 0);
        std::shuffle(place.begin(), place.end(), random);
        std::vector<std::string> names(nodes);
        std::vector<Network::Edge> edges;
        for (std::size_t k = 0; k < nodes; ++k)
            names[static_cast<std::size_t>(place[k])] = network.nodes[k];
        for (Network::Edge const& edge : network.edges)
            edges.push_back({place[static_cast<std::size_t>(edge.from)],
                             place[static_cast<std::size_t>(edge.to)], edge.amount});
        Network const renumbered = network_from(names, edges, 1);
        for (Measure const& measure : measures) {
            if (measure.name == std::string_view("loop_erased_usd")) continue; // simulated
            double const a = measure.value(network, no_outside_flows(network));
            double const b = measure.value(renumbered, no_outside_flows(renumbered));
            CAPTURE(measure.name);
            CHECK(std::isnan(a) == std::isnan(b));
            if (!std::isnan(a)) CHECK(a == doctest::Approx(b).epsilon(1e-8));
        }
    }
}

TEST_CASE("pro rata once <= again and again <= maximum circulation; loops within components") {
    std::mt19937 random(4);
    for (int trial = 0; trial < 60; ++trial) {
        unsigned const nodes = 3 + drawn(random, 20);
        Network const network =
            random_payments(random, nodes, 2 * nodes + drawn(random, 2 * nodes));
        OutsideFlows const outside = no_outside_flows(network);
        double const gross = gross_usd(network, outside), slack = 1e-9 * gross;
        double const once = pro_rata_circulation_usd(network, outside);
        double const rounds = pro_rata_rounds_usd(network, outside);
        double const most = max_circulation_usd(network, outside);
        CHECK(once <= rounds + slack);
        CHECK(rounds <= most + slack);
        CHECK(most <= component_flow_usd(network, outside));
        CHECK(component_flow_usd(network, outside) <= gross);
        CHECK(most <= compression_excess_usd(network, outside));
        CHECK((most > 0) == (rounds > 0));
        CHECK((most > 0) == (loop_capacity_usd(network, outside) > 0));
        CHECK(short_loop_circulation_within(network, 3) <= most + slack);
        CHECK(sure_circulation_usd(network, outside) <= most);
        double const hodge = hodge_loop_share(network, outside);
        if (!std::isnan(hodge)) CHECK((hodge > -1e-12 && hodge < 1 + 1e-12));
    }
}

TEST_CASE("in a ring of 10, 15 and 12 the loop current is 37/3: 97.3 % of net flow squared") {
    Network const ring = network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
    OutsideFlows const outside = no_outside_flows(ring);
    CHECK(hodge_loop_share(ring, outside) == doctest::Approx(37. * 37 / 3 / 469));
    CHECK(loop_capacity_usd(ring, outside) == 10);
    CHECK(pro_rata_rounds_usd(ring, outside) == doctest::Approx(30));
    CHECK(finn_cycled_usd(ring, {{20, 5, 0}, {22, 0, 3}}) == doctest::Approx(15.5));
    Network const chain = network_from({"a", "b", "c"}, {{0, 1, 10}, {1, 2, 7}}, 1);
    CHECK(hodge_loop_share(chain, no_outside_flows(chain)) == doctest::Approx(0));
    CHECK(loop_capacity_usd(chain, no_outside_flows(chain)) == 0);
    // Two pairs of equal payments are even in net: no net flow, so no share of it.
    Network const even = network_from({"a", "b"}, {{0, 1, 5}, {1, 0, 5}}, 1);
    CHECK(std::isnan(hodge_loop_share(even, no_outside_flows(even))));
}

TEST_CASE("what pro rata leaves can go round again: 16, then 4 more of a maximum of 20") {
    // a pays b 6 and c 6; b pays a 4, c pays a 10: first 4 each way; then 2 of c's and 2 back.
    Network const network =
        network_from({"a", "b", "c"}, {{0, 1, 6}, {0, 2, 6}, {1, 0, 4}, {2, 0, 10}}, 1);
    OutsideFlows const outside = no_outside_flows(network);
    CHECK(pro_rata_circulation_usd(network, outside) == doctest::Approx(16));
    CHECK(pro_rata_rounds_usd(network, outside) == doctest::Approx(20));
    CHECK(max_circulation_usd(network, outside) == 20);
}

TEST_CASE("diamonds in a ring, a hub and one dense component end, and what is known is right") {
    // 60 diamonds in a ring: 2^60 loops, and everything goes round.
    std::vector<Network::Edge> diamonds;
    for (int k = 0; k < 60; ++k)
        for (int way : {1, 2}) {
            diamonds.push_back({3 * k, 3 * k + way, 5});
            diamonds.push_back({3 * k + way, 3 * ((k + 1) % 60), 5});
        }
    // A hub that gets 3 from each of 2,000 and pays each 2: all 2 come home.
    std::vector<Network::Edge> hub;
    for (int k = 1; k <= 2000; ++k) {
        hub.push_back({k, 0, 3});
        hub.push_back({0, k, 2});
    }
    // 40 firms that all pay each other: each of 780 pairs the same both ways.
    std::vector<Network::Edge> dense;
    for (int a = 0; a < 40; ++a)
        for (int b = 0; b < 40; ++b)
            if (a != b) dense.push_back({a, b, 1 + (a * b) % 7});
    for (auto const& edges : {diamonds, hub, dense}) {
        int nodes = 0;
        for (Network::Edge const& edge : edges) nodes = std::max({nodes, edge.from, edge.to});
        std::vector<std::string> names;
        for (int k = 0; k <= nodes; ++k) names.push_back(std::to_string(k));
        Network const network = network_from(names, edges, 1);
        OutsideFlows const outside = no_outside_flows(network);
        double const most = max_circulation_usd(network, outside);
        if (edges.size() != hub.size()) {
            CHECK(most == gross_usd(network, outside));
        } else {
            CHECK(most == 8000);
        }
        for (Measure const& measure : measures) {
            if (measure.name == std::string_view("loop_erased_usd")) continue; // see its own test
            double const value = measure.value(network, outside);
            CAPTURE(measure.name);
            CHECK((std::isnan(value) || value >= 0));
        }
    }
}

TEST_CASE("of what hardly comes back no digit is lost: 1 of 999,999,999,999 twice makes 2") {
    Network const network = network_from({"a", "b"}, {{0, 1, 999'999'999'999}, {1, 0, 1}}, 1);
    OutsideFlows const outside = no_outside_flows(network);
    CHECK(finn_cycled_usd(network, outside) == doctest::Approx(2).epsilon(1e-14));
    CHECK(own_money_shares(network, outside)[0] ==
          doctest::Approx(1 / 999'999'999'999.).epsilon(1e-14));
}

TEST_CASE("a hub with 1,200 partners is computed, not simulated") {
    // The hub pays each partner 1 and gets 1 back; each also gets 9 from a source and pays 9 on. Of
    // the hub's 1,200 a tenth was there before. A partner's dollar goes to the hub (1/10), from where
    // it is at this partner again with chance u = 1/1200 + 1199/1200 · u/10: u of its 10.
    std::vector<std::string> names{"hub", "source", "drain"};
    std::vector<Network::Edge> edges;
    for (int k = 3; k < 1203; ++k) {
        names.push_back(std::to_string(k));
        edges.insert(edges.end(), {{0, k, 1}, {k, 0, 1}, {1, k, 9}, {k, 2, 9}});
    }
    Network const network = network_from(names, edges, 1);
    Estimate const cycled = finn_cycled_estimate(network, no_outside_flows(network));
    CHECK(cycled.error == 0);
    CHECK(cycled.value == doctest::Approx(120 + 1200 / 1080.1).epsilon(1e-12));
}
