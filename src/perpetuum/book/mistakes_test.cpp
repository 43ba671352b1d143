// Mistakes in tables: each is shown under what is wrong.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

/// One error with this message, at the line and column of `marked` in the tables.
void check_error(std::string const& tables, std::string const& message, std::string const& marked) {
    std::string const content = head + tables;
    ReadBook const read = read_text_as_book(content);
    bool found = false;
    for (auto const& one : read.diagnostics.all()) {
        if (one.severity != Severity::error || one.message.find(message) == std::string::npos)
            continue;
        found = true;
        std::string const under = content.substr(one.where.begin, one.where.end - one.where.begin);
        CHECK_MESSAGE(under == marked, message << ": under " << under);
    }
    CHECK_MESSAGE(found, message << " not in\n" << read.all);
}

} // namespace

TEST_CASE("parts of a role that are too many or too few are refused") {
    check_error("[deal.d]\nkind = \"debt\"\nlender = { alpha = \"75 % assumed [desk]\", banks = "
                "\"50 % assumed [desk]\" }\nborrower = \"beta\"\nlimit = \"1 B USD filed [s1]\"\n",
                "add up to 125 %",
                "{ alpha = \"75 % assumed [desk]\", banks = \"50 % assumed [desk]\" }");
    check_error("[deal.d]\nkind = \"debt\"\nlender = { alpha = \"75 % assumed [desk]\" }\nborrower "
                "= \"beta\"\nlimit = \"1 B USD filed [s1]\"\n",
                "add up to only 75 %", "{ alpha = \"75 % assumed [desk]\" }");
}

TEST_CASE("a currency needs a rate") {
    check_error("[entity.x]\nkind = \"firm\"\nopening.2025-06-30.cash = \"3 M EUR filed [s1]\"\n",
                "no rate is known for EUR", "3 M EUR filed [s1]");
}

