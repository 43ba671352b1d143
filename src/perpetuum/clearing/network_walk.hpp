#pragma once
/// Losses passed on from debtor to creditor, from everybody paying in full downwards.

#include <perpetuum/clearing/network_hubs.hpp>
#include <perpetuum/clearing/network_plan.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace perpetuum {

struct NetworkWalk {
    NetworkTask const& task;
    std::vector<double> lost;          ///< firm: of its receipts in full, what will not come
    std::vector<double> unpaid;        ///< tranche: as passed on
    std::vector<double> worth;         ///< firm: equity if all debts are paid; only with holdings
    std::vector<double> equity;        ///< firm: as passed on to its holders; only with holdings
    std::vector<double> full;          ///< firm: receipts if all debts are paid
    std::vector<int> wave;             ///< firm: 0 has not failed
    std::vector<std::int32_t> failing; ///< in the order of their waves
    std::int64_t looks = 0;

    double received(std::size_t firm) const {
        double const left = full[firm] - lost[firm];
        return left > 0 ? left : 0;
    }
    double has(std::size_t firm) const {
        return spendable(task.plan, firm, task.cash[firm], received(firm), wave[firm] > 0);
    }
};

/// Claims by creditor.
struct InClaims {
    std::vector<std::size_t> first, last; ///< firm
    std::vector<std::int32_t> order;      ///< firms as their claims lie
    std::vector<std::int32_t> tranche;    ///< of the debtor
    std::vector<double> share;
};
InClaims in_claims_of(NetworkPlan const& plan);

/// Asks the failing firms again and again what they leave unpaid, until few of them change: quicker
/// than passing losses on where most claims are on firms that fail. Afterwards `lost` is what all
/// firms lose by what is unpaid. Not for networks with holdings.
void ask_failing(NetworkWalk& walk, InClaims const& in);
void ask_failing(NetworkWalk& walk, HubLayout const& layout); ///< one rank

/// A tranche and what is unpaid of it.
struct TrancheUnpaid {
    std::size_t tranche = 0;
    double unpaid = 0;
};

/// What is unpaid when exactly those fail that have failed in this walk: their loops solved, one
/// strongly connected component after the other. Empty when the equations do not hold: a rank falls
/// empty, there are holdings, or money cannot leave a loop.
std::vector<TrancheUnpaid> solve_failing(NetworkWalk const& walk);

/// At least what `amounts` (by firm, ≥ 0) come to when they are passed on among the failing firms of
/// an answer; the greatest of it, of what the firm owes. Found by sweeps, for large networks with one
/// rank whose failing firms each owe somebody who does not fail. Nothing where it is not found so.
std::optional<double> passed_on_at_most(NetworkTask const& task, ClearedNetwork const& cleared,
                                        std::vector<double> const& amounts);

/// What `amounts` (by firm, ≥ 0) come to when they are passed on among the failing firms of an
/// answer; the greatest of it, of what the firm owes. `anchored` is false, and the answer infinite,
/// when money cannot leave some of them.
double passed_on_in_all(NetworkTask const& task, ClearedNetwork const& cleared,
                        std::vector<double> const& amounts, bool& anchored);

} // namespace perpetuum
