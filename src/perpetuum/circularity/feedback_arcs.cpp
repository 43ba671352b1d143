/// Payments whose removal leaves no loop: those that go backwards in an order of the firms. In
/// components of up to 14 firms the best order, by dynamic programming over sets; in larger ones
/// the order of Eades, Lin and Smyth (1993), a heuristic.

#include "members.hpp"

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace perpetuum {

namespace {

constexpr std::size_t most_exact_nodes = 14;

/// A component by itself.
struct OrderProblem {
    std::size_t nodes = 0;
    struct Arc {
        std::size_t from, to;
        std::int64_t amount;
    };
    std::vector<Arc> arcs;
};

/// The place of each node in the order with the least backwards.
std::vector<std::size_t> best_order(OrderProblem const& problem) {
    std::size_t const n = problem.nodes, sets = std::size_t{1} << n;
    std::vector<std::int64_t> amount(n * n, 0);
    for (auto const& arc : problem.arcs) amount[arc.from * n + arc.to] += arc.amount;
    std::vector<std::int64_t> least(sets, std::numeric_limits<std::int64_t>::max());
    std::vector<std::size_t> last(sets, 0);
    least[0] = 0;
    for (std::size_t set = 1; set < sets; ++set)
        for (std::size_t v = 0; v < n; ++v) {
            if ((set >> v & 1U) == 0) continue;
            std::size_t const before = set & ~(std::size_t{1} << v);
            std::int64_t cost = least[before];
            for (std::size_t u = 0; u < n; ++u)
                if (before >> u & 1U) cost += amount[v * n + u];
            if (cost >= least[set]) continue;
            least[set] = cost;
            last[set] = v;
        }
    std::vector<std::size_t> place(n);
    for (std::size_t set = sets - 1, k = n; k-- > 0; set &= ~(std::size_t{1} << last[set]))
        place[last[set]] = k;
    return place;
}

/// Sinks go to the end, everything else to the front, the largest surplus of paid over got first.
std::vector<std::size_t> greedy_order(OrderProblem const& problem) {
    std::size_t const n = problem.nodes;
    std::vector<std::vector<std::size_t>> touching(n);
    std::vector<std::int64_t> paid(n, 0), got(n, 0);
    for (std::size_t k = 0; k < problem.arcs.size(); ++k) {
        auto const& arc = problem.arcs[k];
        touching[arc.from].push_back(k);
        touching[arc.to].push_back(k);
        paid[arc.from] += arc.amount;
        got[arc.to] += arc.amount;
    }
    using Key = std::pair<std::int64_t, std::size_t>;
    auto const rank = [&](std::size_t v) { // a source first, then by surplus; a sink last of all
        std::int64_t const far = std::numeric_limits<std::int64_t>::max();
        return paid[v] == 0 ? Key{far, v} : got[v] == 0 ? Key{-far, v} : Key{got[v] - paid[v], v};
    };
    std::set<Key> waiting;
    for (std::size_t v = 0; v < n; ++v) waiting.insert(rank(v));
    std::vector<std::size_t> place(n);
    std::vector<char> done(n, 0);
    std::size_t front = 0, back = n;
    while (!waiting.empty()) {
        auto const end = std::prev(waiting.end());
        bool const sink = paid[end->second] == 0;
        auto const chosen = sink ? end : waiting.begin();
        std::size_t const v = chosen->second;
        waiting.erase(chosen);
        done[v] = 1;
        place[v] = sink ? --back : front++;
        for (std::size_t const k : touching[v]) {
            auto const& arc = problem.arcs[k];
            std::size_t const other = arc.from == v ? arc.to : arc.from;
            if (done[other]) continue;
            waiting.erase(rank(other));
            (arc.from == v ? got[other] : paid[other]) -= arc.amount;
            waiting.insert(rank(other));
        }
    }
    return place;
}

} // namespace

FeedbackArcs feedback_arcs(Network const& network) {
    ComponentMembers const members = members_of(network);
    FeedbackArcs result;
    for (std::size_t number = 0; number < members.nodes.size(); ++number) {
        OrderProblem problem;
        problem.nodes = members.nodes[number].size();
        if (problem.nodes < 2) continue;
        for (std::size_t const k : members.edges[number]) {
            Network::Edge const& edge = network.edges[k];
            auto const local = [&](int node) {
                return static_cast<std::size_t>(members.local[static_cast<std::size_t>(node)]);
            };
            problem.arcs.push_back({local(edge.from), local(edge.to), edge.amount});
        }
        bool const small = problem.nodes <= most_exact_nodes;
        result.least = result.least && small;
        auto const place = small ? best_order(problem) : greedy_order(problem);
        for (std::size_t k = 0; k < problem.arcs.size(); ++k) {
            auto const& arc = problem.arcs[k];
            if (place[arc.from] < place[arc.to]) continue;
            result.edges.push_back(members.edges[number][k]);
            result.amount += arc.amount;
        }
    }
    std::sort(result.edges.begin(), result.edges.end());
    return result;
}

double feedback_arcs_usd(Network const& network, OutsideFlows const&) {
    return static_cast<double>(feedback_arcs(network).amount) * network.minor_unit;
}

} // namespace perpetuum
