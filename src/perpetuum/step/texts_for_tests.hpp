#pragma once
/// Small models and books for tests: texts in, a run's cells by name out.

#include <perpetuum/instance.hpp>
#include <perpetuum/program.hpp>
#include <perpetuum/step.hpp>

#include <doctest/doctest.h>

namespace perpetuum::step_tests {

inline Entry entry(double value) {
    Figure figure;
    figure.value = value;
    Entry made;
    made.rivals.push_back(figure);
    return made;
}

inline Entity firm(std::string id, double cash, std::string kind = "firm") {
    Entity entity;
    entity.id = entity.name = std::move(id);
    entity.kind = std::move(kind);
    Opening opening;
    opening.at = {date_of(2025, 12, 31), date_of(2026, 1, 1)};
    opening.accounts["cash"] = entry(cash);
    entity.openings.push_back(opening);
    return entity;
}

inline Deal deal(std::string id, std::string kind,
                 std::vector<std::pair<std::string, std::string>> const& roles,
                 std::vector<std::pair<std::string, double>> const& parameters = {}) {
    Deal made;
    made.id = std::move(id);
    made.kind = std::move(kind);
    made.binding = true;
    for (auto const& [role, party] : roles) made.roles[role] = {{party, 1, {}}};
    for (auto const& [name, value] : parameters) made.parameters[name] = entry(value);
    return made;
}

/// A run of a model text over a book, one lane, all steps kept by name.
struct Run {
    Diagnostics diagnostics;
    System system;
    Program program;
    std::vector<std::vector<double>> values; ///< step × cell
    Fault fault;

    Run(std::string const& model_text, Book book, int steps, std::string scenario = {}) {
        book.start = date_of(2026, 1, 1);
        int const text = diagnostics.add_text("test.model", model_text);
        Model const model = parse_model({text}, known_ids(book), diagnostics);
        if (diagnostics.failed()) return;
        InstanceOptions options;
        options.steps = steps;
        options.scenario = std::move(scenario);
        system = instantiate(book, model, options, diagnostics);
        if (diagnostics.failed()) return;
        program = compile(system, diagnostics);
        if (diagnostics.failed()) return;
        PathBlock block(system, program, 1);
        block.begin();
        keep(block);
        for (int step = 1; step <= steps; ++step) {
            block.advance();
            keep(block);
        }
        fault = block.faults()[0];
    }
    void keep(PathBlock const& block) {
        values.emplace_back();
        for (std::size_t cell = 0; cell < system.cells.size(); ++cell)
            values.back().push_back(block.value(static_cast<CellId>(cell)));
    }
    /// A cell's value after a step, in USD where it counts coins.
    double at(std::string const& name, int step) const {
        auto const found = system.names.find(name);
        REQUIRE_MESSAGE(found != system.names.end(), name);
        auto const& cell = system.cells[static_cast<std::size_t>(found->second)];
        double const value =
            values[static_cast<std::size_t>(step)][static_cast<std::size_t>(found->second)];
        return cell.coins ? value * system.coin : value;
    }
    std::string problems() const { return diagnostics.render(); }
};

} // namespace perpetuum::step_tests
