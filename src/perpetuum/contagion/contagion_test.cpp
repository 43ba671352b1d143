#include <perpetuum/contagion.hpp>

#include <perpetuum/base.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

using namespace perpetuum;

namespace {

/// Three banks with equity 1 each; A has lent B half of that, B to C, C to A.
DebtNetwork three_in_a_ring() {
    DebtNetwork network;
    network.firms = 3;
    network.cash = {1, 1, 1};
    network.debts = {{1, 0, 0.5}, {2, 1, 0.5}, {0, 2, 0.5}};
    return network;
}

} // namespace

TEST_CASE("linear DebtRank on a ring of three is 4/7, 1/7, 2/7") {
    // h_A = 1/2 + h_B / 2, h_B = h_C / 2, h_C = h_A / 2: the example shipped with NEVA.
    auto const found = debt_rank(three_in_a_ring(), {0.5, 0, 0});
    CHECK(found.settled);
    CHECK(found.loss[0] == doctest::Approx(4.0 / 7).epsilon(1e-12));
    CHECK(found.loss[1] == doctest::Approx(1.0 / 7).epsilon(1e-12));
    CHECK(found.loss[2] == doctest::Approx(2.0 / 7).epsilon(1e-12));
    CHECK(equity_lost({1, 1, 1}, found.loss) == doctest::Approx(1));
    SUBCASE("and everything is lost when all have lost half") {
        // h = 1/2 + h/2 has only h = 1: approached for ever.
        for (double const loss : debt_rank(three_in_a_ring(), {0.5, 0.5, 0.5}).loss)
            CHECK(loss == doctest::Approx(1).epsilon(1e-12));
    }
}

TEST_CASE("the first DebtRank passes each firm's distress on once") {
    // A 1/2 costs C 1/4, which costs B 1/8, which costs A 1/16; A does not pass that on.
    auto const found = debt_rank(three_in_a_ring(), {0.5, 0, 0}, {.kind = DebtRankKind::once});
    CHECK(found.loss == std::vector<double>{0.5625, 0.125, 0.25});
}

TEST_CASE("non-linear DebtRank lies between the linear one and losses at default only") {
    // alpha = 2, A has lost 1/2 of its equity: C loses e^-1 / 4 at first.
    DebtNetwork network = three_in_a_ring();
    network.debts.resize(0);
    network.debts = {{0, 2, 0.5}};
    network.cash = {1.5, 1, 0.5};
    auto const one = debt_rank(network, {0.5, 0, 0}, {.alpha = 2});
    CHECK(one.loss[2] == doctest::Approx(0.25 * std::exp(-1.0)).epsilon(1e-14));
    double last = 1;
    for (double const alpha : {0.0, 0.5, 1.0, 2.0, 10.0, 1000.0}) {
        auto const found = debt_rank(three_in_a_ring(), {0.5, 0, 0}, {.alpha = alpha});
        double const lost = equity_lost({1, 1, 1}, found.loss);
        CHECK(lost <= last);
        CHECK(lost >= 0.5);
        last = lost;
    }
    CHECK(last == doctest::Approx(0.5)); // nobody defaults, so nothing is passed on
}

TEST_CASE("a claim's recovery is not lost, and who has no equity is lost at the start") {
    DebtNetwork network = three_in_a_ring();
    CHECK(debt_rank(network, {1, 0, 0}, {.recovery = 0.5}).loss[2] == 0.25);
    network.cash[0] = 0; // A has claims of 1/2 and debts of 1/2
    CHECK(debt_rank(network, {0, 0, 0}).loss[0] == 1);
    CHECK(debt_rank(network, {0, 0, 0}).loss[2] == doctest::Approx(0.5));
}

