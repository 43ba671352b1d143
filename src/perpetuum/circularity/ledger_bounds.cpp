/// The interval: over all conventions that conserve money at every account, whatever the order of
/// payments of one time. A vertex for each account between two receipts that payments of an earlier
/// time part, an edge for each payment and for what an account keeps. The most is a max-flow from the
/// funders, the least all receipts less a max-flow of all other money. Sharp where each payment has a
/// time of its own.

#include "ledger_steps.hpp"

#include "max_flow.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace perpetuum {

namespace {

constexpr int ledger_source = 0, ledger_sink = 1;
constexpr std::size_t most_bounded_steps = 3'000'000; // about 200 bytes each

struct LedgerEdge {
    int from = 0, to = 0; ///< vertices
    std::int64_t amount = 0;
    bool of_source = false, funded = false;
    std::size_t step = 0; ///< steps.size(): no payment
};

/// The graph in time; only what leads on to the target.
class LedgerGraph {
  public:
    explicit LedgerGraph(LedgerSteps const& ledger)
        : steps_(ledger.steps), leads_(steps_that_lead_on(ledger, true)),
          vertex_(ledger.opening.size(), -1), balance_(ledger.widest_opening),
          paid_(ledger.opening.size(), 0) {
        for (std::size_t party = 0; party < balance_.size(); ++party)
            if (balance_[party] > 0)
                add(ledger_source, vertex_of(party), balance_[party], true, false);
        for (std::size_t m = 0; m + 1 < ledger.moments.size(); ++m)
            add_moment(ledger.moments[m], ledger.moments[m + 1]);
    }

    std::vector<LedgerEdge> const& edges() const { return edges_; }
    int vertices() const { return vertices_; }

    /// For money of one label: funders' or all other. numbers  by edge, of the flow's
    MaxFlow flow_of(bool funded, std::vector<int>& numbers) const {
        MaxFlow flow(vertices_);
        numbers.clear();
        for (LedgerEdge const& edge : edges_) {
            bool const open = !edge.of_source || edge.funded == funded;
            numbers.push_back(flow.add_edge(edge.from, edge.to, open ? edge.amount : 0));
        }
        return flow;
    }

  private:
    void add(int from, int to, std::int64_t amount, bool of_source, bool funded,
             std::size_t step = ~std::size_t{0}) {
        if (amount > 0) edges_.push_back({from, to, amount, of_source, funded, step});
    }

    int vertex_of(std::size_t party) {
        if (vertex_[party] < 0) vertex_[party] = vertices_++;
        return vertex_[party];
    }

    /// What comes in from now on cannot have paid what went out before.
    void renew(std::size_t party) {
        if (paid_[party] == 0) return;
        int const before = vertex_[party];
        vertex_[party] = -1;
        add(before, vertex_of(party), balance_[party], false, false);
        paid_[party] = 0;
    }

    /// Within a moment money goes through an account in any order: one vertex.
    void add_moment(std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k)
            if (steps_[k].to >= 0) renew(static_cast<std::size_t>(steps_[k].to));
        for (std::size_t k = begin; k < end; ++k) add_step(k);
        for (std::size_t k = begin; k < end; ++k)
            if (steps_[k].from >= 0) paid_[static_cast<std::size_t>(steps_[k].from)] = 1;
    }

    void add_step(std::size_t k) {
        LedgerStep const& step = steps_[k];
        int from = ledger_source, to = ledger_sink;
        if (step.from >= 0) {
            auto const payer = static_cast<std::size_t>(step.from);
            from = vertex_of(payer);
            balance_[payer] -= step.amount;
        }
        if (step.to >= 0) {
            auto const payee = static_cast<std::size_t>(step.to);
            to = vertex_of(payee);
            balance_[payee] += step.amount;
        }
        if (leads_[k] != 0) add(from, to, step.amount, step.from < 0, step.funded, k);
    }

    std::vector<LedgerStep> const& steps_;
    std::vector<char> leads_;
    std::vector<int> vertex_;
    std::vector<std::int64_t> balance_;
    std::vector<char> paid_;
    std::vector<LedgerEdge> edges_;
    int vertices_ = 2;
};

/// What flows on each edge; a vertex after all that pay into it.
struct FlowInOrder {
    std::vector<std::int64_t> went;
    std::vector<std::size_t> edges; ///< those that carry something, by their payer's turn
    bool known = false;
};

/// Within a moment a flow may go round; a depth-first walk takes what does out of it and leaves the
/// vertices in the order in which money passes them.
class FlowOrder {
  public:
    FlowOrder(LedgerGraph const& graph, MaxFlow const& flow, std::vector<int> const& numbers,
              std::uint64_t effort)
        : edges_(graph.edges()), effort_(effort),
          first_(static_cast<std::size_t>(graph.vertices()) + 1, 0), out_(numbers.size()),
          state_(static_cast<std::size_t>(graph.vertices()), unseen) {
        for (int const number : numbers) result_.went.push_back(flow.flow(number));
        for (LedgerEdge const& edge : edges_) ++first_[at(edge.from) + 1];
        for (std::size_t v = 0; v + 1 < first_.size(); ++v) first_[v + 1] += first_[v];
        next_.assign(first_.begin(), first_.end() - 1);
        for (std::size_t e = 0; e < edges_.size(); ++e) out_[next_[at(edges_[e].from)]++] = e;
        next_.assign(first_.begin(), first_.end() - 1);
    }

