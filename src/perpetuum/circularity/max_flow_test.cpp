#include "max_flow.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

using namespace perpetuum;

namespace {

struct FlowRandom { // Knuth's MMIX generator
    std::uint64_t state;
    int below(int bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(bound));
    }
};

using PlainEdge = std::array<int, 3>; // from, to, capacity

/// The smallest cut between nodes 0 and 1, by trying all of them.
std::int64_t smallest_cut(std::vector<PlainEdge> const& edges, int nodes) {
    std::int64_t best = INT64_MAX;
    for (unsigned side = 0; side < (1U << static_cast<unsigned>(nodes)); ++side) {
        auto const in = [&](int node) { return (side >> static_cast<unsigned>(node)) % 2 == 1; };
        if (!in(0) || in(1)) continue;
        std::int64_t cut = 0;
        for (auto const& [from, to, capacity] : edges)
            if (in(from) && !in(to)) cut += capacity;
        best = std::min(best, cut);
    }
    return best;
}

} // namespace

TEST_CASE("a max-flow is as large as the smallest cut") {
    FlowRandom random{7};
    for (int trial = 0; trial < 300; ++trial) {
        int const nodes = 2 + random.below(6);
        std::vector<PlainEdge> edges;
        MaxFlow flow(nodes);
        for (int k = random.below(3 * nodes); k > 0; --k) {
            edges.push_back({random.below(nodes), random.below(nodes), random.below(20)});
            flow.add_edge(edges.back()[0], edges.back()[1], edges.back()[2]);
        }
        CHECK(flow.augment(0, 1) == smallest_cut(edges, nodes));
        CHECK(flow.augment(0, 1) == 0);
    }
}

TEST_CASE("letting in one source after the other gives the same as both at once") {
    FlowRandom random{8};
    for (int trial = 0; trial < 100; ++trial) {
        MaxFlow flow(8);
        for (int k = 0; k < 20; ++k)
            flow.add_edge(2 + random.below(6), 1 + random.below(7), 1 + random.below(20));
        int const first = flow.add_edge(0, 2, 0), second = flow.add_edge(0, 3, 0);
        flow.set_capacity(first, 15);
        std::int64_t const one = flow.augment(0, 1);
        flow.set_capacity(second, 15);
        std::int64_t const both = one + flow.augment(0, 1);
        flow.reset();
        CHECK(flow.augment(0, 1) == both);
        CHECK(one <= both);
    }
}
