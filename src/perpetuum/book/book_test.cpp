// Tables of a book: what they give and what they refuse.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

ReadBook good_book(std::string const& tables) {
    ReadBook read = read_text_as_book(head + tables);
    CHECK_MESSAGE(read.all.empty(), read.all);
    return read;
}

Figure const& parameter(Book const& book, std::string const& deal, std::string const& name) {
    Deal const* found = book.deal(deal);
    REQUIRE(found);
    REQUIRE(found->parameters.count(name));
    Figure const* used = found->parameters.at(name).used();
    REQUIRE(used);
    return *used;
}

} // namespace

TEST_CASE("the example of the handbook is read") {
    auto const read = read_text_as_book(R"(
[book]
title    = "A loop of two, invented"
as_of    = 2025-12-31
currency = "USD"
[source]
release = { title = "Joint release", date = 2025-09-22, where = "invented for this page" }
[entity]
chipco = { name = "Chipco", kind = "firm", opening.2025-12-31.cash = "40 B USD announced [release]" }
labco  = { name = "Labco",  kind = "firm", opening.2025-12-31.cash = "5 B USD ~ uniform 3..7 assumed [desk]" }
[deal.chipco-labco]
kind     = "equity"
investor = "chipco"
issuer   = "labco"
signed   = 2025-09-22
binding  = false
chance   = "40 % ~ uniform 10..70 assumed [desk]"
limit    = "up to 10 B USD announced [release]"
on       = "2026-H1 assumed [desk]"
[deal.labco-chipco]
kind   = "sale"
buyer  = "labco"
seller = "chipco"
total  = "12 B USD ~ tri 8 12 15 announced [release]: the spread is assumed"
begin  = "2026-H2 announced [release]"
term   = "2 year assumed [desk]"
)");
    CHECK_MESSAGE(read.all.empty(), read.all);
    Book const& book = read.book;
    CHECK(book.title == "A loop of two, invented");
    CHECK(book.as_of == date_of(2026, 1));
    CHECK(book.start == date_of(2026, 1));
    REQUIRE(book.deals.size() == 2);
    Deal const& equity = book.deals[0];
    CHECK(equity.id == "chipco-labco");
    CHECK(equity.roles.at("investor")[0].id == "chipco");
    CHECK(equity.signed_on == parse_period("2025-09-22"));
    CHECK(equity.binding == false);
    CHECK(equity.chance->value == doctest::Approx(0.4));
    CHECK(parameter(book, "chipco-labco", "limit").bound == Bound::up_to);
    CHECK(parameter(book, "labco-chipco", "term").value == 24);
    CHECK(book.entity("labco")->openings.at(0).accounts.at("cash").used()->value == 5e9);
    CHECK(book.entity("customers")->kind == "outside"); // brought along by the model
}

TEST_CASE("rivals stand side by side, the first is used, overtaken ones come last") {
    auto const read = good_book(R"(
[deal.d]
kind = "debt"
lender = "banks"
borrower = "alpha"
binding = true
limit = ["was 13.5 B USD filed [s1]", "20 B USD filed [s1]", "18 B USD assumed [desk]"]
)");
    Entry const& limit = read.book.deal("d")->parameters.at("limit");
    REQUIRE(limit.rivals.size() == 3);
    CHECK(limit.used()->value == 20e9);
    CHECK(limit.rivals[2].was);
}

