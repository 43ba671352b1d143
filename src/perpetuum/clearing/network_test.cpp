#include <perpetuum/clearing/networks_for_tests.hpp>

#include <perpetuum/base.hpp>

#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

ClearedNetwork cleared(DebtNetwork const& network) {
    return NetworkClearing(network).greatest(network.cash);
}

} // namespace

TEST_CASE("the three banks of systemicrisk pay what its manual prints") {
    // Gandy and Veraart, systemicrisk, default_clearing: 1.473214 1.419643 1.5; exactly 165/112 …
    DebtNetwork network;
    network.firms = 3;
    network.cash = {0.5, 0.625, 0.75};
    network.debts = {{0, 1, 0.5}, {0, 2, 0.5},  {1, 0, 0.5},  {1, 2, 0.5}, {2, 0, 0.5},
                     {2, 1, 0.5}, {0, -1, 1.5}, {1, -1, 0.5}, {2, -1, 0.5}};
    NetworkClearing const clearing(network);
    auto const found = clearing.greatest(network.cash);
    CHECK(found.paid[0] == doctest::Approx(165.0 / 112).epsilon(1e-15));
    CHECK(found.paid[1] == doctest::Approx(159.0 / 112).epsilon(1e-15));
    CHECK(found.paid[2] == 1.5);
    CHECK(found.wave == std::vector<int>{1, 2, 0});
    auto const certificate = clearing.certify(network.cash, found);
    CHECK(certificate.residual < 1e-15);
    CHECK(certificate.off_by < 1e-15);
    CHECK(certificate.imbalance < 1e-15);
    CHECK(certificate.anchored);
}

TEST_CASE("a chain fails link by link, one wave each") {
    DebtNetwork network;
    network.firms = 4;
    network.cash = {60, 30, 20, 0};
    network.debts = {{0, 1, 100}, {1, 2, 120}, {2, 3, 100}, {3, -1, 50}};
    auto const found = cleared(network);
    CHECK(found.paid == std::vector<double>{60, 90, 100, 50});
    CHECK(found.wave == std::vector<int>{1, 2, 0, 0}); // firm 2 has 20 + 90 and owes 100
    CHECK(found.waves == 2);
    CHECK(found.equity == std::vector<double>{0, 0, 10, 50});
}

TEST_CASE("default costs: who cannot pay in full keeps only the stated shares") {
    // A keeps half of 60, so B has 30 + 30 of 120 and keeps 0.5 · 30 + 0.8 · 30.
    DebtNetwork network;
    network.firms = 2;
    network.cash = {60, 30};
    network.debts = {{0, 1, 100}, {1, -1, 120}};
    network.kept_cash = {0.5, 0.5};
    network.kept_income = {0.8, 0.8};
    auto const found = cleared(network);
    CHECK(found.paid == std::vector<double>{30, 39});
    CHECK(found.wave == std::vector<int>{1, 2}); // B would have 130 if A paid
}

TEST_CASE("senior debts are served in full before junior ones get anything") {
    // A has 70: rank 1 gets its 50, rank 2 shares 20 of 40.
    DebtNetwork network;
    network.firms = 3;
    network.cash = {70, 0, 0};
    network.debts = {{0, 1, 10}, {0, 2, 50}, {0, 2, 30}};
    network.ranks = {2, 1, 2};
    NetworkClearing const clearing(network);
    auto const found = clearing.greatest(network.cash);
    CHECK(clearing.payments(found) == std::vector<double>{5, 50, 15});
    CHECK(found.equity == std::vector<double>{0, 5, 65});
}

TEST_CASE("two firms that hold each other's shares are worth more together than their cash") {
    // Worth: a = 10 + b/2, b = 20 + a/2 - 6: a = 17 / (3/4) = 68/3, b = 14 + 34/3 = 76/3.
    DebtNetwork network;
    network.firms = 2;
    network.cash = {10, 20};
    network.debts = {{1, -1, 6}};
    network.holdings = {{0, 1, 0.5}, {1, 0, 0.5}};
    auto const found = cleared(network);
    CHECK(found.equity[0] == doctest::Approx(68.0 / 3).epsilon(1e-12));
    CHECK(found.equity[1] == doctest::Approx(76.0 / 3).epsilon(1e-12));
    SUBCASE("and equity is the first to fall when one of them fails") {
        network.debts[0].amount = 40; // b has 20 + 5 of 40; a is worth its 10
        auto const worse = cleared(network);
        CHECK(worse.equity == std::vector<double>{10, 0});
        CHECK(worse.paid[1] == doctest::Approx(25).epsilon(1e-12));
    }
}

