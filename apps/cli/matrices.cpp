// perpetuum matrices BOOK|FILE.model

#include "commands.hpp"
#include "identities.hpp"
#include "json.hpp"
#include "matrix_file.hpp"
#include "matrix_texts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr double sum_tolerance = 1e-9;   ///< of the largest cell
constexpr double next_to_nothing = 1e-9; ///< of what is shown

/// The steps that --at asks for; without it the window, of a plain model the last step.
bool steps_shown(Options const& options, Projection& projection, int& first, int& last) {
    bool const plain = projection.reading.plain;
    int const steps = projection.path.steps;
    first = plain ? steps : projection.window.first;
    last = plain ? steps : projection.window.last;
    if (options.at.empty()) return true;
    return steps_at(options.at, projection, first, last);
}

/// Sums of a step against the worst so far. A step in which next to nothing stands is as it should
/// be: rounding is large of nothing.
void look_at_sums(MeasuredMatrix& measured, WorstSum const& worst, std::string const& when) {
    ++measured.steps;
    if (worst.size < next_to_nothing * measured.matrix.largest()) return;
    if (worst.where.empty() || std::fabs(worst.relative()) <= std::fabs(measured.worst.relative()))
        return;
    measured.worst = worst;
    measured.worst_when = when;
}

std::vector<MeasuredMatrix> matrices_of_book(Projection const& projection, MatrixBy by, int first,
                                             int last) {
    System const& system = projection.system;
    Path const& path = projection.path;
    Date const begin{system.start.months + (first - 1) * system.step_months};
    Date const end{system.start.months + last * system.step_months};
    MeasuredMatrix sheet, flows;
    sheet.in_money = flows.in_money = true;
    sheet.matrix = balance_sheet_matrix(system, path, last, by);
    sheet.when = "at the end of " + print_day({end.months - 0.01});
    if (last > 0) flows.matrix = transaction_flow_matrix(system, path, first, last, by);
    flows.when = "in " + print_period({begin, end});
    for (int step = 0; step <= path.steps; ++step) {
        auto const when = step == 0 ? std::string("at the start") : step_label(system, step);
        look_at_sums(sheet, worst_sum(balance_sheet_matrix(system, path, step, by), step), when);
        if (step == 0) continue;
        look_at_sums(flows, worst_sum(transaction_flow_matrix(system, path, step, step, by), step),
                     when);
    }
    if (last == 0) return {std::move(sheet)}; // before the first step nothing has flowed
    return {std::move(sheet), std::move(flows)};
}

std::vector<MeasuredMatrix> matrices_as_written(std::vector<WrittenMatrix> const& written,
                                                Projection const& projection, int at) {
    std::vector<MeasuredMatrix> all;
    for (WrittenMatrix const& one : written) {
        MeasuredMatrix measured;
        auto const matrix = [&](int step) {
            return matrix_at(one, projection.reading.model, projection.system, projection.path,
                             step);
        };
        measured.matrix = matrix(at);
        measured.when = at == 0 ? "at the start" : fmt::format("step {}", at);
        for (double const value : measured.matrix.cells)
            if (std::isnan(value)) ++measured.unknown;
        for (int step = 0; step <= projection.path.steps; ++step) {
            Matrix const there = matrix(step);
            bool const known = std::none_of(there.cells.begin(), there.cells.end(),
                                            [](double value) { return std::isnan(value); });
            if (!known) continue; // at the start, flows are not
            look_at_sums(measured, worst_sum(there, step),
                         step == 0 ? "at the start" : fmt::format("step {}", step));
        }
        all.push_back(std::move(measured));
    }
    return all;
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::string matrices_as_json(std::vector<MeasuredMatrix> const& matrices) {
    Json list = Json::array();
    for (MeasuredMatrix const& measured : matrices) {
        Matrix const& matrix = measured.matrix;
        Json rows = Json::array(), sums = Json::array();
        for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
            Json cells = Json::array();
            for (std::size_t c = 0; c < matrix.columns.size(); ++c)
                cells.push_back(matrix.written[r * matrix.columns.size() + c]
                                    ? number_or_null(matrix.cell(r, c))
                                    : Json(nullptr));
            rows.push_back({{"name", matrix.rows[r]},
                            {"cells", std::move(cells)},
                            {"sum", number_or_null(matrix.row_sum(r))},
                            {"should_be", number_or_null(matrix.row_targets[r])}});
        }
        for (std::size_t c = 0; c < matrix.columns.size(); ++c)
            sums.push_back(number_or_null(matrix.column_sum(c)));
        list.push_back({{"title", matrix.title},
                        {"when", measured.when},
                        {"columns", matrix.columns},
                        {"rows", std::move(rows)},
                        {"column_sums", std::move(sums)},
                        {"worst",
                         {{"gap", measured.worst.gap},
                          {"relative", std::fabs(measured.worst.relative())},
                          {"where", measured.worst.where},
                          {"when", measured.worst_when},
                          {"steps", measured.steps}}}});
    }
    return print_json({{"matrices", std::move(list)}});
}

bool all_sum_up(std::vector<MeasuredMatrix> const& matrices) {
    return std::all_of(matrices.begin(), matrices.end(), [](MeasuredMatrix const& measured) {
        bool const exact = measured.in_money ? measured.worst.gap == 0 : false;
        return exact || std::fabs(measured.worst.relative()) <= sum_tolerance;
    });
}

/// The matrices that are asked for; nothing, with an error, when that cannot be.
std::optional<std::vector<MeasuredMatrix>> matrices_of(Options const& options,
                                                       Projection& projection) {
    int first = 0, last = 0;
    if (!steps_shown(options, projection, first, last)) return std::nullopt;
    if (!options.matrix.empty() || projection.reading.plain) {
        auto const file =
            options.matrix.empty() ? matrix_file_beside(options.book) : options.matrix;
        if (file.empty()) {
            projection.reading.diagnostics.error(
                {}, "a model without accounts has no matrices of its own",
                "write them down: --matrix FILE, or FILE.matrix beside FILE.model");
            return std::nullopt;
        }
        auto const written = read_matrix_file(file, projection);
        if (projection.reading.diagnostics.failed()) return std::nullopt;
        return matrices_as_written(written, projection, last);
    }
    MatrixBy const by = options.by == "entity" ? MatrixBy::entity : MatrixBy::kind;
    return matrices_of_book(projection, by, first, last);
}

} // namespace

Answer run_matrices(Options const& options) {
    if (!options.by.empty() && options.by != "kind" && options.by != "entity")
        return refused("--by " + quoted(options.by), "kind or entity");
    Projection projection;
    if (!project(options, projection)) return refused(projection.reading);
    auto const matrices = matrices_of(options, projection);
    if (!matrices) return refused(projection.reading);
    Answer answer;
    if (options.json) {
        answer.text = matrices_as_json(*matrices);
    } else if (options.csv == "-") {
        answer.text = matrices_as_csv(*matrices);
    } else {
        for (MeasuredMatrix const& measured : *matrices)
            answer.text += (answer.text.empty() ? "" : "\n") +
                           (options.latex ? matrix_as_latex(measured) : print_matrix(measured));
    }
    std::string problem;
    if (!options.csv.empty() && options.csv != "-" &&
        !write_text_file(options.csv, matrices_as_csv(*matrices), problem))
        return refused(problem);
    tell_stop(projection, answer);
    if (!all_sum_up(*matrices)) answer.code = projection.reading.plain ? Exit::found : Exit::ours;
    return answer;
}

} // namespace perpetuum
