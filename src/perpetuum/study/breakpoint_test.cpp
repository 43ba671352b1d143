// The smallest change, the nearest point, the growth of a nudge, contests.

#include "models_for_tests.hpp"

#include <cmath>

using namespace perpetuum;
using namespace perpetuum::study_tests;

namespace {

/// k / Σ k of a prize, less k.
std::vector<double> contest_of_three(std::vector<std::vector<double>> const& profiles,
                                     double prize) {
    std::vector<double> gains;
    for (auto const& k : profiles)
        for (double const own : k)
            gains.push_back(own > 0 ? prize * own / (k[0] + k[1] + k[2]) - own : 0);
    return gains;
}

} // namespace

TEST_CASE("bisection finds the first change, and says when there are more") {
    auto const plain = bisect([](double x) { return x > 0.3; }, 1e-3);
    CHECK(plain.found);
    CHECK(plain.below <= 0.3);
    CHECK(plain.above > 0.3);
    CHECK(plain.above - plain.below <= 1e-3);
    CHECK(plain.changes == 1);
    auto const twice = bisect([](double x) { return x > 0.2 && x < 0.6; }, 1e-3);
    CHECK(twice.found);
    CHECK(twice.above == doctest::Approx(0.2).epsilon(0.01));
    CHECK(twice.changes == 2);
    CHECK(bisect([](double) { return true; }, 1e-3).at_start);
    CHECK(!bisect([](double) { return false; }, 1e-3).found);
}

TEST_CASE("the nearest point of a half-plane is its foot, of a ball's outside its nearest side") {
    // 3 x + 4 y >= 10: the foot of the perpendicular is (1.2, 1.6), 2 away.
    auto const foot = nearest_point(
        [](std::span<double const> at) { return 3 * at[0] + 4 * at[1] >= 10; }, 2, 4, 1e-3);
    REQUIRE(foot.found);
    CHECK(foot.distance == doctest::Approx(2).epsilon(0.005));
    CHECK(foot.point[0] == doctest::Approx(1.2).epsilon(0.05));
    auto const three = nearest_point(
        [](std::span<double const> at) { return at[0] - 2 * at[1] + 2 * at[2] <= -6; }, 3, 4, 1e-3);
    CHECK(three.distance == doctest::Approx(2).epsilon(0.01));
    CHECK(!nearest_point([](std::span<double const>) { return false; }, 2).found);
    CHECK(nearest_point([](std::span<double const>) { return true; }, 2).distance == 0);
}

TEST_CASE("a nudge grows by the gain, and passes 1 where the gain does") {
    TestModel model("echo", {}, {"growth mood over 8"}, 10);
    CellId nudge = -1;
    CellId const gain = model.system.names.at("gain");
    model.system = nudgeable(std::move(model.system), model.system.names.at("mood"), nudge);
    model.open({gain});
    Settings const settings{{gain}, {false}, {0, 0.5, 0.9, 1.2}};
    auto const growth =
        nudge_growth(model.system, model.program, model.run.outputs[0], settings, nudge);
    REQUIRE(growth.size() == 4);
    CHECK(growth[0].factor == 0);
    CHECK(growth[1].factor == doctest::Approx(0.5).epsilon(1e-6));
    CHECK(growth[2].factor == doctest::Approx(0.9));
    CHECK(growth[3].factor == doctest::Approx(1.2));
    auto const edge = bisect(
        [&](double at) {
            return nudge_growth(model.system, model.program, model.run.outputs[0],
                                {{gain}, {false}, {2 * at}}, nudge)[0]
                       .factor > 1;
        },
        0.0025);
    CHECK(2 * edge.above == doctest::Approx(1).epsilon(0.01));
    CHECK_THROWS_AS(evaluate(model.run, central_draws(model.system, model.program), {0, 16}),
                    BadInput);
}

