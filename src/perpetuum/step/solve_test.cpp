#include "texts_for_tests.hpp"

#include <cmath>
#include <tuple>

using namespace perpetuum;
using namespace perpetuum::step_tests;

TEST_CASE("a share of what was nothing a step ago is found") {
    // At x = 0 the share 0 / 0 has no value; x = 4 + share · x with share 1/2 gives 8.
    Run const run("model\n  half = x / 2\n  share = half / x\n  x = 4 + share * x,  start 0\n", {},
                  2);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.fault.step == 0);
    CHECK(run.at("x", 1) == doctest::Approx(8).epsilon(1e-12));
    CHECK(run.at("share", 2) == doctest::Approx(0.5).epsilon(1e-12));
}

TEST_CASE("what is solved together holds to rounding, not to a tolerance") {
    // Income 100 (20 spent outside, four fifths of income inside): exactly, every step.
    Run const run("model\n  y = c + 20\n  c = 0.8 * y\n", {}, 3);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(std::abs(run.at("y", 3) - 100) < 1e-13 * 100);
    CHECK(std::abs(run.at("y", 3) - run.at("c", 3) - 20) < 1e-13 * 20);
}

TEST_CASE("equations without a solution stop the path and say so") {
    Run const run("model\n  x = exp(x) + 1\n", {}, 2);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.fault.step == 1);
    CHECK(run.fault.what.find("does not settle") == 0);
}

TEST_CASE("a lane that is solved keeps its solution where its neighbour has none") {
    // x = 1 + b x: 2 where b is a half, nothing where b is 1; and it did not start at 2.
    Diagnostics diagnostics;
    int const text = diagnostics.add_text(
        "t", "model\n  param b = 0.5\n  x = b * x + 1,  start 7\n  z = x[-1]\n");
    Book book;
    book.start = date_of(2026, 1, 1);
    book.parameters["b"] = entry(0.5);
    InstanceOptions steps;
    steps.steps = 2;
    System const system =
        instantiate(book, parse_model({text}, {}, diagnostics), steps, diagnostics);
    CompileOptions options;
    options.fold_points = false; // so that b is drawn
    Program const program = compile(system, diagnostics, options);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    for (int const lanes : {3, 35}) { // the one that fails with others, and in a group of its own
        PathBlock block(system, program, lanes);
        int const lost = lanes - 2;
        block.begin([&](std::size_t, int, double* row, int count) {
            for (int lane = 0; lane < count; ++lane) row[lane] = lane == lost ? 1 : 0.5;
        });
        block.advance();
        CellId const x = system.names.at("x");
        for (int lane = 0; lane < lanes; ++lane)
            if (lane != lost) CHECK(block.value(x, lane) == 2);
        CHECK(block.faults()[static_cast<std::size_t>(lost)].step == 1);
        CHECK(block.faults()[0].step == 0);
        block.advance();
        CHECK(block.value(system.names.at("z"), 0) == 2);
    }
}

TEST_CASE("what runs away is no solution, however little of it is left over") {
    // x = 5 + (0.1 + 0.2 + 0.7) x: of 1e16 the 5 are a rounding. By the sum of its parts 1 is 1.
    Run const run("model\n  param a = 0.1\n  param b = 0.2\n  param c = 0.7\n"
                  "  x = 5 + a * x + b * y + c * z\n  y = a * x + b * y + c * z\n"
                  "  z = 0.3 * x + 0.3 * y + 0.4 * z\n",
                  {}, 2);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.fault.step == 1);
    CHECK(run.fault.what.find("do not say how large it is") != std::string::npos);
    // In one step only: a ratio that is 1 there.
    Run const late("model\n  t = t[-1] + 1,  start 0\n  a = if t = 3 then 1 else 0.5\n"
                   "  x = 5 + a * y\n  y = x * z / z\n  z = 1 + 0.1 * x\n",
                   {}, 5);
    REQUIRE_MESSAGE(!late.diagnostics.failed(), late.problems());
    CHECK(late.at("x", 2) == doctest::Approx(10).epsilon(1e-12));
    CHECK(late.fault.step == 3);
}

