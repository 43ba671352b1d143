#include "payments_for_tests.hpp"

#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <cmath>
#include <random>

using namespace perpetuum;

namespace {

DollarBooking const& booking_of(DollarTrace const& trace, std::string const& id) {
    for (DollarBooking const& booking : trace.firms)
        if (booking.id == id) return booking;
    throw BadInput{"not reached: " + id};
}

double leak_of(DollarTrace const& trace, std::string const& kind, std::string const& to) {
    for (DollarLeak const& leak : trace.leaks)
        if (leak.kind == kind && leak.to == to) return leak.share;
    return 0;
}

TestBook ono() {
    TestBook book;
    book.party("customers", PartyType::outside);
    for (char const* firm : {"n", "o", "r"}) book.party(firm);
    book.pay(0, "customers", "o", 5, Nature::sale);
    book.pay(0, "customers", "n", 20, Nature::sale);
    book.pay(0, "n", "o", 10, Nature::finance);
    book.pay(0, "o", "r", 15, Nature::sale);
    book.pay(0, "r", "n", 12, Nature::sale);
    return book;
}

} // namespace

TEST_CASE("a customer's dollar at N is 4/3 of revenue there, 5/12 of capital at O, 5/12 of revenue "
          "at R") {
    // Of a dollar N passes 10/32 on, O all, R 12/15: a quarter comes back, 1 / (1 - 1/4) = 4/3.
    TestBook const book = ono();
    DollarTrace const trace = trace_dollar(book.set, book.number("n"), 0, 0);
    CHECK(trace.leaves);
    CHECK(booking_of(trace, "n").revenue == doctest::Approx(4.0 / 3));
    CHECK(booking_of(trace, "o").capital == doctest::Approx(5.0 / 12));
    CHECK(booking_of(trace, "o").revenue == 0);
    CHECK(booking_of(trace, "r").revenue == doctest::Approx(5.0 / 12));
    CHECK(trace.velocity == doctest::Approx(21.0 / 12));
    CHECK(trace.bookings == doctest::Approx(26.0 / 12));
    CHECK(leak_of(trace, "kept", "n") == doctest::Approx(11.0 / 12));
    CHECK(leak_of(trace, "kept", "r") == doctest::Approx(1.0 / 12));
    CHECK(trace.firms[0].id == "n");
}

TEST_CASE("a dollar put in at O goes round less: it meets the larger leak at once") {
    TestBook const book = ono();
    DollarTrace const trace = trace_dollar(book.set, book.number("o"), 0, 0);
    // O passes all on, R 0.8, N 10/32: O books 1 + 1/3, the third as capital.
    CHECK(booking_of(trace, "o").revenue == doctest::Approx(1));
    CHECK(booking_of(trace, "o").capital == doctest::Approx(1.0 / 3));
    CHECK(booking_of(trace, "r").revenue == doctest::Approx(4.0 / 3));
}

TEST_CASE("without the stake a dollar is booked once") {
    TestBook book;
    book.party("customers", PartyType::outside);
    book.party("n");
    book.pay(0, "customers", "n", 20, Nature::sale);
    DollarTrace const trace = trace_dollar(book.set, book.number("n"), 0, 0);
    CHECK(trace.velocity == 1);
    CHECK(trace.bookings == 1);
    CHECK(leak_of(trace, "kept", "n") == 1);
}

TEST_CASE("money that nobody keeps or pays out goes round for ever, and that is said") {
    TestBook book;
    book.party("a");
    book.party("b");
    book.pay(0, "a", "b", 7, Nature::sale);
    book.pay(0, "b", "a", 7, Nature::sale);
    DollarTrace const trace = trace_dollar(book.set, 0, 0, 0);
    CHECK_FALSE(trace.leaves);
    CHECK(std::isinf(trace.velocity));
    CHECK(trace.leaks.empty());
}

TEST_CASE("what is paid outside leaks under its type, what was held before is passed on whole") {
    TestBook book;
    book.party("state", PartyType::outside);
    book.party("staff", PartyType::outside);
    book.party("a", PartyType::firm, 100);
    book.set.kinds = {"tax", "wage"};
    book.pay(0, "a", "state", 30, Nature::other).kind = 0;
    book.pay(0, "a", "staff", 10, Nature::other).kind = 1;
    DollarTrace const trace = trace_dollar(book.set, book.number("a"), 0, 0);
    CHECK(leak_of(trace, "tax", "state") == doctest::Approx(0.75));
    CHECK(leak_of(trace, "wage", "staff") == doctest::Approx(0.25));
    CHECK(trace.velocity == 1);
}

