/// Loops in the order of their bottlenecks: edges are taken by falling amount, and for each the
/// walks that close it over larger edges only are listed. So each loop is found once, at its
/// smallest edge, and a limit on their number keeps the largest.

#include <perpetuum/loops.hpp>

#include <algorithm>
#include <numeric>
#include <string>

namespace perpetuum {

namespace {

struct RankedEdge {
    int from = 0, to = 0; ///< positions in the order of names
    std::int64_t amount = 0;
};

/// Only edges inside components, between nodes numbered by name: nothing below sees how the caller
/// numbered them.
struct RankedGraph {
    std::vector<int> node_at;              ///< position → the network's node
    std::vector<RankedEdge> edges;         ///< largest first
    std::vector<std::vector<int>> out, in; ///< by position: ranks of edges, rising
    std::vector<int> size;                 ///< by position: nodes of its component
};

std::vector<int> order_of_names(std::vector<std::string> const& names) {
    std::vector<int> order(names.size());
    std::iota(order.begin(), order.end(), 0);
    auto const name = [&](int node) -> std::string const& {
        return names[static_cast<std::size_t>(node)];
    };
    std::sort(order.begin(), order.end(), [&](int a, int b) { return name(a) < name(b); });
    for (std::size_t k = 1; k < order.size(); ++k)
        if (name(order[k - 1]) == name(order[k]))
            throw BadInput{"two nodes are called '" + name(order[k]) +
                           "', expected each name once"};
    return order;
}

RankedGraph ranked(Network const& network) {
    std::vector<int> const component = components(network);
    RankedGraph graph;
    graph.node_at = order_of_names(network.nodes);
    std::vector<int> position(network.nodes.size());
    for (std::size_t k = 0; k < position.size(); ++k)
        position[static_cast<std::size_t>(graph.node_at[k])] = static_cast<int>(k);
    std::vector<int> nodes_in(position.size(), 0);
    for (int const c : component) ++nodes_in[static_cast<std::size_t>(c)];
    for (int const node : graph.node_at)
        graph.size.push_back(
            nodes_in[static_cast<std::size_t>(component[static_cast<std::size_t>(node)])]);
    for (Network::Edge const& edge : network.edges) {
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        if (component[from] == component[to])
            graph.edges.push_back({position[from], position[to], edge.amount});
    }
    std::sort(graph.edges.begin(), graph.edges.end(), [](RankedEdge const& a, RankedEdge const& b) {
        if (a.amount != b.amount) return a.amount > b.amount;
        return std::pair{a.from, a.to} < std::pair{b.from, b.to};
    });
    graph.out.resize(position.size());
    graph.in.resize(position.size());
    for (std::size_t rank = 0; rank < graph.edges.size(); ++rank) {
        RankedEdge const& edge = graph.edges[rank];
        graph.out[static_cast<std::size_t>(edge.from)].push_back(static_cast<int>(rank));
        graph.in[static_cast<std::size_t>(edge.to)].push_back(static_cast<int>(rank));
    }
    return graph;
}

class LoopSearch {
  public:
    LoopSearch(RankedGraph const& graph, LoopLimits limits)
        : graph_(graph), limits_(limits), hops_(graph.node_at.size(), 0),
          on_path_(graph.node_at.size(), 0) {}

    Loops run() {
        for (std::size_t rank = 0; rank < graph_.edges.size() && !stopped(); ++rank)
            close(static_cast<int>(rank));
        result_.complete =
            !result_.cut_by_length && !result_.cut_by_count && !result_.cut_by_effort;
        return std::move(result_);
    }

  private:
    static std::size_t at(int node) { return static_cast<std::size_t>(node); }
    bool stopped() const { return result_.cut_by_count || result_.cut_by_effort; }

    /// Counts one edge looked at; false when the effort is spent.
    bool spend() {
        if (++spent_ > limits_.effort) result_.cut_by_effort = true;
        constexpr std::uint64_t looks_apart = 1 << 16;
        if (spent_ % looks_apart == 0 && limits_.stop && limits_.stop())
            result_.cut_by_effort = true;
        return !result_.cut_by_effort;
    }

    /// All loops whose smallest edge is this one.
    void close(int rank) {
        RankedEdge const& last = graph_.edges[at(rank)];
        // No loop has more legs than its component has nodes: where the bound is no less, nothing
        // that it turns away is a loop.
        int const nodes = graph_.size[at(last.from)];
        cuts_ = limits_.longest != 0 && limits_.longest < nodes;
        longest_ = cuts_ ? limits_.longest : nodes;
        count_hops(last.from, rank);
        if (hops_[at(last.to)] > 0 && hops_[at(last.to)] < longest_) walk(last.to, last.from, rank);
        for (int node : reached_) hops_[at(node)] = 0;
        reached_.clear();
    }

