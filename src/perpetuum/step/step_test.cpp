#include "texts_for_tests.hpp"

#include <algorithm>
#include <cmath>

using namespace perpetuum;
using namespace perpetuum::step_tests;

namespace {

constexpr char const* chart = R"(
money USD
unit GW
account loans      : asset
account borrowings : liability
account payables   : liability
account receivables : asset
account revenue    : income
account costs      : expense
account losses     : expense
transaction service   payer debits costs payee credits revenue
transaction lending   payer debits loans payee credits borrowings
transaction repayment payer debits borrowings payee credits loans
transaction cover     payer debits losses payee credits revenue
transaction on_credit payer debits costs credits payables payee debits receivables credits revenue
sector customers "outside"
kind firm
  "A firm."
)";

std::string with_chart(std::string const& more) { return chart + more; }

Book book_of(std::vector<Entity> entities, std::vector<Deal> deals = {}) {
    Book book;
    book.entities = std::move(entities);
    book.deals = std::move(deals);
    return book;
}

} // namespace

TEST_CASE("a variable may look at itself one step back, from its start") {
    Run const run("model\n  x = x[-1] * 2,  start 3\n  y = x[-2]\n", {}, 3);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("x", 0) == 3);
    CHECK(run.at("x", 3) == 24);
    CHECK(run.at("y", 1) == 3); // before the start x is its start
    CHECK(run.at("y", 3) == 6);
}

TEST_CASE("since and ramp_up are means over the step") {
    // Quarters of 2026. From 1 Feb on: two thirds of the first quarter.
    Run const run(
        "money USD\nmodel\n  a = since(date(2026-02))\n  b = ramp_up(date(2026-01), 2 quarter)\n",
        {}, 3);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("a", 1) == doctest::Approx(2.0 / 3));
    CHECK(run.at("a", 2) == 1);
    CHECK(run.at("b", 1) == doctest::Approx(0.25)); // rises from 0 to 1/2
    CHECK(run.at("b", 2) == doctest::Approx(0.75));
    CHECK(run.at("b", 3) == 1);
}

TEST_CASE("delay interpolates between steps and knows the start before the first") {
    Run const run("money USD\nmodel\n  x = x[-1] + 1,  start 10\n  y = delay(x, 1.5 quarter)\n", {},
                  3);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("y", 1) == 10);
    CHECK(run.at("y", 2) == 10.5); // x(0.5) between 10 and 11
    CHECK(run.at("y", 3) == 11.5);
}

TEST_CASE("what is looked at a step back is remembered with its start") {
    Run const run("money USD\nmodel\n  x = x[-1] + 1,  start 10\n  y = delay(x[-1], 1 quarter)\n",
                  {}, 3);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("y", 1) == 10);
    CHECK(run.at("y", 2) == 10);
    CHECK(run.at("y", 3) == 11);
}

TEST_CASE("a split role halves what is an amount, also so much a year, and leaves ratios") {
    auto const model =
        with_chart("instrument bill (payer: firm, payee: firm)\n  param each_year : USD/year\n"
                   "  param part : USD/GW\n  paid: due payer -> payee : each_year as service\n");
    Deal split = deal("x", "bill", {{"payer", "a"}}, {{"each_year", 100}, {"part", 7}});
    split.roles["payee"] = {{"b", 0.25, {}}, {"c", 0.75, {}}};
    Run const run(model, book_of({firm("a", 1000), firm("b", 0), firm("c", 0)}, {split}), 1);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("b.cash", 1) == 75); // 100 a month (base units) × 3 months × 25 %
    CHECK(run.at("c.cash", 1) == 225);
    CHECK(run.at("x@b.part", 1) == 7);
}

TEST_CASE("sum_over adds the flows of a window, those before the start at its value there") {
    Run const run("model\n  x = x[-1] + 1,  start 10\n  y = sum_over(x, 12)\n  z = sum_over(x)\n",
                  {}, 5);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("y", 1) == 11 + 3 * 10); // four quarters
    CHECK(run.at("y", 5) == 15 + 14 + 13 + 12);
    CHECK(run.at("z", 2) == 11 + 12);
}

