#pragma once
// What breaks and what matters, in a report: the answers of other commands, as they give them.

#include "commands.hpp"
#include "json.hpp"

#include <perpetuum/book.hpp>

#include <string>
#include <vector>

namespace perpetuum {

struct ReportStudy {
    std::string kind;    ///< stress, gauges, sensitivity, grid
    std::string command; ///< that gives it; empty: a file's
    std::string json;    ///< as the command gives it
    std::string says;    ///< of a scenario: what it is
};

/// What `--with FILE` names, and the stress of the scenario that `--stress` names, by default
/// funding-stops where the book has it and anything varies. False with a refusal.
bool studies_of_report(Options const& options, Book const& book, bool varies,
                       std::vector<ReportStudy>& studies, Answer& refusal);

/// The key `studies` of a report's data.
Json studies_json(std::vector<ReportStudy> const& studies);

} // namespace perpetuum
