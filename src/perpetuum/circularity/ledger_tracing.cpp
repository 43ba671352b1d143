/// Ledger tracing: every account keeps its money in a stated order, and payments carry labels with
/// them. First in first out and last in first out keep lots, in whole minor units; the other rules one
/// number an account.

#include "ledger_steps.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>

namespace perpetuum {

namespace {

constexpr std::uint64_t most_lots_moved = 300'000'000;
constexpr std::uint64_t most_bound_effort = 400'000'000;
constexpr double not_traced = std::numeric_limits<double>::quiet_NaN();

struct Lot {
    std::int64_t amount = 0;
    bool funded = false;
};

/// Neighbours of one label are one lot.
class LotAccount {
  public:
    void put(Lot lot) {
        if (lot.amount == 0) return;
        if (!lots_.empty() && lots_.back().funded == lot.funded)
            lots_.back().amount += lot.amount;
        else
            lots_.push_back(lot);
    }
    /// Takes so much from the oldest or newest lots on; `drawn` in the order of drawing. The account
    /// holds it. Returns lots touched.
    std::uint64_t draw(std::int64_t amount, bool newest, std::vector<Lot>& drawn) {
        std::uint64_t touched = 0;
        while (amount > 0) {
            Lot& next = newest ? lots_.back() : lots_.front();
            std::int64_t const part = std::min(amount, next.amount);
            drawn.push_back({part, next.funded});
            amount -= part;
            next.amount -= part;
            if (next.amount == 0) newest ? lots_.pop_back() : lots_.pop_front();
            ++touched;
        }
        return touched;
    }

  private:
    std::deque<Lot> lots_;
};

/// By step, funders' part; empty when too many lots would have to be moved.
std::vector<double> traced_in_lots(LedgerSteps const& ledger, bool newest) {
    std::vector<LotAccount> accounts(ledger.opening.size());
    for (std::size_t k = 0; k < accounts.size(); ++k) accounts[k].put({ledger.opening[k], false});
    std::vector<double> parts;
    std::vector<Lot> drawn;
    std::uint64_t moved = 0;
    for (LedgerStep const& step : ledger.steps) {
        drawn.clear();
        if (step.from < 0) {
            drawn.push_back({step.amount, step.funded});
        } else {
            LotAccount& account = accounts[static_cast<std::size_t>(step.from)];
            moved += account.draw(step.amount, newest, drawn);
        }
        std::int64_t funded = 0;
        for (Lot const& lot : drawn) {
            if (lot.funded) funded += lot.amount;
            if (step.to >= 0) accounts[static_cast<std::size_t>(step.to)].put(lot);
        }
        parts.push_back(static_cast<double>(funded));
        if (moved > most_lots_moved) return {};
    }
    return parts;
}

/// What of a payment is funders' money, when the account holds `balance`, of it `funded`.
double drawn_part(TracingRule rule, double amount, double balance, double funded) {
    if (amount >= balance) return funded;
    switch (rule) {
    case TracingRule::pro_rata:
        return funded * (amount / balance);
    case TracingRule::clean_first:
        return std::max(0.0, amount - (balance - funded));
    case TracingRule::taint_first:
        return std::min(amount, funded);
    // The claim is what the balance has never been below since.
    default:
        return funded - std::min(funded, balance - amount);
    }
}

/// Amounts are below 2^62 in all; sums of whole ones are exact up to 2^53.
std::vector<double> traced_by_balance(LedgerSteps const& ledger, TracingRule rule) {
    std::vector<std::int64_t> balance = ledger.opening;
    std::vector<double> funded(balance.size(), 0), parts;
    for (LedgerStep const& step : ledger.steps) {
        double part = step.funded ? static_cast<double>(step.amount) : 0;
        if (step.from >= 0) {
            auto const from = static_cast<std::size_t>(step.from);
            part = drawn_part(rule, static_cast<double>(step.amount),
                              static_cast<double>(balance[from]), funded[from]);
            funded[from] -= part;
            balance[from] -= step.amount;
        }
        if (step.to >= 0) {
            funded[static_cast<std::size_t>(step.to)] += part;
            balance[static_cast<std::size_t>(step.to)] += step.amount;
        }
        parts.push_back(part);
    }
    return parts;
}

std::vector<double> traced(LedgerSteps const& ledger, TracingRule rule) {
    if (rule == TracingRule::fifo || rule == TracingRule::lifo)
        return traced_in_lots(ledger, rule == TracingRule::lifo);
    return traced_by_balance(ledger, rule);
}

double arrived(LedgerSteps const& ledger, std::vector<double> const& parts) {
    if (parts.size() != ledger.steps.size()) return not_traced;
    double sum = 0;
    for (std::size_t k = 0; k < parts.size(); ++k)
        if (ledger.steps[k].arrives) sum += parts[k];
    return sum;
}

} // namespace

TraceResult trace_payments(PaymentList const& list, TraceQuery const& query) {
    LedgerSteps const ledger = ledger_steps(list, query);
    TraceResult result;
    result.received = ledger.received;
    result.held_before = ledger.held_before;
    for (std::size_t k = 0; k < std::size(tracing_rules); ++k)
        result.funded[k] = arrived(ledger, traced(ledger, tracing_rules[k].rule));
    LedgerBounds const bounds =
        query.bounds ? bound_ledger(ledger, most_bound_effort) : LedgerBounds{};
    result.at_least = bounds.known ? static_cast<double>(bounds.least) : not_traced;
    result.at_most = bounds.known ? static_cast<double>(bounds.most) : not_traced;
    return result;
}

std::vector<TracedPart> traced_parts(PaymentList const& list, TraceQuery const& query,
                                     TraceConvention convention) {
    LedgerSteps const ledger = ledger_steps(list, query);
    std::vector<double> parts;
    if (convention.rule)
        parts = traced(ledger, *convention.rule);
    else
        parts = parts_at_bound(ledger, convention.most, most_bound_effort);
    std::vector<char> const leads = steps_that_lead_on(ledger, !convention.rule);
    std::vector<TracedPart> rows;
    for (std::size_t k = 0; k < parts.size(); ++k)
        if (leads[k] != 0 && parts[k] > 0)
            rows.push_back({ledger.steps[k].payment, parts[k], ledger.steps[k].arrives});
    return rows;
}

} // namespace perpetuum
