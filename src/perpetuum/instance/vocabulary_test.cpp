#include "book_for_tests.hpp"

#include <algorithm>

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

template <class Item>
Item const& named(std::vector<Item> const& items, std::string const& name) {
    auto const found = std::find_if(items.begin(), items.end(),
                                    [&](Item const& item) { return item.name == name; });
    REQUIRE(found != items.end());
    return *found;
}

Vocabulary small_vocabulary() {
    Diagnostics diagnostics;
    return vocabulary_of(model_of_text(small_model, diagnostics));
}

} // namespace

TEST_CASE("a kind has its ancestors' parameters, before its own") {
    auto const vocabulary = small_vocabulary();
    auto const& lab = named(vocabulary.kinds, "lab");
    CHECK(lab.ancestors == std::vector<std::string>{"lab", "firm", "entity"});
    REQUIRE(lab.fields.size() == 3);
    CHECK(lab.fields[0].name == "cushion");
    CHECK(lab.fields[0].phrase == "cash kept");
    CHECK(!lab.fields[0].required);
    CHECK(lab.fields[1].required); // growth has no default
    CHECK(print_dimension(lab.fields[1].unit) == "1/month");
    CHECK(lab.fields[2].name == "users");
}

TEST_CASE("an instrument tells roles from deals, dates, words and tables") {
    auto const vocabulary = small_vocabulary();
    auto const& loan = named(vocabulary.instruments, "loan");
    REQUIRE(loan.roles.size() == 2);
    CHECK(loan.roles[0].name == "lender");
    CHECK(!loan.roles[0].is_deal);
    CHECK(loan.phrase == "A loan.");
    CHECK(named(loan.fields, "begin").is_date);
    CHECK(named(loan.fields, "repay").words == std::vector<std::string>{"bullet", "linear"});
    auto const& steps = named(loan.fields, "steps");
    CHECK(steps.is_table);
    CHECK(!steps.required);
    REQUIRE(steps.fields.size() == 2);
    CHECK(steps.fields[0].is_date);
    auto const& cover = named(vocabulary.instruments, "cover");
    CHECK(cover.roles[1].is_deal);
    CHECK(cover.roles[1].kind == "loan");
}

TEST_CASE("the model's own parameters, sectors and balance accounts are known to a book") {
    auto const vocabulary = small_vocabulary();
    CHECK(vocabulary.money == "USD");
    CHECK(vocabulary.sectors == std::vector<std::string>{"markets"});
    CHECK(named(vocabulary.model_fields, "switch").unit.plain());
    auto const& accounts = vocabulary.accounts;
    CHECK(std::count(accounts.begin(), accounts.end(), "cash") == 1);
    CHECK(std::count(accounts.begin(), accounts.end(), "debt") == 1);
    CHECK(std::count(accounts.begin(), accounts.end(), "revenue") == 0); // a flow has no opening
    CHECK(vocabulary.units.known("JPY")); // the model does not name it, a book may
}

TEST_CASE("a model without units takes any unit") {
    Diagnostics diagnostics;
    auto const vocabulary =
        vocabulary_of(model_of_text("model\n  param a = 1\n  x = a\n", diagnostics));
    CHECK(!named(vocabulary.model_fields, "a").unit_known);
}

TEST_CASE("an instrument says where both sides book what is outstanding, and what it asks for") {
    auto const vocabulary = small_vocabulary();
    auto const& loan = named(vocabulary.instruments, "loan");
    REQUIRE(loan.claims.size() == 2);
    CHECK(loan.claims[0].role == "lender");
    CHECK(loan.claims[0].account == "loans");
    CHECK_FALSE(loan.claims[0].liability);
    CHECK(loan.claims[1].role == "borrower");
    CHECK(loan.claims[1].account == "debt");
    CHECK(loan.claims[1].liability);
    CHECK(loan.reads_outstanding);
    auto const& cover = named(vocabulary.instruments, "cover");
    CHECK(cover.claims.empty());
    CHECK_FALSE(cover.reads_outstanding);
    CHECK_FALSE(cover.reads_paid);
}
