// Cells of the system: their equation, what they rest on, what rests on them.

#include "explain_book.hpp"
#include "loop_lists.hpp"
#include "nodes_below.hpp"
#include "projection_rows.hpp"

#include <perpetuum/study.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace perpetuum {

namespace {

bool is_hidden(Cell const& cell) { return cell.name.empty() || cell.name[0] == '#'; }

/// The cells that a definition looks at; through hidden ones to what is behind them.
std::set<CellId> cells_behind(System const& system, CellId cell) {
    std::set<CellId> found, opened{cell};
    each_node_below(system, cell, [&](Node const& node) -> NodeId {
        if (node.cell < 0) return -1;
        Cell const& target = system.cells[static_cast<std::size_t>(node.cell)];
        if (!is_hidden(target)) {
            found.insert(node.cell);
            return -1;
        }
        return opened.insert(node.cell).second ? target.value : -1;
    });
    return found;
}

std::string names_of_cells(System const& system, std::set<CellId> const& cells) {
    constexpr std::size_t most = 40;
    std::string text;
    std::size_t count = 0;
    for (CellId const cell : cells) {
        if (++count > most) return text + fmt::format(", … and {} more", cells.size() - most);
        text += (text.empty() ? "" : ", ") + system.cells[static_cast<std::size_t>(cell)].name;
    }
    return text;
}

/// The block in which a cell's equation stands, by its owner.
int block_of_cell(System const& system, Cell const& cell) {
    if (cell.contract >= 0) return system.contracts[static_cast<std::size_t>(cell.contract)].block;
    if (cell.entity >= 0) return system.entities[static_cast<std::size_t>(cell.entity)].block;
    return 0;
}

/// Whether a figure is another in other steps: given by step, or a default that rests on such a one.
bool moves(System const& system, CellId id) {
    bool moving = false;
    std::set<CellId> opened{id};
    auto const is_given = [&](CellId cell) {
        Cell const& at = system.cells[static_cast<std::size_t>(cell)];
        return at.type != CellType::parameter || at.each_step;
    };
    if (is_given(id)) return true;
    each_node_below(system, id, [&](Node const& node) -> NodeId {
        if (node.cell < 0 || !opened.insert(node.cell).second) return -1;
        moving = moving || is_given(node.cell);
        return system.cells[static_cast<std::size_t>(node.cell)].value;
    });
    return moving;
}

struct Equation {
    std::string text, phrase;
};

/// As it stands in the model's text, on one line.
std::string as_written(Model const& model, ExpressionId id, Diagnostics const& texts) {
    Span const where = model.expressions[static_cast<std::size_t>(id)].where;
    if (where.text < 0 || where.end <= where.begin) return print_expression(model, id);
    std::string const& content = texts.text(where.text).content;
    if (where.end > content.size()) return print_expression(model, id);
    std::string text;
    bool comment = false;
    for (std::size_t at = where.begin; at < where.end; ++at) {
        char const c = content[at];
        comment = (comment && c != '\n') || c == '#';
        bool const blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!comment && !(blank && (text.empty() || text.back() == ' '))) text += blank ? ' ' : c;
    }
    return text;
}

Equation equation_of(System const& system, Model const& model, Cell const& cell,
                     Diagnostics const& texts) {
    int const block = block_of_cell(system, cell);
    auto const name = cell.name.substr(cell.name.rfind('.') + 1);
    if (block < 0 || cell.type == CellType::series) return {};
    for (int const where : {block, 0}) {
        for (auto const& [owner, index] : all_variables(model, where)) {
            Variable const& variable = model.blocks[static_cast<std::size_t>(owner)]
                                           .variables[static_cast<std::size_t>(index)];
            if (variable.name != name) continue;
            std::string text = variable.is_shock
                                   ? std::string("a fresh draw each step")
                                   : name + " = " + as_written(model, variable.value, texts);
            if (variable.start >= 0) text += ",  start " + as_written(model, variable.start, texts);
            return {text, variable.phrase};
        }
        for (auto const& [owner, index] : all_statements(model, where)) {
            Statement const& statement = model.blocks[static_cast<std::size_t>(owner)]
                                             .statements[static_cast<std::size_t>(index)];
            if (statement.name == name && statement.amount >= 0)
                return {"what is really paid of " + as_written(model, statement.amount, texts) +
                            " as " + statement.transaction,
                        statement.phrase};
        }
    }
    return {};
}

