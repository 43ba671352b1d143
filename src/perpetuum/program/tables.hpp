#pragma once
/// Values that change by step but are the same on every path: computed once, when compiling.

#include "lower.hpp"

#include <vector>

namespace perpetuum {

/// [(step − 1) × terms + i], for steps from 1.
std::vector<double> tables_of(System const& system, Lowered const& lowered,
                              std::vector<TermId> const& terms);

} // namespace perpetuum