TEST_CASE("straight-line depreciation writes a purchase off over its life, half of it in the step "
          "it was bought") {
    // Steady purchases of 8 for ever are written off at 8 a step; a purchase of 8 more in step 1,
    // life 4 steps: 1 in its own step, 2 in each of three, 1 in the last.
    Run const run("model\n  buy = 8 + 8 * (n = 1),  start 8\n  n = n[-1] + 1,  start 0\n  d = "
                  "straight_line(buy, 12)\n",
                  {}, 6);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("d", 1) == doctest::Approx(9));
    CHECK(run.at("d", 2) == doctest::Approx(10));
    CHECK(run.at("d", 4) == doctest::Approx(10));
    CHECK(run.at("d", 5) == doctest::Approx(9));
    CHECK(run.at("d", 6) == doctest::Approx(8));
}

TEST_CASE("smooth follows, latched remembers") {
    Run const run("model\n  n = n[-1] + 1,  start 0\n  s = smooth(n, 6)\n  l = latched(n = 2)\n",
                  {}, 3);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("s", 1) == 0.5); // half of the gap a step
    CHECK(run.at("s", 2) == 1.25);
    CHECK(run.at("l", 1) == 0);
    CHECK(run.at("l", 2) == 1);
    CHECK(run.at("l", 3) == 1);
}

TEST_CASE("Godley and Lavoie's SIM settles at an income of 100") {
    Run const run(R"(model
  param alpha1 = 0.6
  param alpha2 = 0.4
  param theta  = 0.2
  param G      = 20
  Y  = C + G
  T  = theta * Y
  YD = Y - T
  C  = alpha1 * YD + alpha2 * Hh[-1]
  Hh = Hh[-1] + YD - C,  start 0
  Hs = Hs[-1] + G - T,   start 0
  expect Hh = Hs
)",
                  {}, 60);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.fault.step == 0);
    // Printed in the book's table 3.4: Y 38.5 in the first period, 47.9 in the second.
    CHECK(run.at("Y", 1) == doctest::Approx(38.4615384615).epsilon(1e-10));
    CHECK(run.at("Y", 2) == doctest::Approx(47.9289940828).epsilon(1e-10));
    CHECK(run.at("Y", 60) == doctest::Approx(100).epsilon(1e-3));
    for (int step = 1; step <= 60; ++step) CHECK(run.at("#expect0", step) == 1);
}

TEST_CASE("simultaneous equations with a negative solution are solved, not passed by") {
    Run const linear("model\n  x = -10 + 0.9 * y\n  y = x\n", {}, 1);
    REQUIRE_MESSAGE(!linear.diagnostics.failed(), linear.problems());
    CHECK(linear.at("x", 1) == doctest::Approx(-100).epsilon(1e-12));
    Run const curved("model\n  x = -10 * exp(0.2 * y)\n  y = x\n", {}, 1);
    REQUIRE_MESSAGE(!curved.diagnostics.failed(), curved.problems());
    CHECK(curved.at("x", 1) == doctest::Approx(-4.2630).epsilon(1e-4));
    CHECK(curved.at("x", 1) ==
          doctest::Approx(-10 * std::exp(0.2 * curved.at("x", 1))).epsilon(1e-12));
}

TEST_CASE("equations without a solution mark the path and say where") {
    Run const run("model\n  x = exp(x) + 1\n", {}, 1);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.fault.step == 1);
    CHECK(run.fault.what.find("settle") != std::string::npos);
}

TEST_CASE("a payment is booked four times and cash moves in whole cents") {
    auto const model =
        with_chart("instrument bill (payer: firm, payee: firm)\n  param sum_due : USD\n"
                   "  paid: due payer -> payee : sum_due / 3 as service\n");
    Run const run(model,
                  book_of({firm("a", 100), firm("b", 0)},
                          {deal("x", "bill", {{"payer", "a"}, {"payee", "b"}}, {{"sum_due", 10}})}),
                  1);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("x.paid", 1) == doctest::Approx(3.33).epsilon(1e-12));
    CHECK(run.at("a.cash", 1) == doctest::Approx(96.67).epsilon(1e-12));
    CHECK(run.at("b.cash", 1) == doctest::Approx(3.33).epsilon(1e-12));
    CHECK(run.at("a.costs", 1) == doctest::Approx(3.33).epsilon(1e-12));
    CHECK(run.at("b.revenue", 1) == doctest::Approx(3.33).epsilon(1e-12));
    CHECK(run.at("a.retained", 1) == doctest::Approx(96.67).epsilon(1e-12));
    CHECK(run.system.postings.size() == 4);
}

