#include <doctest/doctest.h>
#include <perpetuum/loops.hpp>

#include <algorithm>
#include <cstdint>
#include <set>

using namespace perpetuum;

namespace {

/// The worked example of the research note: N invests 10 in O, O pays R 15, R pays N 12; customers
/// pay O 5 and N 20.
Network ono() { return network_from({"N", "O", "R"}, {{0, 1, 10}, {1, 2, 15}, {2, 0, 12}}, 1); }

/// All nodes pay all others 1.
Network everyone_pays_everyone(int nodes) {
    std::vector<std::string> names;
    std::vector<Network::Edge> edges;
    for (int a = 0; a < nodes; ++a) {
        names.push_back(std::string("n") + static_cast<char>('a' + a));
        for (int b = 0; b < nodes; ++b)
            if (a != b) edges.push_back({a, b, 1});
    }
    return network_from(names, edges);
}

struct Random { // Knuth's MMIX generator
    std::uint64_t state;
    int below(int bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(bound));
    }
};

Network random_network(Random& random, int nodes, int edges) {
    std::vector<std::string> names;
    for (int a = 0; a < nodes; ++a) names.push_back("n" + std::to_string(a));
    std::vector<Network::Edge> list;
    for (int k = 0; k < edges; ++k)
        list.push_back({random.below(nodes), random.below(nodes), 1 + random.below(9)});
    return network_from(names, list);
}

/// Every loop by trying every path: the plain way.
void extend(Network const& network, std::vector<int>& path, std::set<std::vector<int>>& loops) {
    for (Network::Edge const& edge : network.edges) {
        if (edge.from != path.back()) continue;
        if (edge.to == path.front()) loops.insert(path);
        if (edge.to <= path.front() || std::count(path.begin(), path.end(), edge.to) > 0) continue;
        path.push_back(edge.to);
        extend(network, path, loops);
        path.pop_back();
    }
}
std::set<std::vector<int>> plain_loops(Network const& network) {
    std::set<std::vector<int>> loops;
    for (int start = 0; start < static_cast<int>(network.nodes.size()); ++start) {
        std::vector<int> path{start};
        extend(network, path, loops);
    }
    return loops;
}

} // namespace

TEST_CASE("money invested in a customer that comes back as orders is one loop") {
    OutsideFlows outside = no_outside_flows(ono());
    outside.in = {20, 5, 0};
    Loops const loops = find_loops(ono(), outside);
    REQUIRE(loops.found.size() == 1);
    CHECK(loops.complete);
    CHECK(loops.found[0].nodes == std::vector<int>{0, 1, 2});
    CHECK(loops.found[0].amounts == std::vector<std::int64_t>{10, 15, 12});
    CHECK(loops.found[0].bottleneck == 10);
    CHECK(loops.found[0].gain == doctest::Approx(0.25)); // 10/32 · 15/15 · 12/15
}

TEST_CASE("a chain has no loop, and each of its firms is a component of its own, numbered along "
          "the money") {
    Network const chain = network_from({"a", "b", "c"}, {{1, 0, 5}, {2, 1, 5}});
    CHECK(find_loops(chain).found.empty());
    CHECK(find_loops(chain).complete);
    CHECK(components(chain) == std::vector<int>{2, 1, 0});
}

TEST_CASE("two loops that share a firm are one component and two loops, the larger first") {
    Network const network =
        network_from({"a", "b", "c", "d"}, {{0, 1, 5}, {1, 0, 4}, {0, 2, 7}, {2, 0, 6}, {2, 3, 9}});
    Loops const loops = find_loops(network);
    REQUIRE(loops.found.size() == 2);
    CHECK(loops.found[0].nodes == std::vector<int>{0, 2});
    CHECK(loops.found[0].bottleneck == 6);
    CHECK(loops.found[1].bottleneck == 4);
    std::vector<int> const component = components(network);
    CHECK(component[0] == component[2]);
    CHECK(component[3] > component[2]);
}

TEST_CASE("five firms that all pay each other make 84 loops: 10 of two legs, 20 of three, 30 of "
          "four, 24 of five") {
    Loops const loops = find_loops(everyone_pays_everyone(5));
    CHECK(loops.complete);
    std::vector<int> by_length(6);
    for (Loop const& loop : loops.found) ++by_length[loop.nodes.size()];
    CHECK(by_length == std::vector<int>{0, 0, 10, 20, 30, 24});
}

TEST_CASE("a limit that cuts the search says so") {
    Network const network = everyone_pays_everyone(5);
    Loops const brief = find_loops(network, {.longest = 3});
    CHECK(brief.found.size() == 30);
    CHECK(brief.cut_by_length);
    CHECK_FALSE(brief.complete);
    Loops const few = find_loops(network, {.most = 7});
    CHECK(few.found.size() == 7);
    CHECK(few.cut_by_count);
    CHECK_FALSE(few.complete);
    CHECK_FALSE(find_loops(network, {.most = 84}).cut_by_count);
    CHECK(find_loops(network, {.effort = 50}).cut_by_effort);
    CHECK(find_loops(network, {.longest = 0}).found.size() == 84);
    CHECK_THROWS_AS(find_loops(network, {.longest = 1}), BadInput);
}

