#include "book_for_tests.hpp"

#include <cmath>

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

/// A book with sheets, reported figures and one expectation; its result.
struct Checked {
    Diagnostics diagnostics;
    ExpectationResult result;

    Checked(std::string const& left, std::string const& within, char const* at = nullptr) {
        Model const model = model_of_text(small_model, diagnostics);
        Book book = small_book();
        Entity& bank = book.entities[0];
        for (auto const& [day, cash, debt] : {std::tuple{"2025-06-30", "3 B USD", "1 B USD"},
                                              std::tuple{"2025-12-31", "4 B USD", "2 B USD"}}) {
            Opening opening;
            opening.at = period(day);
            opening.accounts["cash"] = entry(std::string(cash) + " assumed [desk]");
            opening.accounts["debt"] = entry(std::string(debt) + " assumed [desk]");
            bank.openings.push_back(opening);
        }
        bank.reported["revenue"].by_period = {{period("2024"), {figure("6 B USD assumed [desk]")}},
                                              {period("2025"), {figure("8 B USD assumed [desk]")}}};
        Headline headline;
        headline.id = "big-one";
        headline.amount = entry("25 B USD assumed [desk]");
        book.headlines.push_back(headline);
        Expectation expectation;
        expectation.name = "E1";
        expectation.left = left;
        expectation.left_where = {diagnostics.add_text("left", left), 0,
                                  static_cast<std::uint32_t>(left.size())};
        expectation.within = figure(within + " assumed [desk]");
        if (at) expectation.at = period(at);
        book.expectations.push_back(expectation);
        auto const results = check_expectations(book, model, diagnostics);
        REQUIRE(results.size() == 1);
        result = results[0];
    }
};

} // namespace

TEST_CASE("an account is read off the sheet nearest at or before the date") {
    CHECK(Checked("bank.debt / bank.cash", "50 %", "2025-12-31").result.holds);
    Checked const earlier("bank.debt / bank.cash", "33..34 %", "2025-09-30");
    CHECK(earlier.result.holds);
    CHECK(earlier.result.value == doctest::Approx(1.0 / 3));
    CHECK(!Checked("bank.debt / bank.cash", "40..45 %", "2025-12-31").result.holds);
}

TEST_CASE("no sheet stands for a day after as_of, nor for one long after it") {
    // The last sheet is of the last day known: of the days after it nothing is known.
    Checked const later("bank.cash", "4 B USD", "2026-03-31");
    CHECK_FALSE(later.result.holds);
    CHECK_FALSE(later.result.problem.empty());
    CHECK(Checked("bank.cash", "4 B USD", "2025-Q4").result.holds);
    CHECK(Checked("bank.cash", "3 B USD", "2025-10-05").result.holds); // 97 days
    CHECK_FALSE(Checked("bank.cash", "3 B USD", "2025-11-30").result.holds);
}

TEST_CASE("a reported figure is read for its period, with brackets, powers and units") {
    CHECK(Checked("(bank.revenue + 2 B USD) * 2", "20 B USD", "2025").result.value ==
          doctest::Approx(20e9));
    CHECK(Checked("bank.revenue / 1 year", "6 B USD/year", "2024").result.holds);
    CHECK(Checked("(bank.revenue / 1 B USD) ^ 2", "60..70", "2025").result.value ==
          doctest::Approx(64));
}

TEST_CASE("deals and headlines are named with underscores for hyphens") {
    CHECK(Checked("deal.bank_lab.limit / headline.big_one.amount", "0.4").result.holds);
    CHECK(Checked("headline.big_one.amount - deal.bank_lab.limit", "14..16 B USD").result.holds);
}

TEST_CASE("a date less a date is a time") {
    Checked const checked("deal.bank_lab.begin - date(2026-02)", "11..13 month");
    INFO(checked.diagnostics.render());
    CHECK(checked.result.value == doctest::Approx(12.5)); // the middle of 2027-Q1
}

