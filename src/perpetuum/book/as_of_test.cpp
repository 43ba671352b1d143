// The book as it was known on a day.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

/// s1 is of 2025-05-01, s2 of 2025-11-15, the book of 2025-12-31.
ReadBook known_on(std::string const& day, std::string const& tables) {
    ReadBook read = read_text_as_book(head + tables, end_of(day));
    CHECK_MESSAGE(read.all.empty(), read.all);
    return read;
}

std::string sale(std::string const& id, std::string const& more) {
    return "[deal." + id + "]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\n" + more +
           "\n";
}

} // namespace

TEST_CASE("a figure is known from the day of its earliest source, the day itself included") {
    std::string const tables =
        sale("d", "total = \"1 B USD filed [s1] [s2]\"\ngw = \"1 GW filed [s2]\"");
    CHECK(known_on("2025-04-30", tables).book.deals.empty());
    auto const may = known_on("2025-05-01", tables);
    REQUIRE(may.book.deal("d"));
    CHECK(may.book.deal("d")->parameters.at("total").used());
    CHECK_FALSE(may.book.deal("d")->parameters.at("gw").used());
    CHECK(known_on("2025-11-15", tables).book.deal("d")->parameters.at("gw").used());
}

TEST_CASE("a newer figure is not known before its day, and the older one is in use until then") {
    std::string const tables = sale("d", "total = [\"20 B USD filed [s2]\", \"was 13 B USD filed "
                                         "[s1]\", \"was 9 B USD filed [s1]\"]");
    auto const summer = known_on("2025-07-01", tables);
    Entry const& early = summer.book.deal("d")->parameters.at("total");
    REQUIRE(early.used());
    CHECK(early.used()->value == 13e9);
    CHECK(early.rivals.size() == 2);
    CHECK(early.rivals[1].was);
    auto const later = known_on("2025-12-31", tables);
    CHECK(later.book.deal("d")->parameters.at("total").used()->value == 20e9);
    CHECK(later.book.deal("d")->parameters.at("total").rivals.size() == 3);
}

TEST_CASE("assumed figures alone do not make a deal known before it was signed") {
    std::string const tables =
        sale("d", "signed = \"2025-09\"\ntotal = \"1 B USD assumed [desk]\"") +
        sale("e", "total = \"1 B USD assumed [desk]\"") +
        sale("f",
             "signed = 2025-01-01\ngw = \"1 GW assumed [desk]\"\ntotal = \"1 B USD filed [s2]\"");
    auto const early = known_on("2025-09-29", tables);
    CHECK_FALSE(early.book.deal("d"));
    CHECK(early.book.deal("e"));
    CHECK_FALSE(early.book.deal("f")); // signed, but nobody outside knew
    CHECK(known_on("2025-09-30", tables).book.deal("d"));
    CHECK(known_on("2025-12-31", tables).book.deal("f"));
}

TEST_CASE("a sourced day of signing makes a deal known") {
    std::string const tables =
        sale("d", "signed = \"2025-04 filed [s1]\"\ntotal = \"1 B USD assumed [desk]\"");
    CHECK_FALSE(known_on("2025-04-30", tables).book.deal("d"));
    CHECK(known_on("2025-05-01", tables).book.deal("d"));
}

TEST_CASE("an end counts when it is known and has come") {
    std::string const sourced =
        sale("d", "total = \"1 B USD filed [s1]\"\nended = \"2025-10 filed [s2]\"");
    CHECK_FALSE(known_on("2025-10-31", sourced).book.deal("d")->ended);
    CHECK(known_on("2025-11-15", sourced).book.deal("d")->ended);
    std::string const plain = sale("d", "total = \"1 B USD filed [s1]\"\nended = 2025-10-10");
    CHECK_FALSE(known_on("2025-10-09", plain).book.deal("d")->ended);
    CHECK(known_on("2025-10-10", plain).book.deal("d")->ended);
}

