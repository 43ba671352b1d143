#pragma once
// The data of a report: docs/handbook/report-page.md says which keys.

#include "report_paths.hpp"
#include "report_studies.hpp"

namespace perpetuum {

struct ReportContent {
    Projection& projection; ///< its diagnostics may grow by the book's review
    std::vector<PromiseLine> promises;
    LoopList map_loops, run_loops;
    std::vector<CircularityResult> circularity; ///< one a calendar year, from the window's on
    std::vector<ExpectationResult> expectations;
    std::string command;
    std::optional<ReportPaths> paths{};
    std::vector<ReportStudy> studies{};
};
/// Who the two first sentences speak of: the firm that received most of its own money back (dollars, pro rata), and the
/// firm whose spending is to the largest share partners' money, among those who got a tenth or more of the most that
/// anybody got. −1 where there is none.
std::pair<int, int> headline_firms(CircularityResult const& circularity);

std::string report_data(ReportContent const& content);

} // namespace perpetuum
