#pragma once
/// Models of tests/functions, with spreads, compiled for outputs.

#include <perpetuum/ensemble/models_for_tests.hpp>
#include <perpetuum/study.hpp>

namespace perpetuum::study_tests {

/// All that a run of a plain model needs, kept together.
struct TestModel {
    Diagnostics diagnostics;
    System system;
    Program program;
    StudyRun run;

    TestModel(std::string const& name, std::map<std::string, Distribution> const& spreads,
              std::vector<std::string> const& outputs, int steps = 1) {
        system = ensemble_tests::plain_system(
            diagnostics, PERPETUUM_SOURCE "/tests/functions/" + name + ".model", steps, spreads);
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
