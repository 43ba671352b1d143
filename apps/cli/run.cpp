// perpetuum run BOOK

#include "commands.hpp"
#include "csv_field.hpp"
#include "identities.hpp"
#include "json.hpp"
#include "paths.hpp"
#include "projection_rows.hpp"
#include "tables.hpp"

#include <perpetuum/study.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

/// What a firm's table shows; the rest is in --json and --csv.
bool is_shown(FirmSeries const& series) {
    return series.is_debt || series.name == "cash" || series.name == "revenue" ||
           series.name == "profit";
}

bool is_all_zero(FirmSeries const& series) {
    return std::all_of(series.steps.begin(), series.steps.end(), [](double v) { return v == 0; });
}

std::string table_of_entity(Projection const& projection, int entity,
                            std::vector<CellId> const& variables,
                            std::vector<StepGroup> const& groups) {
    System const& system = projection.system;
    TextTable table{{""}, "l", {}};
    for (StepGroup const& group : groups) {
        table.head.push_back(group.label);
        table.align += 'r';
    }
    for (FirmSeries const& series : series_of_entity(system, projection.path, entity, variables)) {
        if (!is_shown(series) || (series.name != "cash" && is_all_zero(series))) continue;
        std::vector<std::string> row{series.name};
        for (StepGroup const& group : groups) row.push_back(print_amount(grouped(series, group)));
        table.rows.push_back(std::move(row));
    }
    auto const& firm = system.entities[static_cast<std::size_t>(entity)];
    return fmt::format("\n{} ({})\n", printable(firm.name.empty() ? firm.id : firm.name), firm.id) +
           print_table(table);
}

/// The groups of steps that lie in a window that was asked for; without one, all.
std::vector<StepGroup> groups_in_window(Projection const& projection, Options const& options) {
    auto groups = groups_of_steps(projection.system, projection.path.steps, options.quarters);
    if (options.from.empty() && options.to.empty()) return groups;
    Window const& window = projection.window;
    std::erase_if(groups, [&](StepGroup const& group) {
        return group.last < window.first || group.first > window.last;
    });
    return groups;
}

/// A plain model counts its steps.
std::string label_of(Projection const& projection, int step) {
    return projection.reading.plain ? std::to_string(step) : step_label(projection.system, step);
}

std::string residual_line(Residuals const& r) {
    return fmt::format(
        "residuals: cash {:g}, postings {:g}, balance {:g}, matrix {:g} over {} payments: {}\n",
        r.cash_negative, r.postings, r.balance, r.matrix, r.payments,
        r.zero() ? "zero" : "NOT ZERO");
}

std::string outcome_lines(Projection const& projection, std::vector<DefaultLine> const& defaults) {
    System const& system = projection.system;
    std::string text = "\n";
    for (DefaultLine const& line : defaults)
        text += fmt::format("{} defaults in {}\n",
                            printable(system.entities[static_cast<std::size_t>(line.entity)].name),
                            label_of(projection, line.step));
    if (defaults.empty() && system.has_money) text += "nobody defaults\n";
    text += failure_lines(projection);
    if (auto const stop = stop_sentence(projection); !stop.empty())
        text += stop + "; what stands above ends before it\n";
    return text;
}

/// What a table alone does not show: why the exit status is not 0.
std::string reasons(Projection const& projection, Residuals const& measured) {
    std::string text = failure_lines(projection);
    if (auto const stop = stop_sentence(projection); !stop.empty())
        text += stop + "; the rows end before it\n";
    return measured.zero() ? text : text + residual_line(measured);
}

/// What is shown of a step: in whole, of what is per time what it comes to in the step.
double shown_at(Projection const& projection, CellId id, int step) {
    System const& system = projection.system;
    Cell const& cell = system.cells[static_cast<std::size_t>(id)];
    return projection.path.at(id, step) * shown_factor(system, cell);
}

/// What is no number has no sign: that would differ from processor to processor.
std::string csv_number(double value) {
    return std::isnan(value) ? std::string(",nan") : fmt::format(",{}", value);
}

/// A column a variable, account or payment (USD, or its unit's base; what is per time as what it
/// comes to in the step), a row a step; of a plain model also step 0, where everything starts.
std::string csv_of_run(Projection const& projection) {
    System const& system = projection.system;
    std::string text = "step";
    std::vector<CellId> columns;
    for (std::size_t c = 0; c < system.cells.size(); ++c)
        if (is_column(system.cells[c])) {
            columns.push_back(static_cast<CellId>(c));
            text += "," + csv_field(system.cells[c].name);
        }
    text += "\n";
    for (int step = projection.reading.plain ? 0 : 1; step <= projection.path.steps; ++step) {
        text += label_of(projection, step);
        for (CellId const cell : columns) text += csv_number(shown_at(projection, cell, step));
        text += "\n";
    }
    return text;
}

