// Debts in any order → tranches by debtor and rank (a counting sort), with what each firm owes and
// would receive.

#include <perpetuum/base.hpp>
#include <perpetuum/clearing/network_plan.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

namespace perpetuum {
namespace {

constexpr double largest_total = 1e300;

[[noreturn]] void refuse_network(std::string const& what, double value, char const* expected) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    throw BadInput{"network clearing: " + what + " is " + text + "; expected " + expected};
}

bool is_money(double value) { return value >= 0 && value <= largest_total; }
bool is_share(double value) { return value >= 0 && value <= 1; }

void check_firm(DebtNetwork const& network, int firm, std::string const& what) {
    if (firm < 0 || firm >= network.firms) refuse_network(what, firm, "the number of a firm");
}

void check_kept(DebtNetwork const& network, std::vector<double> const& kept, char const* what) {
    if (kept.empty()) return;
    if (kept.size() != network.cash.size())
        refuse_network(std::string("the length of ") + what, static_cast<double>(kept.size()),
                       "one for each firm, or none");
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (!is_share(kept[i]))
            refuse_network(std::string(what) + " of firm " + std::to_string(i), kept[i], "0 to 1");
}

void check_debts(DebtNetwork const& network) {
    for (std::size_t k = 0; k < network.debts.size(); ++k) {
        auto const& debt = network.debts[k];
        bool const fine = debt.debtor >= 0 && debt.debtor < network.firms &&
                          debt.creditor >= DebtNetwork::outside && debt.creditor < network.firms &&
                          debt.creditor != debt.debtor && is_money(debt.amount);
        if (fine) continue;
        std::string const name = "debt " + std::to_string(k);
        check_firm(network, debt.debtor, "the debtor of " + name);
        if (debt.creditor != DebtNetwork::outside)
            check_firm(network, debt.creditor, "the creditor of " + name);
        if (debt.creditor == debt.debtor)
            refuse_network("the creditor of " + name, debt.creditor, "another than the debtor");
        refuse_network("the amount of " + name, debt.amount, "0 to 1e300");
    }
    if (network.ranks.empty()) return;
    if (network.ranks.size() != network.debts.size())
        refuse_network("the number of ranks", static_cast<double>(network.ranks.size()),
                       "one for each debt, or none");
    for (int const rank : network.ranks)
        if (rank < 1) refuse_network("a rank", rank, "1 or more");
}

void check_rest(DebtNetwork const& network) {
    if (network.firms < 0 || network.cash.size() != static_cast<std::size_t>(network.firms))
        refuse_network("the number of firms", network.firms, "one for each amount of cash");
    check_kept(network, network.kept_cash, "the share of cash kept");
    check_kept(network, network.kept_income, "the share of receipts kept");
    for (auto const& holding : network.holdings) {
        check_firm(network, holding.owner, "the owner of a holding");
        check_firm(network, holding.firm, "the firm that is held");
        if (!is_share(holding.share)) refuse_network("a holding", holding.share, "0 to 1");
        if (holding.owner == holding.firm)
            refuse_network("the owner of a holding", holding.owner, "another than the firm");
    }
    for (auto const& guarantee : network.guarantees) {
        check_firm(network, guarantee.guarantor, "a guarantor");
        if (guarantee.debt >= network.debts.size())
            refuse_network("a guaranteed debt", static_cast<double>(guarantee.debt),
                           "the number of a debt");
        auto const& debt = network.debts[guarantee.debt];
        if (guarantee.guarantor == debt.debtor || guarantee.guarantor == debt.creditor)
            refuse_network("a guarantor", guarantee.guarantor, "neither debtor nor creditor");
        if (!is_money(guarantee.cover)) refuse_network("a cover", guarantee.cover, "0 to 1e300");
        if (guarantee.rank < 1) refuse_network("a rank", guarantee.rank, "1 or more");
    }
}

/// The ranks on which each firm owes; one rank 1 where it owes nothing.
void lay_out_tranches(DebtNetwork const& network, NetworkPlan& plan) {
    plan.first_tranche.resize(plan.firms + 1);
    plan.one_rank = std::all_of(network.ranks.begin(), network.ranks.end(),
                                [&](int rank) { return rank == network.ranks.front(); });
    if (plan.one_rank) {
        for (std::size_t i = 0; i <= plan.firms; ++i) plan.first_tranche[i] = i;
        plan.rank_of.assign(plan.firms, network.ranks.empty() ? 1 : network.ranks.front());
        return;
    }
    std::vector<std::vector<int>> ranks(plan.firms);
    for (std::size_t k = 0; k < network.debts.size(); ++k) {
        auto& mine = ranks[static_cast<std::size_t>(network.debts[k].debtor)];
        auto const place = std::lower_bound(mine.begin(), mine.end(), network.ranks[k]);
        if (place == mine.end() || *place != network.ranks[k]) mine.insert(place, network.ranks[k]);
    }
    for (std::size_t i = 0; i < plan.firms; ++i) {
        if (ranks[i].empty()) ranks[i].push_back(1);
        plan.first_tranche[i] = plan.rank_of.size();
        plan.rank_of.insert(plan.rank_of.end(), ranks[i].begin(), ranks[i].end());
    }
    plan.first_tranche[plan.firms] = plan.rank_of.size();
}

std::size_t tranche_of(DebtNetwork const& network, NetworkPlan const& plan, std::size_t debt) {
    std::size_t tranche = plan.first_tranche[static_cast<std::size_t>(network.debts[debt].debtor)];
    if (!plan.one_rank)
        while (plan.rank_of[tranche] != network.ranks[debt]) ++tranche;
    return tranche;
}

void place_claims(DebtNetwork const& network, NetworkPlan& plan) {
    plan.total.assign(plan.rank_of.size(), 0.0);
    plan.outside.assign(plan.rank_of.size(), 0.0);
    plan.first_claim.assign(plan.rank_of.size() + 1, 0);
    plan.income.assign(plan.firms, 0.0);
    for (std::size_t k = 0; k < network.debts.size(); ++k) {
        auto const& debt = network.debts[k];
        std::size_t const tranche = tranche_of(network, plan, k);
        plan.total[tranche] += debt.amount;
        if (debt.creditor == DebtNetwork::outside) plan.outside[tranche] += debt.amount;
        if (debt.creditor == DebtNetwork::outside || debt.amount == 0) continue;
        ++plan.first_claim[tranche + 1];
        plan.income[static_cast<std::size_t>(debt.creditor)] += debt.amount;
    }
    for (std::size_t t = 0; t < plan.rank_of.size(); ++t)
        plan.first_claim[t + 1] += plan.first_claim[t];
    for (std::size_t t = 0; t < plan.rank_of.size(); ++t)
        if (plan.total[t] > 0) plan.outside[t] /= plan.total[t];
    plan.claims.resize(plan.first_claim.back());
    std::vector<std::size_t> next(plan.first_claim.begin(), plan.first_claim.end() - 1);
    for (std::size_t k = 0; k < network.debts.size(); ++k) {
        auto const& debt = network.debts[k];
        if (debt.creditor == DebtNetwork::outside || debt.amount == 0) continue;
        std::size_t const tranche = tranche_of(network, plan, k);
        std::size_t const place = next[tranche]++;
        plan.claims[place].creditor = debt.creditor;
        plan.claims[place].share = debt.amount / plan.total[tranche];
    }
}

/// A group of firms that has no owner outside itself has no worth of its own: whatever its members
/// say they are worth, they are.
void require_outside_owners(DebtNetwork const& network, std::vector<double> const& in_all) {
    std::vector<std::vector<std::size_t>> holds(in_all.size());
    for (auto const& holding : network.holdings)
        if (holding.share > 0)
            holds[static_cast<std::size_t>(holding.owner)].push_back(
                static_cast<std::size_t>(holding.firm));
    std::vector<char> owned_outside(in_all.size(), 0);
    std::vector<std::size_t> queue;
    for (std::size_t i = 0; i < in_all.size(); ++i)
        if (in_all[i] < 1 - 1e-9) {
            owned_outside[i] = 1;
            queue.push_back(i);
        }
    while (!queue.empty()) {
        std::size_t const owner = queue.back();
        queue.pop_back();
        for (std::size_t const firm : holds[owner]) {
            if (owned_outside[firm]) continue;
            owned_outside[firm] = 1;
            queue.push_back(firm);
        }
    }
    for (std::size_t i = 0; i < in_all.size(); ++i)
        if (!owned_outside[i])
            refuse_network("what outsiders own, at last, of firm " + std::to_string(i), 0,
                           "more: a group wholly held by itself has no worth of its own");
}

void place_holdings(DebtNetwork const& network, NetworkPlan& plan) {
    if (network.holdings.empty()) return;
    plan.first_holder.assign(plan.firms + 1, 0);
    for (auto const& holding : network.holdings)
        ++plan.first_holder[static_cast<std::size_t>(holding.firm) + 1];
    for (std::size_t i = 0; i < plan.firms; ++i) plan.first_holder[i + 1] += plan.first_holder[i];
    plan.holder.resize(network.holdings.size());
    plan.held.resize(network.holdings.size());
    std::vector<std::size_t> next(plan.first_holder.begin(), plan.first_holder.end() - 1);
    std::vector<double> in_all(plan.firms, 0.0);
    for (auto const& holding : network.holdings) {
        auto const firm = static_cast<std::size_t>(holding.firm);
        plan.holder[next[firm]] = holding.owner;
        plan.held[next[firm]++] = holding.share;
        in_all[firm] += holding.share;
    }
    for (std::size_t i = 0; i < plan.firms; ++i)
        if (in_all[i] > 1 + 1e-12)
            refuse_network("what the holders of firm " + std::to_string(i) + " have of it",
                           in_all[i], "at most the whole");
    require_outside_owners(network, in_all);
}

} // namespace

