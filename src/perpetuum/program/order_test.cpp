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

TEST_CASE("only what the roots need is looked at, and told who needs a marked one") {
    // 0 needs 1 and 4; 1 and 2 need each other, 2 needs 3, which is marked; nobody needs 5.
    Graph const graph{{1, 4}, {2}, {1, 3}, {}, {}, {3}};
    std::vector<std::vector<int>> found;
    std::vector<bool> needs_marked;
    auto const next = [&](int vertex, int& place) {
        auto const& needs = graph[static_cast<std::size_t>(vertex)];
        auto const at = static_cast<std::size_t>(place++);
        return at < needs.size() ? needs[at] : -1;
    };
    each_component(6, 1, next, [&](std::span<int const> component, bool marked_need) {
        found.emplace_back(component.begin(), component.end());
        needs_marked.push_back(marked_need);
        return marked_need || component.front() == 3;
    });
    CHECK(found == std::vector<std::vector<int>>{{3}, {1, 2}, {4}, {0}});
    CHECK(needs_marked == std::vector<bool>{false, true, false, true});
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
