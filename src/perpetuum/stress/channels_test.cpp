#include "texts_for_tests.hpp"

namespace perpetuum {

using namespace stress_tests;

namespace {

Shock const no_more_money{Shock::What::put, "a.raise", {0}, 2};

Book of_a_and_b() {
    Book book;
    book.entities = {firm("a", 0, {{"raises", 10.0 / 3}}), firm("b", 5, {{"passes_on", 0.5}}),
                     firm("c", 100), firm("d", 0, {{"raises", 10.0 / 3}})};
    book.deals = {deal("a-b", "order", {{"buyer", "a"}, {"seller", "b"}}, {{"amount", 10.0 / 3}}),
                  deal("b-c", "passing", {{"buyer", "b"}, {"seller", "c"}})};
    return book;
}

double channel(StressResult const& result, std::size_t firm, Channel one) {
    return result.loss.by_channel[firm][static_cast<std::size_t>(one)].mean();
}

} // namespace

TEST_CASE("what is lost through a guarantee is the guarantor's, and the seller's gain") {
    Book book = of_a_and_b();
    book.deals.push_back(deal("backed", "backing", {{"guarantor", "c"}, {"covered", "a-b"}}));
    StressResult const with = stressed(system_of(book, 4), {no_more_money});
    book.deals.pop_back();
    StressResult const without = stressed(system_of(book, 4), {no_more_money});
    CHECK(channel(with, 2, Channel::guarantees) == doctest::Approx(10));
    CHECK(channel(with, 1, Channel::guarantees) == doctest::Approx(-10));
    CHECK(channel(without, 2, Channel::guarantees) == 0);
    CHECK(with.loss.firms[1].mean() == doctest::Approx(without.loss.firms[1].mean() - 10));
    CHECK(with.residual <= 1e-9 * with.largest_loss);
}

TEST_CASE("a loan written off is lost through payables, a stake through stakes, and both once") {
    Book book = of_a_and_b();
    book.deals.push_back(
        deal("lent", "credit", {{"lender", "c"}, {"borrower", "a"}}, {{"limit", 4}}));
    book.deals.push_back(deal("held", "holding", {{"holder", "d"}, {"issuer", "a"}}));
    // A has the 4 it borrowed: it fails with 6 of 10 unpaid.
    StressResult const result = stressed(system_of(book, 4), {no_more_money});
    CHECK(channel(result, 2, Channel::payables) == doctest::Approx(4));
    CHECK(channel(result, 3, Channel::stakes) == doctest::Approx(10));
    CHECK(result.loss.sum.mean() - result.loss.consolidated.mean() == doctest::Approx(14));
}

TEST_CASE("rent that is no longer paid stands in one channel on both sides") {
    Book book = of_a_and_b();
    book.entities[0].parameters["raises"] = figure(20.0 / 3);
    book.deals.push_back(
        deal("let", "letting", {{"owner", "c"}, {"user", "a"}}, {{"amount", 10.0 / 3}}));
    StressResult const result = stressed(system_of(book, 4), {no_more_money});
    // C lends nothing and holds nothing: three quarters of 10 are no matter of funding to either.
    CHECK(channel(result, 2, Channel::funding) == 0);
    CHECK(channel(result, 0, Channel::funding) == 0);
    CHECK(channel(result, 2, Channel::other) == doctest::Approx(30));
    CHECK(channel(result, 0, Channel::other) == doctest::Approx(-30));
    CHECK(result.residual <= 1e-9 * result.largest_loss);
}

TEST_CASE("interest to a firm that lends is a matter of funding to both") {
    Book book = of_a_and_b();
    book.entities[0].parameters["raises"] = figure(20.0 / 3);
    book.deals.push_back(deal("lent", "credit", {{"lender", "c"}, {"borrower", "a"}},
                              {{"limit", 4}, {"rate", 1.0 / 3}}));
    StressResult const result = stressed(system_of(book, 4), {no_more_money});
    CHECK(channel(result, 2, Channel::funding) > 0);
    CHECK(channel(result, 2, Channel::funding) ==
          doctest::Approx(-channel(result, 0, Channel::funding)));
}

TEST_CASE("without reflexivity nobody else fails") {
    Book book = of_a_and_b();
    book.deals.push_back(
        deal("d-b", "order", {{"buyer", "d"}, {"seller", "b"}}, {{"amount", 10.0 / 3}}));
    CHECK(stressed(system_of(book, 6), {no_more_money}).spread == 0);
    book.parameters["gloom"] = figure(0.5);
    StressResult const result = stressed(system_of(book, 6), {no_more_money}, true);
    CHECK(result.spread == 32); // D raises half of what it owes once A has failed
    CHECK(result.first_round.firms[3].mean() == doctest::Approx(0));
    // D fails because of the mood, and its failure is a matter of payables: without either it does
    // not happen. B's loss of D's orders is shared by the two.
    auto const share = [&](Switch one) {
        return result.share_sum[static_cast<std::size_t>(one)].mean();
    };
    CHECK(share(Switch::stakes) == doctest::Approx(0));
    CHECK(share(Switch::guarantees) == doctest::Approx(0));
    double sum = 0;
    for (Moments const& one : result.share_sum) sum += one.mean();
    CHECK(sum == doctest::Approx(result.feedback.sum.mean()));
}

TEST_CASE("threads and blocks do not show") {
    Book book = of_a_and_b();
    book.parameters["gloom"] = figure(0.3);
    Distribution const wide{Shape::uniform, {2, 5}};
    Entry raises = figure(10.0 / 3);
    raises.rivals[0].spread = wide;
    book.entities[3].parameters["raises"] = raises;
    book.deals.push_back(
        deal("d-b", "order", {{"buyer", "d"}, {"seller", "b"}}, {{"amount", 10.0 / 3}}));
    System const base = system_of(book, 6);
    StressResult const one = stressed(base, {no_more_money}, true, 1, 16);
    StressResult const two = stressed(base, {no_more_money}, true, 2, 32);
    CHECK(one.loss.sum == two.loss.sum);
    CHECK(one.feedback.consolidated == two.feedback.consolidated);
    CHECK(one.with == two.with);
    CHECK(one.share == two.share);
    CHECK(one.with.failed(3) > one.without.failed(3));
    CHECK(one.residual <= 1e-9 * one.largest_loss);
    CHECK(one.share_residual <= 1e-9 * one.largest_loss);
}

TEST_CASE("parts of a stress come to the whole, to the byte") {
    Book book = of_a_and_b();
    Entry raises = figure(10.0 / 3);
    raises.rivals[0].spread = Distribution{Shape::uniform, {2, 5}};
    book.entities[3].parameters["raises"] = raises;
    book.deals.push_back(
        deal("d-b", "order", {{"buyer", "d"}, {"seller", "b"}}, {{"amount", 10.0 / 3}}));
    System const base = system_of(book, 6);
    System const shocked = with_shocks(base, {no_more_money});
    StressAsked asked;
    asked.base = &base;
    asked.shocked = &shocked;
    asked.hit = hit_by(base, base, {no_more_money});
    asked.causal = asked.keep_changes = true;
    asked.settings.sample.paths = 64;
    asked.settings.block = 16;
    Stress whole(asked), late(asked), all(asked);
    REQUIRE(whole.run({0, 64}));
    REQUIRE(late.run({48, 64}));
    REQUIRE(late.run({16, 32}));
    REQUIRE(all.run({32, 48}));
    std::string problem;
    std::string const bytes = bundle_bytes({late.bundle()});
    auto const read = read_bundles(bytes, problem);
    REQUIRE_MESSAGE(read.has_value(), problem);
    REQUIRE_MESSAGE(all.take(read->front(), problem), problem);
    CHECK_FALSE(all.take(read->front(), problem));
    CHECK(problem == "these paths are in already: 16–31, 48–63");
    CHECK(all.result().coverage.missing(64) == std::vector<Coverage::Range>{{0, 16}});
    REQUIRE(all.run({0, 16}));
    CHECK(bundle_bytes({all.bundle()}) == bundle_bytes({whole.bundle()}));
    CHECK(all.result().changes.size() == 64);
    CHECK(all.result().loss.sum == whole.result().loss.sum);
    CHECK_FALSE(all.take({}, problem));
    CHECK(problem == "it is of another stress");
}

TEST_CASE("a deal's switch cuts it where it is on") {
    System const base = system_of(of_a_and_b(), 4);
    System const many = with_cut_switches(base, {"a-b"}, 3);
    Diagnostics diagnostics;
    Program const program = compile(many, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    PathBlock block(many, program, 2);
    block.begin([&](std::size_t draw, int, double* row, int lanes) {
        auto const& name = many.cells[static_cast<std::size_t>(program.draws[draw].cell)].name;
        for (int i = 0; i < lanes; ++i) row[i] = name == "#cut.a-b" ? i == 1 : 10.0 / 3;
    });
    CellId const fee = many.names.at("a-b.fee");
    for (int step = 1; step <= 4; ++step) {
        block.advance();
        CHECK(block.value(fee, 0) == 1000);
        CHECK(block.value(fee, 1) == (step < 3 ? 1000 : 0));
    }
    CHECK_THROWS_AS(with_cut_switches(base, {"b-a"}, 3), BadInput);
}

} // namespace perpetuum
