/// The sharp interval: over all conventions that conserve money at every account and event. A vertex
/// for each account between two receipts that payments part, an edge for each payment and for what an
/// account keeps. The most is a max-flow from the funders, the least all receipts less a max-flow of
/// all other money.

#include "ledger_steps.hpp"

#include "max_flow.hpp"

#include <algorithm>
#include <cassert>

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
        : steps_(ledger.steps), leads_(steps_that_lead_on(ledger)),
          vertex_(ledger.opening.size(), -1), balance_(ledger.opening),
          paid_(ledger.opening.size(), 0) {
        for (std::size_t party = 0; party < ledger.opening.size(); ++party)
            if (ledger.opening[party] > 0)
                add(ledger_source, vertex_of(party), ledger.opening[party], true, false);
        for (std::size_t k = 0; k < steps_.size(); ++k) add_step(k);
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

    void add_step(std::size_t k) {
        LedgerStep const& step = steps_[k];
        int from = ledger_source, to = ledger_sink;
        if (step.from >= 0) {
            auto const payer = static_cast<std::size_t>(step.from);
            if (step.lack > 0) {
                renew(payer);
                add(ledger_source, vertex_of(payer), step.lack, true, false);
            }
            from = vertex_of(payer);
            paid_[payer] = 1;
            balance_[payer] += step.lack - step.amount;
        }
        if (step.to >= 0) {
            auto const payee = static_cast<std::size_t>(step.to);
            renew(payee);
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

/// Of a flow that brings all receipts, funders' part of each edge: at every vertex all leaves alike.
/// Edges are in the order of time, so that what comes into a vertex stands before what leaves it.
std::vector<double> funded_parts(LedgerGraph const& graph, MaxFlow const& flow,
                                 std::vector<int> const& numbers) {
    std::vector<double> parts, in(static_cast<std::size_t>(graph.vertices()), 0), funded = in;
    for (std::size_t e = 0; e < numbers.size(); ++e) {
        LedgerEdge const& edge = graph.edges()[e];
        auto const went = static_cast<double>(flow.flow(numbers[e]));
        auto const from = static_cast<std::size_t>(edge.from);
        auto const to = static_cast<std::size_t>(edge.to);
        double const part = edge.of_source ? (edge.funded ? went : 0)
                            : in[from] > 0 ? went * (funded[from] / in[from])
                                           : 0;
        in[to] += went;
        funded[to] += part;
        parts.push_back(part);
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
    std::vector<double> const of_edges = funded_parts(graph, flow, numbers);
    std::vector<double> parts(ledger.steps.size(), 0);
    for (std::size_t e = 0; e < numbers.size(); ++e)
        if (std::size_t const step = graph.edges()[e].step; step < parts.size())
            parts[step] = of_edges[e];
    return parts;
}

} // namespace perpetuum