TEST_CASE("claims valued after the fact are cleared debts") {
    DebtNetwork network;
    network.firms = 3;
    network.cash = {0.5, 0.625, 0.75};
    network.debts = {{0, 1, 0.5}, {0, 2, 0.5},  {1, 0, 0.5},  {1, 2, 0.5}, {2, 0, 0.5},
                     {2, 1, 0.5}, {0, -1, 1.5}, {1, -1, 0.5}, {2, -1, 0.5}};
    auto const value = value_network(network, network.cash);
    auto const cleared = NetworkClearing(network).greatest(network.cash);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(value.worth[i] * cleared.owed[i] == doctest::Approx(cleared.paid[i]).epsilon(1e-11));
        CHECK(value.equity[i] ==
              doctest::Approx(network.cash[i] + cleared.received[i] - cleared.owed[i])
                  .epsilon(1e-10));
    }
}

TEST_CASE("claims valued by equity left are linear DebtRank") {
    DebtNetwork const network = three_in_a_ring();
    auto const value = value_network(network, {0.5, 1, 1}, {.valuation = Valuation::linear});
    auto const distress = debt_rank(network, {0.5, 0, 0});
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(value.equity[i] == doctest::Approx(1 - distress.loss[i]).epsilon(1e-10));
}

TEST_CASE("claims valued at default only fall to the recovery rate") {
    // A loses 1.2 of its 1: below zero, so C's claim of 1/2 is worth 0.4 of it; C has 0.7 left.
    auto const value = value_network(three_in_a_ring(), {0, 1, 1},
                                     {.valuation = Valuation::furfine, .recovery = 0.4});
    CHECK(value.worth == std::vector<double>{1, 1, 1}); // equity is exactly 0: it stands
    DebtNetwork network = three_in_a_ring();
    network.debts.push_back({0, -1, 0.2});
    auto const fallen =
        value_network(network, {0, 1, 1}, {.valuation = Valuation::furfine, .recovery = 0.4});
    CHECK(fallen.worth == std::vector<double>{0.4, 1, 1});
    CHECK(fallen.equity[2] == doctest::Approx(0.7));
}

TEST_CASE("before default a claim is worth its expected payment") {
    // Outside assets 10, debts 9.5, claims 0.5: equity 1; 20 % a year over 1.25 years (the balance
    // sheet of bank A shipped with NEVA). Checked against a sum over the lognormal density.
    double const deviation = 0.2 * std::sqrt(1.25);
    double sum = 0, weight = 0;
    for (int k = -400'000; k <= 400'000; ++k) {
        double const z = k * 2e-5, density = std::exp(-z * z / 2);
        double const ends = 10 * std::exp(deviation * z - deviation * deviation / 2);
        double const pays = std::fmin(1.0, std::fmax(0.0, (1 + ends - 10 + 9.5) / 9.5));
        sum += density * pays;
        weight += density;
    }
    double const worth = worth_before_default(1, 10, 9.5, 0.2, 1.25);
    CHECK(worth == doctest::Approx(sum / weight).epsilon(1e-9));
    CHECK(worth < 1);
    CHECK(worth_before_default(1, 10, 9.5, 0, 1.25) == 1);
    CHECK(worth_before_default(-1.9, 10, 9.5, 1e-9, 1) == doctest::Approx(0.8));
    SUBCASE("and falls with equity, volatility and time") {
        CHECK(worth_before_default(0.5, 10, 9.5, 0.2, 1.25) < worth);
        CHECK(worth_before_default(1, 10, 9.5, 0.3, 1.25) < worth);
        CHECK(worth_before_default(1, 10, 9.5, 0.2, 2) < worth);
    }
}

TEST_CASE("values before default tend to cleared debts as the day comes near") {
    DebtNetwork network;
    network.firms = 3;
    network.cash = {0.5, 0.625, 0.75};
    network.debts = {{0, 1, 0.5}, {0, 2, 0.5},  {1, 0, 0.5},  {1, 2, 0.5}, {2, 0, 0.5},
                     {2, 1, 0.5}, {0, -1, 1.5}, {1, -1, 0.5}, {2, -1, 0.5}};
    auto const after = value_network(network, network.cash);
    double apart = 1;
    for (double const maturity : {1.0, 0.1, 0.001}) {
        auto const before = value_network(
            network, network.cash,
            {.valuation = Valuation::before_default, .volatility = 0.2, .maturity = maturity});
        double most = 0;
        for (std::size_t i = 0; i < 3; ++i)
            most = std::fmax(most, std::fabs(before.equity[i] - after.equity[i]));
        CHECK(most < apart);
        apart = most;
    }
    CHECK(apart < 1e-3);
}

