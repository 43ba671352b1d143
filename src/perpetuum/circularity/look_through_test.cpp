#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <cmath>
#include <random>

using namespace perpetuum;

namespace {

Network triangle() {
    return network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
}
OutsideFlows outside_of_triangle() { return {{20, 5, 0}, {22, 0, 3}}; }

Network random_looked_at(std::mt19937& random, int nodes) {
    std::vector<Network::Edge> edges;
    std::vector<std::string> names;
    for (int k = 0; k < nodes; ++k) names.push_back("n" + std::to_string(k));
    for (int k = 0; k < 3 * nodes; ++k)
        edges.push_back({static_cast<int>(random() % static_cast<unsigned>(nodes)),
                         static_cast<int>(random() % static_cast<unsigned>(nodes)),
                         static_cast<std::int64_t>(1 + random() % 100)});
    return network_from(names, edges, 1);
}

/// Round by round: what payers' money is made of, from nothing upwards.
std::vector<double> mix_by_rounds(Network const& network, OutsideFlows const& outside,
                                  std::vector<int> const& funders) {
    std::vector<std::int64_t> const through = throughflows(network, outside);
    std::vector<double> mix(network.nodes.size(), 0);
    for (int round = 0; round < 20'000; ++round) {
        for (int const funder : funders) mix[static_cast<std::size_t>(funder)] = 1;
        std::vector<double> next(mix.size(), 0);
        for (Network::Edge const& edge : network.edges)
            next[static_cast<std::size_t>(edge.to)] +=
                static_cast<double>(edge.amount) * mix[static_cast<std::size_t>(edge.from)];
        for (std::size_t k = 0; k < next.size(); ++k)
            mix[k] = through[k] > 0 ? next[k] / static_cast<double>(through[k]) : 0;
    }
    for (int const funder : funders) mix[static_cast<std::size_t>(funder)] = 1;
    return mix;
}

} // namespace

TEST_CASE("of the 12 that R pays N, 8 were N's: two thirds of what O spent was its investment") {
    LookThrough const found = look_through(triangle(), outside_of_triangle(), {0});
    CHECK(found.received == std::vector<std::int64_t>{12, 10, 15});
    CHECK(found.funded[0] == doctest::Approx(8));
    CHECK(found.funded[1] == doctest::Approx(10));
    CHECK(found.funded[2] == doctest::Approx(10));
    CHECK(found.mix[0] == 1);
    CHECK(found.mix[1] == doctest::Approx(2. / 3));
}

TEST_CASE("two funders' money adds up where neither gets the other's") {
    // a and b put 30 and 10 into c, which pays d 20 of its 40.
    Network const network =
        network_from({"a", "b", "c", "d"}, {{0, 2, 30}, {1, 2, 10}, {2, 3, 20}}, 1);
    OutsideFlows const outside = no_outside_flows(network);
    CHECK(look_through(network, outside, {0}).funded[3] == 15);
    CHECK(look_through(network, outside, {1}).funded[3] == 5);
    CHECK(look_through(network, outside, {0, 1}).funded[3] == 20);
    CHECK(look_through(network, outside, {}).funded[3] == 0);
}

TEST_CASE("a ring that nothing enters holds nobody's money but its own") {
    Network const network =
        network_from({"a", "b", "c", "d"}, {{0, 1, 5}, {1, 0, 5}, {2, 3, 5}, {3, 2, 5}}, 1);
    LookThrough const found = look_through(network, no_outside_flows(network), {0});
    CHECK(found.funded == std::vector<double>{5, 5, 0, 0});
}

TEST_CASE("elimination and following round by round find the same mixes") {
    std::mt19937 random(7);
    for (int trial = 0; trial < 40; ++trial) {
        Network const network = random_looked_at(random, 4 + trial % 9);
        OutsideFlows outside = no_outside_flows(network);
        for (auto& flow : outside.in) flow += 20;
        std::vector<int> const funders{0, 2};
        LookThrough const found = look_through(network, outside, funders);
        std::vector<double> const rounds = mix_by_rounds(network, outside, funders);
        for (std::size_t k = 0; k < rounds.size(); ++k) {
            CHECK(found.mix[k] == doctest::Approx(rounds[k]).epsilon(1e-9));
            CHECK(found.funded[k] <= static_cast<double>(found.received[k]) * (1 + 1e-12));
        }
    }
}

TEST_CASE("a component of 1,500 nodes is swept to what is known") {
    // A ring with one funder that puts in 1 where 9 go round: a tenth of what its payee pays is his,
    // and as nothing leaks on the way so is that of everybody else.
    std::vector<Network::Edge> edges;
    std::vector<std::string> names;
    for (int k = 0; k < 1500; ++k) {
        edges.push_back({k, (k + 1) % 1500, k == 1499 ? 9 : 10});
        names.push_back(std::to_string(k));
    }
    names.push_back("funder");
    edges.push_back({1500, 0, 1});
    Network const network = network_from(names, edges, 1);
    LookThrough const found = look_through(network, no_outside_flows(network), {1500});
    CHECK(found.mix[0] == doctest::Approx(1).epsilon(1e-9)); // in the end all of it came from him
    OutsideFlows outside = no_outside_flows(network);
    outside.in[0] = 10; // now half of what node 0 handles comes from outside
    outside.out[0] = 10;
    double const once = 1. / 20 / (1 - 9. / 20);
    CHECK(look_through(network, outside, {1500}).mix[700] == doctest::Approx(once).epsilon(1e-12));
}

TEST_CASE("a dollar put in at N makes 13/6 of turnover, 4/3 of it at N") {
    std::vector<double> const times = turnover_multipliers(triangle(), outside_of_triangle());
    CHECK(times[0] == doctest::Approx(13. / 6));
    // At O: 4/3 there and at R, 4/3 · 12/15 at N.
    CHECK(times[1] == doctest::Approx(4. / 3 * (2 + 12. / 15)));
    // Passing on half of it each time: 1 + 1/2 · 10/32 · (1 + 1/2 + 1/4 · 12/15 …) by hand at N:
    double const loop = 10. / 32 * 12. / 15 / 8;
    CHECK(turnover_multipliers(triangle(), outside_of_triangle(), 0.5)[0] ==
          doctest::Approx((1 + 10. / 64 + 10. / 128) / (1 - loop)));
    Network const ring = network_from({"a", "b"}, {{0, 1, 5}, {1, 0, 5}}, 1);
    CHECK(std::isinf(turnover_multipliers(ring, no_outside_flows(ring))[0]));
    CHECK(turnover_multipliers(ring, no_outside_flows(ring), 0.5)[0] == doctest::Approx(2));
    CHECK_THROWS_AS(turnover_multipliers(ring, no_outside_flows(ring), 0), BadInput);
    CHECK_THROWS_AS(look_through(ring, no_outside_flows(ring), {2}), BadInput);
}