TEST_CASE("one figure per period is a schedule, by calendar or fiscal year") {
    auto const read = read_text_as_book(head + R"(
[entity.oracle]
kind = "firm"
fiscal_year = "FY2026 ends 2026-05-31"
[entity.oracle.reported]
source = "filed [s1]"
revenue.FY2026-Q1 = "14.9 B USD"
revenue.FY2026 = "-1 B USD"
capex."FY2026-Q1..FY2026-Q3" = ["14 B USD", "was 12 B USD announced [s1]: guidance"]
staff.2025 = "4000 reported [s1]: people"
[deal.d]
kind = "sale"
buyer = "oracle"
seller = "beta"
fiscal = "oracle"
binding = true
total."2027..2028" = "3 B USD filed [s1]"
total.2026 = "1 B USD filed [s1]"
begin = "FY2028 filed [s1]"
paid.2025-04 = "0.5 B USD filed [s1]"
)");
    CHECK(read.all.find("warning: the run uses the sum of 'total' alone") != std::string::npos);
    CHECK(read.all.find("warning", read.all.find("warning") + 1) == std::string::npos);
    auto const& reported = read.book.entity("oracle")->reported;
    CHECK(reported.at("revenue").by_period.size() == 2);
    CHECK(reported.at("revenue").by_period[0].first.end == date_of(2025, 9));
    CHECK(reported.at("capex").by_period[0].second.size() == 2);
    CHECK(reported.at("staff").by_period[0].second[0].value == 4000);
    Deal const& deal = *read.book.deal("d");
    REQUIRE(deal.parameters.at("total").by_period.size() == 2);
    CHECK(deal.parameters.at("total").by_period[0].second[0].value == 1e9);
    CHECK(deal.parameters.at("begin").used()->period.begin == date_of(2027, 6));
    REQUIRE(deal.paid.size() == 1);
    CHECK(deal.paid[0].second.used()->value == 0.5e9);
}

TEST_CASE("a role may be split, and the rest takes what is left") {
    auto const read = good_book(R"(
[deal.d]
kind = "debt"
lender = { alpha = "25 % ~ uniform 0..100 assumed [desk]", banks = "rest" }
borrower = "beta"
limit = "1 B USD filed [s1]"
)");
    auto const& lenders = read.book.deal("d")->roles.at("lender");
    REQUIRE(lenders.size() == 2);
    CHECK(lenders[0].share == doctest::Approx(0.25));
    CHECK(lenders[0].share_figure->spread_written);
    CHECK(lenders[1].share == doctest::Approx(0.75));
}

TEST_CASE("term and until follow from each other") {
    auto const read = good_book(R"(
[deal.loan]
kind = "debt"
lender = "banks"
borrower = "beta"
limit = "1 B USD filed [s1]"
begin = 2026-01-01
until = 2028-01-01
[deal.warrant]
kind = "warrant"
issuer = "alpha"
holder = "beta"
purchases = "sale"
signed = 2026-01-01
until = "2030 filed [s1]"
[deal.sale]
kind = "sale"
buyer = "beta"
seller = "alpha"
total = "1 B USD filed [s1]"
)");
    CHECK(parameter(read.book, "loan", "term").value == doctest::Approx(24));
    CHECK(parameter(read.book, "loan", "term").standing == Standing::derived);
    CHECK(read.book.deal("warrant")->roles.at("purchases")[0].id == "sale");
    CHECK_FALSE(read.book.deal("sale")->parameters.count("term"));
}

TEST_CASE("what all deals share is read") {
    auto const read = good_book(R"(
[deal.sale]
kind = "sale"
buyer = "beta"
seller = "alpha"
item = "GB200"
total = "1 B USD filed [s1]"
binding = true
signed = "2025-04 filed [s1]: day not seen"
linked = ["loan"]
superseded_by = "loan"
option = { holder = "buyer", until = "2027 filed [s1]", term = "1 year filed [s1]: to 2032" }
fact.per_year_early = "30 B USD/year filed [s1]: another definition"
says.alpha = "we do not depend on it [s1 p.2]"
account.buyer = "fleet"
note = "as it stands"
[deal.loan]
kind = "debt"
lender = "banks"
borrower = "beta"
for = "sale"
limit = "1 B USD filed [s1]"
rate = "4 %/year filed [s1]"
over = "SOFR"
repay = "bullet assumed [desk]"
drawn.2025-06-30 = "0.4 B USD filed [s1]"
repaid.2025-H2 = "0.1 B USD filed [s1]"
[index.SOFR]
2025-12-31 = "3.9 %/year assumed [desk]"
)");
    Deal const& sale = *read.book.deal("sale");
    CHECK(sale.firm());
    CHECK(sale.signed_figure->remark == "day not seen");
    CHECK(sale.linked == std::vector<std::string>{"loan"});
    CHECK(sale.superseded_by == "loan");
    REQUIRE(sale.option);
    CHECK(sale.option->at("holder").references[0] == "buyer");
    CHECK(sale.option->at("term").used()->value == 12);
    CHECK(sale.facts.at("per_year_early").used()->value == doctest::Approx(2.5e9));
    CHECK(sale.facts.at("item").used()->word == "GB200");
    CHECK(sale.says.at("alpha").used()->word == "we do not depend on it");
    CHECK(sale.says.at("alpha").used()->sources[0].place == "p.2");
    CHECK(sale.account.at("buyer") == "fleet");
    Deal const& loan = *read.book.deal("loan");
    CHECK(loan.bound_for == std::vector<std::string>{"sale"});
    CHECK(loan.parameters.at("over").references[0] == "SOFR");
    CHECK(loan.parameters.at("repay").used()->word == "bullet");
    CHECK(loan.drawn.size() == 1);
    CHECK(loan.repaid.size() == 1);
}

