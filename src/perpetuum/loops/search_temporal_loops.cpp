/// Temporal loops, each found at its first payment.
///
/// For a first payment at time t the window is cut in the middle. A sweep forwards finds who can
/// hold the money by the middle, a sweep backwards from the root who can still bring it home after
/// it; only where the two meet is there a loop at all. Each sweep sees the square root of what a
/// sweep through the whole window would. The one backwards is shared: as first payments of a root
/// get later, its answers stay true and are only added to. Where the sweeps meet, a third one
/// carries the answers from the middle back to t among those who can hold the money, and a walk
/// enters only parties that can still be home in time.

#include "dated_graph.hpp"
#include "loop_query.hpp"
#include "ordered_search.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

__extension__ using WideProduct = __int128;

constexpr std::size_t roots_a_chunk = 8;
constexpr int longest_by_hops = 6; ///< up to here, sweeps count legs instead of sharing answers

/// What the sweeps of one root know of a party.
struct PartyState {
    std::uint32_t leave_by = 0;    ///< the latest time to leave it and still come home; 0 = none
    std::uint32_t looked_to = 0;   ///< arcs in, earlier than this, have been followed back
    std::uint32_t arrival = 0;     ///< of this first payment: the earliest it can hold the money
    std::uint32_t looked_from = 0; ///< arcs out, from this time on, have been followed
    std::uint32_t carried_to = 0;  ///< as looked_to, before the middle and for this first payment
    std::uint32_t hops = 0;        ///< fewest legs home, when legs are counted
    bool queued = false, touched = false, on_path = false, carried = false;
};

class TemporalWorker final : public ChunkWorker {
  public:
    TemporalWorker(PaymentList const& list, DatedGraph const& graph, LoopQuery const& query,
                   TemporalRules const& rules, std::vector<std::uint32_t> const& roots)
        : list_(list), graph_(graph), query_(query), rules_(rules), roots_(roots),
          state_(graph.node_at.size()), strict_(rules.strict ? 1 : 0) {
        longest_ = query.longest == 0 ? std::numeric_limits<std::size_t>::max()
                                      : static_cast<std::size_t>(query.longest);
        by_hops_ = query.longest != 0 && query.longest <= longest_by_hops;
    }

    void run(std::size_t chunk) override {
        std::size_t const end = std::min(roots_.size(), (chunk + 1) * roots_a_chunk);
        for (std::size_t k = chunk * roots_a_chunk; k < end && !result().cut(); ++k)
            run_root(roots_[k]);
    }

  private:
    using Arcs = std::vector<DatedArc>;

    static std::uint32_t first_from(Arcs const& arcs, std::uint32_t begin, std::uint32_t end,
                                    std::uint32_t time) {
        auto const at = arcs.begin();
        return static_cast<std::uint32_t>(
            std::lower_bound(at + begin, at + end, time,
                             [](DatedArc arc, std::uint32_t t) { return arc.time < t; }) -
            at);
    }

    void run_root(std::uint32_t root) {
        root_ = root;
        std::uint32_t const in_end = graph_.in_begin[root + 1];
        next_in_ = graph_.in_begin[root];
        for (std::uint32_t k = graph_.out_begin[root]; k < graph_.out_begin[root + 1]; ++k) {
            if (!spend(1)) break;
            DatedArc const first = graph_.out[k];
            // No payment comes back later than the last one in: nor will it for later ones.
            if (graph_.in_begin[root] == in_end ||
                graph_.in[in_end - 1].time < first.time + strict_)
                break;
            begin_ = first.time;
            end_ = graph_.window_end[first.time];
            middle_ = graph_.window_half[first.time];
            bool const ok = by_hops_ ? sweep_by_hops() : sweep(first.node);
            if (ok && comes_home(first.node)) walk(k);
            forget_first();
            if (result().cut()) break;
        }
        for (std::uint32_t const node : touched_) state_[node] = {};
        touched_.clear();
    }

    bool comes_home(std::uint32_t node) const { return state_[node].leave_by >= begin_ + strict_; }

