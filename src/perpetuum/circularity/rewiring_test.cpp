#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <cmath>
#include <random>
#include <string>

using namespace perpetuum;

namespace {

struct Strengths {
    std::vector<std::int64_t> paid, got;
    bool operator==(Strengths const&) const = default;
};

Strengths strengths_of(Network const& network) {
    Strengths strengths{std::vector<std::int64_t>(network.nodes.size()),
                        std::vector<std::int64_t>(network.nodes.size())};
    for (Network::Edge const& edge : network.edges) {
        strengths.paid[static_cast<std::size_t>(edge.from)] += edge.amount;
        strengths.got[static_cast<std::size_t>(edge.to)] += edge.amount;
    }
    return strengths;
}

std::vector<std::string> names_of(int count) {
    std::vector<std::string> names;
    for (int k = 0; k < count; ++k) names.push_back(std::to_string(k));
    return names;
}

Measure const& measure_named(std::string_view name) {
    for (Measure const& measure : measures)
        if (measure.name == name) return measure;
    throw BadInput{"no such measure"};
}

/// Rings of three, and three pairs of whom one pays the other for each.
Network rings(int count) {
    std::vector<Network::Edge> edges;
    for (int k = 0; k < count; ++k)
        for (int leg = 0; leg < 3; ++leg) edges.push_back({3 * k + leg, 3 * k + (leg + 1) % 3, 10});
    for (int k = 0; k < 3 * count; ++k) edges.push_back({3 * count + k, 6 * count + k, 10});
    return network_from(names_of(9 * count), edges, 1);
}

} // namespace

TEST_CASE("a rewired network keeps what everybody pays and gets, and nobody pays itself") {
    std::mt19937 random(5);
    for (int round = 0; round < 40; ++round) {
        std::vector<Network::Edge> edges;
        for (int k = 0; k < 60; ++k)
            edges.push_back({static_cast<int>(random() % 12), static_cast<int>(random() % 12),
                             static_cast<std::int64_t>(1 + random() % 500)});
        Network const network = network_from(names_of(12), edges, 1);
        Network const other = rewired(network, 3, static_cast<std::uint64_t>(round));
        CHECK_NOTHROW(check_network(other));
        CHECK(strengths_of(other) == strengths_of(network));
        CHECK(rewired(network, 3, static_cast<std::uint64_t>(round)).edges.size() ==
              other.edges.size());
    }
}

TEST_CASE("two firms that only pay each other cannot be rewired to anybody else") {
    Network const network = network_from(names_of(2), {{0, 1, 7}, {1, 0, 9}}, 1);
    for (std::uint64_t k = 0; k < 8; ++k) {
        Network const other = rewired(network, 1, k);
        CHECK_NOTHROW(check_network(other));
        for (Network::Edge const& edge : other.edges)
            CHECK(edge.amount <= (edge.from == 0 ? 7 : 9));
    }
}

TEST_CASE("planted rings stand out from chance, a random network does not") {
    Network const planted = rings(10);
    NullScore const score = null_score(planted, no_outside_flows(planted),
                                       measure_named("pro_rata_circulation_usd"), 50);
    CHECK(score.value == doctest::Approx(300)); // all of it goes round
    // Half of what a firm of a ring pays falls to those who pay nothing on.
    CHECK(score.mean < 200);
    CHECK(score.as_high == 0);
    CHECK(score.z > 5);

    std::mt19937 random(9);
    std::vector<Network::Edge> edges;
    for (int k = 0; k < 400; ++k)
        edges.push_back({static_cast<int>(random() % 80), static_cast<int>(random() % 80),
                         static_cast<std::int64_t>(1 + random() % 1000)});
    Network const loose = network_from(names_of(80), edges, 1);
    OutsideFlows const outside = no_outside_flows(loose);
    for (Network const& one : {loose, rewired(loose, 77, 0)}) { // one of them among its like
        NullScore const chance = null_score(one, outside, measure_named("max_circulation_usd"), 40);
        CHECK(std::abs(chance.z) < 4);
    }
}
