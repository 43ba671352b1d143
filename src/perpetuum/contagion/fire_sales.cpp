// Fire sales: what many sell at once is worth less to all who hold it.

#include <perpetuum/contagion/claims.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {
namespace {

void check_holdings(AssetHoldings const& holdings) {
    require_length(holdings.impact, static_cast<std::size_t>(std::max(0, holdings.assets)),
                   "price impacts");
    for (double const impact : holdings.impact)
        if (!(impact >= 0 && impact <= 1e300)) refuse_contagion("a price impact must be ≥ 0");
    for (auto const& held : holdings.holdings)
        if (held.firm < 0 || held.firm >= holdings.firms || held.asset < 0 ||
            held.asset >= holdings.assets || !(held.amount >= 0 && held.amount <= 1e300))
            refuse_contagion("a holding of " + std::to_string(held.amount) + " of asset " +
                             std::to_string(held.asset) + " by firm " + std::to_string(held.firm));
}

double pressed(PriceImpact form, double impact, double sold) {
    return form == PriceImpact::linear ? std::max(0.0, 1 - impact * sold)
                                       : std::exp(-impact * sold);
}

/// Σ over a firm's holdings of amount · by(asset).
template <class By>
std::vector<double> by_firm(AssetHoldings const& holdings, By&& by) {
    std::vector<double> sum(static_cast<std::size_t>(holdings.firms), 0.0);
    for (auto const& held : holdings.holdings)
        sum[static_cast<std::size_t>(held.firm)] +=
            held.amount * by(static_cast<std::size_t>(held.asset));
    return sum;
}

/// Σ over an asset's holders of amount · by(firm).
template <class By>
std::vector<double> by_asset(AssetHoldings const& holdings, By&& by) {
    std::vector<double> sum(static_cast<std::size_t>(holdings.assets), 0.0);
    for (auto const& held : holdings.holdings)
        sum[static_cast<std::size_t>(held.asset)] +=
            held.amount * by(static_cast<std::size_t>(held.firm));
    return sum;
}

} // namespace

LeverageSales leverage_sales(AssetHoldings const& holdings, std::vector<double> const& equity,
                             std::vector<double> const& shock) {
    check_holdings(holdings);
    require_length(equity, static_cast<std::size_t>(holdings.firms), "equities");
    require_length(shock, holdings.impact.size(), "shocks");
    require_shares(shock, "a shock");
    for (double const own : equity)
        if (!(own > 0)) refuse_contagion("leverage needs equity above zero");
    LeverageSales found;
    auto const assets = by_firm(holdings, [](std::size_t) { return 1.0; });
    found.first_loss = by_firm(holdings, [&](std::size_t k) { return shock[k]; });
    // Debt over equity, times what was lost, is sold; never more than there is.
    std::vector<double> part(assets.size(), 0.0);
    for (std::size_t i = 0; i < assets.size(); ++i) {
        double const leverage = std::max(0.0, assets[i] - equity[i]) / equity[i];
        if (assets[i] > 0)
            part[i] = std::min(1 - found.first_loss[i] / assets[i],
                               leverage * found.first_loss[i] / assets[i]);
    }
    found.sold = by_asset(holdings, [&](std::size_t i) { return part[i]; });
    std::vector<double> fall(found.sold.size());
    for (std::size_t k = 0; k < fall.size(); ++k) {
        fall[k] = 1 - pressed(holdings.form, holdings.impact[k], found.sold[k]);
        found.price.push_back((1 - shock[k]) * (1 - fall[k]));
    }
    found.later_loss = by_firm(holdings, [&](std::size_t k) { return fall[k]; });
    double lost = 0, all = 0;
    for (std::size_t i = 0; i < equity.size(); ++i) {
        lost += found.later_loss[i];
        all += equity[i];
    }
    found.vulnerability = all > 0 ? lost / all : 0;
    return found;
}

CapitalSales capital_sales(NetworkClearing const& debts, std::vector<double> const& cash,
                           AssetHoldings const& holdings, double ratio,
                           std::vector<double> const& shock) {
    check_holdings(holdings);
    if (!shock.empty()) require_length(shock, holdings.impact.size(), "shocks");
    require_shares(shock, "a shock");
    if (debts.network().firms != holdings.firms)
        refuse_contagion("debts and holdings must be of the same firms");
    require_length(cash, static_cast<std::size_t>(holdings.firms), "cash");
    if (!(ratio > 0 && ratio <= 1)) refuse_contagion("the ratio must be above 0, at most 1");
    constexpr int most_rounds = 10'000;
    CapitalSales found;
    found.price.assign(holdings.impact.size(), 1.0);
    for (std::size_t k = 0; k < shock.size(); ++k) found.price[k] -= shock[k];
    std::vector<double> const unsold = found.price;
    found.share.assign(cash.size(), 0.0);
    for (found.settled = false; !found.settled && found.rounds < most_rounds; ++found.rounds) {
        auto const worth = by_firm(holdings, [&](std::size_t k) { return found.price[k]; });
        std::vector<double> has(cash);
        for (std::size_t i = 0; i < has.size(); ++i) has[i] += worth[i];
        found.cleared = debts.greatest(has);
        for (std::size_t i = 0; i < has.size(); ++i) {
            if (!(worth[i] > 0)) continue;
            // What is kept and the claims may be at most capital over the ratio.
            double const most = found.cleared.equity[i] / ratio - found.cleared.received[i];
            double const sells = found.cleared.wave[i] > 0 ? 1.0 : 1 - most / worth[i];
            found.share[i] = std::max(found.share[i], std::clamp(sells, 0.0, 1.0));
        }
        auto const sold = by_asset(holdings, [&](std::size_t i) { return found.share[i]; });
        found.settled = true;
        for (std::size_t k = 0; k < sold.size(); ++k) {
            double const price = unsold[k] * pressed(holdings.form, holdings.impact[k], sold[k]);
            if (price < found.price[k] - 1e-13) found.settled = false;
            found.price[k] = std::min(found.price[k], price);
        }
    }
    return found;
}

} // namespace perpetuum
