#pragma once
// --set NAME=FIGURE: changes of the command line, checked like the book's own.

#include "loading.hpp"

namespace perpetuum {

/// Adds a scenario to the book that extends --scenario and makes the reading's changes; returns its
/// name (or --scenario itself when there are none). Errors: an unknown deal, entity or parameter, a figure
/// that does not fit.
std::string add_changes(Options const& options, Reading& reading);

/// Makes those of the changes that hold for a time only (`G = 25 from 50 to 60`): to be called on
/// the book with the scenario in it. Errors as above, and a time that cannot be.
void make_timed_changes(Options const& options, Reading& reading);

} // namespace perpetuum