std::string six_digits(double value) {
    return std::isnan(value) ? std::string("nan") : fmt::format("{:.6g}", value);
}

/// A plain model has no firms: its variables are the answer. Where units were declared a row says
/// in which they stand: times and rates by the month, whatever the text says.
std::string table_of_variables(Projection const& projection, Options const& options) {
    System const& system = projection.system;
    TextTable table{{"step"}, "l", {}};
    std::vector<CellId> columns;
    for (std::size_t c = 0; c < system.cells.size(); ++c) {
        Cell const& cell = system.cells[c];
        if (cell.type != CellType::variable || cell.entity >= 0 || cell.contract >= 0 ||
            cell.name.empty() || cell.name[0] == '#')
            continue;
        columns.push_back(static_cast<CellId>(c));
        table.head.push_back(cell.name);
        table.align += 'r';
    }
    if (projection.reading.plain && projection.reading.model.declares_units) {
        std::vector<std::string> units{"in"};
        for (CellId const cell : columns)
            units.push_back(print_dimension(system.cells[static_cast<std::size_t>(cell)].unit));
        table.rows.push_back(std::move(units));
    }
    // Of a plain model --from and --to are steps; a book's table is by period.
    bool const asked = projection.reading.plain && !(options.from.empty() && options.to.empty());
    int const first = asked ? projection.window.first : 1;
    int const last = asked ? projection.window.last : projection.path.steps;
    for (int step = first; step <= last; ++step) {
        std::vector<std::string> row{label_of(projection, step)};
        for (CellId const cell : columns)
            row.push_back(six_digits(shown_at(projection, cell, step)));
        table.rows.push_back(std::move(row));
    }
    return columns.empty() ? std::string() : print_table(table);
}

std::string text_of_run(Projection const& projection, Options const& options) {
    System const& system = projection.system;
    Book const& book = projection.reading.book;
    if (projection.reading.plain)
        return fmt::format("{}: {}\n", printable(book.title),
                           count_of(static_cast<std::size_t>(projection.path.steps), "step")) +
               table_of_variables(projection, options);
    std::string text =
        fmt::format("{}: central path from the end of {}, {}{}; USD{}\n", printable(book.title),
                    print_day({system.start.months - 0.01}),
                    count_of(static_cast<std::size_t>(projection.path.steps), "step"),
                    options.scenario.empty() ? "" : ", scenario " + printable(options.scenario),
                    options.quarters ? " of the quarter" : " of the year");
    auto const groups = groups_in_window(projection, options);
    auto const variables = variables_of_entities(system);
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (!system.entities[e].outside && system.has_money)
            text += table_of_entity(projection, static_cast<int>(e), variables[e], groups);
    if (!system.has_money) text += table_of_variables(projection, options);
    return text;
}

} // namespace

Answer run_run(Options const& options) {
    if (options.many.paths > 0 && !options.many.path) return run_paths(options);
    Projection projection;
    if (!project(options, projection)) return refused(projection.reading);
    if (projection.reading.plain && projection.reading.model.blocks[0].variables.empty())
        return refused(printable(options.book) + " has no equations of its own",
                       "they stand under 'model'; kinds and instruments need a book");
    Residuals const measured = residuals(projection.system, projection.path);
    Answer answer;
    answer.talk = projection.reading.plain ? projection.reading.diagnostics.render()
                                           : talk_of(projection.reading, options.book);
    if (options.json) {
        answer.text = run_as_json(projection);
    } else if (options.csv == "-") {
        answer.text = csv_of_run(projection);
        answer.talk += reasons(projection, measured);
    } else {
        answer.text = text_of_run(projection, options);
        answer.text += outcome_lines(projection, defaults_of(projection.system, projection.path));
        if (!projection.reading.plain) answer.text += residual_line(measured);
    }
    if (!options.csv.empty() && options.csv != "-") {
        std::string problem;
        if (!write_text_file(options.csv, csv_of_run(projection), problem)) return refused(problem);
    }
    // What must be zero and is not is our fault, not the book's.
    if (!measured.zero())
        answer.code = Exit::ours;
    else if (finds_something(projection))
        answer.code = Exit::found;
    return answer;
}

} // namespace perpetuum
