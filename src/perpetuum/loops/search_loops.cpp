/// All elementary loops of a network, each found at its first node in an order of falling degree:
/// once the hubs have had their turn they are gone, and what is left for all others is thin.
///
/// From the root, a sweep backwards gives the fewest legs home; the walk enters only nodes that can
/// be home in the legs left. A node one leg from home closes a loop when it is seen, so that the
/// last level of the walk, by far the largest, is never entered.

#include "loop_query.hpp"
#include "ordered_search.hpp"

#include <algorithm>
#include <numeric>

namespace perpetuum {

namespace {

struct SearchArc {
    std::uint32_t node = 0; ///< place of the other end
    std::uint32_t edge = 0; ///< of the network
};

/// The edges inside components, between places: 0 is the first root. Arcs of a node stand by
/// falling place of their other end, so that those to earlier roots are the last.
struct SearchGraph {
    std::vector<int> node_at; ///< place → node of the network
    std::vector<std::size_t> out_begin, in_begin;
    std::vector<SearchArc> out, in;
};

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

std::size_t index(int node) { return static_cast<std::size_t>(node); }

/// Places of the nodes that lie on loops; the node to begin with first, then by falling degree.
std::vector<std::uint32_t> places_of(Network const& network, std::vector<int> const& component,
                                     int first, std::vector<int>& node_at) {
    std::vector<std::uint32_t> degree(network.nodes.size()), place(network.nodes.size(), nowhere);
    for (Network::Edge const& edge : network.edges) {
        if (component[index(edge.from)] != component[index(edge.to)]) continue;
        ++degree[index(edge.from)];
        ++degree[index(edge.to)];
    }
    for (std::size_t node = 0; node < degree.size(); ++node)
        if (degree[node] > 0) node_at.push_back(static_cast<int>(node));
    auto const rank = [&](int node) { return node == first ? nowhere : degree[index(node)]; };
    std::stable_sort(node_at.begin(), node_at.end(),
                     [&](int a, int b) { return rank(a) > rank(b); });
    for (std::size_t k = 0; k < node_at.size(); ++k)
        place[index(node_at[k])] = static_cast<std::uint32_t>(k);
    return place;
}

void add_up(std::vector<std::size_t>& begin) {
    for (std::size_t k = 1; k < begin.size(); ++k) begin[k] += begin[k - 1];
}

/// Each side is filled from the other one, node by node from the last place to the first: so arcs
/// come to stand by falling place without being sorted.
void fill_sides(Network const& network, std::vector<int> const& component,
                std::vector<std::uint32_t> const& place, SearchGraph& graph) {
    std::size_t const nodes = graph.node_at.size();
    std::vector<std::size_t> edges_of(network.nodes.size() + 1);
    graph.in_begin.assign(nodes + 1, 0);
    graph.out_begin.assign(nodes + 1, 0);
    for (Network::Edge const& edge : network.edges) {
        ++edges_of[index(edge.from) + 1];
        if (component[index(edge.from)] != component[index(edge.to)]) continue;
        ++graph.out_begin[place[index(edge.from)] + 1];
        ++graph.in_begin[place[index(edge.to)] + 1];
    }
    add_up(edges_of);
    add_up(graph.in_begin);
    add_up(graph.out_begin);
    graph.in.resize(graph.in_begin.back());
    graph.out.resize(graph.out_begin.back());
    auto next = graph.in_begin;
    for (auto from = static_cast<std::uint32_t>(nodes); from-- > 0;) {
        std::size_t const node = index(graph.node_at[from]);
        for (std::size_t k = edges_of[node]; k < edges_of[node + 1]; ++k) {
            std::size_t const to = index(network.edges[k].to);
            if (component[node] == component[to])
                graph.in[next[place[to]]++] = {from, static_cast<std::uint32_t>(k)};
        }
    }
    next = graph.out_begin;
    for (auto to = static_cast<std::uint32_t>(nodes); to-- > 0;)
        for (std::size_t k = graph.in_begin[to]; k < graph.in_begin[to + 1]; ++k)
            graph.out[next[graph.in[k].node]++] = {to, graph.in[k].edge};
}

SearchGraph search_graph(Network const& network, int first) {
    std::vector<int> const component = components(network);
    SearchGraph graph;
    auto const place = places_of(network, component, first, graph.node_at);
    if (!graph.node_at.empty()) fill_sides(network, component, place, graph);
    return graph;
}

class LoopWorker final : public ChunkWorker {
  public:
    LoopWorker(Network const& network, SearchGraph const& graph, LoopQuery const& query)
        : network_(network), graph_(graph), query_(query), hops_(graph.node_at.size()),
          closing_(graph.node_at.size()) {
        auto const nodes = static_cast<std::uint32_t>(graph.node_at.size());
        longest_ =
            query.longest == 0 ? nodes : std::min(static_cast<std::uint32_t>(query.longest), nodes);
    }

