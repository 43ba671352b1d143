#pragma once
// What a report says of many paths: of each firm the range of its cash, revenue, profit and debts
// by year, and who defaults on how many paths. docs/handbook/report-page.md says which keys.

#include "json.hpp"
#include "projection_rows.hpp"

#include <perpetuum/statistics.hpp>

#include <optional>

namespace perpetuum {

struct ReportPaths {
    std::vector<Series> series;   ///< "openai.cash", …; flows are added up over a year
    std::vector<Series> central;  ///< the same, of the projection's system
    std::vector<StepGroup> years; ///< whole calendar years, and the first one
    Summary summary;
    std::string seed, command; ///< the command that prints the same ranges
};

/// Runs as many paths as --paths asks for (as a rule 2,000). Nothing where there are none to run:
/// --paths 0, or nothing varies. What goes wrong is said in the projection's
/// diagnostics.
std::optional<ReportPaths> paths_of_report(Options const& options, Projection& projection);

/// Firms that default on any path, as they stand in the table: the likeliest first.
std::vector<int> firms_by_failures(FailureTable const& table);
/// "On 9 of 20 paths somebody defaults by 2035-Q4: Oak on 7, Elm on 3."
std::string line_of_paths(ReportPaths const& paths, System const& system);
/// Paths whose books do not add up: a fault of ours.
bool books_add_up(ReportPaths const& paths);

/// The key `paths` of a report's data.
Json paths_json(ReportPaths const& paths, Projection const& projection);

} // namespace perpetuum
