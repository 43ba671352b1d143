// Scores against examples that others publish, and closed forms.

#include <perpetuum/backtest.hpp>

#include <perpetuum/base.hpp>
#include <perpetuum/lanes.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace perpetuum;

namespace {

std::vector<double> uniform_row(std::string_view name, std::size_t n) {
    std::vector<double> row((n + 15) / 16 * 16);
    uniforms(row.data(), stream_key(7, name), 0, row.size(), 0);
    row.resize(n);
    return row;
}

/// Firms whose one figure lies where it is said.
std::vector<PlacedFigure> placed(std::vector<double> const& places) {
    std::vector<PlacedFigure> figures;
    for (std::size_t i = 0; i < places.size(); ++i)
        figures.push_back({"firm" + std::to_string(i), places[i], 1});
    return figures;
}

} // namespace

TEST_CASE("a figure's place counts what lies below, and half of what ties") {
    std::vector<double> const forecast{1, 2, 2, 4};
    CHECK(place_of(forecast, 2) == doctest::Approx((1 + 1 + 0.5) / 5));
    CHECK(place_of(forecast, 0) == doctest::Approx(0.1));
    CHECK(place_of(forecast, 9) == doctest::Approx(0.9));
    CHECK_THROWS_AS(place_of({}, 1), BadInput);
    CHECK_THROWS_AS(place_of(forecast, std::nan("")), BadInput);
}

TEST_CASE(
    "the score of one number is how far it is off, and of a normal distribution its closed form") {
    CHECK(crps(std::vector<double>{3}, 5) == 2);
    CHECK(crps(std::vector<double>{0, 1}, 0) == doctest::Approx(0.25)); // ½ − ½ · ½
    // Gneiting and Raftery (2007): CRPS(N(0, 1), 0) = (√2 − 1) / √π
    CHECK(crps_of_normal(0, 1, 0) ==
          doctest::Approx((std::sqrt(2.0) - 1) / std::sqrt(std::numbers::pi)));
    CHECK(crps_of_normal(4, 0, 1) == 3);
    std::vector<double> sample;
    for (int i = 0; i < 2000; ++i)
        sample.push_back(quantile({Shape::normal, {10, 3}}, (i + 0.5) / 2000));
    CHECK(crps(sample, 12) == doctest::Approx(crps_of_normal(10, 3, 12)).epsilon(1e-3));
}

TEST_CASE("exact intervals of shares are Clopper's and Pearson's") {
    // R: binom.test(5, 10) and binom.test(0, 10): [0.1870861, 0.8129139], [0, 0.3084971]
    Bracket const half = exact_share(5, 10);
    CHECK(half.at_least == doctest::Approx(0.1870861).epsilon(1e-6));
    CHECK(half.at_most == doctest::Approx(0.8129139).epsilon(1e-6));
    Bracket const none = exact_share(0, 10);
    CHECK(none.at_least == 0);
    CHECK(none.at_most == doctest::Approx(1 - std::pow(0.025, 0.1)));
    CHECK(exact_share(1, 1).at_least == doctest::Approx(0.025));
    CHECK(std::isnan(exact_share(0, 0).value));
    CHECK_THROWS_AS(exact_share(3, 2), BadInput);
}

TEST_CASE(
    "of figures in the middle of every forecast the bands are too wide, at the ends too narrow") {
    auto const middle = calibration_of(placed(std::vector<double>(30, 0.5)));
    CHECK(middle.half.verdict == Verdict::too_wide);
    CHECK(middle.most.verdict == Verdict::too_wide);
    CHECK(middle.bias == Verdict::cannot_tell);
    CHECK(middle.histogram[5] == 30);
    std::vector<double> ends;
    for (int i = 0; i < 30; ++i) ends.push_back(i % 2 == 0 ? 0.02 : 0.98);
    auto const narrow = calibration_of(placed(ends));
    CHECK(narrow.half.verdict == Verdict::too_narrow);
    CHECK(narrow.most.verdict == Verdict::too_narrow);
    CHECK(narrow.bias == Verdict::cannot_tell);
}

