#include "ledger_steps.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace perpetuum {

namespace {

constexpr int no_target = -1;

void check_trace(PaymentList const& list, TraceQuery const& query) {
    auto const party = [&](int number) {
        return number >= 0 && static_cast<std::size_t>(number) < list.parties.size();
    };
    bool fine = list.to.size() == list.size() && list.amount.size() == list.size() &&
                (list.time.empty() || list.time.size() == list.size());
    for (std::size_t k = 0; fine && k < list.size(); ++k)
        fine = party(list.from[k]) && party(list.to[k]) && list.amount[k] > 0;
    if (!fine) throw BadInput{"damaged payments"};
    if (!party(query.target)) throw BadInput{"the target is no party of the payments"};
    for (int const funder : query.funders)
        if (!party(funder)) throw BadInput{"a funder is no party of the payments"};
    if (!query.opening.empty() && query.opening.size() != list.parties.size())
        throw BadInput{"openings must be one a party"};
    for (std::int64_t const amount : query.opening)
        if (amount < 0) throw BadInput{"an opening is below zero"};
}

/// By time; of one moment in the order of the list, or the other way round.
std::vector<std::uint32_t> order_of(PaymentList const& list, bool ties_reversed) {
    std::vector<std::uint32_t> order(list.size());
    std::iota(order.begin(), order.end(), 0);
    if (list.time.empty()) return order;
    if (ties_reversed) std::reverse(order.begin(), order.end());
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return list.time[a] < list.time[b]; });
    return order;
}

std::size_t cell(int party) { return static_cast<std::size_t>(party); }

/// Where payments of one time begin; without times each is a moment of its own.
std::vector<std::size_t> moments_of(PaymentList const& list, std::vector<LedgerStep> const& steps) {
    std::vector<std::size_t> moments;
    for (std::size_t k = 0; k < steps.size(); ++k)
        if (k == 0 || list.time.empty() ||
            list.time[steps[k].payment] != list.time[steps[k - 1].payment])
            moments.push_back(k);
    moments.push_back(steps.size());
    return moments;
}

/// By party: the most by which payments out ever lead over what was there, in the order of the steps
/// or (out first) if each moment's payments out come before its payments in.
std::vector<std::int64_t> lacks(LedgerSteps const& ledger, bool out_first) {
    std::vector<std::int64_t> balance = ledger.opening, lack(balance.size(), 0);
    for (std::size_t m = 0; m + 1 < ledger.moments.size(); ++m) {
        std::size_t const begin = ledger.moments[m], end = ledger.moments[m + 1];
        auto const pay = [&](LedgerStep const& step) {
            if (step.from < 0) return;
            std::int64_t& held = balance[cell(step.from)];
            held -= step.amount;
            lack[cell(step.from)] = std::max(lack[cell(step.from)], -held);
        };
        auto const get = [&](LedgerStep const& step) {
            if (step.to >= 0) balance[cell(step.to)] += step.amount;
        };
        for (std::size_t k = begin; k < end; ++k) {
            pay(ledger.steps[k]);
            if (!out_first) get(ledger.steps[k]);
        }
        for (std::size_t k = begin; out_first && k < end; ++k) get(ledger.steps[k]);
    }
    return lack;
}

/// Of one moment in any order: accounts that can still reach the target, found backwards.
void mark_moment(LedgerSteps const& ledger, std::size_t begin, std::size_t end,
                 std::vector<char>& leads, std::vector<char>& account) {
    std::vector<std::pair<int, std::size_t>> by_payee;
    std::vector<std::size_t> queue;
    auto const mark = [&](std::size_t k) {
        leads[k] = 1;
        queue.push_back(k);
    };
    for (std::size_t k = begin; k < end; ++k) {
        LedgerStep const& step = ledger.steps[k];
        if (step.arrives || (step.to >= 0 && account[cell(step.to)] != 0))
            mark(k);
        else if (step.to >= 0)
            by_payee.emplace_back(step.to, k);
    }
    std::sort(by_payee.begin(), by_payee.end());
    for (std::size_t next = 0; next < queue.size(); ++next) {
        int const payer = ledger.steps[queue[next]].from;
        if (payer < 0 || account[cell(payer)] != 0) continue;
        account[cell(payer)] = 1;
        for (auto at = std::lower_bound(by_payee.begin(), by_payee.end(),
                                        std::pair{payer, std::size_t{0}});
             at != by_payee.end() && at->first == payer; ++at)
            mark(at->second);
    }
}

LedgerSteps steps_to(PaymentList const& list, TraceQuery const& query, int target) {
    std::vector<char> funder(list.parties.size(), 0);
    for (int const number : query.funders) funder[cell(number)] = 1;
    auto const is_end = [&](int party) { return party == target || funder[cell(party)] != 0; };
    LedgerSteps ledger;
    ledger.opening = query.opening;
    ledger.opening.resize(list.parties.size(), 0);
    for (std::size_t party = 0; party < ledger.opening.size(); ++party)
        if (is_end(static_cast<int>(party))) ledger.opening[party] = 0;
    for (std::uint32_t const payment : order_of(list, query.ties_reversed)) {
        int const from = list.from[payment], to = list.to[payment];
        if (from == to) continue;
        LedgerStep step;
        step.payment = payment;
        step.amount = list.amount[payment];
        step.funded = funder[cell(from)] != 0;
        step.arrives = to == target;
        if (!is_end(from)) step.from = from;
        if (!is_end(to)) step.to = to;
        if (step.arrives) ledger.received += step.amount;
        ledger.steps.push_back(step);
    }
    ledger.moments = moments_of(list, ledger.steps);
    std::vector<std::int64_t> const lack = lacks(ledger, false), widest = lacks(ledger, true);
    ledger.widest_opening = ledger.opening;
    for (std::size_t party = 0; party < lack.size(); ++party) {
        ledger.held_before += lack[party];
        ledger.opening[party] += lack[party];
        ledger.widest_opening[party] += widest[party];
    }
    return ledger;
}

} // namespace

LedgerSteps ledger_steps(PaymentList const& list, TraceQuery const& query) {
    check_trace(list, query);
    return steps_to(list, query, query.target);
}

std::vector<char> steps_that_lead_on(LedgerSteps const& ledger, bool any_order) {
    std::vector<char> leads(ledger.steps.size(), 0), account(ledger.opening.size(), 0);
    for (std::size_t m = ledger.moments.size() - 1; m-- > 0;) {
        std::size_t const begin = ledger.moments[m], end = ledger.moments[m + 1];
        if (any_order) {
            mark_moment(ledger, begin, end, leads, account);
            continue;
        }
        for (std::size_t k = end; k-- > begin;) {
            LedgerStep const& step = ledger.steps[k];
            leads[k] = step.arrives || (step.to >= 0 && account[cell(step.to)] != 0);
            if (leads[k] != 0 && step.from >= 0) account[cell(step.from)] = 1;
        }
    }
    return leads;
}

std::int64_t held_before_in_all(PaymentList const& list, TraceQuery const& query) {
    check_trace(list, query);
    return steps_to(list, query, no_target).held_before;
}

} // namespace perpetuum
