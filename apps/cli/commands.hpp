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

Answer run_check(Options const&);
Answer run_circularity(Options const&);
Answer run_explain(Options const&);
Answer run_loops(Options const&);
Answer run_map(Options const&);
Answer run_report(Options const&);
Answer run_run(Options const&);

} // namespace perpetuum
