#pragma once
// The table of commands: a row is a command.

#include "options.hpp"

#include <span>

namespace perpetuum {

/// Which options a command takes beyond --as-of, --scenario, --set and --json.
enum Takes : unsigned {
    takes_window = 1,
    takes_quarters = 2,
    takes_csv = 4,
    takes_promises = 8,
    takes_out = 16,
    takes_name = 32,
    takes_steps = 64,
    takes_model = 128, ///< a model file by itself will do
    takes_paths = 256, ///< files and folders instead of a book
    takes_matrix = 512,
    takes_at = 1024,
    takes_many = 2048,         ///< paths
    takes_parts = 4096,        ///< files of parts instead of a book
    takes_network = 1 << 20,   ///< files of firms and debts instead of a book
    takes_contagion = 1 << 21, ///< the same, of `contagion`
    takes_draws = 1 << 24,    ///< paths, seed, threads and sampling, and nothing else of many paths
    takes_outcomes = 1 << 25, ///< files of outcomes
    takes_stress = 1 << 22,   ///< what happens, of `stress`, and on how many paths
    takes_import = 1 << 14,   ///< how a file of payments is read
    takes_loops = 1 << 15,    ///< which loops of it are looked for
    takes_study = 1 << 27,    ///< which study, and what it is asked
    takes_measure = 1 << 16,  ///< which measure of it
};

struct Command {
    char const* name;
    char const* arguments;
    char const* phrase;
    Answer (*run)(Options const&);
    unsigned takes;
};

std::span<Command const> commands();
Command const* find_command(std::string const& name);
/// What `perpetuum` alone says.
std::string list_of_commands();

Answer run_backtest(Options const&);
Answer run_check(Options const&);
Answer check_model(Options const&); ///< of a model file without a book
Answer run_circularity(Options const&);
Answer run_clear(Options const&);
Answer run_compare(Options const&);
Answer run_contagion(Options const&);
Answer run_explain(Options const&);
Answer run_fmt(Options const&);
Answer run_gauges(Options const&);
Answer run_loops(Options const&);
Answer run_map(Options const&);
Answer run_merge(Options const&);
Answer run_matrices(Options const&);
Answer run_report(Options const&);
Answer report_model(Options const&); ///< on a model file without a book
Answer run_run(Options const&);
Answer run_study(Options const&);
Answer run_stress(Options const&);

} // namespace perpetuum
