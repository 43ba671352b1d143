// Cascades of failures by thresholds: nothing between standing and failed.

#include <perpetuum/contagion/claims.hpp>

#include <algorithm>

namespace perpetuum {
namespace {

/// Rounds of failures. `hit(creditor, claim)` is told of each claim on a firm that fails, and says
/// whether the creditor fails over it.
template <class Hit>
Cascade spread_failures(DebtorClaims const& claims, std::vector<std::size_t> failing, Hit&& hit) {
    Cascade found;
    found.round.assign(claims.first.size() - 1, 0);
    for (std::size_t const i : failing) found.round[i] = 1;
    std::vector<std::size_t> next;
    for (int round = 2; !failing.empty(); ++round) {
        found.failed += static_cast<int>(failing.size());
        next.clear();
        for (std::size_t const j : failing)
            for (std::size_t k = claims.first[j]; k < claims.first[j + 1]; ++k) {
                auto const i = static_cast<std::size_t>(claims.claims[k].creditor);
                bool const fails = hit(i, claims.claims[k].amount);
                if (!fails || found.round[i] != 0) continue;
                found.round[i] = round;
                next.push_back(i);
            }
        failing.swap(next);
    }
    return found;
}

std::vector<std::size_t> first_failing(DebtNetwork const& network, std::vector<int> const& first) {
    std::vector<char> fails(network.cash.size(), 0);
    for (int const i : first) {
        if (i < 0 || i >= network.firms)
            refuse_contagion("no firm has the number " + std::to_string(i));
        fails[static_cast<std::size_t>(i)] = 1;
    }
    std::vector<std::size_t> failing;
    for (std::size_t i = 0; i < fails.size(); ++i)
        if (fails[i] != 0) failing.push_back(i);
    return failing;
}

} // namespace

Cascade default_cascade(DebtNetwork const& network, std::vector<int> const& first,
                        double recovery) {
    require_shares({recovery}, "recovery");
    DebtorClaims const claims = claims_by_debtor(network);
    std::vector<double> equity = equity_at_face(network);
    auto const size = balance_sizes(network, network.cash);
    auto const below_zero = [&](std::size_t i) { return beyond_rounding(equity[i], size[i]) < 0; };
    std::vector<int> failing = first;
    for (std::size_t i = 0; i < equity.size(); ++i)
        if (below_zero(i)) failing.push_back(static_cast<int>(i));
    return spread_failures(claims, first_failing(network, failing),
                           [&](std::size_t i, double claim) {
                               equity[i] -= claim * (1 - recovery);
                               return below_zero(i);
                           });
}

Cascade threshold_cascade(DebtNetwork const& network, std::vector<int> const& first,
                          double threshold) {
    require_shares({threshold}, "the threshold");
    // Parallel debts are one neighbour.
    DebtNetwork simple = network;
    auto const by_pair = [](DebtNetwork::Debt const& a, DebtNetwork::Debt const& b) {
        return a.debtor != b.debtor ? a.debtor < b.debtor : a.creditor < b.creditor;
    };
    std::sort(simple.debts.begin(), simple.debts.end(), by_pair);
    auto const same = [](DebtNetwork::Debt const& a, DebtNetwork::Debt const& b) {
        return a.debtor == b.debtor && a.creditor == b.creditor;
    };
    simple.debts.erase(std::unique(simple.debts.begin(), simple.debts.end(), same),
                       simple.debts.end());
    DebtorClaims const claims = claims_by_debtor(simple);
    std::vector<int> debtors(network.cash.size(), 0), failed(network.cash.size(), 0);
    for (auto const& claim : claims.claims) ++debtors[static_cast<std::size_t>(claim.creditor)];
    return spread_failures(claims, first_failing(network, first), [&](std::size_t i, double) {
        return ++failed[i] >= threshold * debtors[i] * (1 - contagion_rounding);
    });
}

} // namespace perpetuum
