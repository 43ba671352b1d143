#pragma once
/// Dated payments in the order in which they are made, seen by who asks whose money reached a target:
/// the accounts of funders and of the target are the ends of every way. Inside the room only.

#include <perpetuum/circularity.hpp>

#include <cstdint>
#include <vector>

namespace perpetuum {

struct LedgerStep {
    std::uint32_t payment = 0; ///< of the list
    int from = -1, to = -1;    ///< accounts; -1: from a funder or the target, to one of them
    bool funded = false;       ///< from −1: it is funders' money
    bool arrives = false;      ///< to −1: at the target
    std::int64_t amount = 0;
};
struct LedgerSteps {
    std::vector<LedgerStep> steps;
    std::vector<std::size_t> moments; ///< where payments of one time begin, and steps.size()
    /// By party, 0 of funders and the target: as stated and what an account lacks in the order of
    /// the steps; the most that it lacks in any order of payments of one time.
    std::vector<std::int64_t> opening, widest_opening;
    std::int64_t received = 0,
                 held_before = 0; ///< the latter in the order of the steps, not stated
};
/// throws  BadInput when the list or the query is damaged
LedgerSteps ledger_steps(PaymentList const& list, TraceQuery const& query);
/// By step: whether what is paid there can still come to the target, in their order or (any_order)
/// in some order of payments of one time.
std::vector<char> steps_that_lead_on(LedgerSteps const& ledger, bool any_order);

struct LedgerBounds {
    std::int64_t least = 0, most = 0;
    bool known = false;
};
LedgerBounds bound_ledger(LedgerSteps const& ledger, std::uint64_t effort);
/// By step, funders' part in a convention that brings most (or least) of it to the target.
std::vector<double> parts_at_bound(LedgerSteps const& ledger, bool most, std::uint64_t effort);

} // namespace perpetuum
