#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <random>

using namespace perpetuum;

TEST_CASE("on the triangle of 10, 15 and 12, 10 dollars go round: 30 of payments") {
    Network const network = network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
    ShortLoops const found = short_loops(network, 3);
    CHECK(found.loops == 1);
    CHECK(found.dollars == 10);
    CHECK(found.volume == 30);
    CHECK(short_loops(network, 2).volume == 0);
}

TEST_CASE("short loops win where dollars count, long ones where payments do") {
    // a and b pay each other 4; b also pays c, c pays a, 4 each. b has two ways home for a's 4.
    Network const network =
        network_from({"a", "b", "c"}, {{0, 1, 4}, {1, 0, 4}, {1, 2, 4}, {2, 0, 4}}, 1);
    CHECK(short_loops(network, 3).dollars == 4);
    CHECK(short_loops(network, 3).volume == 12);
    CHECK(short_loops(network, 2).dollars == 4);
    CHECK(short_loops(network, 2).volume == 8);
}

TEST_CASE("longer loops allow more, and all of them together are the maximum circulation") {
    std::mt19937 random(23);
    for (int round = 0; round < 100; ++round) {
        std::vector<Network::Edge> edges;
        for (int k = 0; k < 14; ++k)
            edges.push_back({static_cast<int>(random() % 6), static_cast<int>(random() % 6),
                             static_cast<std::int64_t>(1 + random() % 9)});
        Network const network = network_from({"a", "b", "c", "d", "e", "f"}, edges, 1);
        double const most = max_circulation_usd(network, no_outside_flows(network));
        double before = 0;
        for (int longest = 2; longest <= 6; ++longest) {
            ShortLoops const found = short_loops(network, longest);
            CHECK(found.volume >= before - 1e-9);
            CHECK(found.volume <= most + 1e-9);
            CHECK(found.dollars * 2 <= found.volume + 1e-9);
            CHECK(found.volume <= longest * found.dollars + 1e-9);
            before = found.volume;
        }
        CHECK(before == doctest::Approx(most)); // six firms: no loop is longer
    }
}
