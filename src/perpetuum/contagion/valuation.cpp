// Network valuation: equities that agree with what claims are worth, from face value downwards: the
// least losses. After the fact these are cleared debts, and clearing finds them.

#include <perpetuum/contagion/least_losses.hpp>

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

/// Worth of a claim before default, and by how much it falls with a unit of equity.
struct Worth {
    double worth = 1, slope = 0;
};
Worth after_default(double equity, double owed) {
    if (equity >= 0) return {1, equity > 0 ? 0 : 1 / owed};
    double const worth = (equity + owed) / owed;
    return worth > 0 ? Worth{worth, 1 / owed} : Worth{0, 0};
}
Worth before_default(double equity, double outside, double owed, double deviation) {
    if (owed == 0) return {};
    if (deviation == 0 || outside == 0) return after_default(equity, owed);
    // It defaults when outside assets end below `fails`, and nothing is left below `nothing`.
    double const fails = outside - equity, nothing = fails - owed;
    Below const in_default = below(fails, outside, deviation);
    Below const empty = below(nothing, outside, deviation);
    double const window = in_default.chance - empty.chance;
    double const partly = in_default.assets - empty.assets - nothing * window;
    return {std::clamp(1 - in_default.chance + partly / owed, 0.0, 1.0), window / owed};
}

/// A firm at face value, its cash as it is now.
struct AtFace {
    double equity = 0, before_shock = 0, cash = 0, owed = 0, size = 0;
};
LossCurve loss_on_claims(ValuationOptions const& options, AtFace const& firm, double lost) {
    double const equity = beyond_rounding(firm.equity - lost, firm.size);
    switch (options.valuation) {
    case Valuation::face:
    case Valuation::eisenberg_noe: // cleared
        return {};
    case Valuation::furfine:
        return {equity >= 0 ? 0 : 1 - options.recovery, 0};
    case Valuation::linear: {
        if (firm.before_shock <= 0) return {1, 0};
        double const loss = (firm.before_shock - equity) / firm.before_shock;
        if (loss >= 1) return {1, 0};
        return loss < 0 ? LossCurve{} : LossCurve{loss, 1 / firm.before_shock};
    }
    case Valuation::before_default: {
        auto const found = before_default(equity, firm.cash, firm.owed,
                                          options.volatility * std::sqrt(options.maturity));
        return {1 - found.worth, found.slope};
    }
    }
    return {};
}

} // namespace

double worth_before_default(double equity, double outside, double owed, double volatility,
                            double maturity) {
    return before_default(equity, outside, owed, volatility * std::sqrt(maturity)).worth;
}

namespace {

/// Debts of one rank, without default costs, holdings and guarantees.
NetworkValue worth_when_cleared(DebtNetwork const& network, std::vector<double> const& cash) {
    DebtNetwork plain;
    plain.firms = network.firms;
    plain.cash = network.cash;
    plain.debts = network.debts;
    auto const cleared = NetworkClearing(std::move(plain)).greatest(cash);
    NetworkValue found;
    found.rounds = cleared.waves;
    found.settled = cleared.settled;
    for (std::size_t i = 0; i < cash.size(); ++i)
        found.worth.push_back(cleared.wave[i] > 0 ? cleared.paid[i] / cleared.owed[i] : 1);
    return found;
}

} // namespace

NetworkValue value_network(DebtNetwork const& network, std::vector<double> const& cash,
                           ValuationOptions options) {
    require_length(cash, network.cash.size(), "cash");
    require_shares({options.recovery}, "recovery");
    if (!(options.volatility >= 0 && options.volatility <= 100 && options.maturity >= 0 &&
          options.maturity <= 1000))
        refuse_contagion("volatility must be 0 to 100, maturity 0 to 1000 years");
    DebtorClaims const claims = claims_by_debtor(network);
    std::size_t const n = cash.size();
    auto const before_shock = equity_at_face(network), size = balance_sizes(network, cash);
    std::vector<AtFace> firms(n);
    std::vector<double> net(n);
    for (std::size_t i = 0; i < n; ++i) {
        if (!(cash[i] >= 0 && cash[i] <= 1e300)) refuse_contagion("cash must be 0 to 1e300");
        firms[i] = {net[i] = cash[i], before_shock[i], cash[i], 0, size[i]};
    }
    for (auto const& debt : network.debts) {
        auto const debtor = static_cast<std::size_t>(debt.debtor);
        firms[debtor].equity -= debt.amount;
        firms[debtor].owed += debt.amount;
        net[debtor] -= debt.amount;
        if (debt.creditor >= 0)
            firms[static_cast<std::size_t>(debt.creditor)].equity += debt.amount;
    }
    NetworkValue found;
    if (options.valuation == Valuation::eisenberg_noe) {
        found = worth_when_cleared(network, cash);
    } else {
        LossRules rules;
        rules.curve = [&](std::size_t i, double lost) {
            return loss_on_claims(options, firms[i], lost);
        };
        rules.convex = options.valuation != Valuation::before_default;
        rules.size = size;
        rules.most_rounds = options.most_rounds;
        auto const least = least_losses(claims, rules);
        found.rounds = least.rounds;
        found.settled = least.settled;
        for (double const loss : least.loss) found.worth.push_back(1 - loss);
    }
    found.equity = net;
    for (std::size_t j = 0; j < n; ++j)
        for (std::size_t k = claims.first[j]; k < claims.first[j + 1]; ++k)
            found.equity[static_cast<std::size_t>(claims.claims[k].creditor)] +=
                claims.claims[k].amount * found.worth[j];
    for (std::size_t i = 0; i < n; ++i) found.equity[i] = beyond_rounding(found.equity[i], size[i]);
    return found;
}

} // namespace perpetuum