TEST_CASE("dollars against a plain range are an error that names both units") {
    Checked const checked("bank.cash", "3..4", "2025-12-31");
    CHECK(checked.diagnostics.failed());
    CHECK(checked.result.problem.find("USD") != std::string::npos);
    CHECK(Checked("bank.cash + 1 GW", "3..4 B USD", "2025-12-31").result.problem ==
          "USD and GW do not add");
}

TEST_CASE("what is not known is a problem and no value") {
    for (char const* left : {"bnak.cash", "bank.equity", "deal.bank_lba.limit",
                             "deal.bank_lab.total", "bank.cash[-1]", "bank.revenue / 0"}) {
        Checked const checked(left, "1 USD", "2025-12-31");
        INFO(left);
        CHECK(!checked.result.holds);
        CHECK(!checked.result.problem.empty());
        CHECK(std::isnan(checked.result.value));
    }
    CHECK(Checked("bnak.cash", "1 USD").result.problem.find("'bank'") != std::string::npos);
}

TEST_CASE("bounds are half-open ranges") {
    CHECK(Checked("bank.cash", "at least 3 B USD", "2025-12-31").result.holds);
    CHECK(!Checked("bank.cash", "up to 3 B USD", "2025-12-31").result.holds);
}

TEST_CASE("an expression of very many terms neither hangs nor overflows") {
    std::string left = "1";
    for (int i = 0; i < 20'000; ++i) left += " + 1";
    Checked const checked(left, "1");
    CHECK(!checked.result.holds);
}

TEST_CASE("figures without a spread leave none") {
    Checked const plain("bank.debt / bank.cash", "50 %", "2025-12-31");
    CHECK(plain.result.least == plain.result.value);
    CHECK(plain.result.most == plain.result.value);
}

TEST_CASE("spreads and rivals go through sums, products, quotients and powers end by end") {
    Diagnostics diagnostics;
    Model const model = model_of_text(small_model, diagnostics);
    Book book = small_book();
    Entity& bank = book.entities[0];
    bank.reported["high"].by_period = {
        {period("2025"), {figure("6 B USD ~ uniform 4..8 assumed [desk]")}}};
    bank.reported["low"].by_period = {
        {period("2025"),
         {figure("2 B USD assumed [desk]"), figure("4 B USD assumed [desk]"),
          figure("was 90 B USD assumed [desk]")}}};
    auto const reach = [&](std::string const& left, std::string const& within) {
        book.expectations.clear();
        Expectation expectation;
        expectation.name = "E";
        expectation.left = left;
        expectation.left_where = {diagnostics.add_text("left", left), 0,
                                  static_cast<std::uint32_t>(left.size())};
        expectation.within = figure(within + " assumed [desk]: so it is said");
        expectation.at = period("2025");
        book.expectations.push_back(expectation);
        auto const results = check_expectations(book, model, diagnostics);
        REQUIRE(results.size() == 1);
        INFO(results[0].problem);
        CHECK(results[0].says == "so it is said");
        return std::pair{results[0].least, results[0].most};
    };
    CHECK(reach("bank.high + bank.low", "1..9 B USD") == std::pair{6e9, 12e9});
    CHECK(reach("bank.high - bank.low", "1..9 B USD") == std::pair{0.0, 6e9});
    CHECK(reach("bank.high / bank.low", "1..9") == std::pair{1.0, 4.0});
    CHECK(reach("-bank.low", "1..9 B USD") == std::pair{-4e9, -2e9});
    CHECK(reach("abs(bank.low - bank.high)", "1..9 B USD") == std::pair{0.0, 6e9});
    CHECK(reach("min(bank.low, bank.high)", "1..9 B USD") == std::pair{2e9, 4e9});
    CHECK(reach("(bank.high / 1 B USD) ^ 2", "1..99") == std::pair{16.0, 64.0});
    CHECK(std::isinf(reach("1 B USD / (bank.high - bank.low)", "1..9").second));
}
