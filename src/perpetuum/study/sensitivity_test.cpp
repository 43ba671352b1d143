// Indices of functions whose indices are known, through the whole pipeline: text, program, paths.

#include "models_for_tests.hpp"

#include <algorithm>
#include <cmath>

using namespace perpetuum;
using namespace perpetuum::study_tests;

namespace {

constexpr double pi = 3.14159265358979323846;

SobolIndices indices(TestModel const& model, std::uint64_t rows, double confidence) {
    auto const groups = input_groups(model.system, model.program, {});
    auto const draws = pick_freeze(model.system, model.program, groups, rows, 1, {});
    auto const values = evaluate(model.run, draws, {0, rows * (groups.size() + 2)});
    REQUIRE(values);
    CHECK(values->failed.count() == 0);
    return sobol_indices(values->of(0), groups.size(), confidence);
}

void check_within(Interval const& interval, double truth) {
    CHECK(interval.low <= truth);
    CHECK(truth <= interval.high);
}

/// Sheppard: both of two normals with correlation r are above 0.
double quadrant(double r) { return 0.25 + std::asin(r) / (2 * pi); }

} // namespace

TEST_CASE("Ishigami's indices come out as they are known") {
    Distribution const side{Shape::uniform, {-pi, pi}};
    TestModel const model("ishigami", {{"x1", side}, {"x2", side}, {"x3", side}}, {"y at 1"});
    auto const groups = input_groups(model.system, model.program, {});
    REQUIRE(groups.size() == 3);
    CHECK(groups[1].name == "x2");
    SobolIndices const found = indices(model, 4096, 0.99);
    // Var = a²/8 + b π⁴/5 + b² π⁸/18 + 1/2
    double const a = 7, b = 0.1, four = std::pow(pi, 4), eight = four * four;
    double const variance = a * a / 8 + b * four / 5 + b * b * eight / 18 + 0.5;
    double const one = 0.5 * std::pow(1 + b * four / 5, 2) / variance;
    double const two = a * a / 8 / variance;
    double const both = 8 * b * b * eight / 225 / variance;
    CHECK(one == doctest::Approx(0.3139).epsilon(1e-3));
    CHECK(both == doctest::Approx(0.2437).epsilon(1e-3));
    CHECK(found.mean == doctest::Approx(3.5).epsilon(0.01));
    CHECK(found.variance == doctest::Approx(variance).epsilon(0.02));
    double const firsts[] = {one, two, 0}, totals[] = {one + both, two, both};
    for (std::size_t g = 0; g < 3; ++g) {
        check_within(found.groups[g].first, firsts[g]);
        check_within(found.groups[g].total, totals[g]);
        CHECK(found.groups[g].first.half_width() < 0.05);
        CHECK(std::abs(found.groups[g].first.value - firsts[g]) < 0.01);
        CHECK(std::abs(found.groups[g].total.value - totals[g]) < 0.01);
    }
}

TEST_CASE("Sobol's G: six inputs, each mattering less") {
    double const a[] = {0, 0.5, 3, 9, 99, 99};
    std::map<std::string, Distribution> spreads;
    for (int i = 1; i <= 6; ++i) spreads["x" + std::to_string(i)] = {Shape::uniform, {0, 1}};
    TestModel const model("sobol-g", spreads, {"y at 1"});
    SobolIndices const found = indices(model, 4096, 0.99);
    double product = 1;
    for (double const each : a) product *= 1 + 1 / (3 * (1 + each) * (1 + each));
    for (std::size_t g = 0; g < 6; ++g) {
        double const alone = 1 / (3 * (1 + a[g]) * (1 + a[g]));
        check_within(found.groups[g].first, alone / (product - 1));
        check_within(found.groups[g].total, alone * product / (1 + alone) / (product - 1));
    }
    CHECK(found.groups[0].moved > found.groups[1].moved);
    CHECK(found.groups[1].moved > found.groups[2].moved);
}

