// The door to clearing of static networks: guarantees in rounds around the other methods.

#include <perpetuum/base.hpp>
#include <perpetuum/clearing/network_plan.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace perpetuum {
namespace {

void check_cash(NetworkPlan const& plan, std::vector<double> const& cash) {
    if (cash.size() != plan.firms)
        throw BadInput{"network clearing: cash of " + std::to_string(cash.size()) +
                       " firms; expected " + std::to_string(plan.firms)};
    for (std::size_t i = 0; i < cash.size(); ++i)
        if (!(cash[i] >= 0 && cash[i] <= 1e300)) {
            char text[40];
            std::snprintf(text, sizeof text, "%.17g", cash[i]);
            throw BadInput{"network clearing: the cash of firm " + std::to_string(i) + " is " +
                           text + "; expected 0 to 1e300"};
        }
}

void require_plain(DebtNetwork const& network, NetworkPlan const& plan, char const* what) {
    if (plan.one_rank && network.holdings.empty() && network.guarantees.empty()) return;
    throw BadInput{std::string("network clearing: ") + what +
                   " is for one rank, without holdings and guarantees"};
}

/// The network after calls: what was called is owed by the guarantor, in a debt at the end.
DebtNetwork with_calls(DebtNetwork const& network, std::vector<double> const& called) {
    DebtNetwork extended = network;
    if (extended.ranks.empty()) extended.ranks.assign(extended.debts.size(), 1);
    for (std::size_t g = 0; g < called.size(); ++g) {
        auto const& guarantee = network.guarantees[g];
        auto& debt = extended.debts[guarantee.debt];
        debt.amount = std::max(0.0, debt.amount - called[g]);
        extended.debts.push_back({guarantee.guarantor, debt.creditor, called[g]});
        extended.ranks.push_back(guarantee.rank);
    }
    extended.guarantees.clear();
    return extended;
}

std::vector<double> payments_on(DebtNetwork const& network, NetworkPlan const& plan,
                                ClearedNetwork const& cleared) {
    std::vector<double> paid(network.debts.size(), 0.0);
    for (std::size_t k = 0; k < paid.size(); ++k) {
        auto const& debt = network.debts[k];
        auto t = plan.first_tranche[static_cast<std::size_t>(debt.debtor)];
        if (!plan.one_rank)
            while (plan.rank_of[t] != network.ranks[k]) ++t;
        if (plan.total[t] > 0) paid[k] = debt.amount * (cleared.paid_ranks[t] / plan.total[t]);
    }
    return paid;
}

/// Calls what is short of guaranteed debts and was not called before; false when nothing is.
bool call_guarantees(DebtNetwork const& network, std::vector<double> const& paid,
                     std::vector<double>& called, std::vector<char>& done) {
    bool any = false;
    std::vector<double> taken(network.debts.size(), 0.0); // called before this round
    for (std::size_t g = 0; g < called.size(); ++g) taken[network.guarantees[g].debt] += called[g];
    for (std::size_t g = 0; g < called.size(); ++g) {
        auto const& guarantee = network.guarantees[g];
        double const owed = network.debts[guarantee.debt].amount;
        double const open = owed - taken[guarantee.debt] - paid[guarantee.debt];
        if (done[g] || open <= short_beyond * owed || guarantee.cover == 0) continue;
        called[g] = std::min(open, guarantee.cover);
        taken[guarantee.debt] += called[g];
        done[g] = 1;
        any = true;
    }
    return any;
}

std::vector<char> charged_debtors(DebtNetwork const& network, std::vector<double> const& called) {
    std::vector<char> charged(static_cast<std::size_t>(network.firms), 0);
    for (std::size_t g = 0; g < called.size(); ++g)
        if (called[g] > 0)
            charged[static_cast<std::size_t>(network.debts[network.guarantees[g].debt].debtor)] = 1;
    return charged;
}

ClearedNetwork clear_with_guarantees(DebtNetwork const& network, std::vector<double> const& cash) {
    std::vector<double> called(network.guarantees.size(), 0.0);
    std::vector<char> done(called.size(), 0), charged;
    std::vector<int> wave(cash.size(), 0); // of the round in which a firm first fails
    for (int waves = 0;;) {
        DebtNetwork const extended = with_calls(network, called);
        NetworkPlan const plan = plan_network(extended);
        ClearedNetwork cleared = clear_by_waves({plan, cash, charged});
        for (std::size_t i = 0; i < wave.size(); ++i)
            if (wave[i] == 0 && cleared.wave[i] > 0) wave[i] = waves + cleared.wave[i];
        waves = std::max(waves, *std::max_element(wave.begin(), wave.end()));
        if (!call_guarantees(network, payments_on(extended, plan, cleared), called, done)) {
            cleared.wave = wave;
            cleared.waves = waves;
            cleared.called = called;
            for (std::size_t g = 0; g < called.size(); ++g)
                cleared.owed[static_cast<std::size_t>(
                    network.debts[network.guarantees[g].debt].debtor)] += called[g];
            return cleared;
        }
        charged = charged_debtors(network, called);
    }
}

} // namespace

NetworkClearing::NetworkClearing(DebtNetwork network)
    : network_(std::move(network)),
      plan_(std::make_shared<NetworkPlan const>(plan_network(network_))) {
    check_cash(*plan_, network_.cash);
}

ClearedNetwork NetworkClearing::greatest(std::vector<double> const& cash) const {
    check_cash(*plan_, cash);
    if (!network_.guarantees.empty()) return clear_with_guarantees(network_, cash);
    return clear_by_waves({*plan_, cash, {}});
}

ClearedNetwork NetworkClearing::least(std::vector<double> const& cash) const {
    check_cash(*plan_, cash);
    require_plain(network_, *plan_, "the least vector");
    return clear_least({*plan_, cash, {}});
}

ClearedNetwork NetworkClearing::swept(std::vector<double> const& cash, bool from_below,
                                      int most) const {
    check_cash(*plan_, cash);
    if (!network_.guarantees.empty())
        throw BadInput{"network clearing: sweeping is for networks without guarantees"};
    return clear_by_sweeps({*plan_, cash, {}}, from_below, most);
}

ClearingCertificate NetworkClearing::certify(std::vector<double> const& cash,
                                             ClearedNetwork const& cleared) const {
    check_cash(*plan_, cash);
    if (network_.guarantees.empty()) return certify_network({*plan_, cash, {}}, cleared);
    NetworkPlan const plan = plan_network(with_calls(network_, cleared.called));
    return certify_network({plan, cash, charged_debtors(network_, cleared.called)}, cleared);
}

std::vector<double> NetworkClearing::payments(ClearedNetwork const& cleared) const {
    if (network_.guarantees.empty()) return payments_on(network_, *plan_, cleared);
    DebtNetwork const extended = with_calls(network_, cleared.called);
    return payments_on(extended, plan_network(extended), cleared);
}

ClearedScenarios NetworkClearing::all(ClearingScenarios const& scenarios, bool keep_paid) const {
    require_plain(network_, *plan_, "clearing in lanes");
    return clear_scenarios_of(network_, *plan_, scenarios, keep_paid);
}

} // namespace perpetuum
