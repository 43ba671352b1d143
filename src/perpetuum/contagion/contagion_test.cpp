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

TEST_CASE("losses that nearly feed themselves are solved, not walked") {
    // Two firms with equity 1 and claims of 0.999999 on each other: a = f + w b, b = w a, so
    // a = f / (1 - w²). In rounds, 5·10^5 of them.
    DebtNetwork network;
    network.firms = 2;
    network.cash = {1, 1};
    network.debts = {{0, 1, 0.999999}, {1, 0, 0.999999}};
    auto const found = debt_rank(network, {1e-7, 0});
    CHECK(found.settled);
    CHECK(found.loss[0] == doctest::Approx(1e-7 / 1.999999e-6).epsilon(1e-8));
    CHECK(found.loss[1] == doctest::Approx(0.999999e-7 / 1.999999e-6).epsilon(1e-8));
    SUBCASE("and where rounding of the amounts decides, that is said") {
        network.debts = {{0, 1, 1 - 1e-13}, {1, 0, 1 - 1e-13}};
        CHECK_FALSE(debt_rank(network, {1e-14, 0}).settled);
    }
    SUBCASE("and a limit that ends the rounds is said") {
        CHECK_FALSE(debt_rank(network, {1e-7, 0}, {.most_rounds = 100}).settled);
    }
}

TEST_CASE("losses that are solved are those of very many rounds, with caps and curves") {
    // Whole numbers below 8, from a line of digits: 6 firms, each with claims on three others.
    int const digits[] = {3, 1, 4, 1, 5, 2, 6, 5, 3, 5, 0, 7, 1, 3, 2, 3, 0, 4, 6, 2, 6, 4, 3, 3};
    for (double const alpha : {0.0, 1.0, 3.0})
        for (int turn = 0; turn < 24; ++turn) {
            DebtNetwork network;
            network.firms = 6;
            network.cash.assign(6, 3.0);
            std::vector<double> first(6, 0.0);
            for (int i = 0; i < 6; ++i)
                for (int k = 1; k <= 3; ++k)
                    network.debts.push_back(
                        {(i + k) % 6, i, 0.1 * digits[(turn * 5 + 3 * i + k) % 24]});
            first[static_cast<std::size_t>(turn % 6)] = 0.02 * digits[turn];
            auto const equity = equity_at_face(network);
            std::vector<double> loss(6, 0.0), passed(6, 0.0);
            for (int round = 0; round < 200'000; ++round) {
                loss = first;
                for (auto const& debt : network.debts) {
                    auto const i = static_cast<std::size_t>(debt.creditor);
                    loss[i] +=
                        debt.amount / equity[i] * passed[static_cast<std::size_t>(debt.debtor)];
                }
                double step = 0;
                for (std::size_t i = 0; i < 6; ++i) {
                    loss[i] = equity[i] > 0 ? std::fmin(1.0, loss[i]) : 1;
                    double const now = loss[i] * std::exp(alpha * (loss[i] - 1));
                    step = std::fmax(step, now - passed[i]);
                    passed[i] = now;
                }
                if (step < 1e-17) break;
            }
            auto const found = debt_rank(network, first, {.alpha = alpha});
            CHECK(found.settled);
            for (std::size_t i = 0; i < 6; ++i) CHECK(std::fabs(found.loss[i] - loss[i]) < 1e-9);
        }
}

TEST_CASE("among a thousand firms losses that nearly feed themselves are solved, too") {
    // A ring with a weight of 0.99999 each: all lose f / (1 - w^n) · w^distance.
    int const n = 1000;
    double const w = 0.99999;
    DebtNetwork network;
    network.firms = n;
    network.cash.assign(n, 1.0);
    for (int i = 0; i < n; ++i) network.debts.push_back({i, (i + 1) % n, w});
    std::vector<double> first(n, 0.0);
    first[0] = 1e-3;
    auto const found = debt_rank(network, first);
    CHECK(found.settled);
    double const at_first = 1e-3 / (1 - std::pow(w, n));
    CHECK(found.loss[0] == doctest::Approx(at_first).epsilon(1e-8));
    CHECK(found.loss[999] == doctest::Approx(at_first * std::pow(w, 999)).epsilon(1e-8));
}