    void touch(std::uint32_t node) {
        if (state_[node].touched) return;
        state_[node].touched = true;
        touched_.push_back(node);
    }

    // ---- both sweeps to the middle

    /// False when no loop begins here, or the budget ends.
    bool sweep(std::uint32_t node) {
        if (!sweep_back()) return false;
        bool const possible = sweep_forth(node);
        return possible && !result().cut() && carry_back();
    }

    /// Arcs into the root that the window has come to reach, and all that leads to them after the
    /// middle. False when the budget ends or no arc into the root is in the window.
    bool sweep_back() {
        std::uint32_t const in_end = graph_.in_begin[root_ + 1];
        for (; next_in_ < in_end && graph_.in[next_in_].time <= end_; ++next_in_) {
            DatedArc const arc = graph_.in[next_in_];
            if (arc.time > middle_) raise(arc);
        }
        while (!queue_.empty()) {
            std::uint32_t const node = queue_.back();
            queue_.pop_back();
            if (!follow_back(node)) return false;
        }
        return next_in_ > graph_.in_begin[root_] &&
               graph_.in[next_in_ - 1].time >= begin_ + strict_;
    }

    /// One may leave arc.node as late as arc.time.
    void raise(DatedArc arc) {
        PartyState& state = state_[arc.node];
        if (arc.node == root_ || state.leave_by >= arc.time) return;
        touch(arc.node);
        state.leave_by = arc.time;
        if (state.queued) return;
        state.queued = true;
        queue_.push_back(arc.node);
    }

    bool follow_back(std::uint32_t node) {
        PartyState& state = state_[node];
        state.queued = false;
        std::uint32_t const from = std::max(state.looked_to, middle_ + 1);
        std::uint32_t const to = state.leave_by + 1 - strict_; // arcs earlier than this
        if (from >= to) return true;
        std::uint32_t const end = graph_.in_begin[node + 1];
        std::uint32_t k = first_from(graph_.in, graph_.in_begin[node], end, from);
        std::uint32_t const begin = k;
        for (; k < end && graph_.in[k].time < to; ++k) raise(graph_.in[k]);
        state.looked_to = to;
        return spend(k - begin + 1);
    }

    /// Who can hold the money by the middle. False when nobody of them can bring it home.
    bool sweep_forth(std::uint32_t node) {
        back_early_ = false;
        bool meets = false;
        arrive({node, begin_});
        for (std::size_t next = 0; next < queue_.size(); ++next) {
            std::uint32_t const holder = queue_[next];
            state_[holder].queued = false;
            meets |= state_[holder].leave_by > middle_;
            if (!follow_forth(holder)) break;
        }
        queue_.clear();
        return meets || back_early_;
    }

    void arrive(DatedArc arc) {
        if (arc.node == root_) {
            back_early_ = true;
            return;
        }
        PartyState& state = state_[arc.node];
        if (state.arrival != 0 && state.arrival <= arc.time) return;
        if (state.arrival == 0) {
            reached_.push_back(arc.node);
            state.looked_from = middle_ + 1;
        }
        state.arrival = arc.time;
        if (state.queued) return;
        state.queued = true;
        queue_.push_back(arc.node);
    }

    bool follow_forth(std::uint32_t node) {
        PartyState& state = state_[node];
        std::uint32_t const from = state.arrival + strict_, to = state.looked_from;
        if (from >= to) return true;
        std::uint32_t const end = graph_.out_begin[node + 1];
        std::uint32_t k = first_from(graph_.out, graph_.out_begin[node], end, from);
        std::uint32_t const begin = k;
        for (; k < end && graph_.out[k].time < to; ++k) arrive(graph_.out[k]);
        state.looked_from = from;
        return spend(k - begin + 1);
    }