TEST_CASE("a nudge that turns into its opposite is told from one that dies") {
    TestModel model("echo", {}, {"growth mood over 3"}, 10);
    CellId nudge = -1;
    CellId const gain = model.system.names.at("gain");
    model.system = nudgeable(std::move(model.system), model.system.names.at("mood"), nudge);
    model.open({gain});
    Settings const settings{{gain}, {false}, {-0.5, -2, 0.5}};
    auto const growth =
        nudge_growth(model.system, model.program, model.run.outputs[0], settings, nudge);
    CHECK(growth[0].factor == doctest::Approx(0.5));
    CHECK(growth[0].after == doctest::Approx(-0.125));
    CHECK(growth[0].largest == doctest::Approx(-0.5));
    CHECK(growth[0].largest_at == 1);
    CHECK(growth[1].factor == doctest::Approx(2));
    CHECK(growth[1].largest == doctest::Approx(-8));
    CHECK(growth[1].largest_at == 3);
    CHECK(growth[2].after == doctest::Approx(0.125));
}

TEST_CASE("on the central path each lane is a setting of its own") {
    TestModel model("contest", {{"k1", {Shape::uniform, {0, 10}}}}, {"gain1 at 1"});
    CellId const k1 = model.system.names.at("k1"), prize = model.system.names.at("prize");
    model.open({k1, prize});
    Settings settings{{k1, prize}, {true, false}, {}};
    for (int s = 0; s < 70; ++s) settings.values.insert(settings.values.end(), {1.0 + s, 90.0 - s});
    auto const found =
        evaluate(model.run, central_settings(model.system, model.program, settings), {0, 70});
    for (int s = 0; s < 70; ++s) {
        double const own = 5.0 * (1 + s); // the median is 5
        CHECK(found->of(0)[static_cast<std::size_t>(s)] ==
              doctest::Approx((90.0 - s) * own / (own + 20) - own).epsilon(1e-12));
    }
}

TEST_CASE("who faces what others have spent leaves below ((n - 1) / n)² of the prize") {
    // Three players at 20, prize 90: the best answer to 40 of the others is √(90 p 40) - 40.
    PayOffs const at_odds[] = {
        [](auto const& profiles) { return contest_of_three(profiles, 0.5 * 90); },
        [](auto const& profiles) { return contest_of_three(profiles, 0.44 * 90); }};
    GameRules rules;
    rules.low = {0, 0, 0};
    rules.high = {60, 60, 60};
    auto const stays = best_answers(rules, at_odds[0], {20, 20, 20});
    auto const leaves = best_answers(rules, at_odds[1], {20, 20, 20});
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(std::abs(stays[i] - (std::sqrt(45.0 * 40) - 40)) < 0.1);
        CHECK(leaves[i] == 0);
    }
    // All together adapt: at half the prize each spends half of 20.
    Equilibrium const settled = settle(rules, at_odds[0], {20, 20, 20});
    CHECK(settled.settled);
    for (double const move : settled.moves) CHECK(std::abs(move - 10) < 0.2);
    CHECK_THROWS_AS(best_answers(rules, at_odds[0], {20}), BadInput);
    rules.points = 3; // too few to close in on anything: four are taken
    CHECK(std::abs(best_answers(rules, at_odds[0], {20, 20, 20})[0] - stays[0]) < 0.2);
}

TEST_CASE("a setting holds a figure or multiplies it, and draws the rest as it was") {
    Distribution const wide{Shape::uniform, {0, 10}};
    TestModel model("contest", {{"k1", wide}}, {"gain1 at 1"});
    CellId const k1 = model.system.names.at("k1"), prize = model.system.names.at("prize");
    model.open({k1, prize});
    auto const draws = draws_of(model.system, model.program, {1, Sampling::independent, 64, {}});
    auto const k = drawn_values(model.program, draws, k1, 0, 32);
    model.run.block = 32;
    Settings const settings{{k1, prize}, {true, false}, {1, 90, 0.5, 45, 2, 0}};
    auto const found =
        evaluate(model.run, with_settings(model.program, draws, settings, 32), {0, 96});
    REQUIRE(found);
    double const times[] = {1, 0.5, 2}, prizes[] = {90, 45, 0};
    for (std::size_t s = 0; s < 3; ++s)
        for (std::size_t j = 0; j < 32; ++j) {
            double const own = k[j] * times[s];
            CHECK(found->of(0)[s * 32 + j] ==
                  doctest::Approx(prizes[s] * own / (own + 20) - own).epsilon(1e-12));
        }
    CHECK_THROWS_AS(with_settings(model.program, draws, settings, 10), BadInput);
}