TEST_CASE("mistakes are shown under what is wrong, all at once") {
    check_error("[deal.d]\nkind = \"sal\"\n", "unknown kind of deal 'sal'", "sal");
    check_error("[entity.x]\nkind = \"frim\"\n", "unknown kind of firm 'frim'", "frim");
    check_error("[dael.d]\nkind = \"sale\"\n", "unknown table 'dael'", "dael");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"betta\"\nseller = \"alpha\"\n",
                "unknown party 'betta'", "betta");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\nttotal = \"1 USD "
                "filed [s1]\"\n",
                "unknown key 'ttotal'", "ttotal");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = \"1 B "
                "USD filed [s9]\"\n",
                "unknown source 's9'", "s9");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = \"1 GW "
                "filed [s1]\"\n",
                "'total' wants USD, found GW", "1 GW filed [s1]");
    check_error("[deal.d]\nkind = \"capacity\"\nbuyer = \"beta\"\nseller = \"alpha\"\nper_year = "
                "\"1 B USD filed [s1]\"\n",
                "'per_year' wants USD/year, found USD", "1 B USD filed [s1]");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = 5\n",
                "a number without quotes: '5'", "5");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = true\n",
                "found true or false", "true");
    check_error(
        "[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = \"5 B USD\"\n",
        "no standing and source", "5 B USD");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = \"-5 B "
                "USD filed [s1]\"\n",
                "a minus in a deal", "-5");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"beta\"\ntotal = \"5 B USD "
                "filed [s1]\"\n",
                "is between 'beta' and itself", "d");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\ntotal = \"5 B USD filed [s1]\"\n",
                "names no 'seller'", "d");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = [\"5 B "
                "USD filed [s1]\", \"5 B USD/year filed [s1]\"]\n",
                "'total' wants USD, found USD/year", "5 B USD/year filed [s1]");
    check_error("[entity.x]\nkind = \"firm\"\nfact.x = [\"5 B USD filed [s1]\", \"5 B USD/year "
                "filed [s1]\"]\n",
                "rivals of different units: USD and USD/year", "5 B USD/year filed [s1]");
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\nbegin = "
                "2027-01-01\nuntil = 2026-01-01\n",
                "ends before it begins", "2026-01-01");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nlimit = \"0 "
                "USD filed [s1]\"\n",
                "is over nothing", "0 USD filed [s1]");
    check_error(
        "[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nbinding = true\n",
        "needs 'limit': test parameter", "d");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nrepay = "
                "\"balloon filed [s1]\"\n",
                "is no word that 'repay' knows", "balloon filed [s1]");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nbegin = \"5 "
                "USD filed [s1]\"\n",
                "'begin' wants a date", "5 USD filed [s1]");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nlimit = \"1 "
                "USD filed [s1]\"\nfor = \"ghost\"\n",
                "unknown deal 'ghost'", "ghost");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"beta\"\nborrower = \"banks\"\nlimit = \"1 "
                "USD filed [s1]\"\n",
                "is of kind 'outside', but 'borrower' wants a party of kind 'firm'", "banks");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nlimit = \"1 "
                "USD filed [s1]\"\nbegin = \"FY2026 filed [s1]\"\n",
                "a fiscal year without a firm", "FY2026");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nlimit = "
                "\"90.1 T USD filed [s1]\"\n",
                "beyond 90 T USD", "90.1 T USD filed [s1]");
    check_error("[deal.d]\nkind = \"debt\"\nlender = \"banks\"\nborrower = \"alpha\"\nlimit = \"1 "
                "USD filed [s1]\"\nchance = \"140 % filed [s1]\"\n",
                "between 0 and 100 %", "140 % filed [s1]");
    check_error("[deal.alpha]\nkind = \"sale\"\n", "are one name in equations", "alpha");
    check_error("[entity.x]\nkind = \"bank\"\n", "needs 'capital': test parameter", "x");
    check_error("[entity.x]\nkind = \"firm\"\nopening.2025-12-31.flet = \"1 USD filed [s1]\"\n",
                "unknown key 'flet'", "flet");
    check_error("[entity.x]\nkind = \"firm\"\nopening.2025-12-31.fleet = \"1 USD filed [s1]\"\n",
                "has no cash", "2025-12-31");
    check_error("[entity.x]\nkind = \"firm\"\nfiscal_year = \"FY2026\"\n",
                "a fiscal year must be named with its last day", "FY2026");
    check_error("[entity.x]\nkind = \"firm\"\nreported.revenue = \"1 USD filed [s1]\"\n",
                "what was reported needs a period", "1 USD filed [s1]");
    check_error("[source.x]\ntitle = \"X\"\nurl = \"u\"\n", "source 'x' has no date", "x");
    check_error("[source.desk]\ntitle = \"X\"\n", "the source 'desk' is built in", "desk");
    check_error("[scenario.x]\nset.\"deal.ghost.total\" = \"1 USD assumed [desk]\"\n",
                "unknown deal 'ghost'", "\"deal.ghost.total\"");
    check_error("[scenario.x]\nextends = \"y\"\n[scenario.y]\nextends = \"x\"\n",
                "scenarios extend each other in a ring", "x");
    check_error("[expect]\nE = \"deal.ghost.total within 1..2 USD filed [s1]\"\n",
                "unknown deal 'ghost'", "ghost");
    check_error("[model]\nmod = \"1 assumed [desk]\"\n", "unknown key 'mod'", "mod");
    check_error("[currency.JPY]\n2025-12-31 = \"155 USD assumed [desk]\"\n",
                "a rate of 'JPY' must be", "155 USD assumed [desk]");
}

TEST_CASE("deals that supersede each other in a ring are refused") {
    check_error("[deal.a]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = \"1 USD "
                "filed [s1]\"\nsuperseded_by = \"b\"\n"
                "[deal.b]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = \"1 USD "
                "filed [s1]\"\nsuperseded_by = \"a\"\n",
                "supersede each other in a ring", "a");
}

TEST_CASE("the caret of a figure with escapes stands under the whole string") {
    check_error("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\ntotal = \"5 USDD "
                "filed [s1]: \\u00e9\"\n",
                "unknown unit 'USDD'", "\"5 USDD filed [s1]: \\u00e9\"");
    check_error("[entity.\"é\"]\nkind = \"firm\"\n", "has characters that an id cannot have",
                "\"é\"");
}