    /// From the middle back to the first payment, among those who can hold the money by then. What
    /// an earlier first payment left is true but need not be all: everyone is looked at again.
    bool carry_back() {
        for (std::uint32_t k =
                 first_from(graph_.in, graph_.in_begin[root_], next_in_, begin_ + strict_);
             k < next_in_ && graph_.in[k].time <= middle_; ++k)
            carry(graph_.in[k]);
        for (std::uint32_t const node : reached_)
            if (state_[node].leave_by > middle_) carry_from(node);
        bool going = true;
        while (!queue_.empty()) {
            std::uint32_t const node = queue_.back();
            queue_.pop_back();
            state_[node].queued = false;
            going = going && follow_carried(node);
        }
        return going;
    }

    void carry(DatedArc arc) {
        PartyState& state = state_[arc.node];
        if (arc.node == root_ || state.arrival == 0 || state.arrival + strict_ > arc.time) return;
        if (state.leave_by < arc.time) {
            touch(arc.node);
            state.leave_by = arc.time;
        }
        carry_from(arc.node);
    }

    /// Follows back what leads to a node, unless that was done up to the time it may be left.
    void carry_from(std::uint32_t node) {
        PartyState& state = state_[node];
        if (state.queued) return;
        std::uint32_t const to = std::min(state.leave_by - strict_, middle_) + 1;
        if (state.carried_to >= to) return;
        state.queued = true;
        queue_.push_back(node);
    }

    bool follow_carried(std::uint32_t node) {
        PartyState& state = state_[node];
        std::uint32_t const from = std::max(state.carried_to, state.arrival);
        std::uint32_t const to = std::min(state.leave_by - strict_, middle_) + 1;
        state.carried_to = to;
        if (from >= to) return true;
        std::uint32_t const end = graph_.in_begin[node + 1];
        std::uint32_t k = first_from(graph_.in, graph_.in_begin[node], end, from);
        std::uint32_t const begin = k;
        for (; k < end && graph_.in[k].time < to; ++k) carry(graph_.in[k]);
        return spend(k - begin + 1);
    }

    void forget_first() {
        for (std::uint32_t const node : reached_) {
            PartyState& state = state_[node];
            state.arrival = 0;
            state.carried_to = 0;
            state.queued = false;
        }
        reached_.clear();
        queue_.clear();
    }

    // ---- few legs: one sweep for each first payment, level by level

    bool sweep_by_hops() {
        for (std::uint32_t const node : touched_) state_[node] = {};
        touched_.clear();
        std::uint32_t const root_begin = graph_.in_begin[root_],
                            root_end = graph_.in_begin[root_ + 1];
        for (std::uint32_t k = first_from(graph_.in, root_begin, root_end, begin_ + strict_);
             k < root_end && graph_.in[k].time <= end_; ++k)
            raise_by_hops(graph_.in[k], 1);
        bool going = true;
        std::size_t next = 0;
        for (std::uint32_t hops = 2; hops < longest_ && next < queue_.size() && going; ++hops) {
            std::size_t const level_end = queue_.size();
            for (; next < level_end && going; ++next) going = follow_by_hops(queue_[next], hops);
        }
        for (; next < queue_.size(); ++next) state_[queue_[next]].queued = false;
        queue_.clear();
        return going;
    }

    void raise_by_hops(DatedArc arc, std::uint32_t hops) {
        PartyState& state = state_[arc.node];
        if (arc.node == root_ || state.leave_by >= arc.time) return;
        touch(arc.node);
        if (state.hops == 0) state.hops = hops;
        state.leave_by = arc.time;
        if (state.queued) return;
        state.queued = true;
        queue_.push_back(arc.node);
    }

    bool follow_by_hops(std::uint32_t node, std::uint32_t hops) {
        PartyState& state = state_[node];
        state.queued = false;
        std::uint32_t const from = std::max(state.looked_to, begin_ + strict_);
        std::uint32_t const to = state.leave_by + 1 - strict_;
        if (from >= to) return true;
        std::uint32_t const end = graph_.in_begin[node + 1];
        std::uint32_t k = first_from(graph_.in, graph_.in_begin[node], end, from);
        std::uint32_t const begin = k;
        for (; k < end && graph_.in[k].time < to; ++k) raise_by_hops(graph_.in[k], hops);
        state.looked_to = to;
        return spend(k - begin + 1);
    }

    // ---- the walk