TEST_CASE(
    "a contest of equal players: each spends a (n - 1) / n² of the prize, and all of it is lost") {
    for (double const sharpness : {1.0, 0.5}) {
        TestModel model("contest", {{"sharpness", {Shape::point, {sharpness}}}},
                        {"gain1 at 1", "gain2 at 1", "gain3 at 1"});
        std::vector<CellId> cells;
        for (char const* name : {"k1", "k2", "k3"}) cells.push_back(model.system.names.at(name));
        model.open(cells);
        model.run.block = 16;
        PayOffs const pay_offs = [&](std::vector<std::vector<double>> const& profiles) {
            Settings settings{cells, {false, false, false}, {}};
            for (auto const& profile : profiles)
                settings.values.insert(settings.values.end(), profile.begin(), profile.end());
            auto const draws = with_settings(
                model.program, central_draws(model.system, model.program), settings, 16);
            auto const found = evaluate(model.run, draws, {0, 16 * profiles.size()});
            std::vector<double> values;
            for (std::size_t p = 0; p < profiles.size(); ++p)
                for (std::size_t i = 0; i < 3; ++i) values.push_back(found->of(i)[p * 16]);
            return values;
        };
        GameRules rules;
        rules.low = {0.01, 0.01, 0.01};
        rules.high = {60, 60, 60};
        GameResult const result = play(rules, pay_offs, {10, 10, 10});
        double const expected = sharpness * 2 / 9 * 90;
        REQUIRE(result.equilibria.size() == 1);
        Equilibrium const& found = result.equilibria[0];
        CHECK(found.settled);
        for (double const move : found.moves) CHECK(std::abs(move - expected) < 0.2);
        // Together nothing is spent, and the prize is shared.
        CHECK(result.joint.total() == doctest::Approx(90).epsilon(0.001));
        double const spent = found.moves[0] + found.moves[1] + found.moves[2];
        CHECK((result.joint.total() - found.total()) / spent == doctest::Approx(1).epsilon(0.01));
    }
}

TEST_CASE("outputs say what they cannot be") {
    TestModel model("echo", {}, {"mood at 3", "when mood < 1.1", "mood < 1.1 by 9"}, 10);
    auto const values = evaluate(model.run, central_draws(model.system, model.program), {0, 16});
    CHECK(values->of(0)[0] == doctest::Approx(1 + 0.5 * 0.125));
    CHECK(values->of(1)[3] == 3); // 1.25, 1.125, 1.0625
    CHECK(values->of(2)[15] == 1);
    for (char const* text :
         {"", "moot at 3", "mood at 30", "mood at", "default nobody", "share x own", "mood ? 3",
          "mood > 3 USD at 3", "when mood", "growth", "mood at 3 4"}) {
        Diagnostics found;
        INFO(text);
        CHECK(!read_output(model.system, text, found));
        CHECK(found.failed());
    }
    for (char const* text : {"gain",
                             "gain = 1",
                             "gain = 1..1",
                             "gain = 1..2 USD",
                             "mood = 1..2",
                             "gian = 1..2",
                             "gain = 1..2 by 0",
                             "gain = 1..2 by x",
                             "gain = 1..2..3",
                             "gain = 1..2..3 %",
                             "gain = 1%..2",
                             "gain = 1B..2",
                             "gain = 1%..2 k",
                             "gain = ..2",
                             "gain = 1..",
                             "gain = 1...2",
                             "gain = 1-2..3",
                             "gain = 1,000..2,500",
                             "gain = 1..2GW",
                             "gain = a..b",
                             ""}) {
        Diagnostics found;
        INFO(text);
        CHECK(!read_variation(model.system, text, found));
        CHECK(found.failed());
    }
    for (char const* text :
         {"mood at 3", "default nobody > 3 %", "mood at 3 >", "mood at 3 > 2 USD"}) {
        Diagnostics found;
        INFO(text);
        CHECK(!read_condition(model.system, text, found));
        CHECK(found.failed());
    }
    Diagnostics fine;
    auto const half = read_condition(model.system, "mood < 1.1 at 3", fine);
    CHECK(half->holds(0.6));
    auto const mean = read_condition(model.system, "mood at 3 < 1.1", fine);
    CHECK(mean->holds(1.0625));
    CHECK(!mean->holds(1.2));
    auto const times = read_variation(model.system, "model.gain = * 50..150 % by 3", fine);
    REQUIRE_MESSAGE(times, fine.render());
    CHECK(times->times);
    CHECK(times->at(0.5) == doctest::Approx(1));
    CHECK(times->points == 3);
    CHECK(times->scale == doctest::Approx(0.01));
}

