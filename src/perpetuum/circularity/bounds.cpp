/// A vertex for each till and step in which it moves; edges are moves and what a till keeps; every
/// origin is a group of sources. The most of an origin is a max-flow from its group, the least is
/// all receipts less a max-flow from all other groups. Groups are let in one after the other, so
/// that five growing series of flows give all twelve.

#include "bounds.hpp"

#include "max_flow.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

namespace perpetuum {

namespace {

using GroupSet = unsigned; ///< one bit an origin

constexpr GroupSet group(Origin origin) { return 1U << static_cast<unsigned>(origin); }
constexpr GroupSet everything = (1U << origins_in_all) - 1;
constexpr GroupSet circular_groups = group(Origin::own_money_back) | group(Origin::partners_money);

std::size_t place(int index) { return static_cast<std::size_t>(index); }

/// The graph seen from one firm; its own tills are not in it: its payments are sources, its
/// receipts the sink.
class TillGraph {
  public:
    TillGraph(PaymentSet const& set, TillPlan const& plan, int firm, int first, int last)
        : set_(set), plan_(plan), firm_(firm), first_(first) {
        latest_.assign(plan.party.size(), -1);
        for (TillStep const& step : plan.steps) {
            if (step.step > last) break;
            add(step);
        }
    }

    MaxFlow flow() {
        keep_what_reaches_the_sink();
        MaxFlow flow(nodes_ + 2);
        for (auto const& [ends, amount] : inner_)
            if (useful_[place(ends.first)] && useful_[place(ends.second)])
                flow.add_edge(ends.first + 2, ends.second + 2, amount);
        for (auto const& [node, amount] : to_sink_) flow.add_edge(node + 2, sink, amount);
        for (auto const& [key, amount] : sources_)
            if (useful_[place(key.second)])
                doors_.push_back({key.first, amount, flow.add_edge(source, key.second + 2, 0)});
        return flow;
    }

    static constexpr int source = 0, sink = 1;
    struct Door { ///< a source that can be let in
        Origin origin;
        std::int64_t amount;
        int edge;
    };
    std::vector<Door> const& doors() const { return doors_; }
    std::int64_t through_tills() const { return through_tills_; }
    /// Receipts whose origin is plain: the chain ends at the payment itself.
    std::array<std::int64_t, origins_in_all> const& plain() const { return plain_; }

  private:
    bool own(int till) const { return plan_.party[place(till)] == firm_; }

    void add(TillStep const& step) {
        for (TillBalance const& row : step.balances) {
            if (own(row.till)) continue;
            int const node = nodes_++;
            int& before = latest_[place(row.till)];
            if (before >= 0 && row.opening > 0) inner_[{before, node}] += row.opening;
            std::int64_t const held = row.lack + (before < 0 ? row.opening : 0);
            if (held > 0) sources_[{Origin::held_before, node}] += held;
            before = node;
        }
        for (TillMove const& move : step.moves) add(move, step.step >= first_);
    }

    void add(TillMove const& move, bool in_window) {
        Origin const origin = origin_of(set_, move.payment, firm_);
        bool const receipt =
            in_window && move.payment >= 0 && is_receipt(set_.payments[place(move.payment)], firm_);
        if (receipt && origin != Origin::through) {
            plain_[place(static_cast<int>(origin))] += move.amount;
        } else if (receipt) {
            to_sink_[latest_[place(move.from)]] += move.amount;
            through_tills_ += move.amount;
        } else if (move.to != no_till && !own(move.to)) {
            int const to = latest_[place(move.to)];
            if (origin == Origin::through)
                inner_[{latest_[place(move.from)], to}] += move.amount;
            else
                sources_[{origin, to}] += move.amount;
        }
    }

