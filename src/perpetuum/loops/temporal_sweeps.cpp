#include "temporal_sweeps.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

constexpr int longest_by_hops = 6; ///< up to here, sweeps count legs instead of sharing answers

} // namespace

std::uint32_t first_from(std::vector<DatedArc> const& arcs, std::uint32_t begin, std::uint32_t end,
                         std::uint32_t time) {
    auto const at = arcs.begin();
    return static_cast<std::uint32_t>(
        std::lower_bound(at + begin, at + end, time,
                         [](DatedArc arc, std::uint32_t t) { return arc.time < t; }) -
        at);
}

TemporalSweeps::TemporalSweeps(DatedGraph const& graph, LoopQuery const& query,
                               TemporalRules const& rules)
    : graph_(graph), state_(graph.node_at.size()), strict_(rules.strict ? 1 : 0) {
    longest_ = query.longest == 0 ? std::numeric_limits<std::size_t>::max()
                                  : static_cast<std::size_t>(query.longest);
    by_hops_ = query.longest != 0 && query.longest <= longest_by_hops;
}

void TemporalSweeps::begin_root(std::uint32_t root) {
    root_ = root;
    next_in_ = graph_.in_begin[root];
}

bool TemporalSweeps::begin_first(DatedArc first) {
    std::uint32_t const in_end = graph_.in_begin[root_ + 1];
    if (graph_.in_begin[root_] == in_end || graph_.in[in_end - 1].time < first.time + strict_)
        return false;
    begin_ = first.time;
    end_ = graph_.window_end[first.time];
    middle_ = graph_.window_half[first.time];
    return true;
}

bool TemporalSweeps::reach(std::uint32_t payee) {
    bool const ok = by_hops_ ? sweep_by_hops() : sweep(payee);
    return ok && state_[payee].leave_by >= begin_ + strict_;
}

void TemporalSweeps::end_root() {
    for (std::uint32_t const node : touched_) state_[node] = {};
    touched_.clear();
}

void TemporalSweeps::touch(std::uint32_t node) {
    if (state_[node].touched) return;
    state_[node].touched = true;
    touched_.push_back(node);
}

// ---- both sweeps to the middle

/// False when no loop begins here, or the budget ends.
bool TemporalSweeps::sweep(std::uint32_t node) {
    if (!sweep_back()) return false;
    bool const possible = sweep_forth(node);
    return possible && !result().cut() && carry_back();
}

/// Arcs into the root that the window has come to reach, and all that leads to them after the
/// middle. False when the budget ends or no arc into the root is in the window.
bool TemporalSweeps::sweep_back() {
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
    return next_in_ > graph_.in_begin[root_] && graph_.in[next_in_ - 1].time >= begin_ + strict_;
}

/// One may leave arc.node as late as arc.time.
void TemporalSweeps::raise(DatedArc arc) {
    PartyState& state = state_[arc.node];
    if (arc.node == root_ || state.leave_by >= arc.time) return;
    touch(arc.node);
    state.leave_by = arc.time;
    if (state.queued) return;
    state.queued = true;
    queue_.push_back(arc.node);
}

bool TemporalSweeps::follow_back(std::uint32_t node) {
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
bool TemporalSweeps::sweep_forth(std::uint32_t node) {
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

void TemporalSweeps::arrive(DatedArc arc) {
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

bool TemporalSweeps::follow_forth(std::uint32_t node) {
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
bool TemporalSweeps::carry_back() {
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

void TemporalSweeps::carry(DatedArc arc) {
    PartyState& state = state_[arc.node];
    if (arc.node == root_ || state.arrival == 0 || state.arrival + strict_ > arc.time) return;
    if (state.leave_by < arc.time) {
        touch(arc.node);
        state.leave_by = arc.time;
    }
    carry_from(arc.node);
}

/// Follows back what leads to a node, unless that was done up to the time it may be left.
void TemporalSweeps::carry_from(std::uint32_t node) {
    PartyState& state = state_[node];
    if (state.queued) return;
    std::uint32_t const to = std::min(state.leave_by - strict_, middle_) + 1;
    if (state.carried_to >= to) return;
    state.queued = true;
    queue_.push_back(node);
}

bool TemporalSweeps::follow_carried(std::uint32_t node) {
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

void TemporalSweeps::end_first() {
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

bool TemporalSweeps::sweep_by_hops() {
    for (std::uint32_t const node : touched_) state_[node] = {};
    touched_.clear();
    std::uint32_t const root_begin = graph_.in_begin[root_], root_end = graph_.in_begin[root_ + 1];
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

void TemporalSweeps::raise_by_hops(DatedArc arc, std::uint32_t hops) {
    PartyState& state = state_[arc.node];
    if (arc.node == root_ || state.leave_by >= arc.time) return;
    touch(arc.node);
    if (state.hops == 0) state.hops = hops;
    state.leave_by = arc.time;
    if (state.queued) return;
    state.queued = true;
    queue_.push_back(arc.node);
}

bool TemporalSweeps::follow_by_hops(std::uint32_t node, std::uint32_t hops) {
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

} // namespace perpetuum
