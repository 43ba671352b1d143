#include <perpetuum/clearing/lane.hpp>

#include <perpetuum/clearing/slow_loops.hpp>

#include <algorithm>

namespace perpetuum {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// One look at everybody.
std::int64_t round_of(ClearingPlan const& plan) {
    return std::int64_t{plan.entities} + plan.flows + 16;
}

/// 20,000 rounds, fewer where the system is so large that they would take more than some tens of
/// milliseconds.
std::int64_t work_at_most(ClearingPlan const& plan) {
    std::int64_t const round = round_of(plan);
    return std::max(200 * round, std::min<std::int64_t>(5'000'000, 20'000 * round));
}

void clear_queue(ClearingLane& lane) {
    std::fill(lane.queued.begin(), lane.queued.end(), 0);
    lane.queue_begin = lane.queue_size = 0;
}

int next_in_queue(ClearingLane& lane) {
    int const entity = lane.queue[lane.queue_begin];
    lane.queue_begin = lane.queue_begin + 1 == lane.queue.size() ? 0 : lane.queue_begin + 1;
    --lane.queue_size;
    lane.queued[at(entity)] = 0;
    return entity;
}

void look_at_all(ClearingLane& lane) {
    for (int entity = 0; entity < lane.plan->entities; ++entity) look_again(lane, entity);
}

/// The flows of a group fall to their part; whoever gets less is looked at again.
void lower_group(ClearingLane& lane, int entity, int group, Coins available) {
    auto const [begin, end, due] = lane.plan->groups[at(group)];
    Fraction const fraction = fraction_of(available, lane.group_total[at(group)]);
    for (int place = begin; place < end; ++place) {
        std::size_t const flow = at(lane.plan->order[at(place)]);
        Coins const target = available > 0 ? pro_rata(lane.owed[flow], fraction) : 0;
        Coins const fall = lane.paid[flow] - target;
        if (fall <= 0) continue;
        int const payee = lane.plan->payee[flow];
        lane.paid[flow] = target;
        lane.received[at(payee)] -= fall;
        lane.changed_at[at(entity)] = lane.work;
        look_again(lane, payee);
    }
}

/// Its payments fall to what it can pay. Groups that are full always were, and below the group that
/// is cut all have been at zero since it was first cut: only one group is new as a rule.
void lower(ClearingLane& lane, int entity) {
    Coins available = means_of(lane, entity).available();
    if (available >= lane.promised[at(entity)]) return;
    int group = lane.plan->first_group[at(entity)];
    for (; available >= lane.group_total[at(group)]; ++group)
        available -= lane.group_total[at(group)];
    int& zero_from = lane.zero_from[at(entity)];
    int const before = zero_from;
    zero_from = group + 1;
    for (; group < before; ++group, available = 0) lower_group(lane, entity, group, available);
}

/// Its payments rise to what it can pay.
void raise(ClearingLane& lane, int entity) {
    ClearingPlan const& plan = *lane.plan;
    Coins available = means_of(lane, entity).available();
    for (int g = plan.first_group[at(entity)]; g < plan.first_group[at(entity) + 1]; ++g) {
        auto const [begin, end, due] = plan.groups[at(g)];
        Coins const total = lane.group_total[at(g)];
        bool const full = available >= total;
        Fraction const fraction = full ? Fraction{} : fraction_of(available, total);
        for (int place = begin; place < end; ++place) {
            std::size_t const flow = at(plan.order[at(place)]);
            Coins const target = full ? lane.owed[flow] : pro_rata(lane.owed[flow], fraction);
            Coins const rise = target - lane.paid[flow];
            if (rise <= 0) continue;
            lane.paid[flow] = target;
            lane.received[at(plan.payee[flow])] += rise;
            look_again(lane, plan.payee[flow]);
        }
        // What rounding leaves of a group that is not full goes to nobody: juniors would gain by a
        // senior's loss.
        available = full ? available - total : 0;
    }
}

/// Looks until nothing changes (true) or for so much work (false); a look costs one and each flow
/// that it may change one.
template <class Change>
bool settle(ClearingLane& lane, std::int64_t work, Change change) {
    std::int64_t const until = lane.work + work;
    while (lane.queue_size > 0 && lane.work < until) {
        int const entity = next_in_queue(lane);
        lane.work += 1 + lane.plan->flows_of(entity);
        change(lane, entity);
    }
    return lane.queue_size == 0;
}

void sum_up(ClearingLane& lane) {
    ClearingPlan const& plan = *lane.plan;
    std::fill(lane.dues.begin(), lane.dues.end(), 0);
    std::fill(lane.promised.begin(), lane.promised.end(), 0);
    for (int entity = 0; entity < plan.entities; ++entity)
        for (int g = plan.first_group[at(entity)]; g < plan.first_group[at(entity) + 1]; ++g) {
            auto const [begin, end, due] = plan.groups[at(g)];
            Coins total = 0;
            for (int place = begin; place < end; ++place)
                total += lane.owed[at(plan.order[at(place)])];
            lane.group_total[at(g)] = total;
            lane.promised[at(entity)] += total;
            if (due) lane.dues[at(entity)] += total;
        }
}

void everybody_pays(ClearingLane& lane, bool in_full) {
    std::fill(lane.received.begin(), lane.received.end(), 0);
    for (int flow = 0; flow < lane.plan->flows; ++flow) {
        lane.paid[at(flow)] = in_full || !lane.plan->limited[at(lane.plan->payer[at(flow)])]
                                  ? lane.owed[at(flow)]
                                  : 0;
        lane.received[at(lane.plan->payee[at(flow)])] += lane.paid[at(flow)];
    }
    std::copy(lane.plan->first_group.begin() + 1, lane.plan->first_group.end(),
              lane.zero_from.begin());
    clear_queue(lane);
    look_at_all(lane);
}

/// The last resort, when rounding alone moves a loop coin by coin for longer than anyone would
/// wait: not the greatest vector, but one that everybody can pay.
void settle_below(ClearingLane& lane, std::int64_t since) {
    std::int64_t const most = work_at_most(*lane.plan);
    for (double margin = 1; margin <= 256; margin *= 16) {
        jump_below(lane, since, margin);
        if (!settle(lane, most / 8, lower)) continue;
        look_at_all(lane);
        settle(lane, most / 8, raise);
        return;
    }
    everybody_pays(lane, false);
    settle(lane, most / 4, raise);
}

/// From all that is owed down to the greatest vector.
void clear_once(ClearingLane& lane) {
    sum_up(lane);
    everybody_pays(lane, true);
    std::fill(lane.changed_at.begin(), lane.changed_at.end(), 0);
    lane.work = 0;
    std::int64_t const most = work_at_most(*lane.plan);
    std::int64_t patience = 8 * round_of(*lane.plan);
    for (int jumps = 0; !settle(lane, patience, lower); ++jumps) {
        std::int64_t const since = lane.work - patience / 2;
        if (lane.work > most) return settle_below(lane, since);
        bool const fell = jumps < 8 ? jump(lane, since) : jump_finely(lane, since);
        if (!fell && jumps >= 8) patience *= 2; // only rounding is at work: walk
    }
}

/// Each guarantee that was not called and whose due is short: once, for what is missing, up to its
/// cover.
bool call_guarantees(ClearingLane& lane, std::vector<char>& called) {
    bool any = false;
    for (std::size_t g = 0; g < called.size(); ++g) {
        std::size_t const due = at(lane.system->guarantees[g].covers);
        Coins const missing = lane.owed[due] - lane.paid[due];
        if (called[g] || missing <= forgiven || lane.cover[g] == 0) continue;
        Coins const call = std::min(missing, lane.cover[g]);
        lane.owed[due] -= call;
        lane.owed[at(lane.plan->payments) + g] = call;
        lane.called_on[at(lane.plan->payer[due])] += call;
        called[g] = 1;
        any = true;
    }
    return any;
}

} // namespace

ClearingLane::ClearingLane(ClearingPlan const& the_plan, ClearingSystem const& the_system)
    : plan(&the_plan), system(&the_system) {
    auto const entities = at(the_plan.entities), flows = at(the_plan.flows);
    for (auto* each : {&cash, &lost, &short_of, &received, &called_on, &dues, &promised})
        each->assign(entities, 0);
    for (auto* each : {&owed, &paid}) each->assign(flows, 0);
    cover.assign(the_system.guarantees.size(), 0);
    share.assign(the_system.costs.size(), 0);
    group_total.assign(the_plan.groups.size(), 0);
    queue.assign(entities, 0);
    zero_from.assign(entities, 0);
    queued.assign(entities, 0);
    changed_at.assign(entities, 0);
}

Means means_of(ClearingLane const& lane, int entity) {
    Means means{lane.cash[at(entity)] + lane.received[at(entity)], 0};
    int const cost = lane.plan->cost_of[at(entity)];
    if (cost < 0) return means;
    Coins const missing = std::max<Coins>(0, lane.dues[at(entity)] - means.has);
    if (missing + lane.called_on[at(entity)] > forgiven)
        means.lost = share_of(means.has, lane.share[at(cost)]);
    return means;
}

void clear_lane(ClearingLane& lane) {
    std::fill(lane.called_on.begin(), lane.called_on.end(), 0);
    std::fill(lane.owed.begin() + lane.plan->payments, lane.owed.end(), 0);
    std::vector<char> called(lane.cover.size(), 0);
    do clear_once(lane);
    while (call_guarantees(lane, called));

    for (int entity = 0; entity < lane.plan->entities; ++entity) {
        lane.lost[at(entity)] = lane.short_of[at(entity)] = 0;
        if (!lane.plan->limited[at(entity)]) continue;
        Means const means = means_of(lane, entity);
        lane.lost[at(entity)] = means.lost;
        lane.short_of[at(entity)] = lane.called_on[at(entity)] +
                                    std::max<Coins>(0, lane.dues[at(entity)] - means.available());
    }
}

} // namespace perpetuum