    void keep_what_reaches_the_sink() {
        std::vector<std::vector<int>> before(place(nodes_));
        for (auto const& [ends, amount] : inner_) before[place(ends.second)].push_back(ends.first);
        useful_.assign(place(nodes_), 0);
        std::vector<int> queue;
        for (auto const& [node, amount] : to_sink_) {
            useful_[place(node)] = 1;
            queue.push_back(node);
        }
        while (!queue.empty()) {
            int const node = queue.back();
            queue.pop_back();
            for (int const from : before[place(node)]) {
                if (useful_[place(from)]) continue;
                useful_[place(from)] = 1;
                queue.push_back(from);
            }
        }
    }

    PaymentSet const& set_;
    TillPlan const& plan_;
    int firm_, first_, nodes_ = 0;
    std::vector<int> latest_; ///< by till: its node in the last step in which it moved
    std::map<std::pair<int, int>, std::int64_t> inner_;
    std::map<int, std::int64_t> to_sink_;
    std::map<std::pair<Origin, int>, std::int64_t> sources_;
    std::vector<char> useful_;
    std::vector<Door> doors_;
    std::array<std::int64_t, origins_in_all> plain_{};
    std::int64_t through_tills_ = 0;
};

/// Max-flows of a growing series of groups, and of everything in the end.
void grow(TillGraph const& graph, MaxFlow& flow, std::vector<GroupSet> const& series,
          std::map<GroupSet, std::int64_t>& found) {
    for (TillGraph::Door const& door : graph.doors()) flow.set_capacity(door.edge, 0);
    flow.reset();
    GroupSet open = 0;
    std::int64_t total = 0;
    for (GroupSet const wanted : series) {
        for (TillGraph::Door const& door : graph.doors())
            if (GroupSet const bit = group(door.origin); (wanted & bit) != 0 && (open & bit) == 0)
                flow.set_capacity(door.edge, door.amount);
        open = wanted;
        total += flow.augment(TillGraph::source, TillGraph::sink);
        found[wanted] = total;
    }
}

std::map<GroupSet, std::int64_t> all_flows(TillGraph& graph) {
    GroupSet const customers = group(Origin::customers), capital = group(Origin::outside_capital),
                   held = group(Origin::held_before), own = group(Origin::own_money_back),
                   partners = group(Origin::partners_money);
    std::map<GroupSet, std::int64_t> found;
    MaxFlow flow = graph.flow();
    grow(graph, flow, {own, circular_groups, everything ^ customers, everything}, found);
    grow(graph, flow, {customers, everything ^ circular_groups, everything ^ partners}, found);
    grow(graph, flow, {partners, everything ^ own}, found);
    grow(graph, flow, {capital, everything ^ held}, found);
    grow(graph, flow, {held, everything ^ capital}, found);
    // Money is conserved at every till, so all sources together reach all that was received.
    assert(found[everything] == graph.through_tills());
    return found;
}

} // namespace

OriginBounds bound_origins(PaymentSet const& set, TillPlan const& plan, int firm, int first,
                           int last) {
    TillGraph graph(set, plan, firm, first, last);
    std::map<GroupSet, std::int64_t> found = all_flows(graph);
    auto plain = graph.plain();
    for (BoundExchange const& exchange : plan.exchanges) {
        NetworkPayment const& p = set.payments[place(exchange.payment)];
        if (is_receipt(p, firm) && p.step >= first && p.step <= last)
            plain[place(static_cast<int>(Origin::own_money_back))] += exchange.amount;
    }
    auto const range = [&](GroupSet groups) {
        std::int64_t known = 0;
        for (int k = 0; k < origins_in_all; ++k)
            if ((groups & (1U << static_cast<unsigned>(k))) != 0) known += plain[place(k)];
        return AmountRange{known + graph.through_tills() - found.at(everything ^ groups),
                           known + found.at(groups)};
    };
    OriginBounds bounds;
    bounds.receipts = graph.through_tills();
    for (std::int64_t const amount : plain) bounds.receipts += amount;
    for (int k = 0; k < origins_in_all; ++k)
        bounds.of[place(k)] = range(1U << static_cast<unsigned>(k));
    bounds.circular = range(circular_groups);
    return bounds;
}

} // namespace perpetuum
