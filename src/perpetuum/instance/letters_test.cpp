#include "book_for_tests.hpp"

#include <algorithm>

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

/// A loan that is a letter of such a chance, and another that comes true with it.
Book book_of_letters(std::string const& chance) {
    Book book = small_book();
    book.deals[0].binding = false;
    book.deals[0].chance = figure(chance + " assumed [desk]");
    book.deals.push_back(loan("lab-hall", "bank", "ai-lab", "1 B USD assumed [desk]"));
    book.deals[1].binding = false;
    book.deals[1].with = book.deals[1].drawn_with = "bank-lab";
    for (Entity& one : book.entities) one.parameters["growth"] = entry("1 %/year assumed [desk]");
    return book;
}

System system_of_letters(Book const& book, bool draw_chances) {
    Diagnostics diagnostics;
    Model const model = model_of_text(small_model, diagnostics);
    InstanceOptions options;
    options.steps = 2;
    options.draw_chances = draw_chances;
    System system = instantiate(book, model, options, diagnostics);
    INFO(diagnostics.render());
    REQUIRE(!diagnostics.failed());
    return system;
}

std::ptrdiff_t cells_called(System const& system, std::string const& end) {
    return std::count_if(system.cells.begin(), system.cells.end(),
                         [&](Cell const& cell) { return cell.name.ends_with(end); });
}

} // namespace

TEST_CASE("deals that come true together have one draw") {
    System const drawn = system_of_letters(book_of_letters("40 %"), true);
    CHECK(drawn.contracts[0].runs);
    CHECK(drawn.contracts[1].runs);
    CHECK(cells_called(drawn, ".luck") == 1);
    CHECK(cells_called(drawn, "bank-lab.luck") == 1);
    // Each with a chance of its own: two draws.
    Book apart = book_of_letters("40 %");
    apart.deals[1].with = apart.deals[1].drawn_with = "";
    apart.deals[1].chance = apart.deals[0].chance;
    CHECK(cells_called(system_of_letters(apart, true), ".luck") == 2);
}

TEST_CASE("on the central path a deal runs where the one that it comes with does") {
    System const unlikely = system_of_letters(book_of_letters("40 %"), false);
    CHECK_FALSE(unlikely.contracts[0].runs);
    CHECK_FALSE(unlikely.contracts[1].runs);
    CHECK(unlikely.contracts[1].why_not ==
          "comes true with bank-lab: not binding, and less likely than not");
    CHECK(system_of_letters(book_of_letters("60 %"), false).contracts[1].runs);
    Book firm = book_of_letters("40 %");
    firm.deals[0].binding = true;
    CHECK(system_of_letters(firm, false).contracts[1].runs);
    CHECK(cells_called(system_of_letters(firm, true), ".luck") == 0);
    Book unknown = book_of_letters("40 %");
    unknown.deals[1].drawn_with = "";
    CHECK(system_of_letters(unknown, true).contracts[1].why_not ==
          "comes true with bank-lab, which was not known");
}

TEST_CASE("a scenario sets the chance where the draw is") {
    Book book = book_of_letters("40 %");
    book.scenarios = {
        scenario("sure", {change("deal.bank-lab.chance", '=', "100 % assumed [desk]")}),
        scenario("wrong", {change("deal.lab-hall.chance", '=', "100 % assumed [desk]")})};
    Diagnostics diagnostics;
    Book const sure = with_scenario(book, "sure", diagnostics);
    CHECK(!diagnostics.failed());
    CHECK(system_of_letters(sure, false).contracts[1].runs);
    (void)with_scenario(book, "wrong", diagnostics);
    CHECK(diagnostics.render().find("'deal.lab-hall.chance' is that of 'bank-lab'") !=
          std::string::npos);
}