TEST_CASE("a guarantor pays what the debtor leaves unpaid, and may fail over it") {
    DebtNetwork network;
    network.firms = 3;
    network.cash = {40, 50, 0};
    network.debts = {{0, 2, 100}, {1, -1, 20}};
    network.guarantees = {{1, 0, 100, 1}};
    NetworkClearing const clearing(network);
    auto const found = clearing.greatest(network.cash);
    // The call is 60; the guarantor owes 80 in all and has 50, so each of its creditors gets 5/8.
    CHECK(found.called == std::vector<double>{60});
    CHECK(found.owed == std::vector<double>{100, 80, 0});
    CHECK(found.paid == std::vector<double>{40, 50, 0});
    CHECK(found.received[2] == doctest::Approx(40 + 37.5));
    CHECK(found.wave == std::vector<int>{1, 2, 0});
    CHECK(clearing.payments(found) == std::vector<double>{40, 12.5, 37.5});
    CHECK(clearing.certify(network.cash, found).imbalance < 1e-15);
    SUBCASE("a cover ends it") {
        network.guarantees[0].cover = 10;
        auto const covered = cleared(network);
        CHECK(covered.called == std::vector<double>{10});
        CHECK(covered.received[2] == 50);
        CHECK(covered.wave == std::vector<int>{1, 0, 0});
    }
}

TEST_CASE("a ring without money pays in full at most and nothing at least") {
    DebtNetwork network;
    network.firms = 3;
    network.cash = {0, 0, 0};
    network.debts = {{0, 1, 100}, {1, 2, 100}, {2, 0, 100}};
    NetworkClearing const clearing(network);
    CHECK(clearing.greatest(network.cash).paid == std::vector<double>{100, 100, 100});
    CHECK(clearing.least(network.cash).paid == std::vector<double>{0, 0, 0});
    SUBCASE("a coin in one till is enough to pay it all, one after the other") {
        CHECK(clearing.least({1, 0, 0}).paid == std::vector<double>{100, 100, 100});
    }
}

TEST_CASE("with default costs good faith decides: all pay, or nobody can") {
    // Each has 10 and owes 60, 50 of it to the other. Trusting, each has 60. Distrusting, each
    // keeps half: p = 5 + 5/12 · p, so p = 60/7.
    DebtNetwork network;
    network.firms = 2;
    network.cash = {10, 10};
    network.debts = {{0, 1, 50}, {1, 0, 50}, {0, -1, 10}, {1, -1, 10}};
    network.kept_cash = network.kept_income = {0.5, 0.5};
    NetworkClearing const clearing(network);
    CHECK(clearing.greatest(network.cash).paid == std::vector<double>{60, 60});
    auto const least = clearing.least(network.cash);
    CHECK(least.paid[0] == doctest::Approx(60.0 / 7).epsilon(1e-14));
    CHECK(least.paid[1] == doctest::Approx(60.0 / 7).epsilon(1e-14));
    CHECK(clearing.certify(network.cash, least).residual < 1e-14);
}

TEST_CASE("a loop that money leaves a billionth at a time is solved, not walked") {
    // Each owes the other 10^9 and outside 1; A has nothing, B 1/2: half a unit leaves in all.
    DebtNetwork network;
    network.firms = 2;
    network.cash = {0, 0.5};
    network.debts = {{0, 1, 1e9}, {1, 0, 1e9}, {0, -1, 1}, {1, -1, 1}};
    NetworkClearing const clearing(network);
    auto const found = clearing.greatest(network.cash);
    CHECK(found.settled);
    CHECK(found.solved > 0);
    // p = 1e9/(1e9+1) of the other's, plus own cash: what leaves is 0.5 = (p + q) / (1e9 + 1).
    CHECK((found.paid[0] + found.paid[1]) / (1e9 + 1) == doctest::Approx(0.5).epsilon(1e-12));
    auto const certificate = clearing.certify(network.cash, found);
    CHECK(certificate.anchored);
    CHECK(certificate.off_by < 1e-6);
}

TEST_CASE("what is out of range is refused with its place") {
    DebtNetwork network;
    network.firms = 2;
    network.cash = {1, 1};
    auto const refused = [&](DebtNetwork::Debt debt) {
        network.debts = {debt};
        CHECK_THROWS_AS(NetworkClearing{network}, BadInput);
    };
    refused({0, 0, 1});
    refused({0, 2, 1});
    refused({-1, 1, 1});
    refused({0, 1, -1});
    refused({0, 1, 0.0 / 0.0});
    network.debts = {{0, 1, 1}};
    network.holdings = {{0, 1, 1}, {1, 0, 1}};
    CHECK_THROWS_AS(NetworkClearing{network}, BadInput);
    network.holdings = {};
    CHECK_THROWS_AS(NetworkClearing{network}.greatest({1}), BadInput);
    CHECK_THROWS_AS(NetworkClearing{network}.greatest({1, -1}), BadInput);
}
