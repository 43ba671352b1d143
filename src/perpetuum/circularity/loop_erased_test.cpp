#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <cmath>
#include <random>

using namespace perpetuum;

namespace {

bool near_value(LoopErasedVolume const& found, double expected) {
    return std::abs(found.volume - expected) <= 4 * found.error;
}

} // namespace

TEST_CASE("of the dollars of N, O and R, 25 of 37 steps lie on loops that close") {
    // In tens of thousands of minor units. 20 enter at N, 5 at O; N passes on 10 of 32, O all,
    // R 12 of 15. Whoever is back where it was has erased three steps: 3 a return. Returns are
    // geometric with chance 10/32 · 12/15 = 1/4, so 1/3 each; a dollar from O that reaches N and
    // stops there has erased 3 for each return to O: 25 · 1/3 · 3 = 25.
    Network const network = network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1);
    OutsideFlows outside = no_outside_flows(network);
    outside.in = {20, 5, 0};
    outside.out = {22, 0, 3};
    LoopErasedVolume const found = loop_erased_volume(network, outside, {});
    CHECK(near_value(found, 25));
    CHECK(found.error < 0.2);
    CHECK(loop_erased_volume(network, outside, {}).volume == found.volume);
}

TEST_CASE("a component that nothing leaves goes round whole; a chain has no loop to erase") {
    Network const ring = network_from({"a", "b"}, {{0, 1, 7}, {1, 0, 7}}, 1);
    CHECK(loop_erased_volume(ring, no_outside_flows(ring), {}).volume == 14);
    Network const chain = network_from({"a", "b", "c"}, {{0, 1, 7}, {1, 2, 7}}, 1);
    CHECK(loop_erased_volume(chain, no_outside_flows(chain), {}).volume == 0);
}

TEST_CASE("a pocket that hardly leaks uses up its steps and is not known") {
    std::int64_t const much = 1'000'000'000'000;
    Network const network = network_from({"a", "b"}, {{0, 1, much}, {1, 0, much - 1}}, 1);
    WalkLimits const limits{.walks = 1000, .steps = 100'000};
    CHECK(std::isnan(loop_erased_volume(network, no_outside_flows(network), limits).volume));
}

TEST_CASE("Finn <= loop-erased <= maximum circulation <= flow inside components <= gross") {
    std::mt19937 random(3);
    for (int round = 0; round < 60; ++round) {
        int const nodes = 3 + static_cast<int>(random() % 10);
        std::vector<Network::Edge> edges;
        for (int k = 0; k < 3 * nodes; ++k)
            edges.push_back({static_cast<int>(random() % static_cast<unsigned>(nodes)),
                             static_cast<int>(random() % static_cast<unsigned>(nodes)),
                             static_cast<std::int64_t>(1 + random() % 1000)});
        std::vector<std::string> names;
        for (int k = 0; k < nodes; ++k) names.push_back(std::to_string(k));
        Network const network = network_from(names, edges, 1);
        OutsideFlows outside = no_outside_flows(network);
        for (auto& flow : outside.in) flow += static_cast<std::int64_t>(random() % 300);
        double finn = 0;
        auto const through = throughflows(network, outside);
        auto const share = own_money_shares(network, outside);
        for (std::size_t k = 0; k < share.size(); ++k)
            finn += static_cast<double>(through[k]) * share[k];
        LoopErasedVolume const erased =
            loop_erased_volume(network, outside, {.walks = 4000, .seed = 5});
        // Two methods: walks that come back, and the inverse's diagonal.
        CHECK(std::abs(erased.returned - finn) <= 5 * erased.returned_error + 1e-9 * finn);
        double const gross = gross_usd(network, outside);
        double const most = max_circulation_usd(network, outside);
        double const inside = component_share(network, outside) * gross;
        double const rounding = 1e-9 * gross;
        CHECK(finn <= erased.volume + 5 * erased.error + rounding);
        CHECK(erased.volume <= most + 5 * erased.error + rounding);
        CHECK(most <= inside + rounding);
        CHECK(inside <= gross + rounding);
    }
}
