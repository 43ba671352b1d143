// What deals say of each other, and of themselves twice.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

std::string const sale = "kind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\n"
                         "total = \"12 B USD filed [s1]\"\n";
std::string const loan = "kind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\n"
                         "limit = \"10 B USD filed [s1]\"\n";
std::string const letter = sale + "chance = \"40 % assumed [desk]\"\n";

std::string deal(std::string const& id, std::string const& keys) {
    return "[deal." + id + "]\n" + keys + "\n";
}

/// Errors and questions, without what every book here would be asked.
std::string said(std::string const& tables) {
    ReadBook read = read_text_as_book(
        head + tables + "[entity.zeta]\nkind = \"firm\"\nfact.a = \"1 filed [s1] [s2]\"\n");
    if (!read.diagnostics.failed()) review_book(read.book, test_vocabulary(), read.diagnostics);
    return read.diagnostics.render(1000);
}

void check_said(std::string const& tables, std::string const& words) {
    std::string const all = said(tables);
    CHECK_MESSAGE(all.find(words) != std::string::npos, words << " not in\n" << all);
}

void check_nothing_said(std::string const& tables) { CHECK(said(tables) == ""); }

} // namespace

TEST_CASE("a deal that comes true with another is drawn with the last of the row") {
    auto const read = read_text_as_book(head + deal("c", sale + "with = \"b\"") +
                                        deal("a", letter) + deal("b", sale + "with = \"a\""));
    CHECK_MESSAGE(read.all.empty(), read.all);
    REQUIRE(read.book.deals.size() == 3);
    CHECK(read.book.deal("c")->with == "b");
    CHECK(read.book.deal("c")->drawn_with == "a");
    CHECK(read.book.deal("b")->drawn_with == "a");
    CHECK(read.book.deal("a")->drawn_with == "");
}

TEST_CASE("who comes true with a deal that was not known comes true with nobody") {
    std::string const later = "kind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\n"
                              "total = \"1 B USD filed [s2]\"\nchance = \"40 % filed [s2]\"\n";
    auto const read = read_text_as_book(head + deal("a", later) + deal("b", sale + "with = \"a\""),
                                        date_of(2025, 6, 1));
    CHECK_MESSAGE(read.all.empty(), read.all);
    REQUIRE(read.book.deals.size() == 1);
    CHECK(read.book.deals[0].with == "a");
    CHECK(read.book.deals[0].drawn_with == "");
}

TEST_CASE("a deal that comes true with another has no odds of its own") {
    check_said(deal("a", letter) + deal("b", letter + "with = \"a\""),
               "deal 'b' comes true with 'a' and has 'chance' of its own");
    check_said(deal("a", letter) + deal("b", sale + "binding = true\nwith = \"a\""),
               "deal 'b' comes true with 'a' and has 'binding' of its own");
    check_said(deal("b", sale + "with = \"ghost\""), "unknown deal 'ghost'");
    check_said(deal("a", sale + "with = \"b\"") + deal("b", sale + "with = \"a\""),
               "deals come true with each other in a ring, 'a' among them");
    check_said(deal("a", sale + "with = \"a\""),
               "deals come true with each other in a ring, 'a' among them");
    check_said(deal("a", letter) + deal("b", letter) + deal("c", sale + "with = [\"a\", \"b\"]"),
               "a deal comes true with one other");
    check_said(deal("a", letter) + deal("b", sale + "with = \"a\"") +
                   "[scenario.s]\nset.\"deal.b.chance\" = \"1 assumed [desk]\"\n",
               "the chance of 'b' is that of 'a', with which it comes true");
}

TEST_CASE("no more is done than there is, and nothing before its time") {
    std::string const firm = sale + "binding = true\n";
    check_said(deal("d", firm + "paid.2025 = \"15 B USD filed [s1]\""),
               "deal 'd' has paid 15.0 B, more than its 12.0 B in all");
    check_nothing_said(deal("d", firm + "paid.2025 = \"12 B USD filed [s1]\""));
    check_said(deal("d", firm + "paid.2027 = \"1 B USD filed [s1]\""),
               "deal 'd' says what was done in 2027, after the book's as_of");
    std::string const lent = loan + "binding = true\n";
    check_said(deal("d", lent + "drawn.2025-11 = \"30 B USD filed [s1]\""),
               "deal 'd' has drawn 30.0 B, more than its 10.0 B in all");
    check_said(deal("d", lent + "drawn.2025-06 = \"3 B USD filed [s1]\"\nrepaid.2025-11 = \"4 B "
                                "USD filed [s1]\""),
               "deal 'd' has repaid 4.00 B, more than what was drawn with 3.00 B");
    check_nothing_said(deal("d", lent + "drawn.2025-06 = \"3 B USD filed [s1]\"\npaid.2025-10 = "
                                        "\"2 B USD filed [s1]\"\nrepaid.2025-11 = \"4 B USD "
                                        "filed [s1]\""));
}