    /// Fewest legs from each node to `home` over edges larger than `rank`; 0 = cannot come home in
    /// time.
    void count_hops(int home, int rank) {
        std::vector<int>& queue = reached_;
        queue.push_back(home);
        hops_[at(home)] = -1; // its own number is never asked for
        for (std::size_t next = 0; next < queue.size(); ++next) {
            int const node = queue[next];
            int const hops = node == home ? 1 : hops_[at(node)] + 1;
            for (int const edge : graph_.in[at(node)]) {
                if (edge >= rank || !spend()) break;
                int const before = graph_.edges[at(edge)].from;
                if (hops_[at(before)] != 0) continue;
                if (hops >= longest_) {
                    if (cuts_) result_.cut_by_length = true;
                    continue;
                }
                hops_[at(before)] = hops;
                queue.push_back(before);
            }
        }
    }

    /// Depth first from `start`, entering only nodes that can still come home within the legs left.
    void walk(int start, int home, int rank) {
        path_.assign(1, home);
        legs_.assign(1, rank);
        next_.clear();
        enter(start);
        while (!next_.empty() && !stopped()) {
            int const node = path_.back();
            std::vector<int> const& out = graph_.out[at(node)];
            std::size_t const k = next_.back()++;
            if (k >= out.size() || out[k] >= rank) {
                leave();
                continue;
            }
            if (!spend()) break;
            step(out[k], home);
        }
        while (!next_.empty()) leave();
    }

    void step(int edge, int home) {
        int const to = graph_.edges[at(edge)].to;
        int const legs = static_cast<int>(path_.size()); // with the one that now begins
        if (to == home) {
            legs_.push_back(edge);
            keep();
            legs_.pop_back();
        } else if (on_path_[at(to)] == 0 && hops_[at(to)] > 0) {
            if (legs + hops_[at(to)] > longest_) {
                if (cuts_) result_.cut_by_length = true;
                return;
            }
            legs_.push_back(edge);
            enter(to);
        }
    }

    void enter(int node) {
        path_.push_back(node);
        on_path_[at(node)] = 1;
        next_.push_back(0);
    }

    void leave() {
        on_path_[at(path_.back())] = 0;
        path_.pop_back();
        if (legs_.size() > 1) legs_.pop_back();
        next_.pop_back();
    }

    /// The path is home, …, node and legs_ its edges, the closing one included; both begin at the
    /// smallest edge's payer.
    void keep() {
        if (result_.found.size() >= limits_.most) {
            result_.cut_by_count = true;
            return;
        }
        // Long loops can be many at little search: what is kept counts too, or memory would have no
        // bound.
        spent_ += path_.size();
        auto const smallest = std::min_element(path_.begin(), path_.end()) - path_.begin();
        Loop loop;
        for (std::size_t k = 0; k < path_.size(); ++k) {
            std::size_t const turned = (k + static_cast<std::size_t>(smallest)) % path_.size();
            loop.nodes.push_back(
                path_[turned]); // positions for now, so that ties are broken by name
            loop.amounts.push_back(graph_.edges[at(legs_[turned])].amount);
        }
        loop.bottleneck = graph_.edges[at(legs_.front())].amount;
        result_.found.push_back(std::move(loop));
    }

    RankedGraph const& graph_;
    LoopLimits limits_;
    Loops result_;
    std::vector<int> hops_, on_path_, reached_;
    std::vector<int> path_, legs_; ///< nodes; ranks of the edges that leave them
    std::vector<std::size_t>
        next_; ///< for each node of the path after home: the edge to look at next
    std::uint64_t spent_ = 0;
    int longest_ = 0;   ///< legs, of the loops through the edge at hand
    bool cuts_ = false; ///< whether a loop there could have more
};

bool ranks_before(Loop const& a, Loop const& b) {
    if (a.bottleneck != b.bottleneck) return a.bottleneck > b.bottleneck;
    if (a.nodes.size() != b.nodes.size()) return a.nodes.size() < b.nodes.size();
    return a.nodes < b.nodes;
}

/// Positions become nodes, and every leg its share of what its payer had.
void finish(Loop& loop, RankedGraph const& graph, std::vector<std::int64_t> const& throughflow) {
    loop.gain = 1;
    for (std::size_t k = 0; k < loop.nodes.size(); ++k) {
        loop.nodes[k] = graph.node_at[static_cast<std::size_t>(loop.nodes[k])];
        loop.gain *= static_cast<double>(loop.amounts[k]) /
                     static_cast<double>(throughflow[static_cast<std::size_t>(loop.nodes[k])]);
    }
}

} // namespace

Loops find_loops(Network const& network, OutsideFlows const& outside, LoopLimits limits) {
    if (limits.longest != 0 && limits.longest < 2)
        throw BadInput{"the longest loop is " + std::to_string(limits.longest) +
                       " legs, expected 2 or more, or 0 for any"};
    std::vector<std::int64_t> const throughflow = throughflows(network, outside);
    RankedGraph const graph = ranked(network);
    Loops loops = LoopSearch(graph, limits).run();
    std::sort(loops.found.begin(), loops.found.end(), ranks_before);
    for (Loop& loop : loops.found) finish(loop, graph, throughflow);
    return loops;
}

Loops find_loops(Network const& network, LoopLimits limits) {
    return find_loops(network, no_outside_flows(network), limits);
}

} // namespace perpetuum
