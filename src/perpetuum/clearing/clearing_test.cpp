#include <perpetuum/clearing.hpp>

#include <perpetuum/base.hpp>
#include <perpetuum/clearing/trial.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace perpetuum;

TEST_CASE("when all can pay all is paid and nobody is short") {
    Trial trial;
    int const a = trial.firm(500), b = trial.firm(0);
    trial.due(a, b, 500);
    trial.offer(b, a, 300);
    Cleared const cleared = clear(trial);
    CHECK(cleared.paid == std::vector<double>{500, 300});
    CHECK(cleared.short_of == std::vector<double>{0, 0});
}

TEST_CASE("payments round a circle set each other off without cash behind them") {
    Trial trial;
    int const a = trial.firm(0), b = trial.firm(0), c = trial.firm(0);
    trial.due(a, b, 1'000'000);
    trial.due(b, c, 1'000'000);
    trial.due(c, a, 1'000'000);
    CHECK(clear(trial).paid == std::vector<double>{1'000'000, 1'000'000, 1'000'000});
    trial.offer(a, b, 400); // nothing is left for it
    CHECK(clear(trial).paid == std::vector<double>{1'000'000, 1'000'000, 1'000'000, 0});
}

TEST_CASE("dues are served before offers and low ranks before high ones") {
    Trial trial;
    int const payer = trial.firm(1000), payee = trial.sector();
    trial.offer(payer, payee, 400, 1);
    trial.due(payer, payee, 500, 9);
    trial.due(payer, payee, 300, 2);
    CHECK(clear(trial).paid == std::vector<double>{200, 500, 300});
    CHECK(clear(trial).short_of[0] == 0);
    trial.cash[0] = 400;
    CHECK(clear(trial).paid == std::vector<double>{0, 100, 300});
    CHECK(clear(trial).short_of[0] == 400);
}

TEST_CASE("equal ranks share pro rata, in whole coins, rounded down") {
    Trial trial;
    int const pool = trial.firm(100), one = trial.sector(), two = trial.sector();
    trial.offer(pool, one, 200);
    trial.offer(pool, two, 100);
    CHECK(clear(trial).paid == std::vector<double>{66, 33}); // of 66.67 and 33.33; a coin stays
    CHECK(clear(trial).short_of[0] == 0);                    // an offer cut is no default
    trial.cash[0] = 150;
    CHECK(clear(trial).paid == std::vector<double>{100, 50}); // exact where it can be
}

TEST_CASE("a senior group that rounding leaves a coin short gives nothing to juniors") {
    Trial trial;
    int const payer = trial.firm(100), payee = trial.sector();
    for (int i = 0; i < 3; ++i) trial.due(payer, payee, 67, 1);
    trial.due(payer, payee, 50, 2);
    CHECK(clear(trial).paid == std::vector<double>{33, 33, 33, 0});
}

