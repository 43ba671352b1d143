// Gauges as texts: read, put beside every firm, judged.

#include <perpetuum/gauges.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace perpetuum;

namespace {

GaugeFile gauges_in(std::string const& text, Diagnostics& diagnostics) {
    return read_gauges(diagnostics.add_text("test.gauges", text), diagnostics);
}

Model model_with_gauges(Diagnostics& diagnostics) {
    int const text = diagnostics.add_text("test.model", R"(
money USD
account debt : liability
sector markets
kind firm
kind lab extends firm
instrument firm_gauges (subject: firm)
  twice : USD = 2 * subject.cash[-1]
instrument all_gauges (subject: outside)
  everyone : USD = sum(firm.cash[-1])
instrument loan (lender: firm, borrower: firm)
)");
    return parse_model({text}, {}, diagnostics);
}

} // namespace

TEST_CASE("a gauge has a formula, a name and thresholds with their sources") {
    Diagnostics diagnostics;
    auto const file = gauges_in(R"(
history = "telecom-2000"
[runway]
title   = "Runway"
formula = "firm_gauges.runway"
shown   = "quarters"
red     = "below 2 quarters [a book]: too late to raise"
amber   = "below 4 [an article]: raising begins"
)",
                                diagnostics);
    CHECK_FALSE(diagnostics.failed());
    CHECK(file.history_book == "telecom-2000");
    REQUIRE(file.gauges.size() == 1);
    Gauge const& gauge = file.gauges[0];
    CHECK(gauge.instrument == "firm_gauges");
    CHECK(gauge.variable == "runway");
    REQUIRE(gauge.thresholds.size() == 2);
    CHECK(passed_by(gauge, 5) == nullptr);
    CHECK(passed_by(gauge, 3)->colour == "amber");
    CHECK(passed_by(gauge, 1)->colour == "red");
    CHECK(passed_by(gauge, 1)->source == "a book");
}

TEST_CASE("a per cent is a hundredth") {
    Diagnostics diagnostics;
    auto const file = gauges_in("[share]\nmeasure = \"circular share\"\n"
                                "amber = \"above 24 % [Tunguz]: Lucent in 2000\"\n",
                                diagnostics);
    REQUIRE(file.gauges.size() == 1);
    CHECK(passed_by(file.gauges[0], 0.25)->value == doctest::Approx(0.24));
    CHECK(passed_by(file.gauges[0], 0.23) == nullptr);
}

TEST_CASE(
    "where there is nothing to divide by a gauge has words instead of a number, and no colour") {
    Diagnostics diagnostics;
    auto const file = gauges_in("[cover]\nformula = \"firm_gauges.cover\"\n"
                                "without = \"year_interest: no interest\"\n"
                                "amber = \"above 9 [a]: x\"\nred = \"below 1 [b]: y\"\n",
                                diagnostics);
    CHECK_FALSE(diagnostics.failed());
    REQUIRE(file.gauges.size() == 1);
    CHECK(file.gauges[0].needs == "year_interest");
    CHECK(file.gauges[0].without == "no interest");
    CHECK(passed_by(file.gauges[0], 10)->colour == "amber");
    double const none = std::numeric_limits<double>::infinity();
    for (double const value : {none, -none, std::nan("")})
        CHECK(passed_by(file.gauges[0], value) == nullptr);
}

TEST_CASE("without a source there is no threshold, and without a formula no gauge") {
    for (char const* text :
         {"[a]\nformula = \"b.c\"\nred = \"above 3: I think so\"\n",
          "[a]\nformula = \"b.c\"\nred = \"3 [x]\"\n",
          "[a]\nformula = \"b.c\"\nred = \"above many [x]\"\n",
          "[a]\nformula = \"b.c\"\nred = \"above 3 apples [x]\"\n", "[a]\ntitle = \"nothing\"\n",
          "[a]\nmeasure = \"mood\"\n", "[a]\nformula = \"b\"\n",
          "[a]\nformula = \"b.c\"\ncolour = \"blue\"\n",
          "[a]\nformula = \"b.c\"\nwithout = \"d\"\n",
          "[a]\nformula = \"b.c\"\nwithout = \": e\"\n",
          "[a]\nmeasure = \"circular share\"\nwithout = \"d: e\"\n",
          "[a]\nformula = \"b.c\"\nmeasure = \"circular share\"\n", "x = \"y\"\n"}) {
        Diagnostics diagnostics;
        gauges_in(text, diagnostics);
        CHECK_MESSAGE(diagnostics.failed(), text);
    }
}

TEST_CASE("every firm that fits gets a contract on which nothing is paid, all together one") {
    Diagnostics diagnostics;
    Model const model = model_with_gauges(diagnostics);
    REQUIRE_FALSE(diagnostics.failed());
    auto const file = gauges_in("[a]\nformula = \"firm_gauges.twice\"\n[b]\nformula = "
                                "\"all_gauges.everyone\"\n[c]\nformula = \"firm_gauges.twice\"\n",
                                diagnostics);
    Book book;
    book.outside = "markets";
    book.start = date_of(2026, 1);
    for (char const* id : {"one", "two"}) {
        Entity entity;
        entity.id = id;
        entity.kind = "lab";
        book.entities.push_back(entity);
    }
    auto const contracts = add_gauge_deals(book, vocabulary_of(model), file.gauges, diagnostics);
    CHECK_FALSE(diagnostics.failed());
    REQUIRE(contracts.size() == 3);
    CHECK(contracts[0].deal == "firm_gauges-of-one");
    CHECK(contracts[2].entity == "markets");
    CHECK(book.deals.size() == 3);
}

TEST_CASE("a gauge on an instrument that is not there, or of two firms, is refused") {
    for (char const* name : {"nothing", "loan"}) {
        Diagnostics diagnostics;
        Model const model = model_with_gauges(diagnostics);
        auto const file =
            gauges_in(std::string("[a]\nformula = \"") + name + ".x\"\n", diagnostics);
        Book book;
        add_gauge_deals(book, vocabulary_of(model), file.gauges, diagnostics);
        CHECK(diagnostics.failed());
    }
}
