#include "book_for_tests.hpp"

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

std::string loan_model(std::string const& terms) {
    return R"(
money USD
account loans : asset
account debt : liability
account earned : income
account cost : expense
transaction lending payer debits loans payee credits debt
transaction repayment payer debits debt payee credits loans
transaction interest payer debits cost payee credits earned
kind firm
instrument term_loan (lender: entity, borrower: firm)
  param limit : USD
  param begin : date
  param length : quarter = 4 quarter
  param margin : 1/year = 3 %/year
  schedule plan = loan()" +
           terms + R"()
  due borrower -> lender : limit * plan.interest as interest
  due borrower -> lender : limit * plan.principal as repayment
)";
}

struct Made {
    System system;
    std::string found;
};

Made made_of(std::string const& terms, std::string const& begin,
             InstanceLimits const& limits = {}) {
    Diagnostics diagnostics;
    Model const model = model_of_text(loan_model(terms), diagnostics);
    Book book;
    book.as_of = book.own_as_of = book.start = date_of(2027, 1, 1);
    book.entities = {entity("bank"), entity("ai-lab")};
    book.deals = {loan("bank-lab", "bank", "ai-lab", "100 USD assumed [desk]")};
    book.deals[0].kind = "term_loan";
    book.deals[0].parameters["begin"] = entry(begin + " assumed [desk]");
    InstanceOptions options;
    options.steps = 4;
    options.limits = limits;
    Made made;
    made.system = instantiate(book, model, options, diagnostics);
    made.found = diagnostics.render();
    return made;
}

void check_steps(Made const& made, std::string const& name, std::vector<double> const& wanted) {
    INFO(made.found);
    auto const cell = made.system.names.find("bank-lab." + name);
    REQUIRE(cell != made.system.names.end());
    auto const& steps = made.system.cells[static_cast<std::size_t>(cell->second)].steps;
    REQUIRE(steps.size() == wanted.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
        CHECK(steps[i] == doctest::Approx(wanted[i]).epsilon(1e-12));
}

} // namespace

TEST_CASE("a schedule gives a contract's interest and principal by step, per dollar") {
    auto const made = made_of("begin, length, 5 %/year + margin, kind = linear", "2027-01-01");
    check_steps(made, "plan.interest", {0.02, 0.015, 0.01, 0.005});
    check_steps(made, "plan.principal", {0.25, 0.25, 0.25, 0.25});
    check_steps(made, "plan.debt", {0.75, 0.5, 0.25, 0});
}

TEST_CASE("half a year of grace, interest twice a year") {
    auto const made =
        made_of("rate = 8 %/year, begin = begin, term = length, kind = linear, "
                "interest_cycle = half_year, principal_cycle = quarter, first_principal = 9 month",
                "2027-01-01");
    check_steps(made, "plan.interest", {0, 0.04, 0, 0.03});
    check_steps(made, "plan.principal", {0, 0, 0.5, 0.5});
}

TEST_CASE("a begin that is not known to the day is no certain term") {
    auto const made = made_of("begin, length, 8 %/year", "2027-Q1");
    CHECK(made.found.find("'begin' rests on 'bank-lab.begin', which is not certain") !=
          std::string::npos);
}

TEST_CASE("terms that make no loan are refused where they stand") {
    CHECK(made_of("begin, 0 - length, 8 %/year", "2027-01-01")
              .found.find("the loan ends before it has begun") != std::string::npos);
    CHECK(made_of("begin, 300 year, 8 %/year", "2027-01-01").found.find("more than 200 years") !=
          std::string::npos);
    CHECK(made_of("begin, length, 8 %/year, cycle = 0 month", "2027-01-01")
              .found.find("whole months") != std::string::npos);
}

TEST_CASE("a loan's three numbers a step count as numbers given step by step") {
    // Four steps: two series of the contract are 8 numbers, three of its plan 12 more.
    auto const refused_at = [](std::size_t most) {
        InstanceLimits limits;
        limits.given = most;
        return made_of("begin, length, 8 %/year", "2027-01-01", limits).found.find("times steps") !=
               std::string::npos;
    };
    CHECK(refused_at(19));
    CHECK(!refused_at(40));
}
