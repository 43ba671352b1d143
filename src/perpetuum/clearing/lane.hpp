#pragma once
/// One path in which somebody cannot pay in full.
///
/// Payments start at what is owed and only ever fall. An entity whose receipts fell is looked at
/// again: it serves its groups of flows in order of rank, the last one pro rata. Every operation is
/// monotone in what an entity has and maps whole coins to whole coins, so the order of looking does
/// not matter and the end is the greatest clearing vector (Knaster and Tarski). Where loops of
/// defaults make that slow, see slow_loops.

#include <perpetuum/clearing/coins.hpp>
#include <perpetuum/clearing/plan.hpp>

#include <vector>

namespace perpetuum {

struct ClearingLane {
    explicit ClearingLane(ClearingPlan const& the_plan, ClearingSystem const& the_system);

    ClearingPlan const* plan;
    ClearingSystem const* system;

    // What is given: to be filled before clear_lane.
    std::vector<Coins> cash;  ///< entity
    std::vector<Coins> owed;  ///< flow; clear_lane moves what is called from the covered due to the
                              ///< guarantee's flow
    std::vector<Coins> cover; ///< guarantee
    std::vector<double> share; ///< cost

    // What comes out.
    std::vector<Coins> paid;     ///< flow
    std::vector<Coins> lost;     ///< entity: default costs
    std::vector<Coins> short_of; ///< entity

    // On the way.
    std::vector<Coins> received;    ///< entity: in this step
    std::vector<Coins> called_on;   ///< entity: calls of guarantees on its dues
    std::vector<Coins> dues;        ///< entity: all that it owes
    std::vector<Coins> promised;    ///< entity: dues and offers
    std::vector<Coins> group_total; ///< group
    std::vector<int> queue;         ///< entities to look at again: a ring
    std::vector<char> queued;       ///< entity
    std::vector<int> zero_from;     ///< entity: the first of its groups that gets nothing
    std::size_t queue_begin = 0, queue_size = 0;
    std::vector<std::int64_t> changed_at; ///< entity: the work done when its payments last fell
    std::int64_t work = 0;
};

/// What an entity can spend, and what insolvency eats before.
struct Means {
    Coins has = 0, lost = 0;
    Coins available() const { return has - lost; }
};
Means means_of(ClearingLane const& lane, int entity);

/// Clears, calls guarantees, and clears again until no call is new.
/// cost  a few looks at each entity; at most some 30,000 an entity and round of guarantees,
/// whatever the input
void clear_lane(ClearingLane& lane);

/// Puts an entity at the end of the queue, if it is not in it and can run out of money.
inline void look_again(ClearingLane& lane, int entity) {
    auto const e = static_cast<std::size_t>(entity);
    if (!lane.plan->limited[e] || lane.queued[e]) return;
    std::size_t place = lane.queue_begin + lane.queue_size;
    if (place >= lane.queue.size()) place -= lane.queue.size();
    lane.queue[place] = entity;
    lane.queued[e] = 1;
    ++lane.queue_size;
}

} // namespace perpetuum
