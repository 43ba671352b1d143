#pragma once
/// What of a clearing system is the same on every path: who serves what before what.

#include <perpetuum/clearing.hpp>

#include <cstddef>
#include <vector>

namespace perpetuum {

/// A flow is a payment or, after all payments, a guarantee's call (a due of the guarantor).
struct ClearingPlan {
    /// Flows of one payer that share pro rata: order[begin, end).
    struct Group {
        int begin = 0, end = 0;
        bool due = false;
    };
    int entities = 0, payments = 0, flows = 0;
    std::vector<int> payer, payee; ///< flow
    std::vector<int> order;        ///< flows by payer, most senior first
    std::vector<Group> groups;     ///< by payer, most senior first
    std::vector<int> first_group;  ///< entity, and one past the last
    std::vector<int> cost_of;      ///< entity → its default cost, or −1
    // Payments by entity: [first[e], first[e + 1]) of the list beside it.
    std::vector<int> first_owed, owed, first_received, received;
    std::vector<char> limited; ///< entity: pays only what it has

    /// How many flows an entity pays.
    int flows_of(int entity) const {
        auto const first = static_cast<std::size_t>(first_group[static_cast<std::size_t>(entity)]);
        auto const last =
            static_cast<std::size_t>(first_group[static_cast<std::size_t>(entity) + 1]);
        return first == last ? 0 : groups[last - 1].end - groups[first].begin;
    }
};

/// throws  BadInput when an index is out of range, a guarantee covers no due, an entity has two
/// default costs, or costs
///         go to an entity that could be helped by them (then more cash could mean less paid)
ClearingPlan plan_clearing(ClearingSystem const& system);

} // namespace perpetuum
