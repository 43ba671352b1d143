// The least clearing vector of a network with one rank.
//
// Let all firms bear default costs but some, S, that certainly pay in full. Those pay, and each of
// the others pays the smaller of what it owes and what costs leave it: a system without jumps, whose
// greatest and least vectors differ only in groups that owe nothing to anybody outside, have no cash
// and get none (Eisenberg and Noe 2001, theorem 1: equity is the same in all vectors, so a difference
// goes round for ever). There the least pays nothing. Who could pay in full without costs joins S;
// S grows until nobody joins. Each step stays below the least vector of the whole, and the last is a
// vector itself.

#include <perpetuum/clearing/network_plan.hpp>

#include <algorithm>

namespace perpetuum {
namespace {

/// Components of all debts without recursion; number by firm.
struct DebtComponents {
    std::vector<std::int32_t> of;
    std::int32_t count = 0;
};

DebtComponents components_of(NetworkPlan const& plan) {
    DebtComponents found{std::vector<std::int32_t>(plan.firms, -1), 0};
    std::vector<std::int32_t> number(plan.firms, -1), low(plan.firms, 0), stack, path;
    std::vector<std::size_t> next(plan.first_claim.begin(), plan.first_claim.end() - 1);
    std::int32_t seen = 0;
    for (std::size_t root = 0; root < plan.firms; ++root) {
        if (number[root] >= 0) continue;
        path.push_back(static_cast<std::int32_t>(root));
        while (!path.empty()) {
            auto const v = static_cast<std::size_t>(path.back());
            if (number[v] < 0) {
                number[v] = low[v] = seen++;
                stack.push_back(path.back());
            }
            bool deeper = false;
            while (!deeper && next[v] < plan.first_claim[v + 1]) {
                auto const w = static_cast<std::size_t>(plan.claims[next[v]++].creditor);
                if (number[w] < 0) {
                    path.push_back(static_cast<std::int32_t>(w));
                    deeper = true;
                } else if (found.of[w] < 0) {
                    low[v] = std::min(low[v], number[w]);
                }
            }
            if (deeper) continue;
            path.pop_back();
            if (!path.empty()) {
                auto const up = static_cast<std::size_t>(path.back());
                low[up] = std::min(low[up], low[v]);
            }
            if (low[v] != number[v]) continue;
            for (bool more = true; more; stack.pop_back()) {
                found.of[static_cast<std::size_t>(stack.back())] = found.count;
                more = stack.back() != static_cast<std::int32_t>(v);
            }
            ++found.count;
        }
    }
    return found;
}

/// Groups that money neither enters nor leaves pay nothing.
void empty_idle_groups(NetworkTask const& task, DebtComponents const& groups,
                       ClearedNetwork& cleared) {
    NetworkPlan const& plan = task.plan;
    std::vector<char> idle(static_cast<std::size_t>(groups.count), 1);
    auto const group = [&](std::size_t i) { return static_cast<std::size_t>(groups.of[i]); };
    for (std::size_t i = 0; i < plan.firms; ++i) {
        if (plan.owed[i] == 0 || plan.outside[i] > 0 || plan.kept_income[i] < 1 ||
            plan.kept_cash[i] * task.cash[i] > 0 || task.fixed[i] == 2)
            idle[group(i)] = 0;
        for (std::size_t k = plan.first_claim[i]; k < plan.first_claim[i + 1]; ++k) {
            auto const to = static_cast<std::size_t>(plan.claims[k].creditor);
            if (group(to) == group(i)) continue;
            idle[group(i)] = 0;
            if (cleared.paid[i] > short_beyond * plan.owed[i]) idle[group(to)] = 0;
        }
    }
    for (std::size_t i = 0; i < plan.firms; ++i) {
        if (!idle[group(i)]) continue;
        cleared.paid[i] = cleared.paid_ranks[i] = cleared.received[i] = cleared.equity[i] = 0;
        cleared.wave[i] = 1;
    }
}

} // namespace

ClearedNetwork clear_least(NetworkTask const& task) {
    NetworkPlan const& plan = task.plan;
    DebtComponents const groups = components_of(plan);
    std::vector<char> fixed(plan.firms, 1);
    for (;;) {
        NetworkTask const step{plan, task.cash, fixed};
        ClearedNetwork cleared = clear_by_waves(step);
        empty_idle_groups(step, groups, cleared);
        bool grew = false;
        for (std::size_t i = 0; i < plan.firms; ++i) {
            bool const pays =
                plan.owed[i] - task.cash[i] - cleared.received[i] <= short_beyond * plan.owed[i];
            grew = grew || (pays && fixed[i] == 1 && cleared.paid[i] < plan.owed[i]);
            if (pays) fixed[i] = 2;
            cleared.wave[i] = pays ? 0 : 1;
            if (pays)
                cleared.equity[i] =
                    std::max(0.0, task.cash[i] + cleared.received[i] - plan.owed[i]);
        }
        cleared.waves = *std::max_element(cleared.wave.begin(), cleared.wave.end());
        if (!grew) return cleared;
    }
}

} // namespace perpetuum
