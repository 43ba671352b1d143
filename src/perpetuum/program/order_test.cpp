#include "order.hpp"

#include <doctest/doctest.h>

using namespace perpetuum::ordering;

TEST_CASE("what is needed stands before what needs it") {
    Graph const graph{{1, 2}, {2}, {}};
    auto const order = components(graph);
    REQUIRE(order.size() == 3);
    CHECK(order[0] == std::vector<int>{2});
    CHECK(order[1] == std::vector<int>{1});
    CHECK(order[2] == std::vector<int>{0});
}

TEST_CASE("cells that need each other are one component") {
    Graph const graph{{1}, {2}, {0, 3}, {}};
    auto const order = components(graph);
    REQUIRE(order.size() == 2);
    CHECK(order[0] == std::vector<int>{3});
    CHECK(order[1] == std::vector<int>{0, 1, 2});
}

TEST_CASE("tearing leaves no cycle") {
    // Two triangles that share vertex 2: one torn cell is enough.
    Graph const graph{{1}, {2}, {0, 3}, {4}, {2}};
    auto const removed = torn(graph, {0, 1, 2, 3, 4});
    CHECK(removed == std::vector<int>{2});
    CHECK(torn({{0}}, {0}) == std::vector<int>{0});
}

TEST_CASE("a chain of a million cells is ordered without recursion") {
    Graph graph(1'000'000);
    for (int i = 0; i + 1 < 1'000'000; ++i) graph[static_cast<std::size_t>(i)].push_back(i + 1);
    auto const order = components(graph);
    REQUIRE(order.size() == 1'000'000);
    CHECK(order.front()[0] == 999'999);
}

TEST_CASE("only what the roots need is looked at") {
    Graph const graph{{1}, {0}, {3}, {}};
    std::vector<std::vector<int>> found;
    auto const next = [&](int vertex, int& place) {
        auto const& needs = graph[static_cast<std::size_t>(vertex)];
        auto const at = static_cast<std::size_t>(place++);
        return at < needs.size() ? needs[at] : -1;
    };
    each_component(4, 1, next, [&](std::span<int const> component) {
        found.emplace_back(component.begin(), component.end());
    });
    REQUIRE(found.size() == 1);
    CHECK(found[0] == std::vector<int>{0, 1});
}

TEST_CASE("the shortest way round is named") {
    Graph const graph{{1, 3}, {2}, {0}, {0}};
    auto const next = [&](int vertex, int& place) {
        auto const& needs = graph[static_cast<std::size_t>(vertex)];
        auto const at = static_cast<std::size_t>(place++);
        return at < needs.size() ? needs[at] : -1;
    };
    CHECK(cycle_through(4, next, std::vector<int>{0, 1, 2, 3}, 0) == std::vector<int>{0, 3});
}
