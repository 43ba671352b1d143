// Network valuation: equities that agree with what claims are worth, from face value downwards.

#include <perpetuum/contagion/claims.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {
namespace {

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// Of assets worth `assets` now, in expectation at maturity: how likely they end below a level, and
/// how much of them lies there.
struct Below {
    double chance = 0, assets = 0;
};
Below below(double level, double assets, double deviation) {
    if (level <= 0) return {};
    double const far = (std::log(level / assets) + deviation * deviation / 2) / deviation;
    return {normal_below(far), assets * normal_below(far - deviation)};
}

double worth_of(ValuationOptions const& options, double equity, double at_face, double outside,
                double owed) {
    switch (options.valuation) {
    case Valuation::face:
        return 1;
    case Valuation::eisenberg_noe:
        return equity >= 0 || owed == 0 ? 1 : std::max(0.0, (equity + owed) / owed);
    case Valuation::furfine:
        return equity >= 0 ? 1 : options.recovery;
    case Valuation::linear:
        return at_face > 0 ? std::clamp(equity / at_face, 0.0, 1.0) : 0;
    case Valuation::before_default:
        return worth_before_default(equity, outside, owed, options.volatility, options.maturity);
    }
    return 1;
}

} // namespace

double worth_before_default(double equity, double outside, double owed, double volatility,
                            double maturity) {
    if (owed == 0) return 1;
    double const deviation = volatility * std::sqrt(maturity);
    if (deviation == 0 || outside == 0)
        return equity >= 0 ? 1 : std::max(0.0, (equity + owed) / owed);
    // It defaults when outside assets end below `fails`, and nothing is left below `nothing`.
    double const fails = outside - equity, nothing = fails - owed;
    Below const in_default = below(fails, outside, deviation);
    Below const empty = below(nothing, outside, deviation);
    double const partly =
        in_default.assets - empty.assets - nothing * (in_default.chance - empty.chance);
    return std::clamp(1 - in_default.chance + partly / owed, 0.0, 1.0);
}

NetworkValue value_network(DebtNetwork const& network, std::vector<double> const& cash,
                           ValuationOptions options) {
    require_length(cash, network.cash.size(), "cash");
    require_shares({options.recovery}, "recovery");
    if (!(options.volatility >= 0 && options.volatility <= 100 && options.maturity >= 0 &&
          options.maturity <= 1000 && options.precision > 0))
        refuse_contagion("volatility must be 0 to 100, maturity 0 to 1000 years, precision > 0");
    DebtorClaims const claims = claims_by_debtor(network);
    std::size_t const n = cash.size();
    std::vector<double> owed(n, 0.0), at_face = equity_at_face(network), net(n);
    for (auto const& debt : network.debts)
        owed[static_cast<std::size_t>(debt.debtor)] += debt.amount;
    for (std::size_t i = 0; i < n; ++i) {
        if (!(cash[i] >= 0 && cash[i] <= 1e300)) refuse_contagion("cash must be 0 to 1e300");
        net[i] = cash[i] - owed[i];
    }
    NetworkValue found;
    found.worth.assign(n, 1.0);
    for (found.settled = false; !found.settled && found.rounds < options.most_rounds;
         ++found.rounds) {
        found.equity = net;
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t k = claims.first[j]; k < claims.first[j + 1]; ++k)
                found.equity[static_cast<std::size_t>(claims.claims[k].creditor)] +=
                    claims.claims[k].amount * found.worth[j];
        found.settled = true;
        for (std::size_t j = 0; j < n; ++j) {
            double const now = worth_of(options, found.equity[j], at_face[j], cash[j], owed[j]);
            if (now < found.worth[j] - options.precision) found.settled = false;
            found.worth[j] = std::min(found.worth[j], now);
        }
    }
    return found;
}

} // namespace perpetuum
