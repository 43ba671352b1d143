#include "payments_for_tests.hpp"

#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <cmath>

using namespace perpetuum;

namespace {

constexpr Nature sale = Nature::sale, finance = Nature::finance, other = Nature::other;

FirmOrigin ask(TestBook& book, std::string const& firm, int first = 0, int last = 99) {
    return origins(book.in_dollars(), first, last, {.firms = {book.number(firm)}}).front();
}

void check_split(Split const& split, double at_least, double typical, double at_most) {
    CHECK(split.at_least == doctest::Approx(at_least).epsilon(1e-12));
    CHECK(split.typical == doctest::Approx(typical).epsilon(1e-12));
    CHECK(split.at_most == doctest::Approx(at_most).epsilon(1e-12));
}
void check_readings(Split const& split, double fifo, double lifo, double linked) {
    CHECK(split.readings.fifo == doctest::Approx(fifo).epsilon(1e-12));
    CHECK(split.readings.lifo == doctest::Approx(lifo).epsilon(1e-12));
    CHECK(split.readings.pro_rata == split.typical);
    CHECK(split.readings.linked == doctest::Approx(linked).epsilon(1e-12));
}

/// N invests 10 in O, which has 5 from its customers; O pays R 15, R pays N 12; others pay N 20.
TestBook ono(std::vector<int> const& step) {
    TestBook book;
    book.party("C", PartyType::outside);
    book.party("N", PartyType::firm, 20);
    book.party("O");
    book.party("R");
    book.pay(step[0], "C", "O", 5, sale);
    book.pay(step[1], "N", "O", 10, finance);
    book.pay(step[2], "O", "R", 6, sale);
    book.pay(step[3], "O", "R", 9, sale);
    book.pay(step[4], "R", "N", 12, sale);
    book.pay(step[5], "C", "N", 20, sale);
    return book;
}

/// N's till is its own affair: with or without 20 in it, nothing of its receipts changes.
TestBook ono_in_one_quarter() {
    TestBook book = ono({0, 0, 0, 0, 0, 0});
    book.set.opening[1] = 0;
    return book;
}

} // namespace

TEST_CASE("of the 32 that N got in one quarter, 8 are its own money back: at least 7, at most 10") {
    TestBook book = ono_in_one_quarter();
    FirmOrigin const n = ask(book, "N");
    CHECK(n.revenue == 32);
    CHECK(n.paid_in == 10);
    check_split(n.own_money_back, 7. / 32, 8. / 32, 10. / 32);
    check_split(n.customers, 22. / 32, 24. / 32, 25. / 32);
    check_split(n.partners_money, 0, 0, 0);
    check_split(n.held_before, 0, 0, 0);
    check_split(n.outside_capital, 0, 0, 0);
    check_split(n.circular, 7. / 32, 8. / 32, 10. / 32);
    check_readings(n.own_money_back, 0.25, 0.25, 0.25);
    CHECK(n.own_money_back.of_which_finance == doctest::Approx(0.25));
    CHECK(n.return_share.at_least == doctest::Approx(0.7));
    CHECK(n.return_share.typical == doctest::Approx(0.8));
    CHECK(n.return_share.at_most == doctest::Approx(1.0));
    REQUIRE(n.customers.parts.size() == 1);
    CHECK(n.customers.parts[0].first == "C");
    CHECK(n.customers.parts[0].second == doctest::Approx(0.75));
}

TEST_CASE("R's revenue is one third customers' and two thirds N's, whatever the convention") {
    TestBook book = ono_in_one_quarter();
    FirmOrigin const r = ask(book, "R");
    CHECK(r.revenue == 15);
    check_split(r.customers, 1. / 3, 1. / 3, 1. / 3);
    check_split(r.partners_money, 2. / 3, 2. / 3, 2. / 3);
    check_split(r.circular, 2. / 3, 2. / 3, 2. / 3);
    REQUIRE(r.partners_money.parts.size() == 1);
    CHECK(r.partners_money.parts[0].first == "N");
    CHECK(r.partners_money.parts[0].second == doctest::Approx(2. / 3));
}

TEST_CASE("O's revenue is all customers'; what it spends is 5 of theirs and 10 of partners'") {
    TestBook book = ono_in_one_quarter();
    FirmOrigin const o = ask(book, "O");
    CHECK(o.revenue == 5);
    check_split(o.customers, 1, 1, 1);
    CHECK(o.spending.paid == 15);
    CHECK(o.spending.customers == doctest::Approx(5. / 15));
    CHECK(o.spending.partners_money == doctest::Approx(10. / 15));
    REQUIRE(o.spending.by_partner.size() == 1);
    CHECK(o.spending.by_partner[0].first == "N");
    CHECK(o.spending.by_sector[0].second == doctest::Approx(5. / 15));
}

