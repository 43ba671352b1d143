#include "texts_for_tests.hpp"

namespace perpetuum {

using namespace stress_tests;

namespace {

/// A raises 10 a quarter and owes B 10; B passes half of what it got on to C, a quarter later.
Book chain() {
    Book book;
    book.entities = {firm("a", 0, {{"raises", 10.0 / 3}}), firm("b", 5, {{"passes_on", 0.5}}),
                     firm("c", 0)};
    book.deals = {deal("a-b", "order", {{"buyer", "a"}, {"seller", "b"}}, {{"amount", 10.0 / 3}}),
                  deal("b-c", "passing", {{"buyer", "b"}, {"seller", "c"}})};
    return book;
}

double mean(Moments const& moments) { return moments.mean(); }

} // namespace

TEST_CASE("a firm that is funded no more fails, and its seller's loss is the orders") {
    System const base = system_of(chain(), 4);
    StressResult const result = stressed(base, {{Shock::What::put, "a.raise", {0}, 2}});
    CHECK(result.coverage.count() == 32);
    CHECK(result.failed.count() == 0);
    CHECK(result.with.failed(0) == 32);
    CHECK(result.with.median_step(0) == 2);
    CHECK(result.without.failed(0) == 0);
    CHECK(result.spread == 0);
    // Without: A -10, B 10 - 5, C 5 a quarter. With: nothing is paid from the second on; B still
    // passes on 5 of the first in the second.
    CHECK(mean(result.loss.firms[0]) == doctest::Approx(-30));
    CHECK(mean(result.loss.firms[1]) == doctest::Approx(20));
    CHECK(mean(result.loss.firms[2]) == doctest::Approx(10));
    CHECK(mean(result.loss.by_channel[1][static_cast<std::size_t>(Channel::orders)]) ==
          doctest::Approx(20));
    CHECK(mean(result.loss.consolidated) == doctest::Approx(0));
    CHECK(result.residual <= 1e-9 * result.largest_loss);
    CHECK(mean(result.firm_timeline[1][1]) == doctest::Approx(10));
}

TEST_CASE("in the first round others spend as before and draw on a free line") {
    System const base = system_of(chain(), 4);
    StressResult const result = stressed(base, {{Shock::What::put, "a.raise", {0}, 2}}, true);
    CHECK(mean(result.first_round.firms[0]) == doctest::Approx(-30));
    CHECK(mean(result.first_round.firms[1]) == doctest::Approx(30));
    CHECK(mean(result.first_round.firms[2]) == doctest::Approx(0));
    CHECK(mean(result.feedback.firms[1]) == doctest::Approx(-10));
    CHECK(mean(result.feedback.firms[2]) == doctest::Approx(10));
    // B: 5, + 10 - 5, then three times - 5.
    CHECK(mean(result.support[1]) == doctest::Approx(5));
    CHECK(result.share_residual <= 1e-9);
}

TEST_CASE("a shock that changes nothing costs nothing, whatever is held") {
    Book book = chain();
    book.entities[0].parameters["raises"] = figure(3); // A fails by itself
    book.deals.push_back(deal("lent", "credit", {{"lender", "c"}, {"borrower", "a"}},
                              {{"limit", 4}, {"rate", 0.01}}));
    book.deals.push_back(deal("held", "holding", {{"holder", "b"}, {"issuer", "a"}}));
    System const base = system_of(book, 6);
    StressResult const result = stressed(base, {{Shock::What::multiply, "c.sells", {2}, 2}}, true);
    CHECK(result.failed.count() == 0);
    CHECK(result.without.failed(0) == 32);
    CHECK(result.largest_loss == 0);
    CHECK(mean(result.first_round.consolidated) == 0);
    CHECK(mean(result.support_sum) == 0);
    for (Moments const& share : result.share) CHECK(mean(share) == 0);
}

TEST_CASE("money given puts a failure off and is nobody's income") {
    System const base = system_of(chain(), 4);
    Shock const stop{Shock::What::put, "a.raise", {0}, 2};
    StressResult const given = stressed(base, {stop, {Shock::What::give, "a", {10}, 2}});
    CHECK(given.with.failed(0) == 32);
    CHECK(given.with.median_step(0) == 3);
    CHECK(mean(given.loss.firms[0]) == doctest::Approx(-20));
    // B has 15 at the end of the second quarter; nothing that it does rests on it.
    StressResult const taken = stressed(base, {{Shock::What::give, "b", {-7}, 3}});
    CHECK(taken.largest_loss == 0);
    CHECK(taken.with.failed(1) == 0);
    CHECK(fault_of(base, {Shock::What::give, "b", {1, -1}, 3}) ==
          "is given or gives away, not both");
}

TEST_CASE("what shocks cannot name is said") {
    System const base = system_of(chain(), 4);
    CHECK(fault_of(base, {Shock::What::put, "a.rais", {0}, 2}) == "no quantity is called 'a.rais'");
    CHECK(fault_of(base, {Shock::What::put, "a.cash", {0}, 2}) ==
          "'a.cash' is what payments and bookings leave: it cannot be put");
    CHECK(fault_of(base, {Shock::What::fail, "markets", {}, 2}) ==
          "'markets' is an outside sector, which cannot default");
    CHECK(fault_of(base, {Shock::What::cut, "b-a", {}, 2}) == "no deal is called 'b-a'");
    CHECK(fault_of(base, {Shock::What::cut, "a-b", {}, 5}) == "begins in step 5 of a run of 4");
    CHECK_THROWS_AS(with_shocks(base, {{Shock::What::add, "a.rais", {1}, 1}}), BadInput);
}

TEST_CASE("deals are cut, firms fail, payments and figures change from a step on") {
    System const base = system_of(chain(), 4);
    auto const b_loses = [&](Shock const& shock) {
        return mean(stressed(base, {shock}).loss.firms[1]);
    };
    // From the third on B gets nothing, and in the fourth passes nothing on.
    CHECK(b_loses({Shock::What::cut, "a-b", {}, 3}) == doctest::Approx(20 - 5));
    CHECK(b_loses({Shock::What::fail, "a", {}, 3}) == doctest::Approx(20 - 5));
    CHECK(b_loses({Shock::What::put, "a-b.fee", {4}, 3}) == doctest::Approx(2 * 6 - 3));
    CHECK(b_loses({Shock::What::multiply, "a-b.fee", {0.4}, 3}) == doctest::Approx(2 * 6 - 3));
    CHECK(b_loses({Shock::What::multiply, "a-b.amount", {0.4}, 3}) == doctest::Approx(2 * 6 - 3));
    CHECK(b_loses({Shock::What::put, "b.sells", {1, 2}, 3}) == doctest::Approx(-3 - 6));
    CHECK(b_loses({Shock::What::multiply, "b.passes_on", {0}, 2}) == doctest::Approx(-15));
}

TEST_CASE("a shock to a quantity of the model hits those whose equations read it") {
    System const base = system_of(chain(), 4);
    ShockHit const hit = hit_by(base, base, {{Shock::What::put, "mood_usual", {0}, 2}});
    CHECK(hit.firms.size() == 3); // each has a raise
    CHECK(hit.quantities.size() == 2);
    ShockHit const cut = hit_by(base, base, {{Shock::What::cut, "a-b", {}, 2}});
    REQUIRE(cut.firms.size() == 2);
    CHECK(base.entities[static_cast<std::size_t>(cut.firms[0])].id == "a");
    CHECK(base.entities[static_cast<std::size_t>(cut.firms[1])].id == "b");
}

} // namespace perpetuum
