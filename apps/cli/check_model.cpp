// perpetuum check FILE.model: a textbook model's starts, identities and matrices.

#include "commands.hpp"
#include "identities.hpp"
#include "json.hpp"
#include "matrix_file.hpp"
#include "projection_rows.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr double sums_tolerance = 1e-9;

/// A written matrix's sums: where they are first off, and where they are off most.
struct MatrixFinding {
    std::string title;
    WorstSum first, worst; ///< step of `first` means nothing where `holds`
    bool holds = true;
};

/// What is found about a model by itself.
struct ModelFindings {
    std::vector<StartGap> starts;
    std::vector<IdentityGap> identities;
    std::vector<MatrixFinding> matrices;
    std::vector<FailedCheck> failed;
    std::string stop, no_number; ///< sentences; empty: the path has its end, and only numbers
    bool sound() const {
        return starts.empty() && failed.empty() && stop.empty() && no_number.empty() &&
               std::all_of(matrices.begin(), matrices.end(),
                           [](MatrixFinding const& finding) { return finding.holds; });
    }
};

/// Over all steps, and the start. A step in which next to nothing stands is as it should be.
MatrixFinding finding_along(WrittenMatrix const& written, Projection const& projection) {
    std::vector<WorstSum> sums;
    double largest = 0;
    for (int step = 0; step <= projection.path.steps; ++step) {
        Matrix const matrix =
            matrix_at(written, projection.reading.model, projection.system, projection.path, step);
        bool const known = std::none_of(matrix.cells.begin(), matrix.cells.end(),
                                        [](double value) { return std::isnan(value); });
        if (known) sums.push_back(worst_sum(matrix, step));
        if (known) largest = std::max(largest, sums.back().size);
    }
    MatrixFinding finding;
    finding.title = written.title;
    for (WorstSum const& sum : sums) {
        if (sum.size < 1e-9 * largest) continue;
        bool const off = std::fabs(sum.relative()) > sums_tolerance;
        if (off && finding.holds) finding.first = sum;
        finding.holds = finding.holds && !off;
        // Larger by more than rounding.
        if (std::fabs(sum.relative()) > 1.0001 * std::fabs(finding.worst.relative()))
            finding.worst = sum;
    }
    return finding;
}

ModelFindings findings_of(Projection& projection, std::string const& matrix_file) {
    ModelFindings findings;
    Model const& model = projection.reading.model;
    findings.starts = start_gaps(model, projection.system, projection.path);
    findings.identities = identity_gaps(model, projection.system, projection.path);
    findings.failed = failed_checks(projection.system, projection.path);
    findings.stop = stop_sentence(projection);
    findings.no_number = no_number_sentence(projection);
    if (matrix_file.empty()) return findings;
    for (WrittenMatrix const& written : read_matrix_file(matrix_file, projection))
        findings.matrices.push_back(finding_along(written, projection));
    return findings;
}

std::string heading_of_model(Projection const& projection) {
    Block const& block = projection.reading.model.blocks[0];
    std::size_t unknowns = 0;
    for (Simultaneous const& one : projection.program.blocks)
        unknowns = std::max(unknowns, one.unknowns.size());
    std::string text = printable(projection.reading.book.title) + "\n";
    if (!block.phrase.empty()) text += printable(block.phrase, 300) + "\n";
    text +=
        fmt::format("{}, {}, {}, run for {}; {}\n", count_of(block.variables.size(), "variable"),
                    count_of(block.parameters.size(), "parameter"),
                    count_of(projection.system.checks.size(), "expectation"),
                    count_of(static_cast<std::size_t>(projection.path.steps), "step"),
                    unknowns == 0 ? std::string("no equations need each other in one step")
                                  : fmt::format("the largest set of equations that need each "
                                                "other in one step has {} once torn",
                                                count_of(unknowns, "unknown")));
    return text;
}

std::string starts_table(std::vector<StartGap> const& gaps) {
    if (gaps.empty())
        return "\nEvery start is what the equations without lags give for the others\n";
    TextTable table{{"variable", "start", "its equation", "apart", "relative"}, "lrrrr", {}};
    for (StartGap const& gap : gaps)
        table.rows.push_back({gap.name, fmt::format("{:.8g}", gap.start),
                              fmt::format("{:.8g}", gap.equation),
                              fmt::format("{:.4g}", std::fabs(gap.start - gap.equation)),
                              relative_text(gap.relative())});
    return "\nStarts that their own equations, which need nothing earlier, do not give for the "
           "others\n" +
           print_table(table);
}

std::string identities_table(ModelFindings const& findings, Projection const& projection) {
    if (findings.identities.empty()) return {};
    TextTable table{
        {"", "identity", "at the start", "first fails", "apart", "relative", "worst", "in"},
        "llrlrrrl",
        {}};
    for (IdentityGap const& gap : findings.identities) {
        bool const fails = gap.first_step > 0;
        auto const if_fails = [&](std::string const& text) {
            return fails ? text : std::string("-");
        };
        table.rows.push_back(
            {fails ? "FAILS" : "holds", gap.text,
             gap.at_start ? fmt::format("{:.4g}", std::fabs(*gap.at_start)) : "not known",
             if_fails(name_of_step(projection, gap.first_step)),
             if_fails(fmt::format("{:.4g}", std::fabs(gap.first))),
             if_fails(relative_text(gap.first_relative)),
             if_fails(fmt::format("{:.4g}", std::fabs(gap.worst))),
             if_fails(name_of_step(projection, gap.worst_step))});
    }
    return "\nIdentities that no equation says\n" + print_table(table);
}