    void run(std::size_t chunk) override {
        root_ = static_cast<std::uint32_t>(chunk);
        std::size_t const out = graph_.out_begin[root_], in = graph_.in_begin[root_];
        bool const ways_left = out < graph_.out_begin[root_ + 1] && graph_.out[out].node > root_ &&
                               in < graph_.in_begin[root_ + 1] && graph_.in[in].node > root_;
        if (spend(1) && ways_left && count_hops()) walk();
        for (std::uint32_t const node : reached_) hops_[node] = 0;
        reached_.clear();
    }

  private:
    /// Where the walk stands at a node.
    struct Step {
        std::size_t next, end; ///< arcs left to look at
        std::uint32_t node;
        std::uint32_t hops; ///< of the node, taken away while it is on the path
    };

    /// Fewest legs home over nodes behind the root; false when the budget ends first.
    bool count_hops() {
        for (std::size_t k = graph_.in_begin[root_]; k < graph_.in_begin[root_ + 1]; ++k) {
            SearchArc const arc = graph_.in[k];
            if (arc.node < root_) break;
            hops_[arc.node] = 1;
            closing_[arc.node] = arc.edge;
            reached_.push_back(arc.node);
        }
        std::size_t next = 0;
        guess_last_ = false;
        for (std::uint32_t hops = 2; hops < longest_ && next < reached_.size(); ++hops) {
            std::size_t const level_end = reached_.size();
            if (hops + 1 == longest_ && walk_is_cheaper(next)) {
                guess_last_ = true;
                return true;
            }
            for (; next < level_end; ++next)
                if (!reach_from(reached_[next], hops)) return false;
        }
        return true;
    }

    /// The last level of the sweep only serves to tell which payees of the root can come home.
    /// Where there are few of them, it costs less to enter them all.
    bool walk_is_cheaper(std::size_t level) {
        std::size_t forwards = 0, backwards = 0;
        for (std::size_t k = graph_.out_begin[root_]; k < graph_.out_begin[root_ + 1]; ++k) {
            std::uint32_t const node = graph_.out[k].node;
            if (node < root_) break;
            if (hops_[node] == 0) forwards += graph_.out_begin[node + 1] - graph_.out_begin[node];
        }
        for (; level < reached_.size() && backwards <= forwards; ++level) {
            std::uint32_t const node = reached_[level];
            backwards += graph_.in_begin[node + 1] - graph_.in_begin[node];
        }
        return forwards < backwards;
    }

    bool reach_from(std::uint32_t node, std::uint32_t hops) {
        std::size_t const begin = graph_.in_begin[node], end = graph_.in_begin[node + 1];
        std::size_t k = begin;
        for (; k < end && graph_.in[k].node > root_; ++k) {
            std::uint32_t const before = graph_.in[k].node;
            if (hops_[before] != 0) continue;
            hops_[before] = hops;
            reached_.push_back(before);
        }
        return spend(k - begin + 1);
    }

    void walk() {
        path_.clear();
        legs_.clear();
        enter(root_, 0);
        while (!path_.empty()) {
            Step& step = path_.back();
            if (step.next < step.end) {
                if (!look_at(graph_.out[step.next++])) break;
            } else {
                leave();
            }
        }
        while (!path_.empty()) leave();
    }

    void enter(std::uint32_t node, std::uint32_t hops) {
        path_.push_back({graph_.out_begin[node], graph_.out_begin[node + 1], node, hops});
        hops_[node] = 0;
    }

    void leave() {
        Step const& step = path_.back();
        hops_[step.node] = step.hops;
        path_.pop_back();
        if (!legs_.empty()) legs_.pop_back();
    }

