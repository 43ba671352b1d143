#include <perpetuum/schedule.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

using namespace perpetuum;

namespace {

Day day(int year, unsigned month, unsigned number) {
    return Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{number}};
}

/// A year at 8 %, paid each quarter.
LoanTerms yearly(LoanKind kind) {
    LoanTerms terms;
    terms.kind = kind;
    terms.begin = day(2027, 1, 1);
    terms.end = day(2028, 1, 1);
    terms.first_interest = terms.first_principal = day(2027, 4, 1);
    terms.rate = 0.08;
    return terms;
}

LoanSteps quarters(LoanTerms const& terms, int steps) {
    return loan_steps(terms, date_of(2027, 1), 3, steps);
}

double total(std::vector<double> const& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

void check_values(std::vector<double> const& found, std::vector<double> const& wanted) {
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        CHECK(found[i] == doctest::Approx(wanted[i]).epsilon(1e-12));
}

} // namespace

TEST_CASE("a bullet loan pays interest each quarter and all the rest at its end") {
    auto const loan = quarters(yearly(LoanKind::bullet), 5);
    check_values(loan.interest, {0.02, 0.02, 0.02, 0.02, 0});
    check_values(loan.principal, {0, 0, 0, 1, 0});
    check_values(loan.debt, {1, 1, 1, 0, 0});
}

TEST_CASE("a linear loan pays back equal parts and interest on what is left") {
    auto const loan = quarters(yearly(LoanKind::linear), 4);
    check_values(loan.interest, {0.02, 0.015, 0.01, 0.005});
    check_values(loan.principal, {0.25, 0.25, 0.25, 0.25});
    check_values(loan.debt, {0.75, 0.5, 0.25, 0});
}

TEST_CASE("an annuity pays the same each quarter: 0.02 / (1 - 1.02^-4)") {
    auto const loan = quarters(yearly(LoanKind::annuity), 4);
    double const payment = 0.02 / (1 - std::pow(1.02, -4));
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(loan.interest[i] + loan.principal[i] == doctest::Approx(payment).epsilon(1e-12));
    CHECK(loan.interest[0] == doctest::Approx(0.02));
    CHECK(total(loan.principal) == doctest::Approx(1).epsilon(1e-12));
}

TEST_CASE("a payment below the interest lets the debt grow, and no principal is below 0") {
    LoanTerms terms = yearly(LoanKind::payment);
    terms.payment = 0.01;
    auto const loan = quarters(terms, 4);
    // 1, 1.01, 1.0202, 1.030604, each time 2 % more and 0.01 less
    check_values(loan.interest, {0.01, 0.01, 0.01, 0.01 + 0.01061208});
    check_values(loan.principal, {0, 0, 0, 1.030604});
    check_values(loan.debt, {1.01, 1.0202, 1.030604, 0});
}

TEST_CASE("interest that is capitalised is not paid but owed") {
    LoanTerms terms = yearly(LoanKind::bullet);
    terms.capitalise_until = day(2027, 7, 1);
    auto const loan = quarters(terms, 4);
    check_values(loan.debt, {1.02, 1.0404, 1.0404, 0});
    check_values(loan.interest, {0, 0, 0.020808, 0.020808});
    check_values(loan.principal, {0, 0, 0, 1.0404});
}

TEST_CASE("equal principal after interest was capitalised pays off what is owed then") {
    LoanTerms terms = yearly(LoanKind::linear);
    terms.capitalise_until = day(2027, 7, 1);
    terms.first_principal = day(2027, 10, 1);
    auto const loan = quarters(terms, 4);
    check_values(loan.debt, {1.02, 1.0404, 0.5202, 0});
    check_values(loan.interest, {0, 0, 0.020808, 0.010404});
    check_values(loan.principal, {0, 0, 0.5202, 0.5202});
}

TEST_CASE("what was paid before the first step is not told, what is owed is") {
    auto const loan = loan_steps(yearly(LoanKind::linear), date_of(2027, 7), 3, 2);
    check_values(loan.principal, {0.25, 0.25});
    check_values(loan.debt, {0.25, 0});
}

