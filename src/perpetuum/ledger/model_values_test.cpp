#include <perpetuum/ledger.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace perpetuum;

namespace {

struct TextbookRun {
    Diagnostics diagnostics;
    Model model;
    System system;
    Path path;

    TextbookRun(std::string const& content, int steps) {
        int const text = diagnostics.add_text("a.model", content);
        model = parse_model({text}, {}, diagnostics);
        InstanceOptions options;
        options.steps = steps;
        system = instantiate({}, model, options, diagnostics);
        Program const program = compile(system, diagnostics);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
        path = central_path(system, program);
    }
    ExpressionId expression(std::string const& written) {
        int const text = diagnostics.add_text("cell", written);
        auto const end = static_cast<std::uint32_t>(written.size());
        return parse_expression(model, {text, 0, end}, diagnostics);
    }
};

std::string shipped_model(std::string const& name) {
    std::string content, problem;
    REQUIRE_MESSAGE(read_text_file(PERPETUUM_SOURCE "/books/godley-lavoie/" + name + ".model",
                                   content, problem),
                    problem);
    return content;
}

} // namespace

TEST_CASE("an expression is worked out along a path, at the start as far as starts say") {
    TextbookRun run("model\n  param a = 3\n  x = x[-1] + a,  start 2\n  y = 2 * x\n  z = x[-1]\n",
                    3);
    auto const at = [&](char const* written, int step) {
        return value_on_path(run.model, run.system, run.path, run.expression(written), step);
    };
    CHECK(at("x - x[-1]", 2) == 3);
    CHECK(at("max(x, 10) + (if y > 10 then 1 else 0)", 2) == 11);
    CHECK(at("x", 0) == 2);
    CHECK(at("y + a", 0) == 7); // no start of its own, but its equation needs nothing earlier
    CHECK_FALSE(at("z", 0).has_value());
    CHECK_FALSE(at("x[-1]", 0).has_value());
    CHECK_FALSE(at("1 / (x - 2)", 0).has_value());
    CHECK_FALSE(at("nobody", 1).has_value());
}

TEST_CASE("LP2's published starts do not agree: bonds issued, and cash held, at the start") {
    TextbookRun const run(shipped_model("lp2"), 5);
    auto const gaps = start_gaps(run.model, run.system, run.path);
    REQUIRE(gaps.size() == 3);
    CHECK(gaps[0].name == "Hh");
    CHECK(gaps[0].start == 20.125);
    CHECK(std::fabs(gaps[0].equation - 20.124) < 1e-12); // 95.803 - 37.839 - 20 × 1.892
    CHECK(gaps[1].name == "BLh"); // what is held, 1.892, against what is wanted, 1.89
    CHECK(gaps[2].name == "BLs");
    CHECK(gaps[2].start == 1.89);
    CHECK(gaps[2].equation == 1.892);
    CHECK(std::fabs(gaps[2].relative() - 0.002 / 1.892) < 1e-12);
    // 20 × 0.002 + 0.001 = 0.041 is what the hidden identity keeps from then on.
    auto const identities = identity_gaps(run.model, run.system, run.path);
    REQUIRE(identities.size() == 1);
    CHECK(identities[0].text == "Hh = Hs");
    CHECK(identities[0].at_start == 0);
    CHECK(identities[0].first_step == 1);
    CHECK(std::fabs(identities[0].first - 0.041) < 1e-12);
    CHECK(std::fabs(identities[0].worst - 0.041) < 1e-12);
    CHECK(identities[0].worst_step == 1); // rounding makes no later step worse
    CHECK(std::fabs(identities[0].first_relative - 0.041 / 19.23391202) < 1e-9);
}

TEST_CASE("starts that agree are not complained of, nor those that nothing is known of") {
    for (char const* name : {"sim", "pc", "lp", "bmw", "reg"}) {
        TextbookRun const run(shipped_model(name), 5);
        CHECK_MESSAGE(start_gaps(run.model, run.system, run.path).empty(), name);
        for (IdentityGap const& gap : identity_gaps(run.model, run.system, run.path))
            CHECK(gap.first_step == 0);
    }
}

TEST_CASE("a matrix as written is worked out each step, against zero or the sum that it names") {
    TextbookRun run(shipped_model("sim"), 10);
    WrittenMatrix written{"sheet", {"households", "government"}, {"cash", "half"}, {}, {}};
    written.cells = {run.expression("Hh"), run.expression("-Hs"), run.expression("Hh / 2"), -1};
    written.row_targets = {-1, run.expression("Hs / 2")};
    Matrix const start = matrix_at(written, run.model, run.system, run.path, 0);
    CHECK(worst_sum(start, 0).gap == 0);
    Matrix const matrix = matrix_at(written, run.model, run.system, run.path, 1);
    CHECK(std::fabs(matrix.row_sum(0)) < 1e-12);
    CHECK(std::fabs(matrix.row_sum(1) - matrix.row_targets[1]) < 1e-12);
    WorstSum const worst = worst_sum(matrix, 1);
    CHECK(worst.where == "column 'households'"); // 1.5 times what is held
    CHECK(std::fabs(worst.gap - 1.5 * matrix.cell(0, 0)) < 1e-12);
    CHECK(std::fabs(worst.relative() - 1.5) < 1e-12);
}