std::string type_of_cell(Projection const& projection, CellId id) {
    Cell const& cell = projection.system.cells[static_cast<std::size_t>(id)];
    switch (cell.type) {
    case CellType::parameter:
        if (cell.each_step) return "shock: drawn anew in each step";
        if (moves(projection.system, id)) return "parameter: follows what its default rests on";
        return "parameter: fixed for a path";
    case CellType::series:
        return "series: given by step";
    case CellType::balance:
        return "account: what stands there at the step's end, or its flow in the step";
    case CellType::paid:
        return "payment: what the clearing leaves of what was owed or offered";
    default:
        break;
    }
    if (projection.reading.plain) return "variable of the model";
    bool const plan = static_cast<std::size_t>(id) < projection.program.is_plan.size() &&
                      projection.program.is_plan[static_cast<std::size_t>(id)];
    return plan ? "plan: known before payments are cleared"
                : "result: known after payments are cleared";
}

Explanation::Section bookings_of(System const& system, Cell const& cell) {
    Explanation::Section section{"what is booked there", "lll", {}};
    if (cell.type != CellType::balance) return section;
    std::set<std::vector<std::string>> seen;
    for (SystemPosting const& posting : system.postings) {
        if (posting.entity != cell.entity || posting.account != cell.account) continue;
        std::string from;
        if (posting.flow >= 0) {
            SystemFlow const& flow = system.flows[static_cast<std::size_t>(posting.flow)];
            from = system.entities[static_cast<std::size_t>(flow.payer)].id + " → " +
                   system.entities[static_cast<std::size_t>(flow.payee)].id;
        }
        std::vector<std::string> row{posting.debit ? "debit" : "credit",
                                     system.cells[static_cast<std::size_t>(posting.amount)].name,
                                     from};
        if (seen.insert(row).second) section.rows.push_back(std::move(row));
    }
    return section;
}

/// The cells that need each other in one step with this one; without it when there are none.
std::set<CellId> partners_of(System const& system, CellId cell) {
    auto const reached = [&](bool forward) {
        std::vector<std::vector<CellId>> needs(system.cells.size());
        for (std::size_t c = 0; c < system.cells.size(); ++c)
            for (CellId const needed : needed_at_once(system, static_cast<CellId>(c)))
                if (forward)
                    needs[c].push_back(needed);
                else
                    needs[static_cast<std::size_t>(needed)].push_back(static_cast<CellId>(c));
        std::set<CellId> found;
        std::vector<CellId> open{cell};
        while (!open.empty()) {
            CellId const next = open.back();
            open.pop_back();
            for (CellId const other : needs[static_cast<std::size_t>(next)])
                if (found.insert(other).second) open.push_back(other);
        }
        return found;
    };
    auto const ahead = reached(true), behind = reached(false);
    std::set<CellId> both;
    std::set_intersection(ahead.begin(), ahead.end(), behind.begin(), behind.end(),
                          std::inserter(both, both.end()));
    return both;
}

/// Whether an equation is solved together with others, and for which of them.
std::string block_text(Projection const& projection, CellId id) {
    System const& system = projection.system;
    auto const partners = partners_of(system, id);
    if (partners.count(id) == 0)
        return "by itself: nothing that it needs needs it in the same step";
    std::set<CellId> shown, unknowns;
    for (CellId const cell : partners)
        if (!is_hidden(system.cells[static_cast<std::size_t>(cell)])) shown.insert(cell);
    for (Simultaneous const& block : projection.program.blocks)
        for (CellId const unknown : block.unknowns)
            if (partners.count(unknown) > 0) unknowns.insert(unknown);
    std::string text = fmt::format("one of {} that need each other in the same step: {}",
                                   shown.size(), names_of_cells(system, shown));
    if (!unknowns.empty())
        text +=
            "; solved for " + names_of_cells(system, unknowns) + ", from which the others follow";
    return text;
}