TEST_CASE("what comes high in every forecast was forecast too low") {
    std::vector<double> places;
    for (int i = 0; i < 12; ++i) places.push_back(0.6 + 0.03 * i);
    CHECK(calibration_of(placed(places)).bias == Verdict::biased_low);
    for (double& place : places) place = 1 - place;
    CHECK(calibration_of(placed(places)).bias == Verdict::biased_high);
}

TEST_CASE("two firms cannot tell, however many figures they have") {
    std::vector<PlacedFigure> figures;
    for (int i = 0; i < 60; ++i) figures.push_back({i % 2 == 0 ? "a" : "b", 0.99, 1});
    auto const two = calibration_of(figures);
    CHECK(two.firms == 2);
    CHECK(two.figures == 60);
    CHECK(two.most.by_figure.at_most < 0.1); // as if they were independent
    CHECK(two.most.verdict == Verdict::cannot_tell);
    for (PlacedFigure& figure : figures) figure.place = 0.85;
    CHECK(calibration_of(figures).bias == Verdict::cannot_tell);
    CHECK(calibration_of({}).bias == Verdict::cannot_tell);
}

TEST_CASE("honest forecasts are rarely called anything else") {
    int words = 0;
    for (int trial = 0; trial < 40; ++trial) {
        auto const result = calibration_of(
            placed(uniform_row("honest" + std::to_string(trial), 15)), {400, 1, 0.95});
        words += result.half.verdict != Verdict::cannot_tell;
        words += result.most.verdict != Verdict::cannot_tell;
        words += result.bias != Verdict::cannot_tell;
    }
    CHECK(words <= 9); // of 120 verdicts at 95 %, 6 would be expected at most
}

TEST_CASE("rivals of a figure share its weight") {
    std::vector<PlacedFigure> const figures{{"a", 0.5, 0.5}, {"a", 0.95, 0.5}, {"b", 0.5, 1}};
    auto const result = calibration_of(figures);
    CHECK(result.figures == 2);
    CHECK(result.most.by_figure.value == doctest::Approx(0.75));
}

TEST_CASE("the area under Fawcett's curve of twenty cases is 0.68") {
    // Fawcett (2006), An introduction to ROC analysis, figure 3
    std::vector<double> const scores{.9, .8,  .7,  .6,  .55, .54, .53, .52, .51, .505,
                                     .4, .39, .38, .37, .36, .35, .34, .33, .30, .1};
    std::vector<bool> const events{true,  true,  false, true,  true,  true, false,
                                   false, true,  false, true,  false, true, false,
                                   false, false, true,  false, true,  false};
    CHECK(area_under_curve(scores, events) == doctest::Approx(0.68));
    Bracket const area = area_with_interval(scores, events, {4000, 1, 0.95});
    // Hanley and McNeil (1982): the standard error at 0.68 with 10 and 10 is 0.124
    CHECK(area.at_least == doctest::Approx(0.68 - 1.96 * 0.124).epsilon(0.1));
    CHECK(area.at_most == doctest::Approx(0.68 + 1.96 * 0.124).epsilon(0.1));
}

TEST_CASE("ties count half, and no events leave the area unknown") {
    std::vector<double> const same{1, 1, 1};
    CHECK(area_under_curve(same, {true, false, true}) == 0.5);
    CHECK(std::isnan(area_under_curve(same, {false, false, false})));
    CHECK(std::isnan(area_with_interval(same, {true, true, true}, {}).value));
    CHECK_THROWS_AS(area_under_curve(same, {true}), BadInput);
}

TEST_CASE("a score differs from itself by nothing, and a perfect one from its reverse by one") {
    auto const scores = uniform_row("scores", 40);
    std::vector<bool> events;
    std::vector<double> reversed;
    for (double const score : scores) events.push_back(score > 0.5), reversed.push_back(-score);
    Bracket const none = area_difference(scores, scores, events, {500, 1, 0.9});
    CHECK(none.value == 0);
    CHECK(none.at_least == 0);
    CHECK(none.at_most == 0);
    Bracket const all = area_difference(scores, reversed, events, {500, 1, 0.9});
    CHECK(all.value == 1);
    CHECK(all.at_least == 1);
}

