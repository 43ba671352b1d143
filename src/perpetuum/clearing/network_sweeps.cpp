// The plainest way to a clearing vector: ask every firm again and again. Slow, and short enough to
// be seen to be right; the other ways are checked by it.

#include <perpetuum/clearing/network_plan.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {
namespace {

/// What everybody receives when tranches pay `paid` and equities are worth `equity`.
std::vector<double> receipts(NetworkPlan const& plan, std::vector<double> const& paid,
                             std::vector<double> const& equity) {
    std::vector<double> received(plan.firms, 0.0);
    for (std::size_t t = 0; t < plan.tranches(); ++t)
        for (std::size_t k = plan.first_claim[t]; k < plan.first_claim[t + 1]; ++k)
            received[static_cast<std::size_t>(plan.claims[k].creditor)] +=
                plan.claims[k].share * paid[t];
    if (!plan.has_holdings()) return received;
    for (std::size_t i = 0; i < plan.firms; ++i)
        for (std::size_t h = plan.first_holder[i]; h < plan.first_holder[i + 1]; ++h)
            received[static_cast<std::size_t>(plan.holder[h])] += plan.held[h] * equity[i];
    return received;
}

struct Sweeps {
    NetworkTask const& task;
    std::vector<double> paid, equity, received;

    bool fails(std::size_t i) const {
        if (!task.fixed.empty() && task.fixed[i] != 0) return task.fixed[i] == 1;
        double const owed = task.plan.owed[i];
        return owed > 0 && owed - task.cash[i] - received[i] > short_beyond * owed;
    }

    /// Serves one firm's ranks and equity anew; the change, of what it owes and is worth.
    double serve(std::size_t i) {
        NetworkPlan const& plan = task.plan;
        bool const failing = fails(i);
        double const has = spendable(plan, i, task.cash[i], received[i], failing);
        double left = !failing ? std::max(has, plan.owed[i]) : has;
        double change = 0, size = plan.owed[i];
        for (std::size_t t = plan.first_tranche[i]; t < plan.first_tranche[i + 1]; ++t) {
            double const now = std::min(plan.total[t], left);
            left -= now;
            change += std::fabs(now - paid[t]);
            paid[t] = now;
        }
        if (plan.has_holdings()) {
            double const now = failing ? 0 : std::max(0.0, has - plan.owed[i]);
            change += std::fabs(now - equity[i]);
            size += now;
            equity[i] = now;
        }
        return size > 0 ? change / size : 0;
    }
};

} // namespace

ClearedNetwork clear_by_sweeps(NetworkTask const& task, bool from_below, int most) {
    NetworkPlan const& plan = task.plan;
    Sweeps sweeps{task, plan.total, std::vector<double>(plan.firms, 0.0), {}};
    if (from_below)
        std::fill(sweeps.paid.begin(), sweeps.paid.end(), 0.0);
    else if (plan.has_holdings())
        sweeps.equity = equity_in_full(plan, task.cash);
    ClearedNetwork result;
    result.settled = false;
    for (int round = 0; round < most && !result.settled; ++round) {
        sweeps.received = receipts(plan, sweeps.paid, sweeps.equity);
        result.looks += static_cast<std::int64_t>(plan.claims.size() + plan.holder.size());
        double change = 0;
        for (std::size_t i = 0; i < plan.firms; ++i) change = std::max(change, sweeps.serve(i));
        result.settled = change <= 1e-14;
    }
    sweeps.received = receipts(plan, sweeps.paid, sweeps.equity);
    result.wave.assign(plan.firms, 0);
    for (std::size_t i = 0; i < plan.firms; ++i)
        if (sweeps.fails(i)) result.wave[i] = result.waves = 1;
    result.received = sweeps.received;
    std::vector<double> unpaid(plan.tranches());
    for (std::size_t t = 0; t < plan.tranches(); ++t) unpaid[t] = plan.total[t] - sweeps.paid[t];
    fill_result(task, unpaid, result);
    return result;
}

} // namespace perpetuum