TEST_CASE("who leaves a due unpaid defaults, and is an estate from the next step on") {
    auto const model =
        with_chart("instrument bill (payer: firm, payee: firm)\n  param sum_due : USD\n"
                   "  paid: due payer -> payee : sum_due as service\n"
                   "  gift: transfer payee -> payer : 5 USD as service\n");
    Run const run(model,
                  book_of({firm("a", 15), firm("b", 100)},
                          {deal("x", "bill", {{"payer", "a"}, {"payee", "b"}}, {{"sum_due", 12}})}),
                  4);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("a.cash", 1) == 8); // 15 + 5 − 12
    CHECK(run.at("a.cash", 2) == 1);
    CHECK(run.at("x.paid", 3) == 6); // 1 + 5 of 12
    CHECK(run.at("a.defaulted", 2) == 0);
    CHECK(run.at("a.defaulted", 3) == 1);
    CHECK(run.at("x.gift", 3) == 5);
    CHECK(run.at("x.gift", 4) == 0); // nobody chooses an estate
    CHECK(run.at("x.paid", 4) == 0); // what is due stays due, but there is nothing
}

TEST_CASE("a guarantee pays what the debtor leaves unpaid, who defaults all the same") {
    auto const model =
        with_chart("instrument bill (payer: firm, payee: firm)\n  param sum_due : USD\n"
                   "  paid: due payer -> payee : sum_due as service\n"
                   "instrument backstop (provider: firm, covered: bill)\n"
                   "  called: guarantee provider covers covered.paid up to 4 USD as cover\n");
    Run const run(model,
                  book_of({firm("a", 7), firm("b", 0), firm("g", 50)},
                          {deal("x", "bill", {{"payer", "a"}, {"payee", "b"}}, {{"sum_due", 10}}),
                           deal("s", "backstop", {{"provider", "g"}, {"covered", "x"}})}),
                  1);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("x.paid", 1) == 7);
    CHECK(run.at("s.called", 1) == 3);
    CHECK(run.at("b.cash", 1) == 10);
    CHECK(run.at("g.cash", 1) == 47);
    CHECK(run.at("a.defaulted", 1) == 1);
    CHECK(run.at("g.defaulted", 1) == 0);
}

TEST_CASE("a loan is a balance: what is still owed is what stands there") {
    auto const model =
        with_chart("instrument loan (lender: firm, borrower: firm)\n"
                   "  begun = 1,  start 0\n"
                   "  transfer lender -> borrower : (begun - begun[-1]) * 90 USD as lending\n"
                   "  repaid: due borrower -> lender : min(30 USD, borrowings[-1]) as repayment\n"
                   "  ends when borrowings = 0 and repaid > 0\n");
    Run const run(model,
                  book_of({firm("l", 100), firm("b", 10)},
                          {deal("x", "loan", {{"lender", "l"}, {"borrower", "b"}})}),
                  5);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("x.borrowings@b", 1) == 90);
    CHECK(run.at("b.borrowings", 3) == 30);
    CHECK(run.at("x.borrowings@b", 4) == 0);
    CHECK(run.at("x.live", 4) == 1);
    CHECK(run.at("x.live", 5) == 0);
    CHECK(run.at("l.cash", 5) == 100);
}