    struct TemporalStep {
        std::uint32_t next, end; ///< arcs left to look at
        std::uint32_t node;
        std::uint32_t last; ///< the latest time of a next payment
    };

    void walk(std::uint32_t first) {
        legs_.assign(1, first);
        enter(graph_.out[first]);
        while (!path_.empty()) {
            TemporalStep& step = path_.back();
            if (step.next == step.end || graph_.out[step.next].time > step.last)
                leave();
            else if (!look_at(step.next++))
                break;
        }
        while (!path_.empty()) leave();
    }

    void enter(DatedArc arc) {
        std::uint32_t const end = graph_.out_begin[arc.node + 1];
        std::uint32_t const next =
            first_from(graph_.out, graph_.out_begin[arc.node], end, arc.time + strict_);
        std::uint32_t const last =
            graph_.gap_end.empty() ? end_ : std::min(end_, graph_.gap_end[arc.time]);
        path_.push_back({next, end, arc.node, last});
        state_[arc.node].on_path = true;
    }

    void leave() {
        state_[path_.back().node].on_path = false;
        path_.pop_back();
        legs_.pop_back();
    }

    /// False when the search has to end.
    bool look_at(std::uint32_t k) {
        if (!spend(1)) return false;
        DatedArc const arc = graph_.out[k];
        std::size_t const legs = legs_.size() + 1; // with this one
        if (arc.node == root_) {
            if (!ratio_fits(k)) return true;
            legs_.push_back(k);
            bool const going = close();
            legs_.pop_back();
            return going;
        }
        PartyState const& state = state_[arc.node];
        if (legs >= longest_ || state.leave_by < arc.time + strict_ || state.on_path) return true;
        if (by_hops_ && legs + state.hops > longest_) return true;
        if (!ratio_fits(k)) return true;
        legs_.push_back(k);
        enter(arc);
        return true;
    }

    bool ratio_fits(std::uint32_t k) const { return ratio_fits(legs_.back(), k); }

    bool ratio_fits(std::uint32_t earlier, std::uint32_t next) const {
        if (!rules_.least_ratio && !rules_.most_ratio) return true;
        std::int64_t const before = list_.amount[graph_.payment[earlier]];
        std::int64_t const amount = list_.amount[graph_.payment[next]];
        auto const sign = [&](AmountRatio ratio) {
            WideProduct const here = static_cast<WideProduct>(amount) * ratio.denominator;
            WideProduct const there = static_cast<WideProduct>(before) * ratio.numerator;
            return here < there ? -1 : here > there ? 1 : 0;
        };
        return (!rules_.least_ratio || sign(*rules_.least_ratio) >= 0) &&
               (!rules_.most_ratio || sign(*rules_.most_ratio) <= 0);
    }

    /// Payments all of one time have no first: such a loop may begin at any, and counts where it
    /// can begin at the smallest place.
    bool counts_here() const {
        bool const one_moment = strict_ == 0 && graph_.out[legs_.back()].time == begin_;
        if (!one_moment || query_.first >= 0) return true;
        for (std::size_t k = 1; k < legs_.size(); ++k)
            if (path_[k - 1].node < root_ && can_begin_with(k)) return false;
        return true;
    }

    /// Whether amounts fit from leg k on, round to the one before it.
    bool can_begin_with(std::size_t k) const {
        std::size_t const legs = legs_.size();
        for (std::size_t step = 0; step + 1 < legs; ++step)
            if (!ratio_fits(legs_[(k + step) % legs], legs_[(k + step + 1) % legs])) return false;
        return true;
    }

    bool close() {
        if (!counts_here()) return true;
        bool const filtered = query_.through >= 0 || query_.leg_from >= 0;
        if (!wants_legs() && !filtered) return count_loop(legs_.size());
        nodes_.assign(1, graph_.node_at[root_]);
        for (TemporalStep const& step : path_) nodes_.push_back(graph_.node_at[step.node]);
        if (filtered && !asked_for()) return true;
        payments_.clear();
        std::int64_t bottleneck = std::numeric_limits<std::int64_t>::max();
        for (std::uint32_t const leg : legs_) {
            payments_.push_back(graph_.payment[leg]);
            bottleneck = std::min(bottleneck, list_.amount[payments_.back()]);
        }
        return meet({nodes_, payments_, bottleneck});
    }

