#include <perpetuum/ledger.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace perpetuum;

namespace {

Entry figure_of(double value) {
    Entry entry;
    Figure figure;
    figure.value = value;
    entry.rivals.push_back(figure);
    return entry;
}

Entity firm_with(std::string id, double cash, std::string kind = "firm") {
    Entity entity;
    entity.id = entity.name = std::move(id);
    entity.kind = std::move(kind);
    Opening opening;
    opening.at = {date_of(2025, 12, 31), date_of(2026, 1, 1)};
    opening.accounts["cash"] = figure_of(cash);
    entity.openings.push_back(opening);
    return entity;
}

Deal pays(std::string id, std::string kind, std::string from, std::string to, double amount) {
    Deal deal;
    deal.id = std::move(id);
    deal.kind = std::move(kind);
    deal.binding = true;
    deal.roles["payer"] = {{std::move(from), 1, {}}};
    deal.roles["payee"] = {{std::move(to), 1, {}}};
    deal.parameters["size"] = figure_of(amount);
    return deal;
}

constexpr char const* text = R"(
money USD
account stakes      : asset
account loans       : asset
account receivables : asset
account payables    : liability
account borrowings  : liability
account paid_in     : equity
account revenue     : income
account costs       : expense
transaction service   payer debits costs payee credits revenue
transaction equity    payer debits stakes payee credits paid_in
transaction repayment payer debits borrowings payee credits loans
transaction on_credit payer debits costs credits borrowings payee debits loans credits revenue
transaction billed    payer debits costs credits payables payee debits receivables credits revenue
sector customers
kind firm
  "A firm."
  transfer customers -> self : 1 USD as service till classic
kind pot extends firm conduit
  "Looked through."
instrument service_deal (payer: entity, payee: entity)
  param size : USD
  commit payer -> payee : size as service
  due payer -> payee : size as service
instrument stake (payer: entity, payee: entity)
  param size : USD
  commit payer -> payee : size as equity
  transfer payer -> payee : size as equity
instrument vendor_credit (payer: entity, payee: entity)
  param size : USD
  exchange payer -> payee : size as on_credit
instrument bill (payer: entity, payee: entity)
  param size : USD
  exchange payer -> payee : size as billed
)";

struct Told {
    Diagnostics diagnostics;
    Book book;
    System system;
    Path path;
    explicit Told(Book of) : book(std::move(of)) {
        book.start = date_of(2026, 1, 1);
        Model const model =
            parse_model({diagnostics.add_text("t.model", text)}, known_ids(book), diagnostics);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
        InstanceOptions options;
        options.steps = 2;
        system = instantiate(book, model, options, diagnostics);
        Program const program = compile(system, diagnostics);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
        path = central_path(system, program);
    }
};

} // namespace

TEST_CASE("the nature of a payment is told from how it is booked") {
    Book book;
    book.entities = {firm_with("a", 100), firm_with("b", 100), firm_with("p", 0, "pot")};
    book.deals = {pays("buy", "service_deal", "a", "b", 5), pays("fund", "stake", "b", "p", 7),
                  pays("credit", "vendor_credit", "a", "b", 3), pays("bill", "bill", "a", "b", 2)};
    book.deals[1].bound_for = {"buy"};
    book.deals[0].linked = {"fund"};
    Told const run(book);
    PaymentSet const set = payments_of(run.system, run.path, run.book);
    CHECK(set.steps == 2);
    auto const of_deal = [&](std::string const& id) {
        std::vector<NetworkPayment> found;
        for (auto const& payment : set.payments)
            if (payment.step == 0 && payment.deal >= 0 &&
                set.deals[static_cast<std::size_t>(payment.deal)] == id)
                found.push_back(payment);
        return found;
    };
    auto const bought = of_deal("buy"), funded = of_deal("fund"), credit = of_deal("credit");
    REQUIRE(bought.size() == 1);
    CHECK(bought[0].nature == Nature::sale);
    CHECK(bought[0].amount == 500); // cents
    REQUIRE(funded.size() == 1);
    CHECK(funded[0].nature == Nature::finance);
    // Goods on vendor credit: the sale and the claim that comes back, bound to each other.
    REQUIRE(credit.size() == 2);
    CHECK(credit[0].nature == Nature::sale);
    CHECK(credit[1].nature == Nature::finance);
    CHECK(credit[0].pair == credit[1].pair);
    CHECK(credit[0].payer == credit[1].payee);
    CHECK(of_deal("bill").empty()); // no payment until it is paid
    CHECK(set.parties[static_cast<std::size_t>(run.system.entity("p"))].type == PartyType::conduit);
    CHECK(set.parties[static_cast<std::size_t>(run.system.entity("customers"))].type ==
          PartyType::outside);
    REQUIRE(set.bindings.size() == 1);
    CHECK(set.bindings[0].purposes == std::vector<int>{run.system.contract("buy")});
    CHECK(set.linked == std::vector<std::pair<int, int>>{
                            {run.system.contract("fund"), run.system.contract("buy")}});
    for (auto const& payment : set.payments)
        if (payment.deal < 0) {
            CHECK(payment.till_payer == 0); // the outside has no till
            CHECK(set.tills[static_cast<std::size_t>(payment.till_payee)] == "classic");
        }
}

