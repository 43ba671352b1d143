#pragma once
/// Models of tests/functions, with spreads, compiled for outputs.

#include <perpetuum/study.hpp>

#include <doctest/doctest.h>

#include <map>

namespace perpetuum::study_tests {

/// All that a run of a plain model needs, kept together.
struct TestModel {
    Diagnostics diagnostics;
    System system;
    Program program;
    StudyRun run;

    TestModel(std::string const& name, std::map<std::string, Distribution> const& spreads,
              std::vector<std::string> const& outputs, int steps = 1) {
        std::string content, problem;
        REQUIRE_MESSAGE(read_text_file(PERPETUUM_SOURCE "/tests/functions/" + name + ".model",
                                       content, problem),
                        problem);
        int const text = diagnostics.add_text(name, content);
        Model const model = parse_model({text}, {}, diagnostics);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
        Book book;
        for (auto const& [parameter, spread] : spreads) {
            Figure figure;
            figure.value = median(spread);
            figure.spread = spread;
            book.parameters[parameter].rivals = {figure};
        }
        InstanceOptions options;
        options.steps = steps;
        system = instantiate(book, model, options, diagnostics);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
        for (std::string const& output : outputs) {
            auto const read = read_output(system, output, diagnostics);
            REQUIRE_MESSAGE(read.has_value(), diagnostics.render());
            run.outputs.push_back(*read);
        }
        build();
    }
    /// After the system changed.
    void build() {
        CompileOptions options;
        options.wanted = wanted_by(system, run.outputs);
        program = compile(system, diagnostics, options);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
        run.system = &system;
        run.program = &program;
    }
    void open(std::vector<CellId> const& cells) {
        system = held_open(std::move(system), cells);
        build();
    }
    TestModel(TestModel const&) = delete;
};

} // namespace perpetuum::study_tests
