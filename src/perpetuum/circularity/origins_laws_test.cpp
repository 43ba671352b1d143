// Laws that hold on any set of payments, tried on random ones.
#include "payments_for_tests.hpp"

#include <doctest/doctest.h>
#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <array>
#include <cmath>

using namespace perpetuum;

namespace {

struct BookRandom { // Knuth's MMIX generator
    std::uint64_t state;
    int below(int bound) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(bound));
    }
    bool chance(int percent) { return below(100) < percent; }
};

constexpr int firms = 6, steps = 5;

/// Two sectors, a market, five firms and a fund over five steps; deals 0..9, some bound or linked,
/// exchanges and named tills.
TestBook random_book(BookRandom& random, bool overdrawn) {
    TestBook book;
    for (char const* sector : {"ai", "classic", "market"}) book.party(sector, PartyType::outside);
    std::vector<std::int64_t> cash;
    for (int k = 0; k < firms; ++k) {
        cash.push_back(5 * random.below(4));
        book.party(std::string(1, static_cast<char>('a' + k)),
                   k == firms - 1 ? PartyType::conduit : PartyType::firm, cash.back());
    }
    std::array<Nature, 4> const natures{Nature::sale, Nature::sale, Nature::finance, Nature::other};
    auto const id = [&](int k) { return std::string(1, static_cast<char>('a' + k)); };
    auto const name_tills = [&](NetworkPayment& p) {
        if (random.chance(20)) p.till_payer = 1;
        if (random.chance(20)) p.till_payee = 1;
    };
    for (int step = 0; step < steps; ++step) {
        std::vector<std::int64_t> can_pay = cash;
        for (int k = 0; k < firms; ++k) {
            if (random.chance(40)) continue;
            int const sector = random.below(3), amount = 1 + random.below(9);
            auto& p =
                book.pay(step, book.set.parties[static_cast<std::size_t>(sector)].id, id(k), amount,
                         sector == 2 ? Nature::finance : Nature::sale, random.below(10));
            if (random.chance(30)) p.till_payee = 1;
            can_pay[static_cast<std::size_t>(k)] += amount;
        }
        for (int tries = 0; tries < 12; ++tries) {
            int const a = random.below(firms), b = random.below(firms);
            auto& mine = can_pay[static_cast<std::size_t>(a)];
            if (a == b || (mine < 1 && !overdrawn)) continue;
            int const most = overdrawn ? 8 : static_cast<int>(std::min<std::int64_t>(mine, 20));
            int const amount = 1 + random.below(most);
            mine -= amount;
            can_pay[static_cast<std::size_t>(b)] += amount;
            name_tills(book.pay(step, id(a), id(b), amount,
                                natures[static_cast<std::size_t>(random.below(4))],
                                random.below(10)));
        }
        if (random.chance(40)) { // goods for shares
            int const a = random.below(firms), b = (a + 1 + random.below(firms - 1)) % firms;
            book.pay(step, id(a), id(b), 1 + random.below(9), Nature::finance).pair = step;
            book.pay(step, id(b), id(a), 1 + random.below(9), Nature::sale).pair = step;
        }
        cash = can_pay;
    }
    return book;
}

void bind(TestBook& book, BookRandom& random) {
    for (int k = random.below(3); k >= 0; --k) {
        PaymentSet::Binding binding{random.below(10), {random.below(10)}};
        if (random.chance(50)) binding.purposes.push_back(random.below(10));
        book.set.bindings.push_back(binding);
    }
}

std::array<Split const*, 5> five(FirmOrigin const& row) {
    return {&row.customers, &row.outside_capital, &row.held_before, &row.own_money_back,
            &row.partners_money};
}

void check_order(Split const& split) {
    OriginReadings const& r = split.readings;
    for (double const reading : {split.typical, r.fifo, r.lifo, r.pro_rata, r.linked}) {
        CHECK(split.at_least <= reading + 1e-9);
        CHECK(reading <= split.at_most + 1e-9);
    }
    CHECK(split.at_least >= 0);
    CHECK(split.at_most <= 1);
}