    /// False when the search has to end.
    bool look_at(SearchArc arc) {
        if (!spend(1)) return false;
        if (arc.node < root_) { // all that follow, too
            path_.back().next = path_.back().end;
            return true;
        }
        std::uint32_t const hops = hops_[arc.node];
        auto const legs = static_cast<std::uint32_t>(path_.size()); // with this one
        if (path_.size() == 1 && !first_leg_asked_for(arc)) return true;
        if (hops == 0 ? path_.size() > 1 || !guess_last_ : legs + hops > longest_) return true;
        if (hops == 1 && !close(arc, legs + 1)) return false;
        // Deeper, a loop has two legs more at least.
        if (legs + 2 > longest_) return true;
        legs_.push_back(arc.edge);
        enter(arc.node, hops);
        return true;
    }

    bool first_leg_asked_for(SearchArc arc) const {
        return query_.leg_to < 0 || graph_.node_at[arc.node] == query_.leg_to;
    }

    /// path, arc, and home again.
    bool close(SearchArc arc, std::uint32_t legs) {
        if (!wants_legs() && query_.through < 0) return count_loop(legs);
        nodes_.clear();
        edges_.assign(legs_.begin(), legs_.end());
        edges_.push_back(arc.edge);
        edges_.push_back(closing_[arc.node]);
        for (Step const& step : path_) nodes_.push_back(graph_.node_at[step.node]);
        nodes_.push_back(graph_.node_at[arc.node]);
        if (query_.through >= 0 &&
            std::find(nodes_.begin(), nodes_.end(), query_.through) == nodes_.end())
            return true;
        std::int64_t bottleneck = std::numeric_limits<std::int64_t>::max();
        for (std::uint32_t const edge : edges_)
            bottleneck = std::min(bottleneck, network_.edges[edge].amount);
        return meet({nodes_, edges_, bottleneck});
    }

    Network const& network_;
    SearchGraph const& graph_;
    LoopQuery const& query_;
    std::vector<std::uint32_t> hops_; ///< legs home; 0 = cannot, or on the path
    std::vector<std::uint32_t> closing_;
    std::vector<std::uint32_t> reached_, legs_, edges_;
    std::vector<Step> path_;
    std::vector<int> nodes_;
    std::uint32_t root_ = 0, longest_ = 0;
    bool guess_last_ = false; ///< payees of the root without a count may be a whole loop from home
};

[[noreturn]] void refuse_query(std::string const& what) { throw BadInput{what}; }

} // namespace

void check_loop_query(LoopQuery const& query, std::size_t nodes) {
    if (query.longest != 0 && query.longest < 2)
        refuse_query("the longest loop is " + std::to_string(query.longest) +
                     " legs, expected 2 or more, or 0 for any");
    for (int const node : {query.through, query.first, query.leg_from, query.leg_to})
        if (node >= 0 && static_cast<std::size_t>(node) >= nodes)
            refuse_query("a node of the query is " + std::to_string(node) +
                         ", expected less than " + std::to_string(nodes));
    if ((query.leg_from < 0) != (query.leg_to < 0))
        refuse_query("a leg of the query has one end, expected both or neither");
    if (query.leg_from >= 0 && query.leg_from == query.leg_to)
        refuse_query("a leg of the query begins where it ends, expected two nodes");
}

LoopTally search_loops(Network const& network, LoopQuery const& asked, LoopBudget const& budget,
                       LoopSink const& sink) {
    check_network(network);
    check_loop_query(asked, network.nodes.size());
    LoopQuery query = asked;
    // Without times no payment is the first: a loop may begin anywhere. One node or leg that it
    // must have is best begun with; what else it must have is looked at when it is closed.
    if (query.through < 0) query.through = query.first;
    if (query.first >= 0 && query.first != query.through)
        refuse_query("the query names two nodes, expected the first or one to go through");
    int const first = query.leg_from >= 0 ? query.leg_from : query.through;
    SearchGraph const graph = search_graph(network, first);
    std::size_t roots = graph.node_at.size();
    if (first >= 0) {
        bool const there = roots > 0 && graph.node_at[0] == first;
        roots = there ? 1 : 0;
        if (query.leg_from < 0) query.through = -1; // the root is on all of them
    }
    return run_in_order(
        roots, [&] { return std::make_unique<LoopWorker>(network, graph, query); }, budget, sink);
}

} // namespace perpetuum