TEST_CASE("what is lost is decided beyond rounding") {
    // D: 0.4 + 0.4 + 0.5 + 0.7 less 2 is nothing, whatever binary fractions make of it.
    DebtNetwork network;
    network.firms = 4;
    network.cash = {5, 5, 5, 0.4};
    network.debts = {{3, -1, 2}, {0, 3, 0.4}, {1, 3, 0.5}, {2, 3, 0.7}};
    CHECK(equity_at_face(network)[3] == 0);
    CHECK(default_cascade(network, {}).failed == 0);
    CHECK(value_network(network, network.cash, {.valuation = Valuation::furfine}).worth[3] == 1);
    CHECK(debt_rank(network, {0, 0, 0, 0}).loss[3] == 1); // it has no equity
    // It has 1.5 and loses 0.1 + 0.5 + 0.9 of it: not more than all.
    network.cash[3] = 0.6;
    network.debts = {{3, -1, 0.6}, {0, 3, 0.1}, {1, 3, 0.5}, {2, 3, 0.9}};
    CHECK(default_cascade(network, {0, 1, 2}).failed == 3);
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

TEST_CASE("debts that go round a million times are valued to the end") {
    // Two banks owe each other 10^6 and the outside 1 and have 0.5 each: half of all is paid, for
    // p = 0.5 + p · 10^6 / (10^6 + 1). With nothing at all, nothing is paid.
    DebtNetwork network;
    network.firms = 2;
    network.cash = {0.5, 0.5};
    network.debts = {{0, 1, 1e6}, {1, 0, 1e6}, {0, -1, 1}, {1, -1, 1}};
    for (Valuation const valuation : {Valuation::eisenberg_noe, Valuation::before_default}) {
        auto const half = value_network(network, {0.5, 0.5}, {.valuation = valuation});
        CHECK(half.settled);
        CHECK(half.worth[0] == doctest::Approx(0.5).epsilon(1e-8));
        CHECK(half.equity[0] == doctest::Approx(-500000.5).epsilon(1e-8));
        auto const none = value_network(network, {0, 0}, {.valuation = valuation});
        CHECK(std::fabs(none.worth[1]) < 1e-8);
    }
    SUBCASE("and before default what is found is the greatest that agrees with itself") {
        ValuationOptions const options{
            .valuation = Valuation::before_default, .volatility = 0.2, .maturity = 1};
        auto const found = value_network(network, {0.5, 0.5}, options);
        REQUIRE(found.settled);
        double const worth = found.worth[0];
        CHECK(worth == doctest::Approx(
                           worth_before_default(0.5 - 1e6 - 1 + 1e6 * worth, 0.5, 1e6 + 1, 0.2, 1))
                           .epsilon(1e-7));
        CHECK(worth == doctest::Approx(0.5).epsilon(1e-6)); // worthless once in default
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
    SUBCASE("and a shock takes its share of the price first") {
        // 0.9 · exp(-0.002 · 10) = 0.8822: equity 2 + 8.822 - 11.5 is below zero, all is sold.
        auto const out = capital_sales(NetworkClearing(network), {2}, holdings, 0.1, {0.1});
        CHECK(out.price[0] == doctest::Approx(0.9 * std::exp(-0.02)));
        CHECK(out.cleared.paid[0] == doctest::Approx(2 + 9 * std::exp(-0.02)));
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

TEST_CASE("who has nothing left without the shock loses nothing by it") {
    // C has 6 + 1 and owes 9: it fails by itself, and with it A, whose equity of 2 is a claim on it.
    DebtNetwork network;
    network.firms = 3;
    network.cash = {0, 5, 6};
    network.debts = {{0, 1, 7}, {2, 0, 9}, {1, 2, 1}};
    for (auto const& rank : rank_firms(network, RankingBy::cascade, 1)) {
        // B had 11 and has lost 7 to A.
        CHECK(rank.own == (rank.firm == 1 ? 4 : 0));
        CHECK(rank.failures == 0);
    }
    SUBCASE("nor does it fail again by the rounding of what it had lost") {
        // All of B0 to B4 but B1 and B4 have no equity or have lost it all.
        network.firms = 5;
        network.cash = {4, 10, 8, 10, 5};
        network.debts = {{0, 3, 8}, {0, 4, 6}, {1, 2, 4},  {1, 3, 6},  {2, 1, 1},
                         {3, 0, 7}, {3, 2, 7}, {0, -1, 2}, {2, -1, 7}, {3, -1, 10}};
        for (auto const& rank : rank_firms(network, RankingBy::debt_rank, 0.1))
            if (rank.others < 1e-9) {
                CHECK(rank.others == 0);
                CHECK(rank.failures == 0);
            }
    }
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