    FlowInOrder take() {
        std::vector<std::size_t> done;
        for (int start = 0; start + 1 < static_cast<int>(first_.size()); ++start)
            if (state_[at(start)] == unseen && !walk(start, done)) return {};
        for (std::size_t k = done.size(); k-- > 0;)
            for (std::size_t a = first_[done[k]]; a < first_[done[k] + 1]; ++a)
                if (result_.went[out_[a]] > 0) result_.edges.push_back(out_[a]);
        result_.known = true;
        return std::move(result_);
    }

  private:
    enum State : char { unseen, on_way, left };
    static std::size_t at(int vertex) { return static_cast<std::size_t>(vertex); }

    bool walk(int start, std::vector<std::size_t>& done) {
        std::vector<std::size_t> way; // edges from start on
        state_[at(start)] = on_way;
        for (int vertex = start;;) {
            if (effort_-- == 0) return false;
            if (next_[at(vertex)] == first_[at(vertex) + 1]) {
                state_[at(vertex)] = left;
                done.push_back(at(vertex));
                if (way.empty()) return true;
                vertex = edges_[way.back()].from;
                way.pop_back();
                ++next_[at(vertex)];
                continue;
            }
            std::size_t const edge = out_[next_[at(vertex)]];
            int const to = edges_[edge].to;
            if (result_.went[edge] == 0 || state_[at(to)] == left) {
                ++next_[at(vertex)];
            } else if (state_[at(to)] == unseen) {
                way.push_back(edge);
                state_[at(to)] = on_way;
                vertex = to;
            } else {
                way.push_back(edge);
                vertex = take_ring(to, way);
            }
        }
    }

    /// The way's end has come back to `to`. Goes back to where the ring is broken.
    int take_ring(int to, std::vector<std::size_t>& way) {
        std::size_t begin = way.size() - 1;
        while (edges_[way[begin]].from != to) --begin;
        std::int64_t round = result_.went[way[begin]];
        for (std::size_t k = begin; k < way.size(); ++k)
            round = std::min(round, result_.went[way[k]]);
        for (std::size_t k = begin; k < way.size(); ++k) result_.went[way[k]] -= round;
        effort_ -= std::min<std::uint64_t>(effort_, way.size() - begin);
        while (result_.went[way[begin]] > 0) ++begin;
        for (std::size_t k = begin; k + 1 < way.size(); ++k) state_[at(edges_[way[k]].to)] = unseen;
        int const vertex = edges_[way[begin]].from;
        way.resize(begin);
        return vertex;
    }

    std::vector<LedgerEdge> const& edges_;
    std::uint64_t effort_;
    std::vector<std::size_t> first_, out_, next_; ///< edges that leave a vertex
    std::vector<State> state_;
    FlowInOrder result_;
};

/// Of a flow that brings all receipts, funders' part of each edge: at every vertex all leaves alike.
std::vector<double> funded_parts(LedgerGraph const& graph, FlowInOrder const& flow) {
    std::vector<double> parts(flow.went.size(), 0);
    std::vector<double> in(static_cast<std::size_t>(graph.vertices()), 0), funded = in;
    for (std::size_t const e : flow.edges) {
        LedgerEdge const& edge = graph.edges()[e];
        auto const went = static_cast<double>(flow.went[e]);
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        parts[e] = edge.of_source ? (edge.funded ? went : 0)
                   : in[from] > 0 ? went * (funded[from] / in[from])
                                  : 0;
        in[to] += went;
        funded[to] += parts[e];
    }
    return parts;
}

} // namespace

LedgerBounds bound_ledger(LedgerSteps const& ledger, std::uint64_t effort) {
    if (ledger.steps.size() > most_bounded_steps) return {};
    LedgerGraph const graph(ledger);
    LedgerBounds bounds;
    std::vector<int> numbers;
    std::int64_t most[2] = {0, 0};
    for (bool const funded : {false, true}) {
        MaxFlow flow = graph.flow_of(funded, numbers);
        flow.limit(effort);
        most[funded ? 1 : 0] = flow.augment(ledger_source, ledger_sink);
        if (flow.cut()) return {};
    }
    bounds.most = most[1];
    bounds.least = ledger.received - most[0];
    bounds.known = true;
    assert(bounds.least <= bounds.most);
    return bounds;
}

std::vector<double> parts_at_bound(LedgerSteps const& ledger, bool most, std::uint64_t effort) {
    if (ledger.steps.size() > most_bounded_steps) return {};
    LedgerGraph const graph(ledger);
    std::vector<int> numbers;
    MaxFlow flow = graph.flow_of(most, numbers);
    flow.limit(effort);
    flow.augment(ledger_source, ledger_sink);
    for (std::size_t e = 0; e < numbers.size(); ++e) { // and all the rest that was received
        LedgerEdge const& edge = graph.edges()[e];
        if (edge.of_source && edge.funded != most) flow.set_capacity(numbers[e], edge.amount);
    }
    flow.augment(ledger_source, ledger_sink);
    if (flow.cut()) return {};
    FlowInOrder const in_order = FlowOrder(graph, flow, numbers, effort).take();
    if (!in_order.known) return {};
    std::vector<double> const of_edges = funded_parts(graph, in_order);
    std::vector<double> parts(ledger.steps.size(), 0);
    for (std::size_t e = 0; e < numbers.size(); ++e)
        if (std::size_t const step = graph.edges()[e].step; step < parts.size())
            parts[step] = of_edges[e];
    return parts;
}

} // namespace perpetuum
