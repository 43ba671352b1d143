#pragma once
// A scenario of a model without a book: a small TOML file with what `--set` would say.

#include "loading.hpp"

namespace perpetuum {

/// The options without the file of --scenario, with its `steps` where none are asked for; its `set`
/// becomes the reading's changes, before those of the command line. Errors have their places in the
/// file.
Options with_scenario_file(Options options, Reading& reading);
/// What it `says`; empty when there is none or it cannot be read.
std::string says_of_scenario_file(std::string const& path);

} // namespace perpetuum
