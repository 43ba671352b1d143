// What a path draws beside figures: letters by their chance, one of several rivals, figures that go
// together.

#include "models_for_tests.hpp"

#include <cmath>

using namespace perpetuum;
using namespace perpetuum::ensemble_tests;

namespace {

Figure figure(double value, Distribution spread) {
    Figure made;
    made.value = value;
    made.spread = std::move(spread);
    return made;
}

constexpr char const* gift_model = R"(
money USD
account revenue : income
account costs : expense
transaction service payer debits costs payee credits revenue
kind firm
  "A firm."
instrument gift (payer: firm, payee: firm)
  param amount : USD
  paid: transfer payer -> payee : amount as service
  ends when paid > 0
)";

Entity firm_with(std::string id, double cash) {
    Entity entity;
    entity.id = entity.name = std::move(id);
    entity.kind = "firm";
    Opening opening;
    opening.at = {date_of(2025, 12, 31), date_of(2026, 1, 1)};
    opening.accounts["cash"].rivals = {figure(cash, {Shape::point, {cash}})};
    entity.openings.push_back(opening);
    return entity;
}

System gift_system(Deal deal, InstanceOptions options, Diagnostics& diagnostics) {
    int const text = diagnostics.add_text("gift.model", gift_model);
    Book book;
    book.start = date_of(2026, 1, 1);
    book.entities = {firm_with("a", 1000), firm_with("b", 0)};
    deal.id = "gift";
    deal.kind = "gift";
    deal.roles["payer"] = {{"a", 1, {}}};
    deal.roles["payee"] = {{"b", 1, {}}};
    book.deals = {std::move(deal)};
    Model const model = parse_model({text}, known_ids(book), diagnostics);
    options.steps = 2;
    System system = instantiate(book, model, options, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    return system;
}

Summary summary_of(Prepared const& prepared, std::uint64_t paths,
                   std::vector<Correlation> correlations = {}) {
    Ensemble ensemble({prepared.side()},
                      {{5, Sampling::independent, paths, std::move(correlations)}, 1, 64});
    REQUIRE(ensemble.run({0, paths}));
    return ensemble.summary();
}

} // namespace

TEST_CASE("a letter with a chance of 30 % pays on three paths in ten, and not on the central one") {
    Deal letter;
    letter.binding = false;
    letter.chance = figure(0.3, {Shape::point, {0.3}});
    letter.parameters["amount"].rivals = {figure(100, {Shape::point, {100}})};
    Diagnostics diagnostics;
    InstanceOptions options;
    CHECK_FALSE(gift_system(letter, options, diagnostics).contracts[0].runs);
    options.draw_chances = true;
    Prepared const prepared(gift_system(letter, options, diagnostics), {"b.cash"}, diagnostics);
    Summary const summary = summary_of(prepared, 16000);
    // All or nothing: 16,000 × 0.3 = 4,800 paths with 100, within four deviations of 58.
    double const with = summary.moments(0, 2).sum() / 100;
    CHECK(std::abs(with - 4800) < 232);
    CHECK(summary.sketch(0, 2).zeros() == 16000 - static_cast<std::uint64_t>(with));
}

TEST_CASE("of rival figures each path draws one, all as likely, when that is asked for") {
    Deal deal;
    deal.binding = true;
    deal.parameters["amount"].rivals = {figure(100, {Shape::point, {100}}),
                                        figure(400, {Shape::point, {400}})};
    Figure overtaken = figure(999, {Shape::point, {999}});
    overtaken.was = true;
    deal.parameters["amount"].rivals.push_back(overtaken);
    Diagnostics diagnostics;
    InstanceOptions options;
    Prepared const first(gift_system(deal, options, diagnostics), {"b.cash"}, diagnostics);
    CHECK(summary_of(first, 160).sketch(0, 1).greatest() == 100);
    options.draw_rivals = true;
    Prepared const both(gift_system(deal, options, diagnostics), {"b.cash"}, diagnostics);
    Summary const summary = summary_of(both, 16000);
    CHECK(summary.sketch(0, 1).least() == 100);
    CHECK(summary.sketch(0, 1).greatest() == 400);
    CHECK(std::abs(summary.moments(0, 1).mean() - 250) < 5); // deviation 150 / √16,000 = 1.2
}

TEST_CASE("figures that go together do so, and each alone is drawn as before") {
    Diagnostics diagnostics;
    Prepared const prepared(textbook_system(diagnostics, "sim", 1,
                                            {{"alpha1", {Shape::uniform, {0.5, 0.7}}},
                                             {"Gd", {Shape::normal, {20, 1}}}}),
                            {"alpha1", "Gd"}, diagnostics);
    EnsembleSide side = prepared.side();
    side.plan.pairs = {"alpha1"};
    Sample const sample{5, Sampling::independent, 16000, {{"alpha1", "Gd", 0.8}}};
    // The pair's second side holds Gd under the name of alpha1: their covariance is what is sought.
    EnsembleSide other = prepared.side();
    std::swap(other.keeping.series[0].terms, other.keeping.series[1].terms);
    Ensemble ensemble({side, other}, {sample, 1, 64});
    REQUIRE(ensemble.run({0, 16000}));
    Summary const summary = ensemble.summary();
    // Of a normal and a uniform with copula 0.8: 0.8 × √(3/π) = 0.782.
    CHECK(summary.pairs(0, 1).correlation() == doctest::Approx(0.782).epsilon(0.02));
    CHECK(summary.moments(0, 1).mean() == doctest::Approx(0.6).epsilon(0.005));
    CHECK(summary.moments(0, 1).deviation() ==
          doctest::Approx(0.2 / std::sqrt(12.0)).epsilon(0.02));
    CHECK(fault_of(prepared.system, {{"alpha1", "Y", 0.5}}).find("'Y' is not drawn") == 0);
    CHECK(fault_of(prepared.system, {{"alpha1", "Gd", 1.5}}).find("between -1 and 1") !=
          std::string::npos);
}
