#include "book_for_tests.hpp"

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

Entry const& limit_of(Book const& book) { return book.deals[0].parameters.at("limit"); }

Book changed(Book book, std::string const& name, Diagnostics& diagnostics) {
    Book const result = with_scenario(std::move(book), name, diagnostics);
    INFO(diagnostics.render());
    return result;
}

Book with_changes(std::vector<ScenarioChange> set, Diagnostics& diagnostics) {
    Book book = small_book();
    book.scenarios = {scenario("s", std::move(set))};
    return changed(std::move(book), "s", diagnostics);
}

} // namespace

TEST_CASE("a scenario puts a figure in place of another") {
    Diagnostics diagnostics;
    auto const book =
        with_changes({change("deal.bank-lab.limit", '=', "4 B USD assumed [desk]")}, diagnostics);
    CHECK(!diagnostics.failed());
    CHECK(limit_of(book).used()->value == doctest::Approx(4e9));
}

TEST_CASE("a factor scales the centre and the spread, and says so in the text") {
    Diagnostics diagnostics;
    auto const book =
        with_changes({change("deal.bank-lab.limit", '*', "0.5 assumed [desk]")}, diagnostics);
    Figure const& figure_now = *limit_of(book).used();
    CHECK(figure_now.value == doctest::Approx(5e9));
    CHECK(figure_now.spread.parameters == std::vector<double>{4e9, 6e9});
    CHECK(figure_now.text.find("* 0.5") != std::string::npos);
}

TEST_CASE("a time is added to a date") {
    Diagnostics diagnostics;
    auto const book =
        with_changes({change("deal.bank-lab.begin", '+', "2 quarter assumed [desk]")}, diagnostics);
    CHECK(book.deals[0].parameters.at("begin").used()->period == period("2027-Q3"));
}

TEST_CASE("what cannot be added is refused") {
    Diagnostics diagnostics;
    with_changes({change("deal.bank-lab.limit", '+', "2 quarter assumed [desk]"),
                  change("deal.bank-lab.begin", '*', "2 assumed [desk]"),
                  change("deal.bank-lab.limit", '*', "3 GW assumed [desk]"),
                  change("limit", '=', "3 GW assumed [desk]")},
                 diagnostics);
    CHECK(diagnostics.errors() == 4);
}

TEST_CASE("a chance is put between 0 and 100 %, with all its spread, as in a book") {
    for (char const* chance :
         {"1000 % assumed [desk]", "-5 % assumed [desk]", "40 % ~ uniform 20..160 assumed [desk]",
          "10 B USD assumed [desk]", "soon assumed [desk]", "undisclosed assumed [desk]"}) {
        Diagnostics diagnostics;
        INFO(chance);
        auto const book = with_changes({change("deal.bank-lab.chance", '=', chance)}, diagnostics);
        CHECK(diagnostics.errors() == 1);
        CHECK(!book.deals[0].chance);
    }
    Diagnostics diagnostics;
    auto const book =
        with_changes({change("deal.bank-lab.chance", '=', "100 % ~ uniform 0..100 assumed [desk]")},
                     diagnostics);
    CHECK(!diagnostics.failed());
    REQUIRE(book.deals[0].chance);
    CHECK(book.deals[0].chance->value == 1);
}

TEST_CASE("a scenario changes its parents' book, and the nearest wins") {
    Book book = small_book();
    book.scenarios = {
        scenario("parent", {change("deal.bank-lab.limit", '=', "4 B USD assumed [desk]")}),
        scenario("child", {change("deal.bank-lab.limit", '*', "0.5 assumed [desk]")})};
    book.scenarios[1].extends = "parent";
    book.scenarios[0].fail = {"ai-lab"};
    Diagnostics diagnostics;
    book = changed(std::move(book), "child", diagnostics);
    CHECK(limit_of(book).used()->value == doctest::Approx(2e9));
    CHECK(book.scenarios[1]
              .fail.empty()); // the parent's: `instantiate` looks there, each from its day
}

TEST_CASE("scenarios that extend each other in a ring are refused") {
    Book book = small_book();
    book.scenarios = {scenario("a", {}), scenario("b", {})};
    book.scenarios[0].extends = "b";
    book.scenarios[1].extends = "a";
    Diagnostics diagnostics;
    with_scenario(book, "a", diagnostics);
    CHECK(diagnostics.failed());
}

TEST_CASE("an unknown scenario is refused with the nearest name") {
    Book book = small_book();
    book.scenarios = {scenario("demand-half", {})};
    Diagnostics diagnostics;
    with_scenario(book, "demand-hlaf", diagnostics);
    REQUIRE(diagnostics.failed());
    CHECK(diagnostics.all()[0].hint.find("demand-half") != std::string::npos);
}

TEST_CASE("from a date on, a figure per time has two values and a total is put as a whole") {
    Book book = small_book();
    book.parameters["price"] = entry("2 B USD/GW assumed [desk]");
    book.scenarios = {
        scenario("s", {change("model.price", '*', "0.5 assumed [desk]"),
                       change("deal.bank-lab.limit", '=', "4 B USD assumed [desk]")})};
    book.scenarios[0].from = period("2027");
    Diagnostics diagnostics;
    book = changed(std::move(book), "s", diagnostics);
    CHECK(!diagnostics.failed());
    CHECK(diagnostics.all().size() == 1); // the total: 'from' means nothing to it
    auto const& price = book.parameters.at("price").by_period;
    REQUIRE(price.size() == 2);
    CHECK(price[0].first.end == date_of(2027, 1));
    CHECK(price[0].second[0].value == doctest::Approx(2e9));
    CHECK(price[1].first.begin == date_of(2027, 1));
    CHECK(price[1].second[0].value == doctest::Approx(1e9));
    CHECK(limit_of(book).used()->value == doctest::Approx(4e9));
}

TEST_CASE("what the book leaves to the model's default can be changed too") {
    Diagnostics diagnostics;
    Model const model = model_of_text(small_model, diagnostics);
    Book book = small_book();
    book.scenarios = {scenario("s", {change("model.switch", '=', "0 assumed [desk]"),
                                     change("entity.ai-lab.users", '*', "2 assumed [desk]")})};
    book.scenarios[0].from = period("2027");
    book.scenarios[0].set[1].path = "entity.ai-lab.users";
    book = changed(with_defaults(std::move(book), model, "s"), "s", diagnostics);
    CHECK(!diagnostics.failed());
    auto const& on = book.parameters.at("switch").by_period;
    REQUIRE(on.size() == 2);
    CHECK(on[0].second[0].value == doctest::Approx(1));
    CHECK(on[1].second[0].value == doctest::Approx(0));
    auto const& users = book.entities[1].parameters.at("users").by_period;
    REQUIRE(users.size() == 2);
    CHECK(users[1].second[0].value == doctest::Approx(10));
}

TEST_CASE("a deal that a scenario ends from a day on has that day as its end") {
    Book book = small_book();
    book.scenarios = {scenario("s", {}), scenario("at-once", {})};
    book.scenarios[0].end = book.scenarios[1].end = {"bank-lab"};
    book.scenarios[0].from = period("2028");
    Diagnostics diagnostics;
    auto const later = changed(book, "s", diagnostics);
    REQUIRE(later.deals[0].ended);
    CHECK(later.deals[0].ended->period.end == date_of(2028, 1));
    CHECK(later.scenarios[0].end.empty());
    auto const now = changed(book, "at-once", diagnostics);
    CHECK(!now.deals[0].ended);
    CHECK(now.scenarios[1].end == std::vector<std::string>{"bank-lab"}); // left to the caller
}
