#pragma once
// What must hold although no equation says so: starts against equations, hidden identities.

#include "loading.hpp"

#include <optional>

namespace perpetuum {

/// For `run`: what failed, a line each, with how much, how much of the larger side, and when; of a
/// plain model also the starts that their own equations do not give. Empty when all is well.
std::string failure_lines(Projection const& projection);
/// The first variable, by step and then by what needs what, that is no number, and how many more
/// there are in that step.
struct LostVariable {
    CellId cell = -1;
    int step = 0;
    std::size_t others = 0;
};
std::optional<LostVariable> first_lost(System const& system, Path const& path);
/// "'y' is no number in step 3, with 1 more".
std::string lost_sentence(System const& system, LostVariable const& lost);
/// The same of a plain model's run; empty where all are numbers.
std::string no_number_sentence(Projection const& projection);
/// "the path stops in step 7: 'Y' does not settle: …"; empty where it goes to its end.
std::string stop_sentence(Projection const& projection);
/// Says so on stderr and makes the exit status 1; nothing where the answer is a refusal already.
void tell_stop(Projection const& projection, Answer& answer);
/// Whether the path stops, or a variable of a plain model is no number.
bool has_gaps(Projection const& projection);
/// What makes the exit status of a run 1: gaps, or a check that fails.
bool finds_something(Projection const& projection);
/// "step 3", "2026-Q3", "the start".
std::string name_of_step(Projection const& projection, int step);
/// 0.00213 → "0.213 %", 3e-7 → "3e-05 %".
std::string relative_text(double share);

} // namespace perpetuum
