#pragma once
/// A network of debts laid out by debtor, so that losses can be passed on.
///
/// A *tranche* is all that a firm owes at one rank. Every firm has at least one, in order of rank;
/// what a firm pays on a tranche is shared by its creditors in fixed shares.

#include <perpetuum/clearing.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perpetuum {

struct NetworkClaim {
    double share = 0; ///< of the tranche's total
    std::int32_t creditor = 0;
};

struct NetworkPlan {
    std::size_t firms = 0;
    std::vector<std::size_t> first_tranche;     ///< firm; one more at the end
    std::vector<int> rank_of;                   ///< tranche
    std::vector<double> total;                  ///< tranche: owed on it, outside included
    std::vector<std::size_t> first_claim;       ///< tranche; one more at the end
    std::vector<NetworkClaim> claims;           ///< by tranche
    std::vector<double> outside;                ///< tranche: share owed to outside
    std::vector<double> owed, income;           ///< firm: in all; receipts if all pay in full
    std::vector<double> kept_cash, kept_income; ///< firm
    bool costly = false;                        ///< some share kept is below 1
    bool one_rank = true;
    std::vector<std::size_t> first_holder; ///< firm; one more at the end; empty: no holdings
    std::vector<std::int32_t> holder;
    std::vector<double> held; ///< share of the firm's equity

    std::size_t tranches() const { return total.size(); }
    bool has_holdings() const { return !holder.empty(); }
};

/// A firm is short when it misses more than this part of what it owes.
constexpr double short_beyond = 1e-12;
/// Losses below this part of what a firm owes are not passed on.
constexpr double passed_on = 1e-13;

NetworkPlan plan_network(DebtNetwork const& network);

/// What stands behind every method: cash as given, and who bears default costs whatever it has.
struct NetworkTask {
    NetworkPlan const& plan;
    std::vector<double> const& cash;
    /// Firm: 1 has failed before and bears default costs whatever it has; 2 pays in full whatever it
    /// has. Empty: nobody.
    std::vector<char> const& fixed;
};

/// What a firm can spend out of what it receives.
inline double spendable(NetworkPlan const& plan, std::size_t firm, double cash, double received,
                        bool fails) {
    if (!fails) return cash + received;
    return plan.kept_cash[firm] * cash + plan.kept_income[firm] * received;
}

/// From what is unpaid of each tranche and what each firm receives to the answer's vectors.
void fill_result(NetworkTask const& task, std::vector<double> const& unpaid,
                 ClearedNetwork& result);

ClearedNetwork clear_by_waves(NetworkTask const& task);
ClearedNetwork clear_by_sweeps(NetworkTask const& task, bool from_below, int most);
ClearedNetwork clear_least(NetworkTask const& task);
ClearedScenarios clear_scenarios_of(DebtNetwork const& network, NetworkPlan const& plan,
                                    ClearingScenarios const& scenarios, bool keep_paid);
ClearingCertificate certify_network(NetworkTask const& task, ClearedNetwork const& cleared);

/// Equity if every debt is paid in full: an upper bound for every start from above.
std::vector<double> equity_in_full(NetworkPlan const& plan, std::vector<double> const& cash);

} // namespace perpetuum