TEST_CASE("on the ledger, day by day, the readings are 7, 7 and 8, within 7 to 10") {
    TestBook book = ono({0, 1, 2, 3, 4, 5});
    FirmOrigin const n = ask(book, "N");
    check_split(n.own_money_back, 7. / 32, 8. / 32, 10. / 32);
    check_split(n.customers, 22. / 32, 24. / 32, 25. / 32);
    check_readings(n.own_money_back, 7. / 32, 7. / 32, 8. / 32);
}

TEST_CASE(
    "first in first out pays what lay in the till first, last in first out what came in today") {
    // O holds 5 of C; N's 10 come on the same day as O's payment: opening first pays 5 + 10,
    // receipts first 10 + 5; alike 5 : 10.
    TestBook book;
    book.party("C", PartyType::outside);
    book.party("N", PartyType::firm, 20);
    book.party("O");
    book.pay(0, "C", "O", 5, sale);
    book.pay(1, "N", "O", 10, finance);
    book.pay(1, "O", "N", 9, sale);
    FirmOrigin const n = ask(book, "N");
    check_split(n.own_money_back, 4. / 9, 6. / 9, 1);
    check_readings(n.own_money_back, 4. / 9, 1, 6. / 9);
    check_readings(n.customers, 5. / 9, 0, 3. / 9);
}

TEST_CASE("Homestore: 10 paid for services, 9 come back as revenue, all of it own money though "
          "none was finance") {
    TestBook book;
    book.party("C", PartyType::outside);
    for (char const* firm : {"H", "V", "M"}) book.party(firm);
    book.set.opening[1] = 50;
    book.pay(0, "H", "V", 10, sale);
    book.pay(1, "V", "M", 10, sale);
    book.pay(2, "M", "H", 9, sale);
    book.pay(3, "C", "H", 11, sale);
    FirmOrigin const h = ask(book, "H");
    check_split(h.own_money_back, 9. / 20, 9. / 20, 9. / 20);
    CHECK(h.own_money_back.of_which_finance == 0);
    check_split(h.customers, 11. / 20, 11. / 20, 11. / 20);
    CHECK(h.return_share.typical == doctest::Approx(0.9));
    CHECK(h.spending.held_before == doctest::Approx(1));
}

TEST_CASE("a vehicle whose supplier put in 2 of its 20, all spent there, gives 10 % under every "
          "convention") {
    TestBook book;
    book.party("market", PartyType::outside);
    book.party("N", PartyType::firm, 100);
    book.party("V", PartyType::conduit);
    book.pay(0, "market", "V", 18, other);
    book.pay(0, "N", "V", 2, finance);
    book.pay(0, "V", "N", 20, sale);
    FirmOrigin const n = ask(book, "N");
    check_split(n.own_money_back, 0.1, 0.1, 0.1);
    check_split(n.outside_capital, 0.9, 0.9, 0.9);
    check_readings(n.own_money_back, 0.1, 0.1, 0.1);
    CHECK(n.own_money_back.of_which_finance == doctest::Approx(0.1));
}

TEST_CASE("a fund is looked through: its finance is its owners' money, not a partner's") {
    TestBook book;
    book.party("market", PartyType::outside);
    book.party("fund", PartyType::conduit);
    book.party("P");
    book.party("O");
    book.party("R");
    book.pay(0, "market", "fund", 30, finance);
    book.pay(0, "market", "P", 10, finance);
    book.pay(0, "fund", "O", 30, finance);
    book.pay(0, "P", "O", 10, finance);
    book.pay(0, "O", "R", 40, sale);
    FirmOrigin const r = ask(book, "R");
    check_split(r.outside_capital, 0.75, 0.75, 0.75);
    check_split(r.partners_money, 0.25, 0.25, 0.25);
}

TEST_CASE("the window selects receipts only: money paid in before it is own money still") {
    TestBook book;
    book.party("N", PartyType::firm, 10);
    book.party("O", PartyType::firm, 30);
    book.pay(0, "N", "O", 10, finance);
    book.pay(4, "O", "N", 20, sale);
    FirmOrigin const n = ask(book, "N", 4, 7);
    CHECK(n.revenue == 20);
    check_split(n.own_money_back, 0, 0.25, 0.5);
    check_split(n.held_before, 0.5, 0.75, 1);
    CHECK(n.paid_in == 0);
    CHECK(std::isnan(n.return_share.typical));
    FirmOrigin const before = ask(book, "N", 0, 3);
    CHECK(before.revenue == 0);
    CHECK(std::isnan(before.own_money_back.typical));
    CHECK(before.return_share.typical == 0);
}

