// What a careful reader would ask.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

std::string reviewed(std::string const& tables) {
    ReadBook read = read_text_as_book(head + tables);
    CHECK_MESSAGE(read.all.empty(), read.all);
    review_book(read.book, test_vocabulary(), read.diagnostics);
    CHECK_FALSE(read.diagnostics.failed());
    return read.diagnostics.render(1000);
}

/// The tables cite s1 and s2, so that those are not what is warned of.
void check_warning(std::string const& tables, std::string const& message) {
    std::string const all =
        reviewed(tables + "[entity.zeta]\nkind = \"firm\"\nfact.a = \"1 filed [s1] [s2]\"\n");
    CHECK_MESSAGE(all.find("warning: " + message) != std::string::npos, message << " not in\n"
                                                                                << all);
}

void check_calm(std::string const& tables) {
    std::string const all =
        reviewed(tables + "[entity.zeta]\nkind = \"firm\"\nfact.a = \"1 filed [s1] [s2]\"\n");
    CHECK_MESSAGE(all.empty(), all);
}

std::string deal(std::string const& kind_and_parties, std::string const& more) {
    return "[deal.d]\n" + kind_and_parties + more + "\n";
}

std::string const sale = "kind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\n";
std::string const loan = "kind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\n";
std::string const capacity = "kind = \"capacity\"\nbuyer = \"beta\"\nseller = \"alpha\"\n";

} // namespace

TEST_CASE("a book with nothing to ask about is calm") {
    check_calm(deal(
        sale,
        "binding = true\ntotal = \"1 B USD ~ uniform 0.5..1 filed [s1]\"\nsigned = 2025-04-01"));
    check_calm(deal(
        sale,
        "binding = false\nchance = \"50 % assumed [desk]\"\ntotal = \"1..2 B USD filed [s1]\""));
}

TEST_CASE("what is missing from the run is said") {
    check_warning(deal(loan, "binding = true\nlimit = \"undisclosed filed [s1]\""),
                  "'limit' of deal 'd' is undisclosed: in the map, not in the run");
    check_warning(
        deal(loan,
             "binding = true\nlimit = \"1 B USD filed [s1]\"\nrate = \"undisclosed filed [s1]\""),
        "'rate' of deal 'd' is undisclosed: the run takes the model's own value");
    check_warning(deal(sale, "total = \"1 B USD filed [s1]\""),
                  "deal 'd' is not known to be binding and has no chance");
    check_warning(deal(sale, "binding = false\ntotal = \"1 B USD filed [s1]\""),
                  "deal 'd' is not binding and has no chance");
}

TEST_CASE("a bound without a spread is asked about") {
    check_warning(deal(sale, "binding = true\ntotal = \"up to 1 B USD filed [s1]\""),
                  "'up to' without a spread");
    check_warning(deal(sale, "binding = true\ntotal = \"at least 1 B USD filed [s1]\""),
                  "'at least' without a spread");
}

TEST_CASE("a filing that was not seen is second-hand") {
    check_warning("[source.copy]\ntitle = \"Copy\"\ndate = 2025-05-01\nurl = \"u\"\noriginal = "
                  "\"10-K, not seen\"\n" +
                      deal(sale, "binding = true\ntotal = \"1 B USD filed [copy]\""),
                  "filed, but 'copy' was read second-hand: 10-K, not seen");
}

TEST_CASE("a deal known only long after it was signed looks ahead") {
    check_warning(deal(sale, "binding = true\ntotal = \"1 B USD filed [s2]\"\nsigned = 2025-04-01"),
                  "deal 'd' was signed 2025-04-01 but its earliest source is of 2025-11-15");
}

TEST_CASE("rivals far apart, sources unused or too late are named") {
    check_warning(
        deal(sale, "binding = true\ntotal = [\"10 B USD filed [s1]\", \"13 B USD filed [s2]\"]"),
        "rivals are 30 % apart");
    check_calm(deal(sale, "binding = true\ntotal = [\"10 B USD filed [s1]\", \"11 B USD filed "
                          "[s2]\", \"was 1 B USD filed [s1]\"]"));
    CHECK(reviewed("").find("warning: source 's1' is never used") != std::string::npos);
    check_warning("[source.new]\ntitle = \"N\"\ndate = 2026-03-01\nurl = \"u\"\n" +
                      deal(sale, "binding = true\ntotal = \"1 B USD filed [new] [s1]\""),
                  "source 'new' is of 2026-03-01, after the book's as_of");
}