TEST_CASE(
    "a remedy acts once, in the step after the default, and a mark brings a balance to an amount") {
    auto const model =
        with_chart("instrument loan (lender: firm, borrower: firm)\n"
                   "  begun = 1,  start 0\n"
                   "  transfer lender -> borrower : (begun - begun[-1]) * 90 USD as lending\n"
                   "  due borrower -> lender : 60 USD as repayment\n"
                   "  on default of borrower : mark lender : loans to 20 USD against losses\n");
    Run const run(model,
                  book_of({firm("l", 100), firm("b", 0)},
                          {deal("x", "loan", {{"lender", "l"}, {"borrower", "b"}})}),
                  4);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("l.loans", 1) == 30); // 90 lent, 60 back at once
    CHECK(run.at("l.loans", 2) == 0);  // 30 of 60 paid: default
    CHECK(run.at("b.defaulted", 2) == 1);
    CHECK(run.at("l.loans", 3) == 20);
    CHECK(run.at("l.losses", 3) == -20);
    CHECK(run.at("l.losses", 4) == 0);
}

TEST_CASE(
    "a payment that hangs on what the step brings about is refused, with the lag that cures it") {
    Run const run(with_chart("instrument bill (payer: firm, payee: firm)\n"
                             "  paid: due payer -> payee : payee.revenue as service\n"),
                  book_of({firm("a", 1), firm("b", 1)},
                          {deal("x", "bill", {{"payer", "a"}, {"payee", "b"}})}),
                  1);
    REQUIRE(run.diagnostics.failed());
    CHECK(run.problems().find("revenue[-1]") != std::string::npos);
}

TEST_CASE("a payment below zero stops the path and marks it") {
    Run const run(with_chart("instrument bill (payer: firm, payee: firm)\n"
                             "  paid: due payer -> payee : 0 - 5 USD as service\n"),
                  book_of({firm("a", 1), firm("b", 1)},
                          {deal("x", "bill", {{"payer", "a"}, {"payee", "b"}})}),
                  1);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.fault.step == 1);
    CHECK(run.fault.what == "is below zero");
}

TEST_CASE("of two the lesser and the greater are no numbers where either is none") {
    // The root of w is no number from step 2 on, where w is -1; in tables, in rows and behind a draw.
    Run const run(R"(
model
  w = w[-1] - 1,  start 1
  root = sqrt(w)
  a = min(3, root)
  b = min(root, 3)
  c = max(0, w[-1] * root)
  d = max(root, 0)
  e = min(3, 5 + root, 7)
  f = clip(2, root, 3)
  g = clip(root, 0, 1)
  h = min(3, w - root)
  i = delay(w, 1 month * root)
  j = min(3, sqrt(w[-1] * 0 - 1))
  k = max(0, sqrt(-1))
  known = if w < 0 then 1 else min(3, root)
)",
                  {}, 2);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    for (char const* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) {
        CHECK_MESSAGE(!std::isnan(run.at(name, 1)), name);
        CHECK_MESSAGE(std::isnan(run.at(name, 2)), name);
    }
    for (char const* name : {"j", "k"}) CHECK_MESSAGE(std::isnan(run.at(name, 1)), name);
    CHECK(run.at("a", 1) == 0);
    CHECK(run.at("e", 1) == 3);
    CHECK(run.at("known", 2) == 1);
}

TEST_CASE("an amount that is no number is a fault inside of min and max too") {
    for (char const* amount : {"min(size, size * log(low))", "max(0 USD, size * sqrt(low))",
                               "clip(size, 0 USD, size * sqrt(low))"}) {
        Run const run(with_chart(std::string(R"(
instrument gift (giver: firm, taker: firm)
  param size : USD
  param low = -1
  transfer giver -> taker : )") + amount +
                                 " as service\n"),
                      book_of({firm("a", 10), firm("b", 0)},
                              {deal("x", "gift", {{"giver", "a"}, {"taker", "b"}}, {{"size", 3}})}),
                      2);
        REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
        CHECK_MESSAGE(run.fault.step == 1, amount);
        CHECK(run.fault.what == "is not a number");
    }
}

