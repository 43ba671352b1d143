// Answers of other programs on graphs that anyone can make again: circulations by the LEMON library's cost scaling, loops by the
// counter of the reference data, Finn's index by numpy; `expected.json` there and the research note on definitions.
#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>
#include <perpetuum/loops.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <set>
#include <string>

using namespace perpetuum;

namespace {

__extension__ using Wide = unsigned __int128;

/// splitmix64.
struct ReferenceRandom {
    std::uint64_t state;
    std::uint64_t next() {
        std::uint64_t z = (state += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
    }
};

/// Low ranks are drawn more often: each draw goes to the lower half with this chance in a hundred.
std::uint64_t endpoint(ReferenceRandom& random, std::uint64_t nodes, unsigned chance) {
    std::uint64_t most = nodes;
    while (most > 1 && random.below(100) < chance) most = (most + 1) / 2;
    return random.below(most);
}

std::uint64_t shuffled(std::uint64_t rank, std::uint64_t nodes, std::uint64_t salt) {
    std::uint64_t factor = std::max<std::uint64_t>(2, (salt | 1U) % nodes);
    while (std::gcd(factor, nodes) != 1) ++factor;
    return static_cast<std::uint64_t>((static_cast<Wide>(rank) * (factor % nodes) + salt % nodes) %
                                      nodes);
}

/// `gen sf NODES EDGES CHANCE SEED` of the reference data: scale-free, no loops planted.
Network scale_free(std::uint64_t nodes, std::size_t edges, unsigned chance, std::uint64_t seed) {
    ReferenceRandom random{seed};
    std::uint64_t const salt = random.next();
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
    std::vector<Network::Edge> list;
    while (list.size() < edges) {
        std::uint64_t const from = shuffled(endpoint(random, nodes, chance), nodes, salt);
        std::uint64_t const to = shuffled(endpoint(random, nodes, chance), nodes, salt);
        if (from == to || !seen.insert({from, to}).second) continue;
        std::uint64_t const draw = random.next();
        int const size = draw == 0 ? 0 : std::min(std::countr_zero(draw), 14);
        std::uint64_t const base = std::uint64_t{64} << size;
        list.push_back({static_cast<int>(from), static_cast<int>(to),
                        static_cast<std::int64_t>(base + random.below(base))});
    }
    std::vector<std::string> names;
    for (std::uint64_t k = 0; k < nodes; ++k) names.push_back(std::to_string(k));
    return network_from(names, list, 1);
}

std::vector<int> lengths(Loops const& loops) {
    std::vector<int> by_length;
    for (Loop const& loop : loops.found) {
        by_length.resize(std::max(by_length.size(), loop.nodes.size() + 1));
        ++by_length[loop.nodes.size()];
    }
    return by_length;
}

int number_of(std::vector<int> const& component) {
    return static_cast<int>(std::set<int>(component.begin(), component.end()).size());
}

/// In millions of dollars; no nodes where the data is absent.
Network stylised_ai_firms() {
    std::ifstream file(PERPETUUM_SHARED "/data/graphs/ai_stylised.csv");
    if (!file) {
        MESSAGE("skipped: no reference data at " PERPETUUM_SHARED);
        return {};
    }
    std::vector<Network::Edge> edges;
    std::vector<std::string> names;
    std::string line;
    std::getline(file, line); // the head
    while (std::getline(file, line)) {
        char* rest = line.data();
        Network::Edge edge;
        edge.from = static_cast<int>(std::strtol(rest, &rest, 10));
        edge.to = static_cast<int>(std::strtol(rest + 1, &rest, 10));
        edge.amount = std::strtoll(rest + 1, &rest, 10);
        edges.push_back(edge);
        while (static_cast<int>(names.size()) <= std::max(edge.from, edge.to))
            names.push_back(std::to_string(names.size()));
    }
    return network_from(names, edges, 1);
}

} // namespace

TEST_CASE("sf3, 5,000 edges: LEMON's maximum circulation, and all loops of up to five legs") {
    Network const network = scale_free(1000, 5000, 55, 11);
    Circulation const most = max_circulation(network);
    CHECK(most.gross == 2'932'793);
    CHECK(most.volume == 704'450);
    CHECK(number_of(components(network)) == 132);
    CHECK(component_share(network, no_outside_flows(network)) == 2'750'394. / 2'932'793);
    Loops const loops = find_loops(network, {.longest = 5, .most = 100'000});
    CHECK(lengths(loops) == std::vector<int>{0, 0, 32, 219, 1481, 10461});
    CHECK_FALSE(loops.cut_by_count);
}

TEST_CASE("sf4, 60,000 edges: LEMON's maximum circulation") {
    Circulation const most = max_circulation(scale_free(10'000, 60'000, 55, 12));
    CHECK(most.gross == 51'205'091);
    CHECK(most.volume == 9'296'313);
}

TEST_CASE(
    "the stylised AI firms of the reference data: 70,020 of 180,170 can go round, on 26 loops") {
    Network const network = stylised_ai_firms();
    if (network.nodes.empty()) return;
    CHECK(network.edges.size() == 54);
    Circulation const most = max_circulation(network);
    CHECK(most.gross == 180'170);
    CHECK(most.volume == 70'020);
    CHECK(number_of(components(network)) == 10);
    Loops const loops = find_loops(network, {.longest = 0});
    CHECK(loops.complete);
    CHECK(lengths(loops) == std::vector<int>{0, 0, 12, 6, 4, 2, 2});
    // Of the research note, to whole millions.
    OutsideFlows const outside = no_outside_flows(network);
    CHECK(std::round(pro_rata_circulation_usd(network, outside)) == 52'110);
    CHECK(std::round(pro_rata_rounds_usd(network, outside)) == 67'169);
}

TEST_CASE("Finn's index of the stylised AI firms is 12.0 %, 28,614 of throughflow, as numpy's "
          "inverse has it") {
    Network const millions = stylised_ai_firms();
    if (millions.nodes.empty()) return;
    // As in that check: each firm gets what its payments need and 1 % of them more; in hundredths,
    // so that this is whole.
    std::vector<Network::Edge> edges = millions.edges;
    for (Network::Edge& edge : edges) edge.amount *= 100;
    Network const network = network_from(millions.nodes, edges, 0.01);
    std::vector<std::int64_t> paid(network.nodes.size()), got(network.nodes.size());
    for (Network::Edge const& edge : network.edges) {
        paid[static_cast<std::size_t>(edge.from)] += edge.amount;
        got[static_cast<std::size_t>(edge.to)] += edge.amount;
    }
    OutsideFlows outside = no_outside_flows(network);
    double total = 0;
    for (std::size_t k = 0; k < paid.size(); ++k)
        outside.in[k] = std::max<std::int64_t>(0, paid[k] - got[k]) + paid[k] / 100;
    for (std::int64_t const through : throughflows(network, outside))
        total += static_cast<double>(through) * network.minor_unit;
    double const index = finn_index(network, outside);
    CHECK(index == doctest::Approx(0.12021245961).epsilon(1e-9));
    CHECK(index * total == doctest::Approx(28614.3761222).epsilon(1e-9));
}