TEST_CASE("residuals are exactly zero, also when somebody cannot pay") {
    Book book;
    book.entities = {firm_with("a", 3), firm_with("b", 0)};
    book.deals = {pays("buy", "service_deal", "a", "b", 10.0 / 3),
                  pays("credit", "vendor_credit", "b", "a", 1.005)};
    Told const run(book);
    Residuals const measured = residuals(run.system, run.path);
    CHECK(measured.zero());
    CHECK(measured.payments == 8); // two steps: two receipts from customers, the due, the exchange
    CHECK(measured.postings_seen == 4 * measured.payments);
    CHECK(run.path.at(run.system.defaulted[static_cast<std::size_t>(run.system.entity("a"))], 2) ==
          1);
}

TEST_CASE("a residual shows what does not add up: the measure is not blind") {
    Book book;
    book.entities = {firm_with("a", 100), firm_with("b", 0)};
    book.deals = {pays("buy", "service_deal", "a", "b", 5)};
    Told run(book);
    CellId const cash = run.system.balance(run.system.entity("b"), 0);
    run.path.values[run.path.cells + static_cast<std::size_t>(cash)] += 1; // one cent from nowhere
    Residuals const measured = residuals(run.system, run.path);
    CHECK(measured.balance == doctest::Approx(0.01));
    CHECK(measured.matrix == doctest::Approx(0.01));
    run.path.values[run.path.cells + static_cast<std::size_t>(cash)] = -300;
    CHECK(residuals(run.system, run.path).cash_negative == 3);
}

TEST_CASE("promises carry what is announced, signed and ended, and what is not known") {
    Book book;
    book.entities = {firm_with("a", 100), firm_with("b", 0)};
    book.deals = {pays("one", "service_deal", "a", "b", 5), pays("two", "stake", "a", "b", 7),
                  pays("three", "stake", "b", "a", 1)};
    book.deals[1].binding = false;
    book.deals[2].parameters["size"].rivals[0].holds = Figure::Holds::undisclosed;
    Told const run(book);
    auto const lines = promises_of(run.system, run.book);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].status == "signed");
    CHECK(lines[0].usd == 5);
    CHECK(lines[0].nature == Nature::sale);
    CHECK(lines[1].status == "announced");
    CHECK(lines[1].why_not == "not binding, and no chance given");
    CHECK(lines[1].usd == 7); // in the map all the same
    CHECK(std::isnan(lines[2].usd));
}

TEST_CASE("steps have the names of their quarters, and a year holds four of them") {
    System system;
    system.start = date_of(2025, 10);
    system.steps = 41;
    CHECK(step_label(system, 1) == "2025-Q4");
    CHECK(steps_of(system, *parse_period("2026")) == std::pair{2, 5});
    CHECK(steps_of(system, *parse_period("2025-Q4")) == std::pair{1, 1});
    CHECK(steps_of(system, *parse_period("2040")).first >
          steps_of(system, *parse_period("2040")).second);
}
