#pragma once
// Rows of a run that several commands show: values by step and year, who defaults, what failed.

#include "loading.hpp"

namespace perpetuum {

/// USD where the cell counts coins, else as it is.
double value_at(System const& system, Path const& path, CellId cell, int step);
/// The cells whose value of the same step a definition needs.
std::vector<CellId> needed_at_once(System const& system, CellId cell);

struct FirmSeries {
    std::string name;          ///< an account's or a variable's
    std::vector<double> steps; ///< USD, one a step from the first
    bool is_flow = false;      ///< adds up over a year (else the last value counts)
    bool is_debt = false;      ///< a liability
};
/// By entity, the variables that are its own, in the order of the system's cells: one walk over the
/// cells for all that follow.
std::vector<std::vector<CellId>> variables_of_entities(System const& system);
/// Accounts, profit, and variables in money (or money per time, which becomes money of the step) of
/// an entity. variables  its own, from variables_of_entities
/// cost  its accounts and variables × steps, however many other entities there are
std::vector<FirmSeries> series_of_entity(System const& system, Path const& path, int entity,
                                         std::vector<CellId> const& variables);

struct DefaultLine {
    int entity = 0, step = 0;
};
std::vector<DefaultLine> defaults_of(System const& system, Path const& path);

struct FailedCheck {
    std::string text;
    int step = 0; ///< the first in which it does not hold
};
std::vector<FailedCheck> failed_checks(System const& system, Path const& path);

/// Steps that belong together: calendar years (the first and last may be cut) or single steps.
struct StepGroup {
    std::string label;
    int first = 1, last = 1;
};
std::vector<StepGroup> groups_of_steps(System const& system, int steps, bool single);
double grouped(FirmSeries const& series, StepGroup const& group);

} // namespace perpetuum
