#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <random>

using namespace perpetuum;

TEST_CASE("where two ways home share one payment, either may carry all of it or nothing") {
    // a pays b 10; b may send it home over c or over d, 10 each.
    Network const network = network_from(
        {"a", "b", "c", "d"}, {{0, 1, 10}, {1, 2, 10}, {1, 3, 10}, {2, 0, 10}, {3, 0, 10}}, 1);
    Circulation const most = max_circulation(network);
    CHECK(most.volume == 30);
    CHECK(circulation_interval(network, most, 0).least == 10);
    CHECK(circulation_interval(network, most, 0).most == 10);
    for (std::size_t edge = 1; edge < 5; ++edge) {
        CHECK(circulation_interval(network, most, edge).least == 0);
        CHECK(circulation_interval(network, most, edge).most == 10);
    }
    CHECK(sure_circulation_usd(network, no_outside_flows(network)) == 10);
}

TEST_CASE("the interval agrees with trying every circulation of a small network") {
    std::mt19937 random(19);
    for (int round = 0; round < 60; ++round) {
        std::vector<Network::Edge> edges;
        for (int k = 0; k < 8; ++k)
            edges.push_back({static_cast<int>(random() % 4), static_cast<int>(random() % 4),
                             static_cast<std::int64_t>(1 + random() % 2)});
        Network const network = network_from({"a", "b", "c", "d"}, edges, 1);
        std::size_t const count = network.edges.size();
        std::vector<std::int64_t> flow(count, 0), least(count, 99), most(count, -1);
        std::int64_t best = 0;
        for (bool more = true; more;) {
            std::vector<std::int64_t> balance(4);
            std::int64_t volume = 0;
            for (std::size_t k = 0; k < count; ++k) {
                balance[static_cast<std::size_t>(network.edges[k].from)] -= flow[k];
                balance[static_cast<std::size_t>(network.edges[k].to)] += flow[k];
                volume += flow[k];
            }
            if (balance == std::vector<std::int64_t>(4) && volume >= best) {
                if (volume > best) std::fill(least.begin(), least.end(), 99);
                if (volume > best) std::fill(most.begin(), most.end(), -1);
                best = volume;
                for (std::size_t k = 0; k < count; ++k) {
                    least[k] = std::min(least[k], flow[k]);
                    most[k] = std::max(most[k], flow[k]);
                }
            }
            std::size_t k = 0; // the next of all flows within the amounts
            while (k < count && flow[k] == network.edges[k].amount) flow[k++] = 0;
            more = k < count;
            if (more) ++flow[k];
        }
        Circulation const circulation = max_circulation(network);
        CHECK(circulation.volume == best);
        for (std::size_t k = 0; k < count; ++k) {
            CirculationInterval const found = circulation_interval(network, circulation, k);
            CHECK(found.least == least[k]);
            CHECK(found.most == most[k]);
        }
    }
}