void check_laws(FirmOrigin const& row) {
    if (row.revenue == 0) return;
    double least = 0, most = 0;
    std::array<double, 5> sums{};
    for (Split const* split : five(row)) {
        check_order(*split);
        least += split->at_least;
        most += split->at_most;
        OriginReadings const& r = split->readings;
        std::array<double, 5> const values{split->typical, r.fifo, r.lifo, r.pro_rata, r.linked};
        for (std::size_t k = 0; k < values.size(); ++k) sums[k] += values[k];
    }
    check_order(row.circular);
    CHECK(least <= 1 + 1e-12);
    CHECK(most >= 1 - 1e-12);
    for (double const sum : sums) CHECK(std::abs(sum - 1) < 1e-9);
    CHECK(row.circular.at_least >=
          row.own_money_back.at_least + row.partners_money.at_least - 1e-12);
    CHECK(row.circular.at_most <= row.own_money_back.at_most + row.partners_money.at_most + 1e-12);
    CHECK(row.own_money_back.of_which_finance <= row.own_money_back.typical + 1e-12);
    for (auto const& [whole, parts] : {std::pair{row.customers.typical, row.customers.parts},
                                       {row.partners_money.typical, row.partners_money.parts}}) {
        double sum = 0;
        for (auto const& part : parts) sum += part.second;
        CHECK(sum == doctest::Approx(whole).epsilon(1e-9));
    }
}

} // namespace

TEST_CASE("every reading lies within the bounds, and each sums to one") {
    BookRandom random{11};
    int asked = 0;
    for (int trial = 0; trial < 300; ++trial) {
        TestBook book = random_book(random, trial % 5 == 0);
        if (trial % 2 == 0) bind(book, random);
        if (trial % 3 == 0) book.set.linked.push_back({random.below(10), random.below(10)});
        int const first = random.below(steps), last = first + random.below(steps);
        for (FirmOrigin const& row : origins(book.in_dollars(), first, last)) {
            check_laws(row);
            asked += row.revenue > 0 ? 1 : 0;
            if (row.spending.paid > 0) {
                SpendingOrigin const& s = row.spending;
                CHECK(s.customers + s.outside_capital + s.held_before + s.own_money_back +
                          s.partners_money ==
                      doctest::Approx(1).epsilon(1e-9));
            }
        }
    }
    CHECK(asked > 500);
}

TEST_CASE("a bound purpose narrows the interval, never widens it") {
    BookRandom random{12};
    int narrower = 0;
    for (int trial = 0; trial < 200; ++trial) {
        TestBook fungible = random_book(random, trial % 5 == 0);
        for (NetworkPayment& p :
             fungible.set.payments) // a binding goes before a named till; apart they only narrow
            if (p.till_payer > 0 || p.till_payee > 0) p.deal = -1;
        TestBook bound = fungible;
        bind(bound, random);
        auto const wide = origins(fungible.in_dollars(), 0, steps, {.readings = false});
        auto const tight = origins(bound.in_dollars(), 0, steps, {.readings = false});
        for (std::size_t k = 0; k < wide.size(); ++k) {
            if (wide[k].revenue == 0) continue;
            CHECK(wide[k].revenue == tight[k].revenue);
            for (std::size_t c = 0; c < 5; ++c) {
                Split const &a = *five(wide[k])[c], &b = *five(tight[k])[c];
                CHECK(a.at_least <= b.at_least);
                CHECK(b.at_most <= a.at_most);
                narrower += a.at_least < b.at_least || b.at_most < a.at_most ? 1 : 0;
            }
        }
    }
    CHECK(narrower > 50);
}

TEST_CASE("numbering the parties otherwise changes nothing") {
    BookRandom random{13};
    for (int trial = 0; trial < 60; ++trial) {
        TestBook book = random_book(random, false);
        bind(book, random);
        book.set.linked.push_back({random.below(10), random.below(10)});
        TestBook turned = book;
        int const most = static_cast<int>(book.set.parties.size()) - 1;
        std::reverse(turned.set.parties.begin(), turned.set.parties.end());
        std::reverse(turned.set.opening.begin(), turned.set.opening.end());
        for (NetworkPayment& p : turned.set.payments) {
            p.payer = most - p.payer;
            p.payee = most - p.payee;
        }
        auto one = origins(book.in_dollars(), 1, 3), other = origins(turned.in_dollars(), 1, 3);
        std::reverse(other.begin(), other.end());
        REQUIRE(one.size() == other.size());
        for (std::size_t k = 0; k < one.size(); ++k) {
            CHECK(one[k].id == other[k].id);
            CHECK(one[k].revenue == other[k].revenue);
            if (one[k].revenue == 0) continue;
            for (std::size_t c = 0; c < 5; ++c) {
                Split const &a = *five(one[k])[c], &b = *five(other[k])[c];
                CHECK(a.at_least == b.at_least);
                CHECK(a.at_most == b.at_most);
                CHECK(a.typical == doctest::Approx(b.typical).epsilon(1e-11));
                CHECK(a.readings.fifo == doctest::Approx(b.readings.fifo).epsilon(1e-11));
                CHECK(a.readings.lifo == doctest::Approx(b.readings.lifo).epsilon(1e-11));
                CHECK(a.readings.linked == doctest::Approx(b.readings.linked).epsilon(1e-11));
            }
        }
    }
}