TEST_CASE("a deal is superseded once the newer one is known") {
    std::string const tables =
        sale("old", "total = \"1 B USD filed [s1]\"\nsuperseded_by = \"new\"\nlinked = [\"new\"]") +
        sale("new", "total = \"2 B USD filed [s2]\"") +
        "[headline.h]\namount = \"3 B USD filed [s1]\"\nparts = [\"old\", \"new\"]\n"
        "[scenario.s]\nend = [\"new\"]\nset.\"deal.new.total\" = \"1 B USD assumed [desk]\"\n"
        "[deal.w]\nkind = \"warrant\"\nissuer = \"alpha\"\nholder = \"beta\"\npurchases = "
        "\"new\"\nshares = \"1 M share filed [s1]\"\n";
    auto const early = known_on("2025-06-30", tables);
    CHECK(early.book.deal("old")->superseded_by.empty());
    CHECK(early.book.deal("old")->linked.empty());
    CHECK(early.book.headlines[0].parts == std::vector<std::string>{"old"});
    CHECK(early.book.scenarios[0].end.empty());
    CHECK(early.book.scenarios[0].set.empty());
    CHECK(early.book.deal("w")->roles.at("purchases").empty());
    auto const late = known_on("2025-12-31", tables);
    CHECK(late.book.deal("old")->superseded_by == "new");
    CHECK(late.book.deal("w")->roles.at("purchases").size() == 1);
    CHECK(late.book.scenarios[0].set.size() == 1);
}

TEST_CASE("a balance sheet is known by what is sourced in it, and not before its day") {
    std::string const tables = "[entity.x]\nkind = \"firm\"\n"
                               "[entity.x.opening.2025-03-31]\ncash = \"1 B USD filed [s1]\"\n"
                               "[entity.x.opening.2025-09-30]\ncash = \"2 B USD assumed "
                               "[desk]\"\nfleet = \"5 B USD filed [s2]\"\n";
    auto const october = known_on("2025-10-31", tables);
    REQUIRE(october.book.entity("x")->openings.size() == 1);
    CHECK(october.book.entity("x")->openings[0].at.end == date_of(2025, 4));
    CHECK(known_on("2025-12-31", tables).book.entity("x")->openings.size() == 2);
    CHECK(known_on("2025-04-30", tables).book.entity("x")->openings.empty());
}

TEST_CASE("nothing is projected from a day before it could be known") {
    auto const early = known_on("2025-06-30", "");
    CHECK(early.book.as_of == date_of(2025, 7));
    CHECK(early.book.start == date_of(2025, 7));
    CHECK(early.book.own_as_of == date_of(2026, 1));
}

TEST_CASE("a coarse source is known from its last day, but no later than the book that cites it") {
    std::string const source =
        "[source.year]\ntitle = \"Y\"\ndate = \"2025..2026\"\nurl = \"u\"\n"
        "[source.some-day]\ntitle = \"Z\"\ndate = \"unknown\"\nurl = \"u\"\n";
    for (std::string const id : {"year", "some-day"}) {
        std::string const tables = source + sale("d", "total = \"1 B USD filed [" + id + "]\"");
        CHECK(known_on("2025-12-31", tables).book.deal("d"));
        CHECK_FALSE(known_on("2025-12-30", tables).book.deal("d"));
    }
}

TEST_CASE("headlines, expectations and what is said wait for their sources") {
    std::string const tables =
        sale("d", "total = \"1 B USD filed [s1]\"\nsays.alpha = \"no [s2]\"") +
        "[headline.h]\namount = \"3 B USD filed [s2]\"\n"
        "[expect]\nE = \"alpha.debt within 1..2 USD filed [s2]\"\n";
    auto const early = known_on("2025-06-30", tables);
    CHECK(early.book.headlines.empty());
    CHECK(early.book.expectations.empty());
    CHECK(early.book.deal("d")->says.empty());
    auto const late = known_on("2025-12-31", tables);
    CHECK(late.book.headlines.size() == 1);
    CHECK(late.book.expectations.size() == 1);
    CHECK(late.book.deal("d")->says.size() == 1);
}

TEST_CASE("a rate that was not known yet is better than none, a known one is better than that") {
    std::string const tables = "[currency.JPY]\n2025-04-30 = \"100 JPY/USD filed "
                               "[s1]\"\n2025-09-30 = \"200 JPY/USD filed [s2]\"\n" +
                               sale("d", "total = \"1 B JPY assumed [desk]\"");
    auto const total = [&](std::string const& day) {
        return known_on(day, tables).book.deal("d")->parameters.at("total").used()->value;
    };
    CHECK(total("2025-04-30") == doctest::Approx(10e6));
    CHECK(total("2025-10-31") == doctest::Approx(10e6));
    CHECK(total("2025-12-31") == doctest::Approx(5e6));
    CHECK(known_on("2025-10-31", tables).book.currencies.at(0).values.size() == 1);
}