TEST_CASE("finance given as goods is two payments bound to each other: own money back, exactly, "
          "through no till") {
    TestBook book;
    book.party("C", PartyType::outside);
    book.party("N");
    book.party("O", PartyType::firm, 1000);
    book.party("M", PartyType::firm, 1000);
    book.pay(0, "N", "O", 6, finance).pair = 1;
    book.pay(0, "O", "N", 6, sale).pair = 1;
    book.pay(0, "O", "N", 2, sale);
    book.pay(0, "C", "N", 4, sale);
    FirmOrigin const n = ask(book, "N");
    CHECK(n.revenue == 12);
    check_split(n.own_money_back, 0.5, 0.5, 0.5);
    check_readings(n.own_money_back, 0.5, 0.5, 0.5);
    CHECK(n.own_money_back.of_which_finance == doctest::Approx(0.5));
    check_split(n.held_before, 2. / 12, 2. / 12, 2. / 12);
    FirmOrigin const o = ask(book, "O"); // what it pays with N's credit is N's money
    CHECK(o.spending.paid == 8);
    CHECK(o.spending.partners_money == doctest::Approx(0.75));
    CHECK(o.spending.held_before == doctest::Approx(0.25));
}

TEST_CASE(
    "an exchange of unequal sides is bound up to the smaller one; the rest comes from the till") {
    TestBook book;
    book.party("N", PartyType::firm, 100);
    book.party("O", PartyType::firm, 100);
    book.pay(0, "N", "O", 6, finance).pair = 0;
    book.pay(0, "O", "N", 10, sale).pair = 0;
    FirmOrigin const n = ask(book, "N");
    check_split(n.own_money_back, 0.6, 0.6, 0.6);
    check_split(n.held_before, 0.4, 0.4, 0.4);
}

TEST_CASE("more classic receipts with equal classic costs, through the classic till, change no "
          "origin of spending") {
    auto const spending = [](std::int64_t more) {
        TestBook book;
        book.party("AI", PartyType::outside);
        book.party("classic", PartyType::outside);
        book.party("suppliers", PartyType::outside);
        book.party("M", PartyType::firm, 50);
        book.party("N");
        for (int step = 0; step < 3; ++step) {
            book.pay(step, "AI", "M", 10, sale);
            book.pay(step, "classic", "M", 40 + more, sale).till_payee = 1;
            book.pay(step, "M", "suppliers", 30 + more, other).till_payer = 1;
            book.pay(step, "M", "N", 25, sale);
        }
        return ask(book, "M").spending;
    };
    SpendingOrigin const small = spending(0), large = spending(1000);
    CHECK(small.paid == 75);
    CHECK(small.customers == doctest::Approx(large.customers).epsilon(1e-12));
    CHECK(small.held_before == doctest::Approx(large.held_before).epsilon(1e-12));
    REQUIRE(small.by_sector.size() == 2);
    CHECK(small.by_sector[0].second == doctest::Approx(large.by_sector[0].second).epsilon(1e-12));
}

TEST_CASE("what a named till lacks comes from the main till") {
    TestBook book;
    book.party("classic", PartyType::outside);
    book.party("M", PartyType::firm, 50);
    book.party("S");
    book.pay(0, "classic", "M", 10, sale).till_payee = 1;
    book.pay(0, "M", "S", 40, sale).till_payer = 1;
    FirmOrigin const s = ask(book, "S");
    check_split(s.customers, 0.25, 0.25, 0.25);
    check_split(s.held_before, 0.75, 0.75, 0.75);
}

namespace {

/// A loan of 12 under deal 1 that may only buy chips (deal 2) from A; B also has 18 of its own and
/// pays S 10, A 6 a step.
TestBook earmarked(bool bound) {
    TestBook book;
    book.party("bank", PartyType::outside);
    book.party("B", PartyType::firm, 18);
    book.party("A");
    book.party("S");
    book.pay(0, "bank", "B", 12, finance, 1);
    book.pay(0, "B", "A", 6, sale, 2);
    book.pay(0, "B", "S", 10, other, 3);
    book.pay(1, "B", "A", 6, sale, 2);
    if (bound) book.set.bindings.push_back({1, {2}});
    return book;
}

} // namespace

TEST_CASE("bound money pays only its purpose, now and later, and the interval closes") {
    TestBook fungible = earmarked(false), bound = earmarked(true);
    check_split(ask(fungible, "A").outside_capital, 0, 12. / 30, 1);
    check_split(ask(bound, "A").outside_capital, 1, 1, 1);
    CHECK(std::isnan(ask(bound, "S").outside_capital.typical)); // not paid for goods
    FirmOrigin const b = ask(bound, "B");
    CHECK(b.spending.outside_capital == doctest::Approx(1));
}

