#include "reference_graphs.hpp"

#include <doctest/doctest.h>
#include <perpetuum/loops.hpp>

#include <map>
#include <set>

using namespace perpetuum;

namespace {

using Counts = std::vector<std::uint64_t>;

Network random_graph(reference::Draws& draws, std::uint64_t nodes, int edges) {
    std::vector<Network::Edge> list;
    for (int k = 0; k < edges; ++k)
        list.push_back({static_cast<int>(draws.below(nodes)), static_cast<int>(draws.below(nodes)),
                        static_cast<std::int64_t>(1 + draws.below(9))});
    return network_from(reference::numbered_names(nodes), list, 1);
}

/// Every loop by trying every path from its smallest node: the plain way.
void extend_plainly(Network const& network, std::vector<int>& path,
                    std::set<std::vector<int>>& loops) {
    for (Network::Edge const& edge : network.edges) {
        if (edge.from != path.back()) continue;
        if (edge.to == path.front()) loops.insert(path);
        if (edge.to <= path.front() || std::count(path.begin(), path.end(), edge.to) > 0) continue;
        path.push_back(edge.to);
        extend_plainly(network, path, loops);
        path.pop_back();
    }
}

std::set<std::vector<int>> all_plainly(Network const& network) {
    std::set<std::vector<int>> loops;
    for (int node = 0; node < static_cast<int>(network.nodes.size()); ++node) {
        std::vector<int> path{node};
        extend_plainly(network, path, loops);
    }
    return loops;
}

/// What a search meets, each loop turned to begin at its smallest node. Checks every loop.
std::set<std::vector<int>> searched(Network const& network, LoopQuery const& query,
                                    LoopBudget const& budget = {}) {
    std::set<std::vector<int>> loops;
    std::uint64_t met = 0;
    LoopTally const tally = search_loops(network, query, budget, [&](LoopSeen const& loop) {
        std::int64_t smallest = loop.bottleneck + 1;
        for (std::size_t k = 0; k < loop.nodes.size(); ++k) {
            Network::Edge const& edge = network.edges[loop.payments[k]];
            CHECK(edge.from == loop.nodes[k]);
            CHECK(edge.to == loop.nodes[(k + 1) % loop.nodes.size()]);
            smallest = std::min(smallest, edge.amount);
        }
        CHECK(smallest == loop.bottleneck);
        std::vector<int> nodes(loop.nodes.begin(), loop.nodes.end());
        std::rotate(nodes.begin(), std::min_element(nodes.begin(), nodes.end()), nodes.end());
        CHECK(loops.insert(nodes).second);
        ++met;
        return true;
    });
    CHECK(tally.complete);
    CHECK(tally.count == met);
    CHECK(search_loops(network, query, budget).count == met);
    return loops;
}

bool has_leg(std::vector<int> const& loop, int from, int to) {
    for (std::size_t k = 0; k < loop.size(); ++k)
        if (loop[k] == from && loop[(k + 1) % loop.size()] == to) return true;
    return false;
}

/// A row of diamonds: from joint k two ways to joint k + 1, and at the end back to the beginning.
Network diamonds(int count, bool closed) {
    std::vector<Network::Edge> edges;
    for (int k = 0; k < count; ++k)
        for (int side = 1; side <= 2; ++side) {
            edges.push_back({3 * k, 3 * k + side, 1});
            edges.push_back({3 * k + side, 3 * k + 3, 1});
        }
    if (closed) edges.push_back({3 * count, 0, 1});
    return network_from(reference::numbered_names(static_cast<std::uint64_t>(3 * count + 1)), edges,
                        1);
}

} // namespace

TEST_CASE("the search and trying every path find the same loops") {
    reference::Draws draws{1};
    for (int round = 0; round < 150; ++round) {
        Network const network = random_graph(draws, 3 + draws.below(6), 4 + round % 26);
        auto const plain = all_plainly(network);
        CHECK(searched(network, {}) == plain);
        for (int longest = 2; longest <= 6; ++longest) {
            auto fitting = plain;
            std::erase_if(fitting, [&](auto const& loop) {
                return loop.size() > static_cast<std::size_t>(longest);
            });
            CHECK(searched(network, {.longest = longest}) == fitting);
        }
    }
}

