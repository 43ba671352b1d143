// A loan's events gathered into the steps of a run.

#include <perpetuum/schedule.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

/// The step whose half-open interval (begin, end] holds the day's beginning; 0 and below: before
/// the first.
double step_of(Day day, Date start, double step_months) {
    // A day's beginning is a rounded fraction of a month: it must not slip past a step's end.
    return std::ceil((date_of(day).months - start.months) / step_months - 1e-9);
}

/// What was paid on one day.
struct PaidDay {
    double interest = 0, principal = 0;
};

} // namespace

LoanSteps loan_steps(LoanTerms const& terms, Date start, double step_months, int steps) {
    if (steps < 0 || !(step_months > 0)) throw BadInput{"steps below 0"};
    auto const size = static_cast<std::size_t>(steps);
    LoanSteps result{std::vector<double>(size), std::vector<double>(size),
                     std::vector<double>(size)};
    auto const events = loan_events(terms);
    double debt = 0;
    std::size_t told = 0; // steps whose debt is known
    for (std::size_t i = 0; i < events.size();) {
        Day const day = events[i].day;
        double const step = step_of(day, start, step_months);
        std::size_t const first_open =
            step < 1 ? 0 : static_cast<std::size_t>(std::min(step - 1, double(steps)));
        for (; told < first_open; ++told) result.debt[told] = debt;
        PaidDay paid;
        for (; i < events.size() && events[i].day == day; ++i) {
            auto const& event = events[i];
            if (event.type == LoanEventType::interest) paid.interest += event.amount;
            if (event.type == LoanEventType::principal || event.type == LoanEventType::maturity)
                paid.principal += event.amount;
            debt = event.debt;
        }
        if (paid.principal < 0) { // the payment did not cover the interest
            paid.interest += paid.principal;
            paid.principal = 0;
        }
        if (step >= 1 && step <= steps) {
            auto const at = static_cast<std::size_t>(step - 1);
            result.interest[at] += paid.interest;
            result.principal[at] += paid.principal;
        }
    }
    for (; told < size; ++told) result.debt[told] = debt;
    return result;
}

} // namespace perpetuum
