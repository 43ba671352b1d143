#pragma once
// --set NAME=FIGURE: changes of the command line, checked like the book's own.

#include "loading.hpp"

namespace perpetuum {

/// Adds a scenario to the book that extends --scenario and makes the changes; returns its name (or
/// --scenario itself when there are none). Errors: an unknown deal, entity or parameter, a figure
/// that does not fit.
std::string add_changes(Options const& options, Reading& reading);

} // namespace perpetuum