TEST_CASE("a cascade: who loses more than its equity fails in the next round") {
    // Equities: A 1, B 3, C 1, D 5. A fails; B loses 2 and stands, C loses 2 and fails; then B has
    // lost 4 in all.
    DebtNetwork network;
    network.firms = 4;
    network.cash = {5, 1, 1, 3};
    network.debts = {{0, 1, 2}, {0, 2, 2}, {2, 1, 2}, {1, 3, 2}};
    auto const equity = equity_at_face(network);
    CHECK(equity == std::vector<double>{1, 3, 1, 5});
    auto const found = default_cascade(network, {0});
    CHECK(found.round == std::vector<int>{1, 3, 2, 0});
    CHECK(found.failed == 3);
    CHECK(default_cascade(network, {0}, 0.5).failed == 1); // C loses 1: exactly its equity
    CHECK(default_cascade(network, {}).failed == 0);
}

TEST_CASE("a threshold cascade counts failed debtors") {
    // B has one debtor of two failed, C one of one.
    DebtNetwork network;
    network.firms = 4;
    network.cash = {9, 9, 9, 9};
    network.debts = {{0, 1, 1}, {0, 1, 1}, {3, 1, 1}, {1, 2, 1}};
    CHECK(threshold_cascade(network, {0}, 0.6).round == std::vector<int>{1, 0, 0, 0});
    CHECK(threshold_cascade(network, {0}, 0.5).round == std::vector<int>{1, 2, 3, 0});
}

TEST_CASE("fire sales: a firm that returns to its leverage sells debt over equity times its loss") {
    // F1 holds 90 of X and 10 of Y with equity 10, F2 holds 50 of Y with equity 25. X falls 1 %:
    // F1 loses 0.9 and sells 9 · 0.9 = 8.1: 7.29 of X, 0.81 of Y. Impact 0.001 a unit.
    AssetHoldings holdings;
    holdings.firms = holdings.assets = 2;
    holdings.holdings = {{0, 0, 90}, {0, 1, 10}, {1, 1, 50}};
    holdings.impact = {0.001, 0.001};
    holdings.form = PriceImpact::linear;
    auto const found = leverage_sales(holdings, {10, 25}, {0.01, 0});
    CHECK(found.first_loss == std::vector<double>{0.9, 0});
    CHECK(found.sold[0] == doctest::Approx(7.29));
    CHECK(found.sold[1] == doctest::Approx(0.81));
    CHECK(found.later_loss[0] == doctest::Approx(90 * 0.00729 + 10 * 0.00081));
    CHECK(found.later_loss[1] == doctest::Approx(50 * 0.00081));
    CHECK(found.vulnerability == doctest::Approx((0.6561 + 0.0081 + 0.0405) / 35));
    CHECK(found.price[0] == doctest::Approx(0.99 * 0.99271));
}

TEST_CASE("fire sales under a capital ratio end where what is left is covered") {
    // One bank: cash 2, 10 of an asset, debt 11.5: equity 0.5 at price 1, 5 % of 10. It must have
    // 10 %: p falls to exp(-0.01 s). Equity 2 + 10 p − 11.5; what is kept, 10 − s at p, is ten
    // times that.
    DebtNetwork network;
    network.firms = 1;
    network.cash = {2};
    network.debts = {{0, -1, 11.5}};
    AssetHoldings holdings;
    holdings.firms = holdings.assets = 1;
    holdings.holdings = {{0, 0, 10}};
    holdings.impact = {0.002};
    auto const found = capital_sales(NetworkClearing(network), {2}, holdings, 0.1);
    REQUIRE(found.settled);
    double const p = found.price[0], s = found.share[0] * 10;
    CHECK(p == doctest::Approx(std::exp(-0.002 * s)).epsilon(1e-12));
    CHECK((10 - s) * p * 0.1 == doctest::Approx(2 + 10 * p - 11.5).epsilon(1e-9));
    SUBCASE("and with a stronger impact the bank is sold out") {
        holdings.impact = {0.02};
        auto const out = capital_sales(NetworkClearing(network), {2}, holdings, 0.1);
        CHECK(out.share[0] == 1);
        CHECK(out.price[0] == doctest::Approx(std::exp(-0.2)));
        CHECK(out.cleared.wave[0] == 1);
        CHECK(out.cleared.paid[0] == doctest::Approx(2 + 10 * std::exp(-0.2)));
    }
    SUBCASE("and with capital enough nothing is sold") {
        CHECK(capital_sales(NetworkClearing(network), {3}, holdings, 0.1).price[0] == 1);
    }
}

