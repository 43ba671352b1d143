// Books written by hand before the reader was: they must be readable as they stand.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

TEST_CASE("three companies written down by hand before there was a reader are read") {
    std::string const folder = std::string{PERPETUUM_SHARED} + "/prototypes/book";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: " << folder << " is absent");
        return;
    }
    auto const read = read_folder(folder);
    CHECK_MESSAGE(read.all.empty(), read.all);
    Book const& book = read.book;
    CHECK(book.deals.size() == 44);
    CHECK(book.sources.size() == 57);
    CHECK(book.expectations.size() == 5);
    auto const used = [&](char const* deal, char const* name) {
        return *book.deal(deal)->parameters.at(name).used();
    };
    CHECK(used("openai-oracle", "total").value == doctest::Approx(300e9));
    // FY2028 of Oracle ends 2028-05-31; it is the rival of 2027.
    CHECK(book.deal("openai-oracle")->parameters.at("begin").rivals.at(1).period.begin ==
          date_of(2027, 6));
    CHECK(book.deal("coreweave-oem")->roles.at("lender").at(1).share == doctest::Approx(0.75));
    CHECK(book.deal("coreweave-ddtl-3")->parameters.at("over").references.at(0) == "SOFR");
    // 3.8 T yen at 155 yen a dollar.
    CHECK(book.entity("softbank")->openings.at(0).accounts.at("cash").used()->value ==
          doctest::Approx(3.8e12 / 155));
    // Lent in 2026-05 and not yet in 2025-12; the letters of 2025 were.
    auto const earlier = read_folder(folder, end_of("2025-12-31"));
    CHECK_MESSAGE(earlier.all.empty(), earlier.all);
    CHECK_FALSE(earlier.book.deal("coreweave-ddtl-5"));
    CHECK(earlier.book.deal("openai-coreweave-3"));
    // Capex of FY2026 was then a guidance of 50, before that of 35; the actual 55.7 came in June
    // 2026.
    auto const& capex = earlier.book.entity("oracle")->reported.at("capex").by_period.at(0).second;
    CHECK(capex.at(0).value == doctest::Approx(50e9));
    CHECK_FALSE(capex.at(0).was);
    CHECK(capex.at(1).was);
}
