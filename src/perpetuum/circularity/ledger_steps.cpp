#include "ledger_steps.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace perpetuum {

namespace {

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

} // namespace

LedgerSteps ledger_steps(PaymentList const& list, TraceQuery const& query) {
    check_trace(list, query);
    std::vector<char> funder(list.parties.size(), 0);
    for (int const number : query.funders) funder[static_cast<std::size_t>(number)] = 1;
    auto const is_end = [&](int party) {
        return party == query.target || funder[static_cast<std::size_t>(party)] != 0;
    };
    LedgerSteps ledger;
    ledger.opening = query.opening;
    ledger.opening.resize(list.parties.size(), 0);
    for (std::size_t party = 0; party < ledger.opening.size(); ++party)
        if (is_end(static_cast<int>(party))) ledger.opening[party] = 0;
    std::vector<std::int64_t> balance = ledger.opening;
    for (std::uint32_t const payment : order_of(list, query.ties_reversed)) {
        int const from = list.from[payment], to = list.to[payment];
        if (from == to) continue;
        LedgerStep step;
        step.payment = payment;
        step.amount = list.amount[payment];
        step.funded = funder[static_cast<std::size_t>(from)] != 0;
        step.arrives = to == query.target;
        if (!is_end(from)) {
            step.from = from;
            std::int64_t& held = balance[static_cast<std::size_t>(from)];
            step.lack = std::max<std::int64_t>(0, step.amount - held);
            held += step.lack - step.amount;
            ledger.held_before += step.lack;
        }
        if (!is_end(to)) {
            step.to = to;
            balance[static_cast<std::size_t>(to)] += step.amount;
        }
        if (step.arrives) ledger.received += step.amount;
        ledger.steps.push_back(step);
    }
    return ledger;
}

std::vector<char> steps_that_lead_on(LedgerSteps const& ledger) {
    std::vector<char> leads(ledger.steps.size(), 0), account(ledger.opening.size(), 0);
    for (std::size_t k = ledger.steps.size(); k-- > 0;) {
        LedgerStep const& step = ledger.steps[k];
        leads[k] = step.arrives || (step.to >= 0 && account[static_cast<std::size_t>(step.to)]);
        if (leads[k] != 0 && step.from >= 0) account[static_cast<std::size_t>(step.from)] = 1;
    }
    return leads;
}

} // namespace perpetuum