TEST_CASE("other currencies become the model's money: balances at the last rate before, flows at "
          "the period's mean") {
    auto const read = good_book(R"(
[currency.JPY]
2025-03-31 = "100 JPY/USD assumed [desk]"
2025-06-30 = "200 JPY/USD assumed [desk]"
2025-09-30 = "0.01 USD/JPY assumed [desk]"
[entity.sbg]
kind = "investor"
[entity.sbg.opening.2025-06-30]
cash = "3 T JPY ~ uniform 1.5..3 filed [s1]"
[entity.sbg.reported]
revenue."2025-Q2..2025-Q3" = "1 T JPY filed [s1]"
)");
    Figure const& cash = *read.book.entity("sbg")->openings[0].accounts.at("cash").used();
    CHECK(cash.value == doctest::Approx(15e9));
    CHECK(cash.spread.parameters[0] == doctest::Approx(7.5e9));
    CHECK(cash.unit.same_dimension(unit("USD")));
    CHECK(print_figure(cash) == "3 T JPY filed");
    // The rates of the two quarters are 0.005 and 0.01 dollars.
    CHECK(read.book.entity("sbg")->reported.at("revenue").by_period[0].second[0].value ==
          doctest::Approx(7.5e9));
}

TEST_CASE("headlines, expectations and scenarios are read") {
    auto const read = good_book(R"(
[deal.sale-one]
kind = "sale"
buyer = "beta"
seller = "alpha"
total = "1 B USD filed [s1]"
begin = 2026-03-01
[headline.big]
by = ["alpha"]
amount = "5 B USD announced [s1]"
parts = ["sale-one"]
complete = true
[expect]
S1-1 = "deal.sale_one.total / alpha.debt at 2025-12-31 within 10..20 % filed [s1]"
S1-2 = "headline.big.amount within 4..6 B USD announced [s1]"
[scenario.base]
says = "All as it is"
[scenario.late]
says = "A year later and half"
extends = "base"
from = "2026-Q1"
set."deal.sale-one.begin" = "+ 4 quarter assumed [desk]"
set."deal.sale-one.total" = "* 0.5 assumed [desk]"
set.deal.sale-one.term = "2 year assumed [desk]"
set."model.mood" = "0.5 assumed [desk]"
set."entity.alpha.life" = "5 year assumed [desk]"
end = ["sale-one"]
fail = ["alpha"]
[model]
depth = "50 B USD assumed [desk]"
)");
    Book const& book = read.book;
    CHECK(book.headlines[0].complete);
    REQUIRE(book.expectations.size() == 2);
    CHECK(book.expectations[0].left == "deal.sale_one.total / alpha.debt");
    CHECK(book.expectations[0].at == parse_period("2025-12-31"));
    CHECK(book.expectations[0].within.spread.parameters[1] == doctest::Approx(0.2));
    REQUIRE(book.scenarios.size() == 2);
    Scenario const& late = book.scenarios[1];
    CHECK(late.extends == "base");
    REQUIRE(late.set.size() == 5);
    CHECK(late.set[0].operation == '+');
    CHECK(late.set[0].figure.value == 12);
    CHECK(late.set[1].operation == '*');
    CHECK(late.set[1].figure.value == 0.5);
    CHECK(late.set[2].path == "deal.sale-one.term");
    CHECK(late.set[2].figure.value == 24);
    CHECK(book.parameters.at("depth").used()->value == 50e9);
}

