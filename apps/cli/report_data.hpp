#pragma once
// The data of a report: docs/handbook/report-page.md says which keys.

#include "json.hpp"

namespace perpetuum {

struct ReportContent {
    Projection& projection; ///< its diagnostics may grow by the book's review
    std::vector<PromiseLine> promises;
    LoopList map_loops, run_loops;
    std::vector<CircularityResult> circularity; ///< one a calendar year, from the window's on
    std::vector<ExpectationResult> expectations;
    std::string command;
};
/// Firms by how much of what they received was their own money come back, and by how much of what
/// they spent was partners' (in dollars, pro rata): who the two first sentences speak of. −1 where
/// there is none.
std::pair<int, int> headline_firms(CircularityResult const& circularity);

std::string report_data(ReportContent const& content);

} // namespace perpetuum
