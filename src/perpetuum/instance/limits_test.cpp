// What a system may grow to: at the limit, and just beyond.

#include "book_for_tests.hpp"

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

constexpr char const* grown_model = R"(money USD
account revenue : income
account costs : expense
transaction service payer debits costs payee credits revenue
kind firm
  param size
  mine = size * 2
instrument supply (seller: firm, buyer: firm)
  param fee : USD
  due buyer -> seller : fee as service
)";

Book grown_book(int firms, int deals) {
    Book book;
    book.as_of = book.own_as_of = book.start = date_of(2026, 1, 1);
    for (int i = 0; i < firms; ++i) {
        book.entities.push_back(entity("f" + std::to_string(i)));
        book.entities.back().parameters["size"] = entry("1 assumed [desk]");
    }
    for (int i = 0; i < deals; ++i) {
        Deal deal;
        deal.id = "s" + std::to_string(i);
        deal.kind = "supply";
        deal.binding = true;
        deal.roles["seller"] = {{"f0", 1, {}}};
        deal.roles["buyer"] = {{"f1", 1, {}}};
        deal.parameters["fee"] = entry("1 USD assumed [desk]");
        book.deals.push_back(std::move(deal));
    }
    return book;
}

/// The one error, or nothing.
std::string refusal(Book const& book, std::string const& text, InstanceLimits const& limits,
                    int steps = 4) {
    Diagnostics diagnostics;
    Model const model = model_of_text(text, diagnostics);
    InstanceOptions options;
    options.steps = steps;
    options.limits = limits;
    System const system = instantiate(book, model, options, diagnostics);
    if (!diagnostics.failed()) {
        CHECK(!system.cells.empty());
        return {};
    }
    CHECK(diagnostics.errors() == 1);
    CHECK(system.cells.empty());
    for (auto const& one : diagnostics.all())
        if (one.severity == Severity::error) {
            CHECK(!one.hint.empty());
            return one.message;
        }
    return {};
}

System whole_system(Book const& book, std::string const& text) {
    Diagnostics diagnostics;
    Model const model = model_of_text(text, diagnostics);
    InstanceOptions options;
    options.steps = 4;
    return instantiate(book, model, options, diagnostics);
}

} // namespace

TEST_CASE("as many entities and contracts as the limit says, and not one more") {
    InstanceLimits limits;
    limits.instances = 7;
    CHECK(refusal(grown_book(3, 4), grown_model, limits).empty());
    CHECK(refusal(grown_book(3, 5), grown_model, limits) == "more than 7 entities and contracts");
    CHECK(refusal(grown_book(8, 0), grown_model, limits) == "more than 7 entities and contracts");
}

TEST_CASE("split roles multiply, up to the limit") {
    Book book = grown_book(4, 1);
    for (char const* role : {"seller", "buyer"}) {
        book.deals[0].roles[role].clear();
        for (int i = 0; i < 4; ++i)
            book.deals[0].roles[role].push_back({"f" + std::to_string(i), 0.25, {}});
    }
    InstanceLimits limits;
    limits.instances = 20;
    CHECK(refusal(book, grown_model, limits).empty()); // 4 firms, 4 × 4 contracts
    limits.instances = 19;
    CHECK(refusal(book, grown_model, limits) == "more than 19 entities and contracts");
    limits.instances = 15;
    CHECK(refusal(book, grown_model, limits) ==
          "the split roles of this deal make more than 15 contracts");
}

TEST_CASE("as many quantities and operations as the limit says, and not one more") {
    Book const book = grown_book(3, 4);
    System const system = whole_system(book, grown_model);
    InstanceLimits limits;
    limits.cells = system.cells.size();
    limits.nodes = system.nodes.size();
    CHECK(refusal(book, grown_model, limits).empty());
    --limits.cells;
    CHECK(refusal(book, grown_model, limits) ==
          "entities and contracts have more than " + std::to_string(limits.cells) + " quantities");
    limits = {};
    limits.nodes = system.nodes.size() - 1;
    CHECK(refusal(book, grown_model, limits) ==
          "this makes more than " + std::to_string(limits.nodes) + " operations of the whole");
}

TEST_CASE("entities times accounts have a limit") {
    InstanceLimits limits; // cash, retained, other, revenue, costs
    limits.sheets = 15;
    CHECK(refusal(grown_book(3, 0), grown_model, limits).empty());
    limits.sheets = 14;
    CHECK(refusal(grown_book(3, 0), grown_model, limits) ==
          "entities times accounts are more than 14");
}

TEST_CASE("contracts times steps have a limit") {
    InstanceLimits limits; // each contract: begun, live
    limits.given = 2 * 4 * 25;
    CHECK(refusal(grown_book(3, 4), grown_model, limits, 25).empty());
    CHECK(refusal(grown_book(3, 4), grown_model, limits, 26) ==
          "contracts and series of figures times steps are more than 200 numbers");
}

TEST_CASE("sums in sums by one's own figures end at a limit, at the equation that asks") {
    std::string text = "kind firm\n  param size\n  x = ";
    std::string tail;
    for (int i = 0; i < 8; ++i) {
        text += "sum(firm[it.size < self.size].(";
        tail += "))";
    }
    InstanceLimits limits;
    limits.work = 1'000'000;
    // 30^8 members in all would take hours.
    CHECK(refusal(grown_book(30, 0), text + "size" + tail + "\n", limits) ==
          "expressions are read more than 1,000,000 times, for each entity, contract and member "
          "of a sum");
}

TEST_CASE("a promise over doubled doubles is read off once each") {
    std::string text = "money USD\naccount a : asset\naccount b : equity\n"
                       "transaction t payer debits a payee credits b\nkind firm\n"
                       "instrument supply (seller: firm, buyer: firm)\n  param fee : USD\n"
                       "  x0 = fee\n";
    for (int i = 1; i < 150; ++i) // 2^149 if each were read anew
        text += "  x" + std::to_string(i) + " = (x" + std::to_string(i - 1) + " + x" +
                std::to_string(i - 1) + ") / 2\n";
    text += "  commit buyer -> seller : x149 as t\n";
    Book book = grown_book(2, 1);
    for (auto& firm : book.entities) firm.parameters.clear();
    System const system = whole_system(book, text);
    REQUIRE(system.promises.size() == 1);
    CHECK(system.promises[0].amount == 1);
}

TEST_CASE("contracts that wait for each other in a long line stop together") {
    Book book = grown_book(2, 0);
    std::string const text = "kind firm\n  param size\ninstrument link (holder: firm, next: link)\n"
                             "  param fee\n";
    constexpr int count = 3000;
    for (int i = 0; i < count; ++i) {
        Deal deal;
        deal.id = "l" + std::to_string(i);
        deal.kind = "link";
        deal.binding = true;
        deal.roles["holder"] = {{"f0", 1, {}}};
        deal.roles["next"] = {{"l" + std::to_string((i + 1) % count), 1, {}}};
        // The last one's fee is not disclosed, so none of them runs.
        if (i + 1 < count) deal.parameters["fee"] = entry("1 assumed [desk]");
        book.deals.push_back(std::move(deal));
    }
    System const system = whole_system(book, text);
    CHECK(system.contracts[0].why_not == "the deal in its role 'next' does not run");
    CHECK(system.contracts[count - 1].why_not == "fee is not disclosed");
}