TEST_CASE("Brier's score and its skill against the base rate") {
    std::vector<double> const sure{1, 0, 0.5, 0.5};
    std::vector<bool> const events{true, false, true, false};
    CHECK(brier_score(sure, events) == 0.125);         // (0 + 0 + ¼ + ¼) / 4
    CHECK(brier_skill(sure, events, {}).value == 0.5); // 1 − 0.125 / 0.25
    CHECK(brier_skill(std::vector<double>{.5, .5, .5, .5}, events, {}).value == 0);
    CHECK(std::isnan(brier_skill(std::vector<double>{0, 0}, {false, false}, {}).value));
    CHECK_THROWS_AS(brier_score(std::vector<double>{2}, {true}), BadInput);
}

TEST_CASE("a curve fitted to all others gives a group's share without the firm itself") {
    // Ten firms with 0, of which three fail; ten with 1, of which six fail. For a number with two
    // values the fitted curve goes through the shares of the two groups.
    std::vector<double> numbers;
    std::vector<bool> events;
    for (int i = 0; i < 20; ++i) {
        numbers.push_back(i < 10 ? 0 : 1);
        events.push_back(i < 10 ? i < 3 : i < 16);
    }
    auto const p = leave_one_out_logistic(numbers, events);
    CHECK(p[0] == doctest::Approx(2.0 / 9).epsilon(1e-3));
    CHECK(p[9] == doctest::Approx(3.0 / 9).epsilon(1e-3));
    CHECK(p[10] == doctest::Approx(5.0 / 9).epsilon(1e-3));
    CHECK(p[19] == doctest::Approx(6.0 / 9).epsilon(1e-3));
}

TEST_CASE("a number that tells all apart has a fit, and one that is the same for all its share") {
    std::vector<bool> const events{false, false, false, true, true, true};
    for (double const p : leave_one_out_logistic(std::vector<double>{1, 2, 3, 7, 8, 9}, events))
        CHECK((p < 0.05 || p > 0.95));
    for (double const p : leave_one_out_logistic(std::vector<double>{5, 5, 5, 5, 5, 5}, events))
        CHECK((p == doctest::Approx(0.4).epsilon(1e-3) || p == doctest::Approx(0.6).epsilon(1e-3)));
}

TEST_CASE("the quarter error is the median over firms that failed and were likely to") {
    std::vector<FailureForecast> const firms{
        {"early", {0.6, 0.7, 0.8}, 3}, // forecast quarter 1
        {"exact", {0.1, 0.5, 0.9}, 2}, // forecast quarter 2
        {"late", {0, 0, 0.6}, 1},      // forecast quarter 3
        {"unlikely", {0.1, 0.2, 0.5}, 3}, {"alive", {0.9, 0.9, 0.9}, 0},
    };
    QuarterError const error = quarter_error(firms);
    CHECK(error.firms == std::vector<std::string>{"early", "exact", "late"});
    CHECK(error.forecast == std::vector<int>{1, 2, 3});
    CHECK(error.median == 2);
    CHECK(std::isnan(quarter_error({}).median));
}

TEST_CASE("intervals are the same for the same seed, and other seeds' are near") {
    auto const figures = placed(uniform_row("places", 20));
    auto const once = calibration_of(figures, {2000, 1, 0.95}).mean_place;
    auto const again = calibration_of(figures, {2000, 1, 0.95}).mean_place;
    auto const other = calibration_of(figures, {2000, 2, 0.95}).mean_place;
    CHECK(once.at_least == again.at_least);
    CHECK(once.at_least == doctest::Approx(other.at_least).epsilon(0.05));
    CHECK_THROWS_AS(calibration_of(figures, {1, 1, 0.95}), BadInput);
}

TEST_CASE("a score beside another's is a ratio of sums, sampled by firm") {
    std::vector<ScoredPair> const pairs{{"a", 1, 2, 1}, {"a", 1, 2, 1}, {"b", 3, 2, 0.5}};
    Bracket const ratio = score_ratio(pairs, {1000, 1, 0.95});
    CHECK(ratio.value == doctest::Approx(3.5 / 5));
    CHECK(ratio.at_least == doctest::Approx(0.5));
    CHECK(ratio.at_most == doctest::Approx(1.5));
    CHECK(std::isnan(score_ratio({}).value));
}
