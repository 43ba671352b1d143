#pragma once
// A scenario of a model without a book: a small TOML file with what `--set` would say.

#include "options.hpp"

#include <perpetuum/text.hpp>

namespace perpetuum {

/// The options with what the file of --scenario says: its `set` before those of the command line,
/// its `steps` where none are asked for. Errors have their places in the file.
Options with_scenario_file(Options options, Diagnostics& diagnostics);
/// What it `says`; empty when there is none or it cannot be read.
std::string says_of_scenario_file(std::string const& path);

} // namespace perpetuum
