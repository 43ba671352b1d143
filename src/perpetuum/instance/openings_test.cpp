#include "book_for_tests.hpp"

using namespace perpetuum;
using namespace perpetuum::instance_tests;

namespace {

Opening sheet(char const* day, std::vector<std::pair<char const*, char const*>> const& accounts) {
    Opening opening;
    opening.at = period(day);
    for (auto const& [name, text] : accounts)
        opening.accounts[name] = entry(std::string(text) + " B USD assumed [desk]");
    return opening;
}

std::vector<OpeningGap> gaps_of(Book const& book) {
    Diagnostics diagnostics;
    return opening_gaps(book, model_of_text(small_model, diagnostics));
}

} // namespace

TEST_CASE("assets that no account names are other, equity is what is left") {
    Book book = small_book();
    book.entities[1].openings = {sheet(
        "2025-12-31",
        {{"cash", "4"}, {"loans", "1"}, {"debt", "3"}, {"total_assets", "9"}, {"equity", "5"}})};
    auto const gaps = gaps_of(book);
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].entity == "ai-lab");
    CHECK(gaps[0].named_assets == doctest::Approx(5e9));
    CHECK(gaps[0].other == doctest::Approx(4e9));
    CHECK(gaps[0].equity == doctest::Approx(6e9)); // 9 − 3, where 5 is stated
    CHECK(*gaps[0].stated_equity == doctest::Approx(5e9));
}

TEST_CASE("debt in no deal is the sheet's less what the deals leave owing at the start") {
    Book book = small_book();
    book.entities[1].openings = {sheet("2025-12-31", {{"cash", "4"}, {"debt", "3"}})};
    book.deals[0].drawn = {{period("2025-06"), entry("2 B USD assumed [desk]")}};
    book.deals[0].repaid = {
        {period("2025-11"), entry("500 M USD assumed [desk]")},
        {period("2026-02"), entry("1 B USD assumed [desk]")}};            // after the start
    CHECK(gaps_of(book)[0].debt_outside_deals == doctest::Approx(1.5e9)); // 3 − (2 − 0.5)
}

TEST_CASE("the latest sheet at or before the start counts, and a firm without one is left out") {
    Book book = small_book();
    book.entities[1].openings = {sheet("2025-06-30", {{"cash", "1"}}),
                                 sheet("2025-12-31", {{"cash", "2"}}),
                                 sheet("2026-03-31", {{"cash", "3"}})};
    auto const gaps = gaps_of(book);
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].named_assets == doctest::Approx(2e9));
}
