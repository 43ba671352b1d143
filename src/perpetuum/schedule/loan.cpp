// The events of a loan: planned by the cycles, then told in order while debt and interest accrued
// are kept, as the state machines of ACTUS do.

#include <perpetuum/schedule.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

namespace chr = std::chrono;

/// `day` is when it happens, `counts` up to when interest runs: they differ on weekends only.
struct Planned {
    LoanEventType type;
    Day day, counts;
};

bool calculates_first(BusinessDays rule) {
    return rule >= BusinessDays::calculated_first_following;
}

Planned planned_on(LoanTerms const& terms, LoanEventType type, Day day) {
    Day const paid = business_day(day, terms.business_days);
    return {type, paid, calculates_first(terms.business_days) ? day : paid};
}

std::vector<Day> principal_days(LoanTerms const& terms, Day end) {
    return cycle_days(terms.first_principal, end, terms.principal_cycle, terms.month_end);
}

/// What happens on one day: paid out, principal, interest, capitalised, a new rate, the end.
bool earlier(Planned const& a, Planned const& b) {
    if (a.day != b.day) return a.day < b.day;
    return a.type < b.type;
}

std::vector<Planned> plan(LoanTerms const& terms) {
    std::vector<Planned> planned{{LoanEventType::pay_out, terms.begin, terms.begin}};
    if (terms.kind != LoanKind::bullet)
        for (Day const day : principal_days(terms, terms.end))
            if (day < terms.end)
                planned.push_back(planned_on(terms, LoanEventType::principal, day));
    auto days = cycle_days(terms.first_interest, terms.end, terms.interest_cycle, terms.month_end);
    if (terms.capitalise_until) {
        days.push_back(*terms.capitalise_until);
        std::sort(days.begin(), days.end());
        days.erase(std::unique(days.begin(), days.end()), days.end());
    }
    for (Day const day : days) {
        bool const added = terms.capitalise_until && day <= *terms.capitalise_until;
        planned.push_back(
            planned_on(terms, added ? LoanEventType::capitalise : LoanEventType::interest, day));
    }
    for (RateReset const& reset : terms.resets)
        planned.push_back(planned_on(terms, LoanEventType::reset, reset.at));
    planned.push_back(planned_on(terms, LoanEventType::maturity, terms.end));
    std::stable_sort(planned.begin(), planned.end(), earlier);
    return planned;
}

/// The payment that pays `owed` off: now first and then on each of the days up to the last.
double level_payment(double owed, double rate, DayCount day_count, std::vector<Day> const& days) {
    double worth = 1, discount = 1;
    for (std::size_t i = 1; i < days.size(); ++i) {
        discount /= 1 + rate * year_fraction(day_count, days[i - 1], days[i]);
        worth += discount;
    }
    return owed / worth;
}

class LoanTeller {
  public:
    explicit LoanTeller(LoanTerms const& terms) : terms_(terms), rate_(terms.rate) {}

    std::vector<LoanEvent> tell() {
        auto const planned = plan(terms_);
        if (terms_.kind == LoanKind::payment) payment_ = terms_.payment.value_or(0);
        for (Planned const& event : planned) happen(event);
        return std::move(events_);
    }

  private:
    void happen(Planned const& event) {
        if (event.type != LoanEventType::pay_out) accrue(event.counts);
        double amount = 0;
        switch (event.type) {
        case LoanEventType::pay_out:
            debt_ = 1;
            counted_ = event.counts;
            amount = -1;
            // Where the first payment is due at once, there is no day before it on which to fix it.
            break;
        case LoanEventType::principal:
            if (terms_.kind == LoanKind::annuity && !fixed_) fix_payment(event.counts, true);
            if (terms_.kind == LoanKind::linear && !fixed_) fix_principal();
            amount = terms_.kind == LoanKind::linear ? payment_ : payment_ - accrued_;
            amount = std::min(amount, debt_);
            debt_ -= amount;
            break;
        case LoanEventType::interest:
            amount = accrued_;
            accrued_ = 0;
            break;
        case LoanEventType::capitalise:
            debt_ += accrued_;
            accrued_ = 0;
            break;
        case LoanEventType::reset:
            reset(event);
            break;
        case LoanEventType::maturity:
            amount = debt_ + accrued_;
            debt_ = accrued_ = 0;
            break;
        }
        events_.push_back({event.type, event.day, amount, debt_});
    }

    void accrue(Day until) {
        if (until <= counted_) return;
        accrued_ += debt_ * rate_ * year_fraction(terms_.day_count, counted_, until);
        counted_ = until;
    }

    void reset(Planned const& event) {
        for (RateReset const& change : terms_.resets)
            if (business_day(change.at, terms_.business_days) == event.day) rate_ = change.rate;
        if (terms_.kind == LoanKind::annuity) fix_payment(event.counts, false);
    }