TEST_CASE("what the purpose no longer needs joins the till") {
    TestBook book = earmarked(true);
    book.set.payments[0].amount = 20; // 12 go to A, 8 are left when its last order is paid
    book.pay(2, "B", "S", 8, sale);
    FirmOrigin const s = ask(book, "S", 2, 2);
    check_split(s.outside_capital, 0, 8. / 16, 1); // 8 of the loan beside 8 held before
}

TEST_CASE("money that the firm spent otherwise was not kept for its purpose") {
    TestBook book = earmarked(true);
    book.set.opening[1] =
        6; // S gets 10 in the first step: 4 of them can only be the loan's, and 2 are left for A
    book.set.payments.back().amount = 2;
    CHECK(overdrafts(book.in_dollars()).empty());
    check_split(ask(book, "A").outside_capital, 1, 1, 1);
}

TEST_CASE("a linked finance pays its purchase first in the reading `linked`, and binds nothing") {
    TestBook book = earmarked(false);
    book.set.linked.push_back({1, 2});
    FirmOrigin const a = ask(book, "A");
    check_split(a.outside_capital, 0, 12. / 30, 1);
    // First in first out: the 18 pay the first step's 16 and 2 of the next 6. Last in: the loan
    // pays 12 of 16, then nothing.
    check_readings(a.outside_capital, 4. / 12, 4.5 / 12, 1);
    book.set.opening[1] = 4; // 4 + 12 − 6 − 10 = 0: the till cannot do without
    book.set.payments.pop_back();
    FirmOrigin const short_of = ask(book, "A");
    CHECK(short_of.outside_capital.readings.linked == doctest::Approx(1));
}

TEST_CASE("a till that pays what it never had is listed, and the lack is held before") {
    TestBook book;
    book.party("B");
    book.party("A");
    book.pay(0, "B", "A", 7, sale);
    auto const list = overdrafts(book.in_dollars());
    REQUIRE(list.size() == 1);
    CHECK(list[0].party == 0);
    CHECK(list[0].amount == 7);
    check_split(ask(book, "A").held_before, 1, 1, 1);
}

TEST_CASE("money that only runs in a ring within a step does not confuse anyone") {
    TestBook book;
    book.party("C", PartyType::outside);
    book.party("A");
    book.party("B");
    book.party("D");
    book.pay(0, "A", "B", 5, sale);
    book.pay(0, "B", "A", 5, sale);
    book.pay(0, "C", "D", 5, sale);
    check_split(ask(book, "D").customers, 1, 1, 1);
    check_split(ask(book, "A").own_money_back, 1, 1, 1);
}

TEST_CASE("without bounds or readings they are not known; a firm that is none is refused") {
    TestBook book = ono_in_one_quarter();
    FirmOrigin const n =
        origins(book.in_dollars(), 0, 0, {.firms = {1}, .bounds = false, .readings = false})
            .front();
    CHECK(n.own_money_back.typical == doctest::Approx(0.25));
    CHECK(std::isnan(n.own_money_back.at_least));
    CHECK(std::isnan(n.own_money_back.readings.fifo));
    CHECK(n.own_money_back.readings.pro_rata == doctest::Approx(0.25));
    CHECK_THROWS_AS(origins(book.set, 0, 0, {.firms = {0}}), BadInput);
    CHECK_THROWS_AS(origins(book.set, 0, 0, {.firms = {9}}), BadInput);
    CHECK(origins(book.set, 0, 0).size() == 3);
}

TEST_CASE("N's finance is 10 of the 12 that its buyers' chain pays it, and 10 of its 32") {
    TestBook book = ono_in_one_quarter();
    VendorFinancing const n = vendor_financing(book.in_dollars(), 1, 0, 0, 2);
    CHECK(n.finance == 10);
    CHECK(n.revenue_from_buyers == 12);
    CHECK(n.revenue == 32);
    CHECK(n.of_revenue_from_buyers == doctest::Approx(10. / 12));
    CHECK(n.of_revenue == doctest::Approx(10. / 32));
    VendorFinancing const direct =
        vendor_financing(book.set, 1, 0, 0, 1); // O itself buys nothing from N
    CHECK(direct.finance == 0);
    CHECK(std::isnan(direct.of_revenue_from_buyers));
    CHECK_THROWS_AS(vendor_financing(book.set, 1, 0, 0, 0), BadInput);
}