TEST_CASE("tables such as tranches are rows") {
    auto const read = good_book(R"(
[deal.d]
kind = "equity"
investor = "alpha"
issuer = "beta"
amount = "30 B USD filed [s1]"
source = "filed [s1]"
price = "pre-money 730 B USD"
tranches = [
  { on = "2026-04-01", pays = "10 B USD" },
  { on = "2026-Q3 assumed [desk]: second", pays = "20 B USD assumed [desk]" },
]
)");
    auto const& rows = read.book.deal("d")->parameters.at("tranches").rows;
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("pays").used()->value == 10e9);
    CHECK(rows[0].at("pays").used()->standing == Standing::filed);
    CHECK(rows[1].at("on").used()->period == *parse_period("2026-Q3"));
}

TEST_CASE("a missing party is the book's outside, if the book names one") {
    std::string content = head;
    content.replace(content.find("as_of"), 0, "outside = \"banks\"\n");
    auto const read = read_text_as_book(
        content +
        "[deal.d]\nkind = \"sale\"\nseller = \"alpha\"\ntotal = \"1 B USD filed [s1]\"\n");
    CHECK_MESSAGE(read.all.empty(), read.all);
    CHECK(read.book.deal("d")->roles.at("buyer")[0].id == "banks");
}

TEST_CASE("files of a folder are one book, and an id is written once") {
    BookFolder folder;
    folder.write("book.toml", head);
    folder.write("deals.toml", "[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = "
                               "\"alpha\"\ntotal = \"1 B USD filed [s1]\"\n");
    folder.write(".hidden.toml", "not = [ toml");
    folder.write("notes.txt", "nor this");
    auto const read = read_folder(folder.path.string());
    CHECK_MESSAGE(read.all.empty(), read.all);
    CHECK(read.book.deals.size() == 1);
    folder.write("more.toml", "[entity.alpha]\nname = \"Again\"\nkind = \"firm\"\n");
    auto const twice = read_folder(folder.path.string());
    CHECK(twice.all.find("more.toml:1:9: error: 'entity.alpha' is written twice") !=
          std::string::npos);
    CHECK(twice.all.find("book.toml:9:1: note: 'entity.alpha' was written first here") !=
          std::string::npos);
    CHECK(twice.diagnostics.errors() == 1);
}

TEST_CASE("the digest tells the same bytes from others") {
    BookFolder one, two;
    for (auto const* folder : {&one, &two}) folder->write("book.toml", head);
    Diagnostics diagnostics;
    std::string const digest = book_digest(*read_book_text(one.path.string(), diagnostics));
    CHECK(digest.size() == 16);
    CHECK(digest == book_digest(*read_book_text(two.path.string(), diagnostics)));
    two.write("book.toml", head + "\n");
    CHECK(digest != book_digest(*read_book_text(two.path.string(), diagnostics)));
    // FNV-1a of "x.toml" 0xff "a" 0xff, by hand with any implementation of it.
    BookFolder known;
    known.write("x.toml", "a");
    Diagnostics ignored;
    CHECK(book_digest(*read_book_text((known.path / "x.toml").string(), ignored)) ==
          "47b0000e288d8ddc");
}

TEST_CASE("a bare day may stand among rivals and in a scenario") {
    auto const read =
        good_book("[deal.d]\nkind = \"sale\"\nbuyer = \"beta\"\nseller = \"alpha\"\n"
                  "total = \"1 B USD filed [s1]\"\nbegin = [2026-05-01, \"2027 filed [s1]\"]\n"
                  "[scenario.s]\nset.\"deal.d.begin\" = 2028-01-01\n");
    CHECK(parameter(read.book, "d", "begin").period == *parse_period("2026-05-01"));
    CHECK(read.book.deal("d")->parameters.at("begin").rivals.size() == 2);
    CHECK(read.book.scenarios[0].set[0].figure.period == *parse_period("2028-01-01"));
}

TEST_CASE("a sector of the model may be declared again to give it a name") {
    auto const read =
        good_book("[entity.customers]\nname = \"Everybody who pays\"\nkind = \"outside\"\n");
    CHECK(read.book.entity("customers")->name == "Everybody who pays");
    CHECK(read.book.entity("suppliers")->name == "suppliers");
    CHECK(read.book.entities.size() == 6);
}