TEST_CASE("leaks sum to one, and rounds followed one by one come to the same bookings") {
    std::mt19937 random(5);
    for (int round = 0; round < 100; ++round) {
        TestBook book;
        book.party("outside", PartyType::outside);
        int const firms = 6;
        for (int k = 0; k < firms; ++k) book.party("f" + std::to_string(k));
        for (int k = 0; k < 20; ++k) {
            int const from = static_cast<int>(random() % (firms + 1));
            int const to = static_cast<int>(random() % (firms + 1));
            if (from != to)
                book.pay(0, book.set.parties[static_cast<std::size_t>(from)].id,
                         book.set.parties[static_cast<std::size_t>(to)].id,
                         static_cast<std::int64_t>(1 + random() % 90), Nature::sale);
        }
        for (int k = 1; k <= firms; ++k)
            book.pay(0, "f" + std::to_string(k - 1), "outside", 3, Nature::other);
        DollarTrace const trace = trace_dollar(book.set, 1, 0, 0);
        REQUIRE(trace.leaves);
        double leaked = 0;
        for (DollarLeak const& leak : trace.leaks) leaked += leak.share;
        CHECK(leaked == doctest::Approx(1));

        std::vector<double> got(firms + 1, 0), paid(firms + 1, 0), here(firms + 1, 0),
            booked(firms + 1, 0);
        for (NetworkPayment const& p : book.set.payments) {
            got[static_cast<std::size_t>(p.payee)] += static_cast<double>(p.amount);
            paid[static_cast<std::size_t>(p.payer)] += static_cast<double>(p.amount);
        }
        here[1] = 1;
        for (int turn = 0; turn < 5000; ++turn) {
            std::vector<double> next(firms + 1, 0);
            for (std::size_t k = 1; k < here.size(); ++k) booked[k] += here[k];
            for (NetworkPayment const& p : book.set.payments) {
                auto const from = static_cast<std::size_t>(p.payer);
                if (from > 0)
                    next[static_cast<std::size_t>(p.payee)] += here[from] *
                                                               static_cast<double>(p.amount) /
                                                               std::max(got[from], paid[from]);
            }
            next[0] = 0;
            here = next;
        }
        for (DollarBooking const& booking : trace.firms)
            CHECK(booking.revenue + booking.capital + booking.other ==
                  doctest::Approx(booked[static_cast<std::size_t>(booking.party)]).epsilon(1e-9));
    }
}

TEST_CASE("nobody outside can be asked, and neither can a party that is not there") {
    TestBook const book = ono();
    CHECK_THROWS_AS(trace_dollar(book.set, 0, 0, 0), BadInput);
    CHECK_THROWS_AS(trace_dollar(book.set, 9, 0, 0), BadInput);
}

TEST_CASE("a vendor sells for 10, rents back for 3 and puts in 2: 5 are demand from outside") {
    TestBook book;
    book.party("customers", PartyType::outside);
    int const vendor = book.party("vendor", PartyType::firm, 5);
    int const renter = book.party("renter");
    book.set.minor_unit = 1;
    book.pay(0, "renter", "vendor", 10, Nature::sale);
    book.pay(0, "vendor", "renter", 3, Nature::sale);
    book.pay(0, "vendor", "renter", 2, Nature::finance);
    book.pay(0, "customers", "renter", 5, Nature::sale);
    PairFlows const flows = pair_flows(book.set, vendor, renter, 0, 0);
    CHECK(flows.sales == 10);
    CHECK(flows.bought_back == 3);
    CHECK(flows.finance == 2);
    CHECK(flows.net_outside_demand == 5);
    CHECK(flows.returned_share == 0.5);
    CHECK(flows.group_receipts == 5);
    CHECK(std::isnan(pair_flows(book.set, renter, vendor, 1, 1).returned_share));
    CHECK_THROWS_AS(pair_flows(book.set, vendor, vendor, 0, 0), BadInput);
}