TEST_CASE("a range reads alike with its unit at a blank, at the number or at both numbers") {
    TestModel model("echo", {}, {"mood at 3"}, 10);
    for (char const* text : {"gain = 50..150 %", "gain = 50..150%", "gain = 50%..150%",
                             "gain = 50%..150 %", "gain = 50..150% by 5"}) {
        Diagnostics found;
        auto const range = read_variation(model.system, text, found);
        INFO(text);
        REQUIRE_MESSAGE(range, found.render());
        CHECK(range->from == doctest::Approx(0.5));
        CHECK(range->to == doctest::Approx(1.5));
        CHECK(range->unit == "%");
        CHECK(range->scale == doctest::Approx(0.01));
    }
    Diagnostics found;
    auto const down = read_variation(model.system, "gain = 2k..0k", found);
    REQUIRE_MESSAGE(down, found.render());
    CHECK(down->from == 2000);
    CHECK(down->to == 0);
    CHECK(down->unit == "k");
    CHECK(down->scale == 1000);
}

TEST_CASE("a deal's chance is varied between 0 and 100 % only") {
    // What a letter with a chance of 40 % brings into a run: the chance, and the luck it is held to.
    System system;
    for (char const* name : {"letter.chance", "letter.luck", "bank.chance"}) {
        Cell& cell = system.cells.emplace_back();
        cell.name = name;
        cell.type = CellType::parameter;
        cell.drawn = true;
        cell.draw = {Shape::uniform, {0.2, 0.4}};
        system.names.emplace(name, static_cast<CellId>(system.cells.size() - 1));
    }
    for (char const* text :
         {"deal.letter.chance = 10..900 %", "deal.letter.chance = -10..90%",
          "deal.letter.chance = 2..0", "letter.chance = * 1..3", "letter.chance = * -1..1"}) {
        Diagnostics found;
        INFO(text);
        CHECK(!read_variation(system, text, found));
        CHECK(found.render().find("a chance must lie between 0 and 100 %") != std::string::npos);
    }
    for (char const* text : {"deal.letter.chance = 0..100 %", "letter.chance = * 0..2.5",
                             "bank.chance = 10..900 %"}) { // of the last there is no luck
        Diagnostics found;
        auto const range = read_variation(system, text, found);
        CHECK_MESSAGE(range, found.render());
    }
    Diagnostics shown;
    read_variation(system, "deal.letter.chance = * 1..3", shown);
    read_variation(system, "deal.letter.chance = 10%..90 M", shown);
    read_variation(system, "deal.letter.chance = 10..90..95 %", shown);
    CHECK(shown.render() == R"(--vary:1:24: error: a chance must lie between 0 and 100 %
    1 | deal.letter.chance = * 1..3
      |                        ^^^^
   hint: take smaller factors
--vary:1:22: error: '10%..90 M' is no range of two numbers in one unit
    1 | deal.letter.chance = 10%..90 M
      |                      ^^^^^^^^^
   hint: write 10..90 %, or 1..4 B USD
--vary:1:22: error: '10..90..95 %' is no range of two numbers in one unit
    1 | deal.letter.chance = 10..90..95 %
      |                      ^^^^^^^^^^^^
   hint: write 10..90 %, or 1..4 B USD
)");
}