/// Expectations other than `A = B`, and those whose sides only the run can work out.
std::string failures_table(ModelFindings const& findings, Projection const& projection) {
    TextTable table{{"", "expectation", "first fails"}, "lll", {}};
    for (FailedCheck const& check : findings.failed) {
        bool const told = std::any_of(
            findings.identities.begin(), findings.identities.end(),
            [&](IdentityGap const& gap) { return gap.text == check.text && gap.first_step > 0; });
        if (!told)
            table.rows.push_back({"FAILS", check.text, name_of_step(projection, check.step)});
    }
    return table.rows.empty() ? std::string()
                              : "\nOther expectations that fail\n" + print_table(table);
}

std::string matrices_table(ModelFindings const& findings, Projection const& projection) {
    if (findings.matrices.empty()) return {};
    TextTable table{{"", "matrix", "first off", "by", "where", "worst", "relative", "where", "in"},
                    "lllrlrrll",
                    {}};
    for (MatrixFinding const& finding : findings.matrices) {
        auto const by = [](WorstSum const& sum) {
            return fmt::format("{:.4g}", std::fabs(sum.gap));
        };
        bool const holds = finding.holds;
        table.rows.push_back({holds ? "holds" : "FAILS", finding.title,
                              holds ? "-" : name_of_step(projection, finding.first.step),
                              holds ? "-" : by(finding.first), holds ? "-" : finding.first.where,
                              by(finding.worst), relative_text(std::fabs(finding.worst.relative())),
                              finding.worst.where, name_of_step(projection, finding.worst.step)});
    }
    return "\nRows and columns of the matrices, over all steps and the start\n" +
           print_table(table);
}

Json json_of_findings(ModelFindings const& findings, Fault const& fault) {
    Json starts = Json::array(), identities = Json::array(), matrices = Json::array(),
         failed = Json::array();
    for (FailedCheck const& check : findings.failed)
        failed.push_back({{"check", check.text}, {"step", check.step}});
    for (StartGap const& gap : findings.starts)
        starts.push_back({{"variable", gap.name},
                          {"start", gap.start},
                          {"equation", gap.equation},
                          {"relative", gap.relative()}});
    for (IdentityGap const& gap : findings.identities)
        identities.push_back({{"identity", gap.text},
                              {"holds", gap.first_step == 0},
                              {"at_start", gap.at_start ? Json(*gap.at_start) : Json(nullptr)},
                              {"first_step", gap.first_step},
                              {"first", gap.first},
                              {"first_relative", gap.first_relative},
                              {"worst_step", gap.worst_step},
                              {"worst", gap.worst},
                              {"worst_relative", gap.worst_relative}});
    auto const sum_json = [](WorstSum const& sum) {
        return Json{{"gap", sum.gap},
                    {"relative", std::fabs(sum.relative())},
                    {"where", sum.where},
                    {"step", sum.step}};
    };
    for (MatrixFinding const& finding : findings.matrices)
        matrices.push_back({{"title", finding.title},
                            {"holds", finding.holds},
                            {"first", finding.holds ? Json(nullptr) : sum_json(finding.first)},
                            {"worst", sum_json(finding.worst)}});
    return {{"ok", findings.sound()},
            {"starts", std::move(starts)},
            {"identities", std::move(identities)},
            {"checks_failed", std::move(failed)},
            {"matrices", std::move(matrices)},
            {"no_number", findings.no_number.empty() ? Json(nullptr) : Json(findings.no_number)},
            {"fault",
             fault.step > 0 ? Json{{"step", fault.step}, {"what", findings.stop}} : Json(nullptr)}};
}

} // namespace

Answer check_model(Options const& options) {
    Projection projection;
    if (!project(options, projection)) return refused(projection.reading);
    auto const findings = findings_of(
        projection, options.matrix.empty() ? matrix_file_beside(options.book) : options.matrix);
    if (projection.reading.diagnostics.failed()) return refused(projection.reading);
    Answer answer;
    if (options.json) {
        answer.text = print_json(json_of_findings(findings, projection.path.fault));
    } else {
        answer.text = heading_of_model(projection);
        if (!projection.reading.diagnostics.all().empty())
            answer.text += "\n" + projection.reading.diagnostics.render();
        answer.text += starts_table(findings.starts) + identities_table(findings, projection) +
                       failures_table(findings, projection) + matrices_table(findings, projection);
        if (!findings.stop.empty())
            answer.text += "\n" + findings.stop + "; nothing is known of it and what follows\n";
    }
    answer.code = findings.sound() ? Exit::ok : Exit::found;
    return answer;
}

} // namespace perpetuum