Explanation::Section values_of(Projection const& projection, CellId id, int first, int last) {
    System const& system = projection.system;
    Cell const& cell = system.cells[static_cast<std::size_t>(id)];
    Explanation::Section section{"value by step, central path", "lr", {}};
    auto const shown = [&](int step) {
        double value = value_at(system, projection.path, id, step);
        // In the unit that is named above: so much a year, not a month.
        if (!cell.coins && cell.unit.factor > 0) value /= cell.unit.factor;
        bool const money =
            cell.coins || (cell.unit.powers.size() == 1 && cell.unit.powers[0].second == 1 &&
                           value * value >= 1e6 && cell.unit.powers[0].first != "month" &&
                           cell.unit.powers[0].first != "date");
        if (cell.unit.powers.size() == 1 && cell.unit.powers[0].first == "date")
            return print_day({value});
        return money ? print_amount(value) : fmt::format("{:.6g}", value);
    };
    if (cell.type == CellType::parameter && (cell.each_step || !moves(system, id))) {
        section.rows.push_back({"all steps", shown(0)});
        return section;
    }
    for (int step = first; step <= std::min(last, projection.path.steps); ++step)
        section.rows.push_back({step == 0                  ? std::string("before")
                                : projection.reading.plain ? std::to_string(step)
                                                           : step_label(system, step),
                                shown(step)});
    return section;
}

} // namespace

std::optional<Explanation> explain_cell(Projection const& projection, std::string const& name,
                                        int first, int last) {
    System const& system = projection.system;
    CellId const id = find_quantity(system, name);
    if (id < 0) return std::nullopt;
    Cell const& cell = system.cells[static_cast<std::size_t>(id)];
    Equation const equation =
        equation_of(system, projection.reading.model, cell, projection.reading.diagnostics);
    Explanation explanation{cell.name.empty() ? name : cell.name, "quantity of the run", {}};
    Explanation::Section about{"", "ll", {}};
    auto const& phrase = cell.phrase.empty() ? equation.phrase : cell.phrase;
    if (!phrase.empty()) about.rows.push_back({"is", phrase});
    about.rows.push_back({"sort", type_of_cell(projection, id)});
    about.rows.push_back({"unit", cell.coins ? projection.reading.model.money
                                  : projection.reading.model.declares_units ? print_unit(cell.unit)
                                                                            : "none declared"});
    bool const computed = cell.type != CellType::parameter && cell.type != CellType::series &&
                          cell.type != CellType::balance;
    if (computed && !equation.text.empty()) about.rows.push_back({"equation", equation.text});
    if (cell.type == CellType::variable)
        about.rows.push_back({"block", block_text(projection, id)});
    auto const behind = cells_behind(system, id);
    if (!behind.empty()) about.rows.push_back({"depends on", names_of_cells(system, behind)});
    std::set<CellId> users;
    for (std::size_t c = 0; c < system.cells.size(); ++c)
        if (!is_hidden(system.cells[c]) &&
            cells_behind(system, static_cast<CellId>(c)).count(id) > 0)
            users.insert(static_cast<CellId>(c));
    if (!users.empty()) about.rows.push_back({"needed by", names_of_cells(system, users)});
    if (cell.where.text >= 0) {
        SourceText const& text = projection.reading.diagnostics.text(cell.where.text);
        about.rows.push_back(
            {"stands in",
             fmt::format("{}:{}", text.name, line_column(text.content, cell.where.begin).line)});
    }
    explanation.sections.push_back(std::move(about));
    auto bookings = bookings_of(system, cell);
    if (!bookings.rows.empty()) explanation.sections.push_back(std::move(bookings));
    explanation.sections.push_back(values_of(projection, id, first, last));
    return explanation;
}

} // namespace perpetuum
