#pragma once
/// schedule: dated cash flows of standard loans whose terms are certain: cycles, stubs, day counts,
/// business days (the loans PAM, LAM, NAM and ANN of the ACTUS standard).

#include <perpetuum/base.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

using Day = std::chrono::sys_days;

/// How a loan is paid back.
enum class LoanKind {
    bullet,  ///< all at the end (PAM)
    linear,  ///< equal parts of principal (LAM)
    annuity, ///< equal payments of interest and principal together (ANN)
    payment, ///< a payment that is given; what it does not cover of the interest is added to the
             ///< debt, what is left is due at the end (NAM)
};
enum class DayCount { actual_actual, actual_360, actual_365, thirty_360, twenty_eight_336 };
/// What becomes of a day that falls on a weekend. "Modified": never into another month. "Calculated
/// first": interest runs to the day as planned, whenever it is paid.
enum class BusinessDays {
    as_planned,
    following,                           // SCF
    modified_following,                  // SCMF
    preceding,                           // SCP
    modified_preceding,                  // SCMP
    calculated_first_following,          // CSF
    calculated_first_modified_following, // CSMF
    calculated_first_preceding,          // CSP
    calculated_first_modified_preceding, // CSMP
};
/// Every so many days or months from a first day. Where the last period is not whole, it stands
/// alone (short) or is joined with the one before it (long).
struct Cycle {
    int count = 3;
    bool days = false; ///< else months
    bool long_stub = false;
};
/// From this day on the rate is another one, known beforehand.
struct RateReset {
    Day at;
    double rate = 0; ///< a year, plain number
};

/// The terms of a loan of one dollar. Rates are plain numbers a year.
struct LoanTerms {
    LoanKind kind = LoanKind::bullet;
    Day begin, end; ///< paid out, due
    double rate = 0;
    Day first_interest, first_principal; ///< where the cycles begin
    Cycle interest_cycle, principal_cycle;
    std::optional<double> payment;       ///< of principal (linear), or in all (annuity, payment)
    std::optional<Day> amortised_by;     ///< annuity: the payment would pay it off by then
    std::optional<Day> capitalise_until; ///< until then interest is added to the debt
    DayCount day_count = DayCount::thirty_360;
    BusinessDays business_days = BusinessDays::as_planned;
    bool month_end = false; ///< a cycle of months that begins on a month's last day stays on it
    std::vector<RateReset> resets{}; ///< by day
};

enum class LoanEventType { pay_out, principal, interest, capitalise, reset, maturity };
struct LoanEvent {
    LoanEventType type = LoanEventType::pay_out;
    Day day;
    double amount = 0; ///< to the lender; paid out: −1. What is capitalised or reset pays nothing.
    double debt = 0;   ///< after it
};

/// What is wrong with terms: which of them by the name of its member, the fact, the way out.
struct LoanFault {
    std::string term, message, hint;
};
constexpr int longest_loan_years = 200;
constexpr int most_loan_payments = 20'000; ///< of each cycle: fifty years of days
std::optional<LoanFault> loan_fault(LoanTerms const& terms);
/// All events by day; on one day principal comes before interest, and both before what is left at
/// the end. Throws BadInput where loan_fault finds something. Cost: the number of events.
/// Source: ACTUS, Algorithmic Contract Types Unified Standards, contract types PAM, LAM, NAM, ANN.
std::vector<LoanEvent> loan_events(LoanTerms const& terms);

/// What a loan of one dollar pays in each step, and what is owed at its end. A step holds its last
/// point and not its first, so that what is paid on the first day of a quarter is paid by the end
/// of the quarter before: at `time`. A payment below the interest of its day counts as interest;
/// principal is never below 0.
struct LoanSteps {
    std::vector<double> interest, principal, debt;
};
LoanSteps loan_steps(LoanTerms const& terms, Date start, double step_months, int steps);

// ---- days

/// The share of a year between two days; below 0 backwards.
double year_fraction(DayCount convention, Day from, Day to);
/// The days of a cycle from its first to its end, both included; a stub as the cycle says.
std::vector<Day> cycle_days(Day first, Day end, Cycle const& cycle, bool month_end);
/// The working day (Monday to Friday) that stands for this one.
Day business_day(Day planned, BusinessDays rule);
/// The day that holds a point of the axis of months, and the beginning of a day. Nothing outside of
/// the years 1 to 9999.
std::optional<Day> day_of(Date date);
Date date_of(Day day);
/// "30E/360", "A/A", "A/360", "A/365", "28/336".
std::optional<DayCount> parse_day_count(std::string_view text);
/// "none" and the eight codes of ACTUS: "SCF" "SCMF" "SCP" "SCMP" "CSF" "CSMF" "CSP" "CSMP".
std::optional<BusinessDays> parse_business_days(std::string_view text);

} // namespace perpetuum