TEST_CASE("what an instrument never asks for is not said in vain") {
    check_said(deal("d", sale + "binding = true\ndrawn.2025-11 = \"3 B USD filed [s1]\""),
               "the run does not use 'drawn' of deal 'd': 'sale' has nothing outstanding");
    check_said(deal("d", loan + "binding = true\nrepaid.2025-11 = \"3 B USD filed [s1]\""),
               "has repaid, but it is not said what was drawn");
}

TEST_CASE("both sides' sheets have what a deal leaves outstanding") {
    std::string const sheet = "[entity.x]\nkind = \"firm\"\n[entity.x.opening.2025-12-31]\n"
                              "source = \"filed [s1]\"\ncash = \"6 B USD\"\n";
    std::string const drawn = "binding = true\nlimit = \"10 B USD filed [s1]\"\ndrawn.2025-11 = "
                              "\"3 B USD filed [s1]\"";
    check_said(sheet + deal("l", "kind = \"debt\"\nlender = \"banks\"\nborrower = \"x\"\n" + drawn),
               "the deals of 'x' leave 3.00 B owing, more than 'debt' of its balance sheet with 0");
    check_said(
        sheet + deal("l", "kind = \"debt\"\nlender = \"x\"\nborrower = \"alpha\"\n" + drawn),
        "the deals of 'x' leave 3.00 B owed to it, more than 'loans' of its balance sheet with 0");
}

TEST_CASE("a deal that begins before it is signed is asked about where that costs payments") {
    std::string const firm = sale + "binding = true\n";
    check_said(deal("d", firm + "signed = 2026-06-01\nbegin = \"2026-Q1 filed [s1]\""),
               "deal 'd' begins 2026-Q1, before it was signed 2026-06-01");
    check_said(deal("d", firm + "signed = 2027-01-01"),
               "deal 'd' was signed 2027-01-01, after the book's as_of");
    // Before the start all is history; within a step nothing is lost.
    check_nothing_said(deal("d", firm + "signed = 2025-06-01\nbegin = \"2025-01 filed [s1]\""));
}

TEST_CASE("two ends of one deal must be one") {
    std::string const begun = loan + "binding = true\nbegin = \"2026-Q1 filed [s1]\"\n"
                                     "term = \"3 year filed [s1]\"\n";
    check_said(deal("d", begun + "until = \"2027 filed [s1]\""), "deal 'd' ends 2027 by 'until'");
    check_nothing_said(deal("d", begun + "until = \"2029-03 filed [s1]\""));
    // Known on another day: one of them is a revision.
    check_nothing_said(deal("d", begun + "until = \"2027 filed [s2]\""));
}

TEST_CASE("a contract under two ids, and a rate without its percent sign, are asked about") {
    std::string const firm = sale + "binding = true\n";
    check_said(deal("d", firm) + deal("e", firm), "deal 'e' says the same as deal 'd'");
    check_nothing_said(deal("d", firm) + deal("e", firm + "signed = 2025-04-01"));
    check_said(deal("d", loan + "binding = true\nrate = \"6/year filed [s1]\""),
               "'rate' of deal 'd' is 600 % a year");
    check_said(deal("d", loan + "binding = true\nrate = \"6 filed [s1]\""), "'6 %/year'");
}

TEST_CASE("a figure that is wrong is not missing too") {
    std::string const all = said(deal("d", "kind = \"debt\"\nlender = \"banks\"\nborrower = "
                                           "\"alpha\"\nbinding = true\nlimit = \"10 bn USD "
                                           "filed [s1]\""));
    CHECK(all.find("write 'B' for a billion") != std::string::npos);
    CHECK(all.find("needs 'limit'") == std::string::npos);
}

TEST_CASE("what is written in another house's style is told how it is written here") {
    std::string const firm = sale + "binding = true\n";
    check_said(deal("d", firm + "begin = \"03/15/2026 filed [s1]\""),
               "a date is written 2026-03-15");
    check_said(deal("d", firm + "begin = \"Q1 2026 filed [s1]\""), "'2026-Q1'");
    check_said(deal("d", "kind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = "
                         "\"USD 10 B filed [s1]\""),
               "the number comes first: '10 B USD'");
    check_said(deal("d", loan + "rate = \"6 % p.a. filed [s1]\""), "'6 %/year'");
    check_said(deal("d", loan + "rate = 0.06"), "\"6 %/year filed [id]\"");
    check_said(deal("d", sale + "chance = 0.4"), "\"40 % filed [id]\"");
}

TEST_CASE("an expectation that writes a hyphen is told of the underscore") {
    check_said(deal("sunco-panels", sale + "binding = true") +
                   "[expect]\nE = \"deal.sunco-panels.total within 1..2 USD filed [s1]\"\n",
               "an expectation writes a hyphen as _: 'sunco_panels'");
}