NetworkPlan plan_network(DebtNetwork const& network) {
    check_rest(network);
    check_debts(network);
    NetworkPlan plan;
    plan.firms = static_cast<std::size_t>(network.firms);
    lay_out_tranches(network, plan);
    place_claims(network, plan);
    place_holdings(network, plan);
    plan.owed.assign(plan.firms, 0.0);
    for (std::size_t i = 0; i < plan.firms; ++i) {
        for (std::size_t t = plan.first_tranche[i]; t < plan.first_tranche[i + 1]; ++t)
            plan.owed[i] += plan.total[t];
        if (!is_money(plan.owed[i]) || !is_money(plan.income[i]))
            refuse_network("the sum of debts of or to firm " + std::to_string(i),
                           std::max(plan.owed[i], plan.income[i]), "at most 1e300");
    }
    plan.kept_cash = network.kept_cash;
    plan.kept_income = network.kept_income;
    if (plan.kept_cash.empty()) plan.kept_cash.assign(plan.firms, 1.0);
    if (plan.kept_income.empty()) plan.kept_income.assign(plan.firms, 1.0);
    auto const loses = [](double kept) { return kept < 1; };
    plan.costly = std::any_of(plan.kept_cash.begin(), plan.kept_cash.end(), loses) ||
                  std::any_of(plan.kept_income.begin(), plan.kept_income.end(), loses);
    return plan;
}