TEST_CASE("figures that should make up each other are held together") {
    check_warning(deal(capacity, "binding = true\ntotal = \"10 B USD filed [s1]\"\nper_year = \"3 "
                                 "B USD/year filed [s1]\"\nterm = \"5 year filed [s1]\""),
                  "'total' is 10.0 B, but 'per_year' times 'term' is 15.0 B");
    check_warning(deal(sale, "binding = true\ntotal = \"10 B USD filed [s1]\"\nquantity = \"250 k "
                             "GPU filed [s1]\"\nprice = \"30 k USD/GPU filed [s1]\""),
                  "'total' is 10.0 B, but 'quantity' times 'price' is 7.50 B");
    check_calm(deal(sale, "binding = true\ntotal = \"7.5 B USD filed [s1]\"\nquantity = \"250 k "
                          "GPU filed [s1]\"\nprice = \"30 k USD/GPU filed [s1]\""));
    check_warning(deal(sale, "binding = true\ntotal = \"10 B USD filed [s1]\"") +
                      "[headline.h]\namount = \"8 B USD filed [s1]\"\nparts = [\"d\"]\n",
                  "the parts of headline 'h' add up to 10.0 B, more than the headline with 8.00 B");
}

TEST_CASE("an opening sheet that is old or does not add up is asked about") {
    check_warning("[entity.x]\nkind = \"firm\"\nopening.2025-08-31.cash = \"1 B USD filed [s1]\"\n",
                  "the opening balance sheet of 'x' is 122 days older than the start");
    check_warning("[entity.x]\nkind = \"firm\"\n[entity.x.opening.2025-12-31]\nsource = \"filed "
                  "[s1]\"\ncash = \"6 B USD\"\nfleet = \"5 B USD\"\ntotal_assets = \"10 B USD\"\n",
                  "the assets of 'x' add up to 11.0 B, more than total_assets with 10.0 B");
    check_warning(
        "[entity.x]\nkind = \"firm\"\n[entity.x.opening.2025-12-31]\nsource = \"filed [s1]\"\ncash "
        "= \"6 B USD\"\ndebt = \"8 B USD\"\nequity = \"3 B USD\"\ntotal_assets = \"10 B USD\"\n",
        "liabilities and equity of 'x' add up to 11.0 B");
    // 1 drawn by mid-year, 2 paid after, 0.5 repaid: 2.5 owing, 2 in the sheet.
    check_warning(
        "[entity.x]\nkind = \"firm\"\n[entity.x.opening.2025-12-31]\nsource = \"filed [s1]\"\ncash "
        "= \"6 B USD\"\ndebt = \"2 B USD\"\n"
        "[deal.l]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"x\"\nbinding = true\nsource = "
        "\"filed [s1]\"\nlimit = \"5 B USD\"\n"
        "paid.2025-02 = \"9 B USD\"\ndrawn.2025-06-30 = \"1 B USD\"\npaid.2025-Q4 = \"2 B "
        "USD\"\nrepaid.2025-12 = \"0.5 B USD\"\n",
        "the deals of 'x' leave 2.50 B owing, more than 'debt' of its balance sheet with 2.00 B");
}

TEST_CASE("a figure outside its own spread, and one derived nobody knows how") {
    check_warning(deal(sale, "binding = true\ntotal = \"9 B USD ~ uniform 1..2 filed [s1]\""),
                  "the figure lies outside its own spread");
    check_warning(deal(sale, "binding = true\ntotal = \"9 B USD derived [s1]\""),
                  "derived, but it is not said how");
}

TEST_CASE("standings count the figures that are used") {
    auto const read = read_text_as_book(
        head + deal(sale, "binding = true\ntotal = [\"1 B USD filed [s1]\", \"1 B USD reported "
                          "[s1]\"]\ngw = \"1 GW assumed [desk]\"\nbegin = 2026-01-01"));
    auto const rows = standings(read.book);
    REQUIRE(rows.size() == 8);
    CHECK(rows[0].standing == Standing::filed);
    CHECK(rows[0].figures == 1);
    CHECK(rows[2].figures == 0); // reported: a rival that is not used
    CHECK(rows[6].figures == 1); // assumed; the bare date has no standing
}
