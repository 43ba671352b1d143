#include "texts_for_tests.hpp"

using namespace perpetuum;
using namespace perpetuum::step_tests;

namespace {

Book book_of(std::vector<Entity> entities) {
    Book book;
    book.entities = std::move(entities);
    return book;
}

constexpr char const* shop = R"(money USD in 0.01
account shares : asset
account revenue : income
account costs   : expense
transaction service payer debits costs payee credits revenue
transaction stake payer debits shares payee credits revenue
sector customers "outside"
kind firm
  param size : USD = 0 USD
  idle = if shares[-1] > 0 then 1 else idle[-1],  start 0
  doubled : USD = 2 * shares[-1] + idle * 1 USD
  transfer customers -> self : 5 M USD as service
  bought: transfer self -> customers : idle * size + 0.5 * doubled as stake
  due self -> customers : 1 M USD as service
)";

} // namespace

TEST_CASE("a payment that hangs only on what it brings about is never owed: it is not cleared") {
    Run const run(shop, book_of({firm("a", 10), firm("b", 20)}), 3);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.program.clearing.payments.size() == 4); // not the two of `bought`
    CHECK(run.at("a.cash", 3) == 12e6 + 10);
    CHECK(run.at("b.shares", 3) == 0);
    CHECK(run.at("b.doubled", 2) == 0);
}

TEST_CASE("what can move in a later step is computed, however still it stands before") {
    std::string text = shop;
    text += "  later: transfer self -> customers : (if step_count > 2 then 3 USD else 0 USD) as "
            "stake\n";
    text.insert(text.find("  idle"), "  step_count = step_count[-1] + 1,  start 0\n");
    Run const run(text, book_of({firm("a", 10)}), 5);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.program.clearing.payments.size() == 4);
    CHECK(run.at("a.shares", 2) == 0);
    CHECK(run.at("a.shares", 3) == 3);
    CHECK(run.at("a.idle", 3) == 0);
    CHECK(run.at("a.idle", 4) == 1);
    CHECK(run.at("a.doubled", 4) == 7); // 2 × 3 + 1
}