std::vector<double> equity_in_full(NetworkPlan const& plan, std::vector<double> const& cash) {
    constexpr std::size_t most_looks = 200'000'000;
    std::vector<double> equity(plan.firms, 0.0), worth(plan.firms, 0.0);
    std::vector<std::size_t> queue;
    std::vector<char> queued(plan.firms, 1);
    for (std::size_t i = plan.firms; i-- > 0;) queue.push_back(i);
    for (std::size_t looks = 0, at = 0; at < queue.size() && looks < most_looks; ++looks, ++at) {
        std::size_t const i = queue[at];
        queued[i] = 0;
        double const now = std::max(0.0, cash[i] + plan.income[i] + worth[i] - plan.owed[i]);
        double const more = now - equity[i];
        if (more <= 1e-15 * now) continue;
        equity[i] = now;
        if (!plan.has_holdings()) continue;
        for (std::size_t h = plan.first_holder[i]; h < plan.first_holder[i + 1]; ++h, ++looks) {
            auto const owner = static_cast<std::size_t>(plan.holder[h]);
            worth[owner] += plan.held[h] * more;
            if (!queued[owner]) queue.push_back(owner);
            queued[owner] = 1;
        }
        if (at >= plan.firms) { // what was served goes, so that the queue stays small
            queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(at + 1));
            at = static_cast<std::size_t>(-1);
        }
    }
    return equity;
}

void fill_result(NetworkTask const& task, std::vector<double> const& unpaid,
                 ClearedNetwork& result) {
    NetworkPlan const& plan = task.plan;
    result.owed = plan.owed;
    result.paid.assign(plan.firms, 0.0);
    result.paid_ranks.resize(plan.tranches());
    for (std::size_t i = 0; i < plan.firms; ++i) {
        double missing = 0;
        for (std::size_t t = plan.first_tranche[i]; t < plan.first_tranche[i + 1]; ++t) {
            missing += unpaid[t];
            result.paid_ranks[t] = std::max(0.0, plan.total[t] - unpaid[t]);
        }
        result.paid[i] = std::max(0.0, plan.owed[i] - missing);
    }
    result.equity.assign(plan.firms, 0.0);
    for (std::size_t i = 0; i < plan.firms; ++i) {
        double const has = spendable(plan, i, task.cash[i], result.received[i], result.wave[i] > 0);
        result.equity[i] = std::max(0.0, has - plan.owed[i]);
    }
}

} // namespace perpetuum