TEST_CASE("a probability: the random stream is one more input, and the indices are Sheppard's") {
    Distribution const normal{Shape::normal, {0, 1}};
    TestModel const model("probit", {{"x1", normal}, {"x2", normal}}, {"y > 0 at 1"});
    CHECK(model.run.outputs[0].indicator());
    auto const groups = input_groups(model.system, model.program, {});
    REQUIRE(groups.size() == 3);
    CHECK(groups[2].shocks);
    SobolIndices const found = indices(model, 8192, 0.99);
    CHECK(found.mean == doctest::Approx(0.5).epsilon(0.02));
    double const shares[] = {0.5, 0.3, 0.2};
    for (std::size_t g = 0; g < 3; ++g) {
        double const first = (quadrant(shares[g]) - 0.25) / 0.25;
        double const total = 1 - (quadrant(1 - shares[g]) - 0.25) / 0.25;
        check_within(found.groups[g].first, first);
        check_within(found.groups[g].total, total);
        CHECK(std::abs(found.groups[g].first.value - first) < 0.03);
        CHECK(std::abs(found.groups[g].total.value - total) < 0.03);
    }
}

TEST_CASE("what goes together is one group, and turns and threads do not show") {
    Distribution const normal{Shape::normal, {0, 1}};
    TestModel model("probit", {{"x1", normal}, {"x2", normal}}, {"y at 1", "y > 0 at 1"});
    std::vector<Correlation> const tied{{"x1", "x2", 0.5}};
    auto const groups = input_groups(model.system, model.program, tied);
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].name == "x1 + x2");
    auto const draws = pick_freeze(model.system, model.program, groups, 64, 3, tied);
    auto const whole = evaluate(model.run, draws, {0, 256});
    model.run.threads = 3;
    auto const head = evaluate(model.run, draws, {0, 128}),
               tail = evaluate(model.run, draws, {128, 256});
    REQUIRE(whole);
    for (std::size_t o = 0; o < 2; ++o)
        for (std::size_t i = 0; i < 256; ++i)
            CHECK(whole->of(o)[i] == (i < 128 ? head->of(o)[i] : tail->of(o)[i - 128]));
    // Variant 2 has both figures from B and the stream from A.
    CellId const x1 = model.system.names.at("x1");
    auto const values = drawn_values(model.program, draws, x1, 0, 256);
    for (std::size_t row = 0; row < 64; ++row) {
        CHECK(values[128 + row] == values[64 + row]);
        CHECK(values[192 + row] == values[row]);
        CHECK(values[row] != values[64 + row]);
    }
    CHECK_THROWS_AS(pick_freeze(model.system, model.program, groups, 100, 1, tied), BadInput);
    CHECK_THROWS_AS(pick_freeze(model.system, model.program, {groups[0]}, 64, 1, tied), BadInput);
}

TEST_CASE("a row without a value is left out and counted; what does not vary has no index") {
    double const none = std::nan("");
    std::vector<double> const values{1, 2, 3, none, 4, 5, 6, 7, 2, 2, 2, 2};
    SobolIndices const found = sobol_indices(values, 1, 0.9, 10);
    CHECK(found.rows == 3);
    CHECK(found.dropped == 1);
    CHECK(found.groups[0].moved == doctest::Approx((1 + 0 + 1) / 3.0));
    SobolIndices const flat = sobol_indices(std::vector<double>(12, 5.0), 1, 0.9, 10);
    CHECK(std::isnan(flat.groups[0].first.value));
    CHECK(std::isnan(sobol_indices(std::vector<double>(4, none), 2, 0.9, 10).mean));
    CHECK_THROWS_AS(sobol_indices(std::vector<double>(5, 1.0), 2), BadInput);
}

TEST_CASE("Kolmogorov's distance of two samples") {
    // With: 1 2 3; without: 2.5 4 5 6. At 3 it is 3/3 against 1/4.
    std::vector<double> const figure{1, 2, 3, 2.5, 4, 5, 6}, indicator{1, 1, 1, 0, 0, 0, 0};
    auto const found = kolmogorov_distance(figure, indicator);
    CHECK(found.distance == doctest::Approx(0.75));
    CHECK(found.by_chance == doctest::Approx(1.3581 * std::sqrt(7.0 / 12)));
    // Equal values step at once.
    CHECK(kolmogorov_distance(std::vector<double>(4, 2.0), std::vector<double>{1, 0, 1, 0})
              .distance == 0);
    CHECK(std::isnan(kolmogorov_distance(figure, std::vector<double>(7, 0.0)).distance));
}