    /// Equal parts of what is owed when the first is due.
    void fix_principal() {
        fixed_ = true;
        payment_ = terms_.payment.value_or(
            debt_ / static_cast<double>(principal_days(terms_, terms_.end).size()));
    }

    /// From the next payment (which may be this day's) on, all are equal.
    void fix_payment(Day today, bool due_today) {
        fixed_ = true;
        if (terms_.payment && due_today) {
            payment_ = *terms_.payment;
            return;
        }
        std::vector<Day> days;
        for (Day const day : principal_days(terms_, terms_.amortised_by.value_or(terms_.end))) {
            Day const counts = planned_on(terms_, LoanEventType::principal, day).counts;
            if (counts > today || (due_today && counts == today)) days.push_back(counts);
        }
        if (days.empty()) return;
        double const coming = debt_ * rate_ * year_fraction(terms_.day_count, today, days.front());
        payment_ = level_payment(debt_ + accrued_ + coming, rate_, terms_.day_count, days);
    }

    LoanTerms const& terms_;
    double rate_, debt_ = 0, accrued_ = 0, payment_ = 0;
    bool fixed_ = false;
    Day counted_{};
    std::vector<LoanEvent> events_;
};

std::optional<LoanFault> cycle_fault(char const* term, Cycle const& cycle) {
    if (cycle.count >= 1 && cycle.count <= 12000) return std::nullopt;
    return LoanFault{
        term, "a cycle of " + std::to_string(cycle.count) + (cycle.days ? " days" : " months"),
        "at least one day or month, at most a thousand years"};
}

/// No book may make it count for hours.
bool too_many(Day first, Day last, Cycle const& cycle) {
    double const days = static_cast<double>((last - first).count());
    return days / (cycle.days ? 1.0 : 28.0) / cycle.count > most_loan_payments;
}

} // namespace

std::optional<LoanFault> loan_fault(LoanTerms const& terms) {
    if (!(terms.end > terms.begin))
        return LoanFault{"end", "the loan ends before it has begun", "its term is above 0"};
    if (terms.end - terms.begin > chr::days{366 * longest_loan_years})
        return LoanFault{"end", "the loan runs for more than 200 years", "shorten its term"};
    if (!(std::abs(terms.rate) <= 10))
        return LoanFault{"rate", "a rate beyond 1000 % a year", "write it as in 6 %/year"};
    if (terms.payment && !(*terms.payment >= 0 && *terms.payment <= 1e6))
        return LoanFault{"payment", "a payment below 0 or beyond all bounds",
                         "the payment of one dollar of the loan, such as 0.03"};
    if (terms.kind == LoanKind::payment && !terms.payment)
        return LoanFault{"kind", "a loan of a given payment without it", "add payment = 0.03"};
    if (terms.kind == LoanKind::bullet && terms.payment)
        return LoanFault{"payment", "a bullet loan has no payments before its end",
                         "leave it away, or write kind = linear"};
    if (auto const fault = cycle_fault("interest_cycle", terms.interest_cycle)) return fault;
    if (auto const fault = cycle_fault("principal_cycle", terms.principal_cycle)) return fault;
    auto const inside = [&](Day day) { return day >= terms.begin && day <= terms.end; };
    if (!inside(terms.first_interest))
        return LoanFault{"first_interest", "the first interest is not due while the loan runs",
                         "a day from its begin to its end"};
    if (!inside(terms.first_principal))
        return LoanFault{"first_principal", "the first repayment is not due while the loan runs",
                         "a day from its begin to its end"};
    if (terms.capitalise_until && !inside(*terms.capitalise_until))
        return LoanFault{"capitalise_until", "interest is added to the debt beyond the loan's life",
                         "a day from its begin to its end"};
    if (terms.amortised_by &&
        !(*terms.amortised_by >= terms.end &&
          *terms.amortised_by - terms.begin <= chr::days{366 * longest_loan_years}))
        return LoanFault{"amortised_by", "the annuity is paid off before the loan ends",
                         "a day at its end or later, within 200 years"};
    Day const last = std::max(terms.end, terms.amortised_by.value_or(terms.end));
    if (too_many(terms.begin, last, terms.interest_cycle) ||
        too_many(terms.begin, last, terms.principal_cycle))
        return LoanFault{"interest_cycle", "a loan of more than 20,000 payments",
                         "a longer cycle or a shorter term"};
    return std::nullopt;
}

std::vector<LoanEvent> loan_events(LoanTerms const& terms) {
    if (auto const fault = loan_fault(terms)) throw BadInput{fault->message};
    return LoanTeller(terms).tell();
}

} // namespace perpetuum
