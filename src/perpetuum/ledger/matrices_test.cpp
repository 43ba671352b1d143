#include <perpetuum/ledger.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace perpetuum;

namespace {

/// A book of the tutorial, run for a few steps.
struct TutorialRun {
    Diagnostics diagnostics;
    Book book;
    System system;
    Path path;

    TutorialRun(char const* name, int steps) {
        std::string content, problem;
        REQUIRE_MESSAGE(
            read_text_file(PERPETUUM_SOURCE "/models/tutorial/tutorial.model", content, problem),
            problem);
        int const text = diagnostics.add_text("tutorial.model", content);
        Model const model = parse_model({text}, {}, diagnostics);
        auto const texts =
            read_book_text(std::string(PERPETUUM_SOURCE "/books/tutorial/") + name, diagnostics);
        book = interpret_book(*texts, vocabulary_of(model), std::nullopt, diagnostics);
        InstanceOptions options;
        options.steps = steps;
        system = instantiate(book, model, options, diagnostics);
        Program const program = compile(system, diagnostics);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
        path = central_path(system, program);
    }
};

/// What stands in a row and column, in billions; 0 where there is no such thing.
double billions(Matrix const& matrix, std::string const& row, std::string const& column) {
    auto const r = std::find(matrix.rows.begin(), matrix.rows.end(), row);
    auto const c = std::find(matrix.columns.begin(), matrix.columns.end(), column);
    if (r == matrix.rows.end() || c == matrix.columns.end()) return 0;
    return matrix.cell(static_cast<std::size_t>(r - matrix.rows.begin()),
                       static_cast<std::size_t>(c - matrix.columns.begin())) /
           1e9;
}

} // namespace

TEST_CASE("the flow matrix of the triangle has what each paid and got, and sums to zero") {
    TutorialRun const run("02-ono", 2);
    Matrix const flows = transaction_flow_matrix(run.system, run.path, 1, 1, MatrixBy::entity);
    CHECK(billions(flows, "service", "n current") == 32); // customers 20, R 12
    CHECK(billions(flows, "service", "o current") == -10);
    CHECK(billions(flows, "service", "r current") == 3);
    CHECK(billions(flows, "service", "customers current") == -25);
    CHECK(billions(flows, "equity", "n capital") == -10);
    CHECK(billions(flows, "equity", "o capital") == 10);
    CHECK(billions(flows, "change in cash", "n capital") == -22);
    CHECK(billions(flows, "saving", "n current") == -32);
    CHECK(billions(flows, "saving", "n capital") == 32);
    CHECK(worst_sum(flows, 1).gap == 0);
    CHECK(worst_sum(flows, 1).where.empty());
    // Among firms of one kind only what goes in and out is left.
    Matrix const kinds = transaction_flow_matrix(run.system, run.path, 1, 2, MatrixBy::kind);
    CHECK(billions(kinds, "service", "firm current") == 25);
    CHECK(billions(kinds, "equity", "firm capital") == 0);
    CHECK(worst_sum(kinds, 2).gap == 0);
}

TEST_CASE("the balance sheet's columns sum to zero: assets less liabilities less equity") {
    TutorialRun const run("02-ono", 2);
    Matrix const sheet = balance_sheet_matrix(run.system, run.path, 1, MatrixBy::entity);
    CHECK(billions(sheet, "cash", "n") == 22);
    CHECK(billions(sheet, "stakes", "n") == 10);
    CHECK(billions(sheet, "retained", "n") == -32);
    CHECK(billions(sheet, "paid_in", "o") == -10);
    CHECK(billions(sheet, "retained", "o") == 10);
    CHECK(worst_sum(sheet, 1).gap == 0);
}

TEST_CASE("a coin from nowhere shows in both matrices: they are not blind") {
    TutorialRun run("07-default", 2);
    CellId const cash = run.system.balance(run.system.entity("c"), 0);
    run.path.values[run.path.cells + static_cast<std::size_t>(cash)] += 1;
    Matrix const flows = transaction_flow_matrix(run.system, run.path, 1, 1, MatrixBy::entity);
    CHECK(std::fabs(worst_sum(flows, 1).gap) == doctest::Approx(0.01));
    CHECK(worst_sum(flows, 1).where == "row 'change in cash'");
    Matrix const sheet = balance_sheet_matrix(run.system, run.path, 1, MatrixBy::entity);
    CHECK(std::fabs(worst_sum(sheet, 1).gap) == doctest::Approx(0.01));
    CHECK(worst_sum(sheet, 1).where == "column 'c'");
}

TEST_CASE("every tutorial book's matrices sum to exactly zero in every step") {
    for (char const* name : {"01-loop-of-two", "02-ono", "03-homestore", "04-vehicle", "05-classic",
                             "06-backstop", "07-default"})
        for (MatrixBy const by : {MatrixBy::kind, MatrixBy::entity}) {
            TutorialRun const run(name, 8);
            for (int step = 1; step <= 8; ++step) {
                INFO(name << " " << step);
                Matrix const flows = transaction_flow_matrix(run.system, run.path, 1, step, by);
                CHECK(worst_sum(flows, step).gap == 0);
                Matrix const sheet = balance_sheet_matrix(run.system, run.path, step, by);
                CHECK(worst_sum(sheet, step).gap == 0);
                CHECK(!sheet.rows.empty());
            }
        }
}