    bool asked_for() const {
        if (query_.through >= 0 &&
            std::find(nodes_.begin(), nodes_.end(), query_.through) == nodes_.end())
            return false;
        if (query_.leg_from < 0) return true;
        auto const from = std::find(nodes_.begin(), nodes_.end(), query_.leg_from);
        if (from == nodes_.end()) return false;
        auto const to = from + 1 == nodes_.end() ? nodes_.begin() : from + 1;
        return *to == query_.leg_to;
    }

    PaymentList const& list_;
    DatedGraph const& graph_;
    LoopQuery const& query_;
    TemporalRules const& rules_;
    std::vector<std::uint32_t> const& roots_;
    std::vector<PartyState> state_;
    std::vector<std::uint32_t> touched_, reached_, queue_;
    std::vector<std::uint32_t> legs_; ///< arcs out
    std::vector<TemporalStep> path_;  ///< behind the root
    std::vector<int> nodes_;
    std::vector<std::uint32_t> payments_;
    std::uint32_t strict_, root_ = 0, next_in_ = 0, begin_ = 0, end_ = 0, middle_ = 0;
    std::size_t longest_;
    bool by_hops_ = false, back_early_ = false;
};

void check_temporal(PaymentList const& list, LoopQuery const& query, TemporalRules const& rules) {
    check_loop_query(query, list.parties.size());
    auto const refuse = [](std::string const& what) { throw BadInput{what}; };
    std::size_t const size = list.size();
    if (list.to.size() != size || list.amount.size() != size || list.time.size() != size)
        refuse("a column of the payments has another length than " + std::to_string(size) +
               ", expected from, to, amount and time for each");
    auto const parties = static_cast<int>(list.parties.size());
    for (std::size_t k = 0; k < size; ++k) {
        bool const there = list.from[k] >= 0 && list.from[k] < parties && list.to[k] >= 0 &&
                           list.to[k] < parties && list.from[k] != list.to[k];
        if (!there || list.amount[k] <= 0)
            refuse("payment " + std::to_string(k) +
                   " is damaged, expected two different parties and an amount above 0");
    }
    if (rules.window < 0)
        refuse("the window is " + std::to_string(rules.window) + ", expected ≥ 0");
    if (rules.gap < 0) refuse("the gap is " + std::to_string(rules.gap) + ", expected ≥ 0");
    for (auto const& ratio : {rules.least_ratio, rules.most_ratio})
        if (ratio && (ratio->denominator <= 0 || ratio->numerator < 0))
            refuse("a ratio is " + std::to_string(ratio->numerator) + "/" +
                   std::to_string(ratio->denominator) + ", expected a fraction ≥ 0");
}

/// A loop of k legs spans at most k - 1 gaps.
TemporalRules narrowed(TemporalRules rules, LoopQuery const& query) {
    std::int64_t span = 0;
    if (query.longest > 0 && !__builtin_mul_overflow(rules.gap, query.longest - 1, &span))
        rules.window = std::min(rules.window, span);
    return rules;
}

} // namespace

LoopTally search_temporal_loops(PaymentList const& list, LoopQuery const& query,
                                TemporalRules const& asked, LoopBudget const& budget,
                                LoopSink const& sink) {
    check_temporal(list, query, asked);
    TemporalRules const rules = narrowed(asked, query);
    DatedGraph const graph = dated_graph(list, query, rules, budget.threads);
    std::vector<std::uint32_t> roots;
    for (std::uint32_t place = 0; place < graph.node_at.size(); ++place)
        if (query.first < 0 || graph.node_at[place] == query.first) roots.push_back(place);
    return run_in_order(
        (roots.size() + roots_a_chunk - 1) / roots_a_chunk,
        [&] { return std::make_unique<TemporalWorker>(list, graph, query, rules, roots); }, budget,
        sink);
}

} // namespace perpetuum
