// Who matters: each firm shocked alone, and what that costs the others.

#include <perpetuum/contagion/claims.hpp>

#include <algorithm>

namespace perpetuum {
namespace {

/// Equity of all after clearing, or after a spread of distress.
struct After {
    std::vector<double> equity;
    std::vector<char> failed;
    bool settled = true;
};

After after_clearing(NetworkClearing const& clearing, std::vector<double> const& cash) {
    ClearedNetwork const cleared = clearing.greatest(cash);
    After after{cleared.equity, std::vector<char>(cash.size()), cleared.settled};
    for (std::size_t i = 0; i < cash.size(); ++i) after.failed[i] = cleared.wave[i] > 0;
    return after;
}

After after_distress(DebtNetwork const& network, std::vector<double> const& equity,
                     std::vector<double> const& first, DebtRankOptions const& options) {
    Distress const distress = debt_rank(network, first, options);
    After after{equity, std::vector<char>(equity.size()), distress.settled};
    for (std::size_t i = 0; i < equity.size(); ++i) {
        after.equity[i] = equity[i] > 0 ? equity[i] * (1 - distress.loss[i]) : 0;
        after.failed[i] = distress.loss[i] >= 1;
    }
    return after;
}

After after_cascade(DebtNetwork const& network, std::vector<double> const& equity,
                    std::vector<int> const& first, double recovery) {
    Cascade const cascade = default_cascade(network, first, recovery);
    After after{equity, std::vector<char>(equity.size()), true};
    for (auto const& debt : network.debts)
        if (debt.creditor >= 0 && cascade.round[static_cast<std::size_t>(debt.debtor)] > 0)
            after.equity[static_cast<std::size_t>(debt.creditor)] -= debt.amount * (1 - recovery);
    for (std::size_t i = 0; i < equity.size(); ++i) {
        after.failed[i] = cascade.round[i] > 0;
        after.equity[i] = std::max(0.0, after.equity[i]);
    }
    return after;
}

/// `size`: of each firm's balance sheet; what differs by less than its rounding does not differ.
SystemicRank compare(After const& before, After const& after, std::vector<double> const& size,
                     std::size_t firm, double lost) {
    // Who has lost part of its equity (or failed) without the shock can lose but the rest.
    double const own = std::min(std::max(0.0, before.equity[firm]), lost);
    SystemicRank rank{static_cast<int>(firm), own, 0, 0, before.settled && after.settled};
    for (std::size_t j = 0; j < before.equity.size(); ++j) {
        if (j == firm) continue;
        rank.others += std::max(0.0, beyond_rounding(before.equity[j] - after.equity[j], size[j]));
        rank.failures += after.failed[j] && !before.failed[j];
    }
    return rank;
}

} // namespace

std::vector<SystemicRank> rank_firms(DebtNetwork const& network, RankingBy by, double share,
                                     DebtRankOptions options) {
    require_shares({share}, "the shock");
    auto const n = network.cash.size();
    auto const equity = equity_at_face(network);
    NetworkClearing const clearing(network);
    std::vector<double> const none(n, 0.0);
    auto const after = [&](std::size_t firm, bool shocked) {
        double const lost = shocked ? share * network.cash[firm] : 0;
        if (by == RankingBy::cascade)
            return after_cascade(network, equity,
                                 shocked ? std::vector<int>{static_cast<int>(firm)}
                                         : std::vector<int>{},
                                 options.recovery);
        if (by == RankingBy::clearing) {
            auto cash = network.cash;
            cash[firm] -= lost;
            return after_clearing(clearing, cash);
        }
        auto first = none;
        if (equity[firm] > 0) first[firm] = std::min(1.0, lost / equity[firm]);
        return after_distress(network, equity, first, options);
    };
    std::vector<SystemicRank> ranks;
    if (n == 0) return ranks;
    After const before = after(0, false);
    auto const size = balance_sizes(network, network.cash);
    for (std::size_t i = 0; i < n; ++i) {
        double const lost = by == RankingBy::cascade ? before.equity[i] : share * network.cash[i];
        ranks.push_back(compare(before, after(i, true), size, i, lost));
    }
    std::stable_sort(ranks.begin(), ranks.end(), [](SystemicRank const& a, SystemicRank const& b) {
        return a.others > b.others;
    });
    return ranks;
}

} // namespace perpetuum