TEST_CASE("a share lost in default that is no number is a fault where something is lost by it") {
    for (double const owed : {20.0, 5.0}) {
        Run const run(
            with_chart(R"(
instrument supply (buyer: firm, seller: firm)
  param size : USD
  param low = -1
  due buyer -> seller : size as service
  default of buyer loses sqrt(low) to customers as service
)"),
            book_of({firm("a", 10), firm("b", 0)},
                    {deal("x", "supply", {{"buyer", "a"}, {"seller", "b"}}, {{"size", owed}})}),
            1);
        REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
        CHECK(run.fault.step == (owed > 10 ? 1 : 0));
        if (owed > 10) CHECK(run.fault.what == "is not a number");
    }
}

TEST_CASE("sums go over the live, by role, by kind and by value") {
    auto const model = with_chart("instrument bill (payer: firm, payee: firm)\n  param size : USD\n"
                                  "  paid: due payer -> payee : size as service\n"
                                  "kind seller extends firm\n"
                                  "  due_to_me : USD = sum(bill[payee = self].size)\n"
                                  "  large = count(bill[payee = self and size > 3 USD])\n"
                                  "  others : USD = mean(seller[it != self].cash[-1], 7 USD)\n");
    Run const run(model,
                  book_of({firm("a", 100), firm("s", 1, "seller"), firm("t", 4, "seller")},
                          {deal("x", "bill", {{"payer", "a"}, {"payee", "s"}}, {{"size", 2}}),
                           deal("y", "bill", {{"payer", "a"}, {"payee", "s"}}, {{"size", 5}})}),
                  1);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("s.due_to_me", 1) == 7);
    CHECK(run.at("s.large", 1) == 1);
    CHECK(run.at("s.others", 1) == 4);
    CHECK(run.at("t.due_to_me", 1) == 0);
}

TEST_CASE("lanes do not see each other: many paths at once give each path's own values") {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text(
        "t", "model\n  param k = 2\n  x = k * x[-1] + y,  start 1\n  y = 0.5 * x\n");
    Book book;
    book.start = date_of(2026, 1, 1);
    book.parameters["k"] = entry(2);
    Model const model = parse_model({text}, {}, diagnostics);
    InstanceOptions steps;
    steps.steps = 3;
    System const system = instantiate(book, model, steps, diagnostics);
    CompileOptions options;
    options.fold_points = false; // so that k is drawn
    Program const program = compile(system, diagnostics, options);
    REQUIRE(!diagnostics.failed());
    std::vector<double> const draws{0.1, 0.25, -0.4};
    auto const from = [&](std::size_t first) {
        return [&draws, first](std::size_t, int, double* row, int lanes) {
            for (std::size_t lane = 0; lane < static_cast<std::size_t>(lanes); ++lane)
                row[lane] = draws[std::min(first + lane, draws.size() - 1)];
        };
    };
    PathBlock together(system, program, 3);
    together.begin(from(0));
    for (int step = 0; step < 3; ++step) together.advance();
    CellId const x = system.names.at("x");
    for (std::size_t lane = 0; lane < 3; ++lane) {
        PathBlock alone(system, program, 1);
        alone.begin(from(lane));
        for (int step = 0; step < 3; ++step) alone.advance();
        CHECK(together.value(x, static_cast<int>(lane)) == alone.value(x));
    }
}

TEST_CASE("a scenario lets a firm fail from its date on, its parent's too") {
    auto const model = with_chart("instrument bill (payer: firm, payee: firm)\n"
                                  "  gift: transfer payer -> payee : 1 USD as service\n");
    Book book = book_of({firm("a", 100), firm("b", 0), firm("c", 100)},
                        {deal("x", "bill", {{"payer", "a"}, {"payee", "b"}}),
                         deal("y", "bill", {{"payer", "c"}, {"payee", "b"}})});
    Scenario first, second;
    first.id = "first";
    first.fail = {"c"};
    second.id = "second";
    second.extends = "first";
    second.from = parse_period("2026-Q3");
    second.fail = {"a"};
    book.scenarios = {first, second};
    Run const run(model, book, 4, "second");
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("x.gift", 2) == 1);
    CHECK(run.at("a.defaulted", 2) == 0);
    CHECK(run.at("a.defaulted", 3) == 1);
    CHECK(run.at("x.gift", 3) == 0);
    CHECK(run.at("c.defaulted", 1) == 1);
    CHECK(run.at("y.gift", 1) == 0);
}
