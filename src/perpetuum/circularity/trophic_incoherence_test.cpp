#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

using namespace perpetuum;

TEST_CASE(
    "a chain has a direction, a ring has none, and the triangle of 10, 15 and 12 hardly one") {
    auto const incoherence = [](std::vector<Network::Edge> edges) {
        Network const network = network_from({"N", "O", "R"}, std::move(edges), 1);
        return trophic_incoherence(network, no_outside_flows(network));
    };
    CHECK(incoherence({{0, 1, 10}, {1, 2, 15}}) == doctest::Approx(0).epsilon(1e-12));
    CHECK(incoherence({{0, 1, 5}, {1, 2, 5}, {2, 0, 5}}) == doctest::Approx(1));
    // Rises x, y, z with x + y + z = 0: 10 (1 - x) = 15 (1 - y) = 12 (1 - z) = 12, by Lagrange
    // 3 / (1/10 + 1/15 + 1/12); the penalty is 12² · (1/10 + 1/15 + 1/12) = 36 of 37.
    CHECK(incoherence({{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}) == doctest::Approx(36. / 37));
}

TEST_CASE("the heights of a chain rise by one a payment, in each piece of a network by itself") {
    Network const network =
        network_from({"a", "b", "c", "d", "e"}, {{0, 1, 3}, {1, 2, 1000}, {3, 4, 7}}, 1);
    std::vector<double> const height = trophic_heights(network);
    CHECK(height[1] - height[0] == doctest::Approx(1));
    CHECK(height[2] - height[1] == doctest::Approx(1));
    CHECK(height[4] - height[3] == doctest::Approx(1));
}
