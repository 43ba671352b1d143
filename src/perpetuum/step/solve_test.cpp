#include "texts_for_tests.hpp"

#include <cmath>

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
