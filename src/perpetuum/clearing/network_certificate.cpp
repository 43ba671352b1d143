// An answer is checked by what it says and the debts alone: nothing of how it was found.

#include <perpetuum/clearing/network_walk.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {
namespace {

std::vector<double> receipts_said(NetworkPlan const& plan, ClearedNetwork const& cleared) {
    std::vector<double> received(plan.firms, 0.0);
    for (std::size_t t = 0; t < plan.tranches(); ++t)
        for (std::size_t k = plan.first_claim[t]; k < plan.first_claim[t + 1]; ++k)
            received[static_cast<std::size_t>(plan.claims[k].creditor)] +=
                plan.claims[k].share * cleared.paid_ranks[t];
    for (std::size_t i = 0; i < plan.firms && plan.has_holdings(); ++i)
        for (std::size_t h = plan.first_holder[i]; h < plan.first_holder[i + 1]; ++h)
            received[static_cast<std::size_t>(plan.holder[h])] += plan.held[h] * cleared.equity[i];
    return received;
}

/// How far what a firm pays on its ranks is from what the rule makes of what it has.
double deviation(NetworkPlan const& plan, ClearedNetwork const& cleared, std::size_t i,
                 double has) {
    double left = has, sum = 0;
    for (std::size_t t = plan.first_tranche[i]; t < plan.first_tranche[i + 1]; ++t) {
        double const right = std::clamp(left, 0.0, plan.total[t]);
        left -= right;
        sum += std::fabs(right - cleared.paid_ranks[t]);
    }
    return sum;
}

} // namespace

ClearingCertificate certify_network(NetworkTask const& task, ClearedNetwork const& cleared) {
    NetworkPlan const& plan = task.plan;
    ClearingCertificate certificate;
    auto const received = receipts_said(plan, cleared);
    std::vector<double> apart(plan.firms, 0.0);
    double in = 0, out = 0, cash = 0;
    for (std::size_t i = 0; i < plan.firms; ++i) {
        bool const charged = !task.fixed.empty() && task.fixed[i] == 1;
        bool const fails =
            charged || plan.owed[i] - task.cash[i] - received[i] > 10 * short_beyond * plan.owed[i];
        double const has = spendable(plan, i, task.cash[i], received[i], fails);
        apart[i] = deviation(plan, cleared, i, fails ? has : std::max(has, plan.owed[i]));
        if (plan.owed[i] > 0)
            certificate.residual = std::max(certificate.residual, apart[i] / plan.owed[i]);
        double const eaten = fails ? task.cash[i] + received[i] - has : 0;
        cash += task.cash[i];
        in += task.cash[i] + received[i];
        out += cleared.paid[i] + cleared.equity[i] + eaten;
    }
    certificate.imbalance = cash > 0 ? std::fabs(in - out) / cash : std::fabs(in - out);
    if (auto const most = passed_on_at_most(task, cleared, apart))
        certificate.off_by = *most;
    else
        certificate.off_by = passed_on_in_all(task, cleared, apart, certificate.anchored);
    if (plan.has_holdings()) certificate.off_by = std::numeric_limits<double>::quiet_NaN();
    return certificate;
}

} // namespace perpetuum