TEST_CASE("loops through a firm, through a leg, and through both are those among all that are") {
    reference::Draws draws{2};
    for (int round = 0; round < 60; ++round) {
        Network const network = random_graph(draws, 6, 18);
        auto const plain = all_plainly(network);
        int const node = static_cast<int>(draws.below(6)), from = static_cast<int>(draws.below(6));
        int const to = (from + 1 + static_cast<int>(draws.below(5))) % 6;
        auto on = plain, leg = plain;
        std::erase_if(
            on, [&](auto const& loop) { return std::count(loop.begin(), loop.end(), node) == 0; });
        std::erase_if(leg, [&](auto const& loop) { return !has_leg(loop, from, to); });
        CHECK(searched(network, {.through = node}) == on);
        CHECK(searched(network, {.first = node}) == on);
        CHECK(searched(network, {.leg_from = from, .leg_to = to}) == leg);
        std::erase_if(
            leg, [&](auto const& loop) { return std::count(loop.begin(), loop.end(), node) == 0; });
        CHECK(searched(network, {.through = node, .leg_from = from, .leg_to = to}) == leg);
    }
}

TEST_CASE("reference counts of scale-free graphs, however many threads") {
    Network const sf3 = reference::as_network(1000, reference::scale_free(1000, 5000, 55, 11));
    for (int const threads : {1, 2, 3}) {
        LoopBudget budget;
        budget.threads = threads;
        LoopTally const six = search_loops(sf3, {.longest = 6}, budget);
        CHECK(six.complete);
        CHECK(six.by_length == Counts{0, 0, 32, 219, 1481, 10461, 74571});
        CHECK(six.count == 86764);
    }
    Network const sf4 = reference::as_network(10000, reference::scale_free(10000, 60000, 55, 12));
    CHECK(search_loops(sf4, {.longest = 4}, {}).by_length == Counts{0, 0, 56, 353, 3060});
    CHECK(search_loops(sf4, {.longest = 3}, {}).by_length == Counts{0, 0, 56, 353});
}