TEST_CASE("who costs others most comes first") {
    // A chain: C owes B 10, B owes A 10; cash 3, 3, 10. C's failure reaches both.
    DebtNetwork network;
    network.firms = 3;
    network.cash = {3, 3, 10};
    network.debts = {{2, 1, 10}, {1, 0, 10}, {0, -1, 2}};
    auto const ranks = rank_firms(network, RankingBy::clearing, 1);
    CHECK(ranks[0].firm == 2);
    CHECK(ranks[0].own == 0);     // it had 10 and owed 10
    CHECK(ranks[0].others == 10); // B its 3, A 7 of 11
    CHECK(ranks[0].failures == 1);
    CHECK(ranks[1].others == 0);
    auto const cascade = rank_firms(network, RankingBy::cascade, 1);
    CHECK(cascade[0].firm == 2);
    CHECK(cascade[0].others == 13);
    CHECK(cascade[0].failures == 1); // A has 11 and loses 10
    auto const distress = rank_firms(network, RankingBy::debt_rank, 0.5);
    CHECK(distress[0].others >= distress[1].others);
}

TEST_CASE("the even spread of debts is that of the seven banks of Anand, Craig and von Peter") {
    // As printed by NetworkRiskMeasures to two digits, from a loose stop (10^-3): within 0.01.
    std::vector<double> const lent = {7, 5, 3, 1, 3, 0, 1}, borrowed = {4, 5, 5, 0, 0, 2, 4};
    double const printed[7][7] = {
        {0, 2.53, 2.18, 0, 0, 0.74, 1.55},  {1.72, 0, 1.6, 0, 0, 0.54, 1.14},
        {0.98, 1.06, 0, 0, 0, 0.31, 0.65},  {0.25, 0.27, 0.23, 0, 0, 0.08, 0.17},
        {0.75, 0.81, 0.7, 0, 0, 0.24, 0.5}, {0, 0, 0, 0, 0, 0, 0},
        {0.3, 0.32, 0.28, 0, 0, 0.09, 0}};
    double found[7][7] = {};
    for (auto const& debt : spread_debts(lent, borrowed))
        found[debt.creditor][debt.debtor] = debt.amount;
    for (std::size_t i = 0; i < 7; ++i) {
        double row = 0, column = 0;
        for (std::size_t j = 0; j < 7; ++j) {
            row += found[i][j];
            column += found[j][i];
            CHECK(std::fabs(found[i][j] - printed[i][j]) < 0.0101);
        }
        CHECK(row == doctest::Approx(lent[i]).epsilon(1e-10));
        CHECK(column == doctest::Approx(borrowed[i]).epsilon(1e-10));
    }
}

TEST_CASE("what is out of range is refused") {
    DebtNetwork network = three_in_a_ring();
    CHECK_THROWS_AS(debt_rank(network, {0.5, 0}), BadInput);
    CHECK_THROWS_AS(debt_rank(network, {0.5, 0, 2}), BadInput);
    CHECK_THROWS_AS(value_network(network, {1, 1}), BadInput);
    CHECK_THROWS_AS(default_cascade(network, {3}), BadInput);
    CHECK_THROWS_AS(spread_debts({1, 1}, {1, 2}), BadInput);
    CHECK_THROWS_AS(spread_debts({3, 0}, {3, 0}), BadInput);
    network.debts.push_back({0, 0, 1});
    CHECK_THROWS_AS(equity_at_face(network), BadInput);
}
