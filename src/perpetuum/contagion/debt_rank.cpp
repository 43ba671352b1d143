// DebtRank. Losses of equity are passed on to creditors before anybody defaults: whoever has lost
// the share h of its equity makes claims on it worth less by the same share (or by a convex function
// of it). Battiston's first version lets each firm do so once; the later ones pass on every loss.

#include <perpetuum/contagion/least_losses.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {
namespace {

struct Spread {
    DebtorClaims claims;
    std::vector<double> equity, first;
    double left = 1; ///< of a claim, when its debtor has lost everything

    /// What a unit of a debtor's distress costs this creditor, of its equity.
    double cost(DebtorClaims::Claim const& claim) const {
        double const own = equity[static_cast<std::size_t>(claim.creditor)];
        return own > 0 ? claim.amount * left / own : 0;
    }
};

/// h · exp(alpha (h − 1)) for the share h of equity lost, and its slope.
LossCurve written_off(double lost, double alpha) {
    if (alpha == 0) return {lost, 1};
    double const kept = std::exp(alpha * (lost - 1));
    return {lost * kept, kept * (1 + alpha * lost)};
}

Distress pass_on_repeatedly(Spread const& spread, std::vector<double> size,
                            DebtRankOptions const& options) {
    auto const lost_share = [&](std::size_t i, double lost) {
        double const own = spread.equity[i];
        return own > 0 ? spread.first[i] + lost * spread.left / own : 1;
    };
    LossRules rules;
    rules.curve = [&](std::size_t i, double lost) -> LossCurve {
        double const share = lost_share(i, lost);
        if (share >= 1) return {1, 0};
        auto const off = written_off(share, options.alpha);
        return {off.loss, off.slope * spread.left / spread.equity[i]};
    };
    rules.size = std::move(size);
    rules.most_rounds = options.most_rounds;
    auto const least = least_losses(spread.claims, rules);
    Distress found{{}, least.rounds, least.settled};
    for (std::size_t i = 0; i < spread.first.size(); ++i) {
        double const share = lost_share(i, least.lost[i]);
        found.loss.push_back(share >= 1 - contagion_rounding ? 1 : share);
    }
    return found;
}

Distress pass_on_once(Spread const& spread) {
    std::size_t const n = spread.first.size();
    Distress found{spread.first, 0, true};
    std::vector<char> done(n, 0);
    std::vector<std::size_t> distressed, next;
    for (std::size_t i = 0; i < n; ++i)
        if (spread.first[i] > 0) distressed.push_back(i);
    for (; !distressed.empty(); ++found.rounds) {
        auto const before = found.loss; // all of a round act at once
        for (std::size_t const j : distressed) done[j] = 1;
        next.clear();
        for (std::size_t const j : distressed)
            for (std::size_t k = spread.claims.first[j]; k < spread.claims.first[j + 1]; ++k) {
                auto const& claim = spread.claims.claims[k];
                auto const i = static_cast<std::size_t>(claim.creditor);
                double const more = spread.cost(claim) * before[j];
                if (more <= 0) continue;
                found.loss[i] = std::min(1.0, found.loss[i] + more);
                if (!done[i]) next.push_back(i);
                done[i] = 1;
            }
        distressed.swap(next);
    }
    return found;
}

} // namespace

Distress debt_rank(DebtNetwork const& network, std::vector<double> const& first_loss,
                   DebtRankOptions options) {
    require_length(first_loss, network.cash.size(), "first losses");
    require_shares(first_loss, "a first loss");
    require_shares({options.recovery}, "recovery");
    if (!(options.alpha >= 0 && options.alpha <= 1e6)) refuse_contagion("alpha must be 0 to 10^6");
    Spread spread{claims_by_debtor(network), equity_at_face(network), first_loss,
                  1 - options.recovery};
    auto size = balance_sizes(network, network.cash);
    for (std::size_t i = 0; i < first_loss.size(); ++i)
        if (spread.equity[i] <= 0) spread.first[i] = 1;
    return options.kind == DebtRankKind::once
               ? pass_on_once(spread)
               : pass_on_repeatedly(spread, std::move(size), options);
}

double equity_lost(std::vector<double> const& equity, std::vector<double> const& loss) {
    require_length(loss, equity.size(), "losses");
    double sum = 0;
    for (std::size_t i = 0; i < loss.size(); ++i)
        if (equity[i] > 0) sum += loss[i] * equity[i];
    return sum;
}

} // namespace perpetuum