TEST_CASE("a smaller coin changes no share where nothing is rounded") {
    BookRandom random{14};
    for (int trial = 0; trial < 40; ++trial) {
        TestBook book = random_book(random, false), fine = book;
        for (std::int64_t& amount : fine.set.opening) amount *= 100;
        for (NetworkPayment& p : fine.set.payments) p.amount *= 100;
        auto const a = origins(book.in_dollars(), 0, steps),
                   b = origins(fine.in_dollars(), 0, steps);
        for (std::size_t k = 0; k < a.size(); ++k) {
            if (a[k].revenue == 0) continue;
            CHECK(b[k].revenue == 100 * a[k].revenue);
            CHECK(a[k].circular.at_least == doctest::Approx(b[k].circular.at_least));
            CHECK(a[k].circular.typical == doctest::Approx(b[k].circular.typical));
            CHECK(a[k].circular.at_most == doctest::Approx(b[k].circular.at_most));
        }
    }
}

TEST_CASE("damaged numbers of tills, deals and pairs neither crash nor hang") {
    BookRandom random{15};
    for (int trial = 0; trial < 60; ++trial) {
        TestBook book = random_book(random, true);
        for (NetworkPayment& p : book.set.payments) {
            if (random.chance(10)) p.payee = p.payer;
            if (random.chance(10)) p.pair = random.below(3);
            if (random.chance(10)) p.till_payee = random.below(1 << 30);
            if (random.chance(10)) p.deal = random.below(1 << 30) - (1 << 29);
        }
        book.set.bindings.push_back({-1, {-1, 1 << 30}});
        book.set.bindings.push_back({3, {3}});
        book.set.linked.push_back({4, 4});
        book.set.linked.push_back({-2, -1});
        for (FirmOrigin const& row : origins(book.in_dollars(), -5, 1 << 30)) check_laws(row);
    }
}

TEST_CASE("twenty firms, 41 quarters and 150 payments in each keep the laws") {
    BookRandom random{16};
    TestBook book;
    std::vector<std::string> insiders, outsiders;
    for (int k = 0; k < 20; ++k) {
        insiders.push_back("f" + std::to_string(k));
        book.party(insiders.back(), k < 17 ? PartyType::firm : PartyType::conduit,
                   1'000'000'000'000);
    }
    for (int k = 0; k < 6; ++k) {
        outsiders.push_back("o" + std::to_string(k));
        book.party(outsiders.back(), PartyType::outside);
    }
    auto const one_of = [&](std::vector<std::string> const& names) -> std::string const& {
        return names[static_cast<std::size_t>(random.below(static_cast<int>(names.size())))];
    };
    for (int k = 0; k < 41 * 150; ++k) {
        int const deal = random.below(100), draw = random.below(10);
        std::int64_t const amount =
            1'000'000'000 + 1000 * static_cast<std::int64_t>(random.below(1'000'000'000));
        std::string const from = draw < 3 ? one_of(outsiders) : one_of(insiders);
        std::string const to = draw >= 3 && draw < 5 ? one_of(outsiders) : one_of(insiders);
        Nature const nature = random.chance(70)   ? Nature::sale
                              : random.chance(70) ? Nature::finance
                                                  : Nature::other;
        NetworkPayment& payment = book.pay(k / 150, from, to, amount, nature, deal);
        if (random.chance(10)) payment.till_payee = 1;
        if (random.chance(10)) payment.till_payer = 1;
    }
    for (int k = 0; k < 10; ++k) {
        book.set.bindings.push_back({k, {20 + k, 40 + k}});
        book.set.linked.push_back({60 + k, 80 + k});
    }
    for (FirmOrigin const& row : origins(book.set, 20, 23)) check_laws(row);
}