TEST_CASE("what is large is a solution all the same") {
    // A million million from nothing, straight and bent; 1 - 1e-7 is known to nine digits.
    Run const run("model\n  x = 1e12 + 0.5 * x\n  y = 1e12 + 0.25 * (y + sqrt(y * y))\n"
                  "  z = 1 + 0.9999999 * z\n",
                  {}, 2);
    REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
    CHECK(run.fault.step == 0);
    CHECK(run.at("x", 1) == 2e12);
    CHECK(run.at("y", 1) == doctest::Approx(2e12).epsilon(1e-12));
    CHECK(run.at("z", 1) == doctest::Approx(1e7).epsilon(1e-8));
}

TEST_CASE("an equation that every number solves, or none, is told apart from one that is hard") {
    for (auto const& [text, why] :
         {std::pair{"x = x", "every number solves its equation, which says nothing"},
          std::pair{"x = x + 1", "no number solves its equation, which is always 1 more"},
          std::pair{"x = y - 2\n  y = x", "no number solves its equation, which is always 2 less"},
          std::pair{"x = exp(x) + 1", "no solution was found"}}) {
        Run const run(std::string("model\n  ") + text + "\n", {}, 2);
        REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
        CHECK(run.fault.step == 1);
        CHECK_MESSAGE(run.fault.what.find(why) != std::string::npos, run.fault.what);
    }
}

TEST_CASE("equations of many unknowns that leave a line of answers are told as such") {
    for (
        auto const& [text, step, why] : {
            // Any p1 = p2.
            std::tuple{"p1 = 0.5 * p1 + 0.5 * p2,  start 1\n  p2 = 0.3 * p1 + 0.7 * p2,  start 3",
                       1, "with other numbers for 'p1', 'p2'"},
            // Coefficients of each good sum to 1: relative prices only; sums of tenths are rounded.
            std::tuple{"p1 = 0.2 * p1 + 0.8 * p2,  start 1\n"
                       "  p2 = 0.3 * p1 + 0.5 * p2 + 0.2 * p3,  start 1\n"
                       "  p3 = 0.5 * p1 + 0.5 * p2,  start 1",
                       1, "with other numbers for"},
            // The identity of one country in place of its consumption: Y1 is anything.
            std::tuple{"Y1 = C1 + 20 + X - 0.2 * Y1,  start 100\n"
                       "  Y2 = C2 + 20 - X + 0.2 * Y1,  start 90\n  X = 0.1 * Y2,  start 10\n"
                       "  C1 = Y1 - 20 - X + 0.2 * Y1,  start 80\n  C2 = 0.5 * Y2 + 5,  start 80",
                       1, "with other numbers for 'Y1'"},
            // Bent: excess demands that know ratios of prices only.
            std::tuple{"p1 = p1 + (2 * p2 + p3) / p1 - 3,  start 1\n"
                       "  p2 = p2 + (p1 + 2 * p3) / p2 - 3,  start 1\n"
                       "  p3 = p3 + (p1 + p2 + p3) / p3 - 3,  start 1",
                       1, "with other numbers for"},
            // In one step only.
            std::tuple{"t = t[-1] + 1,  start 0\n  k = if t = 3 then 1 else 0.5\n"
                       "  p1 = 0.5 * p1 + 0.5 * p2\n  p2 = k * (0.3 * p1 + 0.7 * p2)",
                       3, "with other numbers for"},
        }) {
        Run const run(std::string("model\n  ") + text + "\n", {}, 5);
        REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
        CHECK(run.fault.step == step);
        CHECK_MESSAGE(run.fault.what.find("is not determined") == 0, run.fault.what);
        CHECK_MESSAGE(run.fault.what.find(why) != std::string::npos, run.fault.what);
    }
}

TEST_CASE("slopes that say nothing at an answer that is the only one near do not stop it") {
    // Double roots at x = y = 0 and at 1; and a pivot that is small, but no rounding.
    for (char const* text : {"x = y + x * y\n  y = x - x * x,  start 0",
                             "x = y + (y - 1) ^ 2,  start 1\n  y = x + (x - 1) ^ 2,  start 1",
                             "x = 1 + 0.99999999 * y\n  y = x"}) {
        Run const run(std::string("model\n  ") + text + "\n", {}, 2);
        REQUIRE_MESSAGE(!run.diagnostics.failed(), run.problems());
        CHECK_MESSAGE(run.fault.step == 0, run.fault.what);
    }
}