TEST_CASE("threads change neither the loops nor their order nor where a budget cuts") {
    Network const network = reference::as_network(300, reference::scale_free(300, 1500, 55, 3));
    for (std::uint64_t const count : {std::uint64_t{1}, std::uint64_t{777}, ~std::uint64_t{0}})
        for (std::uint64_t const effort : {std::uint64_t{20'000}, ~std::uint64_t{0}}) {
            std::vector<std::vector<std::uint32_t>> orders;
            std::vector<LoopTally> tallies;
            for (int const threads : {1, 2, 4}) {
                LoopBudget budget;
                budget.count = count;
                budget.effort = effort;
                budget.threads = threads;
                budget.memory = 100'000; // some chunks do not fit and are searched in their turn
                std::vector<std::uint32_t> order;
                tallies.push_back(search_loops(network, {.longest = 6}, budget, [&](auto& loop) {
                    order.insert(order.end(), loop.payments.begin(), loop.payments.end());
                    return true;
                }));
                orders.push_back(order);
                CHECK(search_loops(network, {.longest = 6}, budget).by_length ==
                      tallies.back().by_length);
            }
            for (std::size_t k = 1; k < orders.size(); ++k) {
                CHECK(orders[k] == orders[0]);
                CHECK(tallies[k].count == tallies[0].count);
                CHECK(tallies[k].effort == tallies[0].effort);
                CHECK(tallies[k].complete == tallies[0].complete);
            }
        }
}

TEST_CASE("numbering firms otherwise changes no count and no ranking") {
    reference::Draws draws{5};
    Network const network = random_graph(draws, 12, 50);
    std::size_t const nodes = network.nodes.size();
    std::vector<std::string> names(nodes);
    std::vector<Network::Edge> edges;
    auto const turned = [&](int node) { return (node * 5 + 3) % static_cast<int>(nodes); };
    for (std::size_t k = 0; k < nodes; ++k)
        names[static_cast<std::size_t>(turned(static_cast<int>(k)))] = network.nodes[k];
    for (auto edge = network.edges.rbegin(); edge != network.edges.rend(); ++edge)
        edges.push_back({turned(edge->from), turned(edge->to), edge->amount});
    Network const other = network_from(names, edges, 1);
    CHECK(search_loops(network, {}, {}).by_length == search_loops(other, {}, {}).by_length);
    std::vector<std::vector<std::string>> rankings;
    for (Network const* each : {&network, &other}) {
        LargestLoops largest(each->nodes, 25, true);
        search_loops(*each, {}, {}, [&](LoopSeen const& loop) {
            largest.add(loop);
            return true;
        });
        std::vector<std::string> ranking;
        for (FoundLoop const& loop : largest.take()) {
            ranking.push_back(std::to_string(loop.bottleneck));
            for (int const node : loop.nodes)
                ranking.push_back(each->nodes[static_cast<std::size_t>(node)]);
        }
        rankings.push_back(ranking);
    }
    CHECK(rankings[0] == rankings[1]);
}

TEST_CASE("the largest of all are those that the ranked search finds") {
    reference::Draws draws{6};
    for (int round = 0; round < 20; ++round) {
        Network const network = random_graph(draws, 8, 24);
        Loops const ranked = find_loops(network, {.longest = 0, .most = 10});
        LargestLoops largest(network.nodes, 10, true);
        search_loops(network, {}, {}, [&](LoopSeen const& loop) {
            largest.add(loop);
            return true;
        });
        auto const found = largest.take();
        REQUIRE(found.size() == ranked.found.size());
        for (std::size_t k = 0; k < found.size(); ++k)
            CHECK(found[k].bottleneck == ranked.found[k].bottleneck);
    }
}

TEST_CASE("diamonds that lead nowhere cost nothing; closed, the budget ends them and says so") {
    CHECK(search_loops(diamonds(2000, false), {}, {}).effort == 0);
    CHECK(search_loops(diamonds(10, true), {}, {}).count == 1024);
    Network const many = diamonds(60, true);
    LoopTally const spent = search_loops(many, {}, {.effort = 1'000'000});
    CHECK_FALSE(spent.complete);
    CHECK(spent.cut_by_effort);
    LoopTally const counted = search_loops(many, {}, {.count = 5000});
    CHECK(counted.cut_by_count);
    CHECK(counted.count == 5000);
    CHECK(search_loops(many, {.longest = 50}, {.effort = 100'000}).complete); // none that short
}

TEST_CASE("a loop of a hundred thousand legs, a hub of as many and one component end") {
    std::vector<Network::Edge> ring, hub;
    int const nodes = 100'000;
    for (int k = 0; k < nodes; ++k) {
        ring.push_back({k, (k + 1) % nodes, 1});
        if (k > 0) {
            hub.push_back({0, k, 1});
            hub.push_back({k, 0, 1});
        }
    }
    auto const names = reference::numbered_names(nodes);
    LoopTally const one = search_loops(network_from(names, ring, 1), {}, {});
    CHECK(one.count == 1);
    CHECK(one.by_length.size() == 100'001);
    LoopTally const spokes = search_loops(network_from(names, hub, 1), {}, {});
    CHECK(spokes.by_length == Counts{0, 0, 99'999});
    reference::Draws draws{8};
    Network const giant = random_graph(draws, 20'000, 100'000);
    LoopTally const cut = search_loops(giant, {}, {.effort = 300'000, .threads = 2});
    CHECK(cut.cut_by_effort);
    CHECK(cut.effort == 300'000);
}

TEST_CASE("who asks to stop is obeyed") {
    Network const many = diamonds(60, true);
    LoopBudget budget;
    int asked = 0;
    budget.stop = [&] { return ++asked > 3; };
    LoopTally const stopped = search_loops(many, {}, budget);
    CHECK(stopped.cut_by_stop);
    CHECK_FALSE(stopped.complete);
    std::uint64_t met = 0;
    LoopTally const enough = search_loops(many, {}, {}, [&](LoopSeen const&) { return ++met < 7; });
    CHECK(enough.cut_by_caller);
    CHECK(enough.count == 7);
}

TEST_CASE("a senseless query is refused") {
    Network const network = diamonds(1, true);
    CHECK_THROWS_AS(search_loops(network, {.longest = 1}, {}), BadInput);
    CHECK_THROWS_AS(search_loops(network, {.through = 4}, {}), BadInput);
    CHECK_THROWS_AS(search_loops(network, {.leg_from = 1}, {}), BadInput);
    CHECK_THROWS_AS(search_loops(network, {.leg_from = 1, .leg_to = 1}, {}), BadInput);
    CHECK(search_loops(network_from({}, {}, 1), {}, {}).count == 0);
}