TEST_CASE("where no loop can be longer than the bound, none is said to be left out") {
    // p, s, b, y, e: six loops among five firms that can all reach each other.
    Network const solar = network_from({"p", "s", "b", "y", "e"}, {{0, 1, 400},
                                                                   {1, 0, 280},
                                                                   {0, 2, 150},
                                                                   {2, 3, 1000},
                                                                   {3, 1, 281},
                                                                   {3, 2, 52},
                                                                   {1, 3, 100},
                                                                   {1, 4, 125},
                                                                   {4, 0, 50}});
    for (int const longest : {0, 5, 8}) {
        Loops const loops = find_loops(solar, {.longest = longest});
        CHECK(loops.found.size() == plain_loops(solar).size());
        CHECK_FALSE(loops.cut_by_length);
        CHECK(loops.complete);
    }
    CHECK(find_loops(solar, {.longest = 4}).cut_by_length);
}

TEST_CASE("a bound cuts the components that are larger, whatever stands beside them") {
    // A pair, and a ring of four: of at most three legs only the pair is a loop.
    Network const two =
        network_from({"a", "b", "c", "d", "e", "f"},
                     {{0, 1, 9}, {1, 0, 9}, {2, 3, 5}, {3, 4, 5}, {4, 5, 5}, {5, 2, 5}});
    CHECK(find_loops(two, {.longest = 3}).cut_by_length);
    CHECK(find_loops(two, {.longest = 3}).found.size() == 1);
    CHECK(find_loops(two, {.longest = 4}).complete);
    CHECK(find_loops(two, {.longest = 4}).found.size() == 2);
}

TEST_CASE("a search that could go on for ever ends") {
    Loops const loops = find_loops(everyone_pays_everyone(26),
                                   {.longest = 0, .most = 100'000'000, .effort = 100'000});
    CHECK(loops.cut_by_effort);
    CHECK_FALSE(loops.complete);
}

TEST_CASE("the search finds what trying every path finds, and cut short it keeps the largest") {
    Random random{1};
    for (int trial = 0; trial < 200; ++trial) {
        int const nodes = 2 + random.below(6);
        Network const network = random_network(random, nodes, random.below(4 * nodes));
        Loops const all = find_loops(network);
        std::set<std::vector<int>> found;
        for (Loop const& loop : all.found) {
            found.insert(loop.nodes);
            CHECK(*std::min_element(loop.amounts.begin(), loop.amounts.end()) == loop.bottleneck);
        }
        CHECK(found == plain_loops(network));
        CHECK(found.size() == all.found.size());
        Loops const three = find_loops(network, {.most = 3});
        for (std::size_t k = 0; k < three.found.size(); ++k)
            CHECK(three.found[k].bottleneck == all.found[k].bottleneck);
    }
}

TEST_CASE("numbering nodes and edges otherwise changes nothing") {
    Random random{2};
    for (int trial = 0; trial < 100; ++trial) {
        Network const network = random_network(random, 7, 25);
        std::vector<std::string> names(network.nodes.rbegin(), network.nodes.rend());
        std::vector<Network::Edge> edges;
        for (Network::Edge const& edge : network.edges)
            edges.push_back({6 - edge.from, 6 - edge.to, edge.amount});
        Loops const one = find_loops(network, {.most = 20});
        Network const turned = network_from(names, edges);
        Loops const other = find_loops(turned, {.most = 20});
        REQUIRE(one.found.size() == other.found.size());
        for (std::size_t k = 0; k < one.found.size(); ++k) {
            CHECK(one.found[k].amounts == other.found[k].amounts);
            for (std::size_t leg = 0; leg < one.found[k].nodes.size(); ++leg)
                CHECK(network.nodes[static_cast<std::size_t>(one.found[k].nodes[leg])] ==
                      turned.nodes[static_cast<std::size_t>(other.found[k].nodes[leg])]);
        }
    }
}

TEST_CASE("a ring of 100,000 firms is one loop and does not end the stack") {
    int const nodes = 100'000;
    std::vector<std::string> names;
    std::vector<Network::Edge> edges;
    for (int a = 0; a < nodes; ++a) {
        names.push_back("n" + std::to_string(a));
        edges.push_back({a, (a + 1) % nodes, 1 + a});
    }
    Network const ring = network_from(names, edges);
    Loops const any = find_loops(ring, {.longest = 0});
    REQUIRE(any.found.size() == 1);
    CHECK(any.complete);
    CHECK(any.found[0].nodes.size() == 100'000);
    CHECK(find_loops(ring).cut_by_length);
}

TEST_CASE("two nodes of one name are refused, since order is by name") {
    CHECK_THROWS_AS(find_loops(network_from({"a", "a"}, {{0, 1, 1}})), BadInput);
}

TEST_CASE("very long loops count for as much as they take") {
    // A ladder: at each of 300 rungs money may take either of two ways, so there are 2^300 loops of
    // 600 legs.
    std::vector<std::string> names;
    std::vector<Network::Edge> edges;
    int const rungs = 300;
    for (int k = 0; k < 3 * rungs; ++k) names.push_back("n" + std::to_string(k));
    for (int k = 0; k < rungs; ++k) {
        int const next = 3 * ((k + 1) % rungs);
        for (int const way : {3 * k + 1, 3 * k + 2}) {
            edges.push_back({3 * k, way, 5});
            edges.push_back({way, next, 5});
        }
    }
    Loops const loops = find_loops(network_from(names, edges),
                                   {.longest = 0, .most = 1'000'000, .effort = 100'000});
    CHECK(loops.cut_by_effort);
    CHECK(loops.found.size() < 200);
}
