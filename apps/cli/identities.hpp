#pragma once
// What must hold although no equation says so: starts against equations, hidden identities.

#include "loading.hpp"

namespace perpetuum {

/// For `run`: what failed, a line each, with how much, how much of the larger side, and when; of a
/// plain model also the starts that their own equations do not give. Empty when all is well.
std::string failure_lines(Projection const& projection);
/// "step 3", "2026-Q3", "the start".
std::string name_of_step(Projection const& projection, int step);
/// 0.00213 → "0.213 %", 3e-7 → "3e-05 %".
std::string relative_text(double share);

} // namespace perpetuum
