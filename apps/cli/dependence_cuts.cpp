// A financing that does not come, followed through the payments of one path's window.

#include "dependence.hpp"

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr int most_rounds = 200;

struct Line {
    NetworkPayment const* payment = nullptr;
    bool chosen = false; ///< a transfer, not a due
    int rank = 5;
    double cut = 0; ///< minor units
};

/// How a payment was made: by choice or owed, and its rank, from the flows of its contract.
void rank_line(System const& system, Line& line) {
    NetworkPayment const& payment = *line.payment;
    for (SystemFlow const& flow : system.flows) {
        bool const same = flow.contract == payment.deal && flow.payer == payment.payer &&
                          flow.payee == payment.payee && flow.transaction == payment.kind;
        if (!same) continue;
        line.chosen = flow.type == StatementType::transfer;
        line.rank = flow.rank;
        return;
    }
}

/// Spreads a firm's shortfall over what it pays; returns what it could not spread.
void cut_payments(std::vector<Line*>& lines, double shortfall, CutRule rule) {
    double all = 0;
    for (Line const* line : lines) all += static_cast<double>(line->payment->amount);
    if (all <= 0) return;
    if (rule != CutRule::first) {
        double const share = std::min(1.0, shortfall / all);
        for (Line* line : lines) line->cut = share * static_cast<double>(line->payment->amount);
        return;
    }
    for (Line* line : lines) {
        line->cut = std::min(shortfall, static_cast<double>(line->payment->amount));
        shortfall -= line->cut;
    }
}

/// One pool: shortfalls grow until nobody's changes. Amounts cut rise from round to round and are
/// bounded by what was paid.
void settle(std::vector<Line>& lines, std::vector<bool> const& gone, System const& system,
            CutRule rule) {
    std::size_t const parties = system.entities.size();
    std::vector<std::vector<Line*>> paid_by(parties);
    std::vector<double> lost(parties, 0), received(parties, 0), borrowed(parties, 0);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        NetworkPayment const& payment = *lines[i].payment;
        auto const payer = static_cast<std::size_t>(payment.payer);
        auto const payee = static_cast<std::size_t>(payment.payee);
        double const amount = static_cast<double>(payment.amount);
        if (gone[i]) {
            lines[i].cut = amount;
            lost[payee] += amount;
        } else if (!system.entities[payer].outside) {
            paid_by[payer].push_back(&lines[i]);
        }
        bool const is_loan = payment.nature == Nature::finance && system.entities[payer].outside;
        (is_loan ? borrowed : received)[payee] += amount;
    }
    for (auto& list : paid_by)
        std::stable_sort(list.begin(), list.end(), [](Line const* a, Line const* b) {
            if (a->chosen != b->chosen) return a->chosen;
            return a->rank > b->rank;
        });
    std::vector<double> const direct = lost;
    for (int round = 0; round < most_rounds; ++round) {
        for (std::size_t firm = 0; firm < parties; ++firm) {
            double shortfall = lost[firm];
            if (rule == CutRule::levered && received[firm] > 0)
                shortfall += borrowed[firm] * std::min(1.0, lost[firm] / received[firm]);
            if (shortfall > 0) cut_payments(paid_by[firm], shortfall, rule);
        }
        std::vector<double> next = direct;
        for (std::size_t i = 0; i < lines.size(); ++i)
            if (!gone[i]) next[static_cast<std::size_t>(lines[i].payment->payee)] += lines[i].cut;
        double change = 0;
        for (std::size_t firm = 0; firm < parties; ++firm)
            if (!system.entities[firm].outside)
                change = std::max(change, std::abs(next[firm] - lost[firm]));
        lost = std::move(next);
        if (change < 100) break; // a dollar
    }
}

} // namespace

std::vector<double> sold_less(System const& system, PaymentSet const& payments,
                              std::vector<int> const& contracts, CutRule rule, int first,
                              int last) {
    std::vector<double> less(system.entities.size(), 0);
    std::vector<Line> lines;
    std::vector<bool> gone;
    bool begun = false; // what was paid before the deal's first money did not need it
    for (NetworkPayment const& payment : payments.payments) {
        if (payment.step < first - 1 || payment.step >= last || payment.pair >= 0 ||
            payment.payer == payment.payee)
            continue;
        bool const is_gone =
            payment.nature == Nature::finance &&
            std::find(contracts.begin(), contracts.end(), payment.deal) != contracts.end();
        begun = begun || is_gone;
        if (!begun) continue;
        lines.push_back({&payment});
        gone.push_back(is_gone);
    }
    if (!begun) return less;
    if (rule == CutRule::first)
        for (Line& line : lines) rank_line(system, line);
    settle(lines, gone, system, rule);
    for (Line const& line : lines)
        if (line.payment->nature == Nature::sale)
            less[static_cast<std::size_t>(line.payment->payee)] += line.cut * payments.minor_unit;
    return less;
}

} // namespace perpetuum