TEST_CASE("a stub is short or joined with the period before it") {
    Cycle cycle;
    CHECK(cycle_days(day(2027, 1, 1), day(2027, 8, 1), cycle, false) ==
          std::vector{day(2027, 1, 1), day(2027, 4, 1), day(2027, 7, 1), day(2027, 8, 1)});
    cycle.long_stub = true;
    CHECK(cycle_days(day(2027, 1, 1), day(2027, 8, 1), cycle, false) ==
          std::vector{day(2027, 1, 1), day(2027, 4, 1), day(2027, 8, 1)});
}

TEST_CASE("the last of January leads to the last of February and back to the 31st of March") {
    Cycle month;
    month.count = 1;
    CHECK(cycle_days(day(2027, 1, 31), day(2027, 3, 31), month, false) ==
          std::vector{day(2027, 1, 31), day(2027, 2, 28), day(2027, 3, 31)});
    CHECK(cycle_days(day(2027, 2, 28), day(2027, 4, 30), month, true) ==
          std::vector{day(2027, 2, 28), day(2027, 3, 31), day(2027, 4, 30)});
}

TEST_CASE("a weekend moves to Monday, and back to Friday where the month would change") {
    Day const sunday = day(2027, 1, 31);
    CHECK(business_day(sunday, BusinessDays::following) == day(2027, 2, 1));
    CHECK(business_day(sunday, BusinessDays::modified_following) == day(2027, 1, 29));
    CHECK(business_day(sunday, BusinessDays::preceding) == day(2027, 1, 29));
    CHECK(business_day(day(2027, 5, 1), BusinessDays::modified_preceding) == day(2027, 5, 3));
}

TEST_CASE("day counts of the first quarter of a leap year") {
    Day const from = day(2028, 1, 1), to = day(2028, 4, 1);
    CHECK(year_fraction(DayCount::actual_actual, from, to) == doctest::Approx(91 / 366.0));
    CHECK(year_fraction(DayCount::actual_360, from, to) == doctest::Approx(91 / 360.0));
    CHECK(year_fraction(DayCount::actual_365, from, to) == doctest::Approx(91 / 365.0));
    CHECK(year_fraction(DayCount::thirty_360, from, to) == doctest::Approx(0.25));
    CHECK(year_fraction(DayCount::twenty_eight_336, from, to) == doctest::Approx(0.25));
    CHECK(year_fraction(DayCount::actual_actual, day(2027, 7, 1), day(2028, 7, 1)) ==
          doctest::Approx(184 / 365.0 + 182 / 366.0));
}

TEST_CASE("days go to the axis of months and back") {
    for (Day at = day(2027, 1, 1); at < day(2029, 1, 1); at += std::chrono::days{1})
        REQUIRE(day_of(date_of(at)) == at);
    CHECK(!day_of(Date{1e300}));
    CHECK(!day_of(Date{std::nan("")}));
}

TEST_CASE("terms that make no loan are refused with the term") {
    LoanTerms terms = yearly(LoanKind::bullet);
    terms.end = terms.begin;
    CHECK(loan_fault(terms)->term == "end");
    CHECK_THROWS_AS((void)loan_events(terms), BadInput);
    terms = yearly(LoanKind::payment);
    CHECK(loan_fault(terms)->term == "kind");
    terms = yearly(LoanKind::bullet);
    terms.end = day(2300, 1, 1);
    CHECK(loan_fault(terms)->term == "end");
    terms = yearly(LoanKind::bullet);
    terms.rate = std::nan("");
    CHECK(loan_fault(terms)->term == "rate");
    terms = yearly(LoanKind::bullet);
    terms.end = day(2080, 1, 1);
    terms.interest_cycle = {1, true};
    CHECK(!loan_fault(terms));
    CHECK(loan_events(terms).size() > 19'000);
    terms.end = day(2090, 1, 1);
    CHECK(loan_fault(terms)->message == "a loan of more than 20,000 payments");
}
