// Values of single paths: the same as the statistics', for any threads and blocks.

#include "models_for_tests.hpp"

#include <cmath>

using namespace perpetuum;
using namespace perpetuum::ensemble_tests;

namespace {

OutcomesAsked asked_of(Prepared const& prepared, std::vector<OutcomesAsked::Column> columns) {
    return {prepared.keeping, std::move(columns), 0};
}

} // namespace

TEST_CASE("values and defaults of single paths add up to the statistics of the same paths") {
    Diagnostics diagnostics;
    Prepared const prepared(ai_system(diagnostics), {"openai.cash", "nvidia.revenue"}, diagnostics);
    Sample const sample{5, Sampling::latin_hypercube, 200, {}};
    auto const asked = asked_of(prepared, {{1, 8}, {0, 40}, {0, 8}, {0, 0}});
    auto const draws = draws_of(prepared.system, prepared.program, sample);
    auto const all = outcomes(prepared.system, prepared.program, asked, draws, {0, 200});
    REQUIRE(all);
    Ensemble ensemble({prepared.side()}, {sample, 1, 64});
    REQUIRE(ensemble.run({0, 200}));
    Summary const summary = ensemble.summary();
    for (std::size_t c = 0; c < 3; ++c) {
        Moments moments;
        moments.add(all->column(c), all->paths());
        CHECK(moments == summary.moments(asked.columns[c].series, asked.columns[c].step));
    }
    FailureTable table(static_cast<int>(prepared.keeping.firms.size()), prepared.system.steps);
    table.add(all->first_defaults.data(), all->paths());
    CHECK(table == summary.failures);
    CHECK(std::count(all->fit.begin(), all->fit.end(), 1) == 200);
    // The start of a path is that of the path kept whole.
    Program const whole = compile(prepared.system, diagnostics);
    Path const path = path_by_number(prepared.system, whole, sample, 77);
    CellId const cash = prepared.system.names.at("openai.cash");
    CHECK(all->column(3)[77] == path.at(cash, 0) * prepared.system.coin);

    // In pieces, other blocks, several threads: the same bytes.
    for (int const block : {16, 96}) {
        auto const head = outcomes(prepared.system, prepared.program, asked, draws, {0, 64}, 2, 16);
        auto const tail =
            outcomes(prepared.system, prepared.program, asked, draws, {64, 200}, 3, block);
        REQUIRE(head);
        REQUIRE(tail);
        for (std::size_t i = 0; i < 200; ++i) {
            Outcomes const& part = i < 64 ? *head : *tail;
            std::size_t const at = i < 64 ? i : i - 64;
            for (std::size_t c = 0; c < asked.columns.size(); ++c)
                REQUIRE(part.column(c)[at] == all->column(c)[i]);
            for (std::size_t f = 0; f < prepared.keeping.firms.size(); ++f)
                REQUIRE(part.defaults(f)[at] == all->defaults(f)[i]);
        }
    }
}

TEST_CASE("draws can be given: every path the median, or a number of one's own") {
    Diagnostics diagnostics;
    Prepared const sim(textbook_system(diagnostics, "sim", 5, {{"Gd", {Shape::uniform, {10, 30}}}}),
                       {"Y", "Gd"}, diagnostics);
    auto const asked = asked_of(sim, {{0, 5}, {1, 5}});
    DrawRows const count = [](std::uint64_t first) -> DrawRow {
        return [first](std::size_t, int, double* row, int lanes) {
            for (int i = 0; i < lanes; ++i) row[i] = static_cast<double>(first) + 10 + i;
        };
    };
    auto const all = outcomes(sim.system, sim.program, asked, count, {16, 40}, 2, 16);
    REQUIRE(all);
    for (std::size_t i = 0; i < 24; ++i) CHECK(all->column(1)[i] == 26.0 + static_cast<double>(i));
    // SIM is linear and starts from nothing: output goes with what the government spends.
    CHECK(all->column(0)[23] / all->column(0)[0] == doctest::Approx(49.0 / 26));
}

TEST_CASE("a run of outcomes can be cut short, ends when told, and says no before memory ends") {
    Diagnostics diagnostics;
    Prepared const sim(textbook_system(diagnostics, "sim", 5, {{"Gd", {Shape::uniform, {10, 30}}}}),
                       {"Y"}, diagnostics);
    auto const draws = draws_of(sim.system, sim.program, {1, Sampling::independent, 64, {}});
    auto asked = asked_of(sim, {{0, 2}});
    auto const whole = outcomes(sim.system, sim.program, asked, draws, {0, 64});
    asked.last_step = 2;
    auto const early = outcomes(sim.system, sim.program, asked, draws, {0, 64});
    CHECK(whole->values == early->values);
    CHECK(!outcomes(sim.system, sim.program, asked, draws, {0, 64}, 1, 64, [] { return true; }));
    asked.columns[0].step = 3;
    CHECK_THROWS_AS(outcomes(sim.system, sim.program, asked, draws, {0, 64}), BadInput);
    asked.columns[0].step = 1;
    CHECK_THROWS_AS(outcomes(sim.system, sim.program, asked, draws, {0, std::uint64_t{1} << 40}),
                    BadInput);
    CHECK_THROWS_AS(outcomes(sim.system, sim.program, asked, draws, {8, 64}), BadInput);
    CHECK_THROWS_AS(outcomes(sim.system, sim.program, asked, draws, {0, 64}, 1, 24), BadInput);
}