TEST_CASE("the three banks of the systemicrisk package clear as published") {
    // Gandy & Veraart, R package systemicrisk, example of default_clearing: 165/112, 159/112 and
    // 3/2 are paid in all. One unit is 112,000 coins, so that every share is a whole number.
    double const unit = 112'000;
    Trial trial;
    int const banks[] = {trial.firm(0.5 * unit), trial.firm(0.625 * unit), trial.firm(0.75 * unit)};
    int const outside = trial.sector();
    double const external[] = {1.5, 0.5, 0.5};
    for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j)
            if (i != j) trial.due(banks[i], banks[j], 0.5 * unit);
        trial.due(banks[i], outside, external[i] * unit);
    }
    Cleared const cleared = clear(trial);
    auto const total = [&](std::size_t bank) {
        return cleared.paid[3 * bank] + cleared.paid[3 * bank + 1] + cleared.paid[3 * bank + 2];
    };
    CHECK(total(0) == 165'000);
    CHECK(total(1) == 159'000);
    CHECK(total(2) == 168'000);
    CHECK(cleared.short_of == std::vector<double>{115'000, 9'000, 0, 0});
}

TEST_CASE("default costs eat a share of all that a defaulter has, and can push the next one over") {
    // Rogers & Veraart (2013), with one share for cash and receipts. A has 1000 and owes B 2000: a
    // quarter is lost, B gets 750. B has 750 + 1000 and owes C 1800: 50 are missing, which is not
    // short; it pays what it has.
    Trial trial;
    int const a = trial.firm(1000), b = trial.firm(1000), c = trial.firm(0),
              lawyers = trial.sector();
    trial.due(a, b, 2000);
    int const second = trial.due(b, c, 1800);
    trial.default_cost(a, lawyers, 0.25);
    trial.default_cost(b, lawyers, 0.5);
    Cleared cleared = clear(trial);
    CHECK(cleared.paid == std::vector<double>{750, 1750});
    CHECK(cleared.lost == std::vector<double>{250, 0});
    CHECK(cleared.short_of == std::vector<double>{1250, 50, 0, 0});
    // With 1851 to pay, B is short by 101: half of 1750 is lost.
    trial.owed[static_cast<std::size_t>(second)] = 1851;
    cleared = clear(trial);
    CHECK(cleared.paid == std::vector<double>{750, 875});
    CHECK(cleared.lost == std::vector<double>{250, 875});
    CHECK(cleared.short_of == std::vector<double>{1250, 976, 0, 0});
}

TEST_CASE("default costs are rounded up to whole coins") {
    Trial trial;
    int const a = trial.firm(1001), b = trial.sector();
    trial.due(a, b, 5000);
    trial.default_cost(a, b, 0.5);
    CHECK(clear(trial).lost == std::vector<double>{501});
    CHECK(clear(trial).paid == std::vector<double>{500});
    trial.share[0] = 1e-300; // the smallest part of a coin is a coin
    CHECK(clear(trial).lost == std::vector<double>{1});
}

TEST_CASE("of two consistent outcomes the one without defaults is taken") {
    // If A and B both default everything is lost to costs; if neither does both pay in full.
    Trial trial;
    int const a = trial.firm(0), b = trial.firm(0), lawyers = trial.sector();
    trial.due(a, b, 1000);
    trial.due(b, a, 1000);
    trial.default_cost(a, lawyers, 1);
    trial.default_cost(b, lawyers, 1);
    CHECK(clear(trial).paid == std::vector<double>{1000, 1000});
    trial.due(b, lawyers, 101); // now B cannot
    CHECK(clear(trial).paid == std::vector<double>{0, 0, 0});
}

TEST_CASE(
    "a guarantor pays what is missing of a covered due, and the debtor is short all the same") {
    Trial trial;
    int const debtor = trial.firm(600), guarantor = trial.firm(5000), bank = trial.firm(0);
    int const due = trial.due(debtor, bank, 1000);
    trial.guarantee(guarantor, due, 10'000);
    Cleared const cleared = clear(trial);
    CHECK(cleared.paid == std::vector<double>{600});
    CHECK(cleared.called == std::vector<double>{400});
    CHECK(cleared.short_of == std::vector<double>{400, 0, 0});
    CHECK(cash_after(trial, cleared) == std::vector<double>{0, 4600, 1000});
}

TEST_CASE("a guarantee is not called for a hundred coins or fewer") {
    Trial trial;
    int const debtor = trial.firm(900), guarantor = trial.firm(5000), bank = trial.firm(0);
    int const due = trial.due(debtor, bank, 1000);
    trial.guarantee(guarantor, due, 10'000);
    CHECK(clear(trial).called == std::vector<double>{0});
    CHECK(clear(trial).short_of[0] == 100);
    trial.cash[0] = 899;
    CHECK(clear(trial).called == std::vector<double>{101});
    CHECK(clear(trial).short_of[0] == 101);
}

TEST_CASE("two guarantees on one due are called in order, each up to its cover") {
    Trial trial;
    int const debtor = trial.firm(100), first = trial.firm(9000), second = trial.firm(9000);
    int const bank = trial.firm(0);
    int const due = trial.due(debtor, bank, 2000);
    trial.guarantee(first, due, 500);
    trial.guarantee(second, due, 3000);
    Cleared const cleared = clear(trial);
    CHECK(cleared.called == std::vector<double>{500, 1400});
    CHECK(cleared.paid == std::vector<double>{100});
    CHECK(cleared.short_of == std::vector<double>{1900, 0, 0, 0});
}

TEST_CASE("a guarantor that fails pays its call by rank and is short itself") {
    Trial trial;
    int const debtor = trial.firm(0), guarantor = trial.firm(1500), bank = trial.firm(0);
    int const covered = trial.due(debtor, bank, 1000);
    trial.due(guarantor, bank, 800, 3);
    trial.offer(guarantor, bank, 400, 1); // wanted, but a call comes before it
    trial.guarantee(guarantor, covered, 1000, 4);
    Cleared const cleared = clear(trial);
    CHECK(cleared.paid == std::vector<double>{0, 800, 0});
    CHECK(cleared.called == std::vector<double>{700});
    CHECK(cleared.short_of == std::vector<double>{1000, 300, 0});
}

TEST_CASE("a call that makes a guarantor fail calls the guarantor's guarantor in the next round") {
    Trial trial;
    int const debtor = trial.firm(0), first = trial.firm(1000), second = trial.firm(1000);
    int const bank = trial.firm(0), other = trial.firm(0);
    int const covered = trial.due(debtor, bank, 800);
    int const own = trial.due(first, other, 1000, 9);
    // In the book's order the second round's guarantee stands first.
    trial.guarantee(second, own, 5000);
    trial.guarantee(first, covered, 5000, 1);
    Cleared const cleared = clear(trial);
    CHECK(cleared.called == std::vector<double>{800, 800});
    CHECK(cleared.paid == std::vector<double>{0, 200});
    CHECK(cleared.short_of == std::vector<double>{800, 800, 0, 0, 0});
}

TEST_CASE("a guarantee is called once: what goes missing later is not covered") {
    // Round one: the debtor has 500 and misses 500, which its guarantor is called for. Paying that,
    // the guarantor cuts its offer to the debtor, which then misses 300 more.
    Trial trial;
    int const debtor = trial.firm(200), guarantor = trial.firm(800), bank = trial.firm(0);
    int const due = trial.due(debtor, bank, 1000);
    trial.offer(guarantor, debtor, 300);
    trial.due(guarantor, bank, 300, 1);
    trial.guarantee(guarantor, due, 5000, 1);
    Cleared const cleared = clear(trial);
    CHECK(cleared.called == std::vector<double>{500});
    CHECK(cleared.paid == std::vector<double>{200, 0, 300});
    CHECK(cleared.short_of == std::vector<double>{800, 0, 0});
}

TEST_CASE("who had a guarantee called bears default costs even when the money comes back to it") {
    // The debtor has 600 for 1000: its guarantor is called for 400. With them the bank has 1000, of
    // which 700 go to a senior and 300 back to the debtor, which then has 900 for the 600 that it
    // still owes: it has failed all the same, and loses a tenth.
    Trial trial;
    int const debtor = trial.firm(600), guarantor = trial.firm(400), bank = trial.firm(0);
    int const lawyers = trial.sector();
    int const due = trial.due(debtor, bank, 1000);
    trial.due(bank, lawyers, 700, 1);
    trial.due(bank, debtor, 1000, 2);
    trial.guarantee(guarantor, due, 400);
    trial.default_cost(debtor, lawyers, 0.1);
    Cleared const cleared = clear(trial);
    CHECK(cleared.paid == std::vector<double>{600, 700, 300});
    CHECK(cleared.called == std::vector<double>{400});
    CHECK(cleared.lost == std::vector<double>{90});
    CHECK(cleared.short_of == std::vector<double>{400, 0, 700, 0});
}

TEST_CASE("outside sectors always pay and their purse is not looked at") {
    Trial trial;
    int const sector = trial.sector(), firm = trial.firm(0);
    trial.cash[0] = std::numeric_limits<double>::quiet_NaN();
    trial.due(sector, firm, 1e12);
    trial.due(firm, sector, 2e12);
    Cleared const cleared = clear(trial);
    CHECK(cleared.paid == std::vector<double>{1e12, 1e12});
    CHECK(cleared.short_of == std::vector<double>{0, 1e12});
}

TEST_CASE("lanes give what one lane at a time gives") {
    int const lanes = 37;
    Trial const shape = random_trial(5, {6, 20, 3000, 2000, true, true});
    std::vector<Trial> trials;
    for (int lane = 0; lane < lanes; ++lane) {
        Trial trial = shape;
        for (double& cash : trial.cash) cash = std::floor(cash * lane / 12);
        for (double& owed : trial.owed) owed = std::floor(owed * ((lane * 7) % 5));
        trials.push_back(trial);
    }
    auto const weave = [&](auto part) {
        std::vector<double> all;
        for (std::size_t i = 0; i < part(trials[0]).size(); ++i)
            for (Trial const& trial : trials) all.push_back(part(trial)[i]);
        return all;
    };
    auto const cash = weave([](Trial const& t) { return t.cash; });
    auto const owed = weave([](Trial const& t) { return t.owed; });
    auto const cover = weave([](Trial const& t) { return t.cover; });
    auto const share = weave([](Trial const& t) { return t.share; });
    std::vector<double> paid(owed.size()), called(cover.size()), lost(share.size()),
        short_of(cash.size());
    Clearing clearing(shape.system);
    clearing.clear({lanes, cash.data(), owed.data(), cover.data(), share.data()},
                   {paid.data(), called.data(), lost.data(), short_of.data()});
    std::vector<Cleared> single;
    for (Trial const& trial : trials) single.push_back(clear(trial));
    auto const woven = [&](auto part) {
        std::vector<double> all;
        for (std::size_t i = 0; i < part(single[0]).size(); ++i)
            for (Cleared const& cleared : single) all.push_back(part(cleared)[i]);
        return all;
    };
    CHECK(paid == woven([](Cleared const& c) { return c.paid; }));
    CHECK(called == woven([](Cleared const& c) { return c.called; }));
    CHECK(lost == woven([](Cleared const& c) { return c.lost; }));
    CHECK(short_of == woven([](Cleared const& c) { return c.short_of; }));
    CHECK(*std::max_element(short_of.begin(), short_of.end()) > 100); // the slow path was taken …
    CHECK(single[0].short_of == std::vector<double>(cash.size() / lanes, 0)); // … and the fast one
}

TEST_CASE("amounts that are negative, not whole, not finite or beyond 2^53 are refused") {
    Trial good;
    int const a = good.firm(100), b = good.firm(0), sector = good.sector();
    int const due = good.due(a, b, 100);
    good.guarantee(b, due, 100);
    good.default_cost(a, sector, 0.5);
    CHECK_NOTHROW(clear(good));
    double const nan = std::numeric_limits<double>::quiet_NaN();
    double const infinite = std::numeric_limits<double>::infinity();
    for (double bad : {-1.0, 0.5, nan, infinite, -infinite, 9007199254740994.0, 1e-320, 1e300}) {
        CAPTURE(bad);
        for (auto member : {&Trial::cash, &Trial::owed, &Trial::cover}) {
            Trial trial = good;
            (trial.*member)[0] = bad;
            CHECK_THROWS_AS(clear(trial), BadInput);
        }
    }
    for (double bad : {-0.01, 1.01, nan, infinite}) {
        Trial trial = good;
        trial.share[0] = bad;
        CHECK_THROWS_AS(clear(trial), BadInput);
    }
    Trial largest = good;
    largest.cash[0] = largest.owed[0] = 9007199254740992.0;
    CHECK(clear(largest).paid == std::vector<double>{9007199254740992.0});
}

TEST_CASE("a refusal names the item, the lane and the value") {
    Trial trial;
    int const a = trial.firm(100), b = trial.firm(0);
    trial.due(a, b, -3);
    try {
        clear(trial);
        FAIL("accepted");
    } catch (BadInput const& refusal) {
        CHECK(refusal.what ==
              "clearing: payment 0 is -3 in lane 0; expected whole coins from 0 to 2^53");
    }
}

TEST_CASE("systems that contradict themselves are refused") {
    Trial good;
    int const a = good.firm(100), b = good.firm(0), sector = good.sector();
    int const due = good.due(a, b, 100), offer = good.offer(a, b, 100);
    CHECK_NOTHROW(Clearing{good.system});
    auto const refused = [&](auto change) {
        ClearingSystem system = good.system;
        change(system);
        CHECK_THROWS_AS(Clearing{system}, BadInput);
    };
    refused([](auto& s) { s.entities = -1; });
    refused([](auto& s) { s.unlimited.pop_back(); });
    refused([&](auto& s) { s.payments[0].payer = 3; });
    refused([&](auto& s) { s.payments[0].payee = -1; });
    refused([&](auto& s) { s.guarantees.push_back({b, offer, 5}); });
    refused([&](auto& s) { s.guarantees.push_back({b, 2, 5}); });
    refused([&](auto& s) { s.guarantees.push_back({9, due, 5}); });
    refused([&](auto& s) { s.costs.push_back({a, b}); });
    refused([&](auto& s) { s.costs.assign(2, {a, sector}); });
    Clearing empty{ClearingSystem{}};
    CHECK_NOTHROW(empty.clear({}, {}));
    CHECK_THROWS_AS(empty.clear({0, nullptr, nullptr, nullptr, nullptr}, {}), BadInput);
    Clearing clearing{good.system};
    CHECK_THROWS_AS(clearing.clear({}, {}), BadInput);
}

TEST_CASE("a copy clears like the original") {
    Trial trial;
    int const a = trial.firm(10), b = trial.firm(0);
    trial.due(a, b, 500);
    Clearing copy{ClearingSystem{}};
    {
        Clearing const original{trial.system};
        copy = original;
    }
    double paid = 0, short_of[2] = {};
    copy.clear({1, trial.cash.data(), trial.owed.data(), nullptr, nullptr},
               {&paid, nullptr, nullptr, short_of});
    CHECK(paid == 10);
    CHECK(short_of[0] == 490);
}
