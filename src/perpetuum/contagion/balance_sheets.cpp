// What can be said from balance sheets when the debts between banks are not known one by one.

#include <perpetuum/contagion/claims.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

double weak_contagion_ratio(BankSheet const& from, std::vector<BankSheet> const& through) {
    double worth = 0, inverse_leverage = 0;
    for (BankSheet const& bank : through) {
        if (!(bank.net_worth > 0) || !(bank.outside > 0))
            refuse_contagion("a bank needs net worth and outside assets above zero");
        worth += bank.net_worth;
        inverse_leverage += bank.net_worth / bank.outside;
    }
    if (through.empty() || !(from.outside > 0)) refuse_contagion("no banks to compare");
    double const carried = from.outside * from.share_in * (1 - from.net_worth / from.outside);
    return worth / inverse_leverage / carried;
}

std::vector<DebtNetwork::Debt> spread_debts(std::vector<double> const& lent,
                                            std::vector<double> const& borrowed) {
    std::size_t const n = lent.size();
    require_length(borrowed, n, "sums borrowed");
    if (n > 20'000) refuse_contagion("debts are spread among at most 20,000 firms");
    double all = 0, back = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!(lent[i] >= 0 && lent[i] <= 1e300 && borrowed[i] >= 0 && borrowed[i] <= 1e300))
            refuse_contagion("sums lent and borrowed must be 0 to 1e300");
        all += lent[i];
        back += borrowed[i];
    }
    if (std::fabs(all - back) > 1e-9 * all) refuse_contagion("as much must be borrowed as lent");
    for (std::size_t i = 0; i < n; ++i)
        if (lent[i] > all - borrowed[i] + 1e-9 * all)
            refuse_contagion("firm " + std::to_string(i) + " lent more than all others borrowed");
    // amount(borrower, lender) = down[borrower] · across[lender] off the diagonal, scaled in turn.
    std::vector<double> down(borrowed), across(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) across[i] = all > 0 ? lent[i] / all : 0;
    auto const scale = [&](std::vector<double>& mine, std::vector<double> const& other,
                           std::vector<double> const& sums) {
        double total = 0, change = 0;
        for (double const x : other) total += x;
        for (std::size_t i = 0; i < n; ++i) {
            double const reach = total - other[i];
            double const now = sums[i] > 0 && reach > 0 ? sums[i] / reach : 0;
            change = std::max(change, std::fabs(now - mine[i]) / (now > 0 ? now : 1));
            mine[i] = now;
        }
        return change;
    };
    for (int round = 0; round < 10'000; ++round) {
        double const change = scale(across, down, lent);
        if (std::max(change, scale(down, across, borrowed)) <= 1e-14) break;
    }
    std::vector<DebtNetwork::Debt> debts;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
            if (i != j && down[i] * across[j] > 1e-12 * all)
                debts.push_back({static_cast<int>(i), static_cast<int>(j), down[i] * across[j]});
    return debts;
}

} // namespace perpetuum
