/// Temporal loops, each found at its first payment: who can still be home in time is known from
/// sweeps (temporal_sweeps.hpp), and a walk enters nobody else.

#include "loop_query.hpp"
#include "temporal_sweeps.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

__extension__ using WideProduct = __int128;

constexpr std::size_t roots_a_chunk = 8;

class TemporalWorker final : public TemporalSweeps {
  public:
    TemporalWorker(PaymentList const& list, DatedGraph const& graph, LoopQuery const& query,
                   TemporalRules const& rules, std::vector<std::uint32_t> const& roots)
        : TemporalSweeps(graph, query, rules), list_(list), query_(query), rules_(rules),
          roots_(roots) {}

    void run(std::size_t chunk) override {
        std::size_t const end = std::min(roots_.size(), (chunk + 1) * roots_a_chunk);
        for (std::size_t k = chunk * roots_a_chunk; k < end && !result().cut(); ++k)
            run_root(roots_[k]);
    }

  private:
    void run_root(std::uint32_t root) {
        begin_root(root);
        for (std::uint32_t k = graph_.out_begin[root]; k < graph_.out_begin[root + 1]; ++k) {
            if (!spend(1) || !begin_first(graph_.out[k])) break;
            if (reach(graph_.out[k].node)) walk(k);
            end_first();
            if (result().cut()) break;
        }
        end_root();
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
    LoopQuery const& query_;
    TemporalRules const& rules_;
    std::vector<std::uint32_t> const& roots_;
    std::vector<std::uint32_t> legs_; ///< arcs out
    std::vector<TemporalStep> path_;  ///< behind the root
    std::vector<int> nodes_;
    std::vector<std::uint32_t> payments_;
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
