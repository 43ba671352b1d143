#include "texts_for_tests.hpp"

using namespace perpetuum;
using namespace perpetuum::step_tests;

TEST_CASE("a purse beyond what whole coins can count stops its path and says so") {
    // In millionths of a dollar 2^53 coins are 9.007 B USD: 9 B and twice 5 M are beyond, at the end of the second step.
    Book book;
    book.entities = {firm("shop", 9e9)};
    Run const run(R"(money USD in 0.000001
account revenue : income
account costs   : expense
transaction service payer debits costs payee credits revenue
sector customers "outside"
kind firm
  "A firm."
  transfer customers -> self : 5 M USD as service
)",
                  book, 4);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.at("shop.cash", 1) == 9.005e9);
    CHECK(run.fault.step == 2);
    CHECK(run.fault.what == "is beyond 2^53 coins");
}
