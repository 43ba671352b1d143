#pragma once
// What commands answer as JSON. The library is heavy: only the json_*.cpp and report_data.cpp
// include it.

#include "circularity_result.hpp"
#include "loop_lists.hpp"
#include "standing_rows.hpp"

#include <nlohmann/json_fwd.hpp>

namespace perpetuum {

using Json = nlohmann::ordered_json;

/// With a line end; what is not a number is null; damaged UTF-8 is replaced.
std::string print_json(Json const& json);

Json promises_json(std::vector<PromiseLine> const& promises);
Json loops_json(LoopList const& list);
Json window_json(Window const& window);
Json circularity_json(CircularityResult const& result);
Json residuals_json(Residuals const& residuals);
Json defaults_json(Projection const& projection);
Json expectations_json(std::vector<ExpectationResult> const& results);
Json standings_json(std::vector<StandingSum> const& rows);

std::string map_as_json(System const& system, std::vector<PromiseLine> const& promises);
std::string loops_as_json(LoopList const& list, Window const* window);
std::string run_as_json(Projection const& projection);
std::string circularity_as_json(CircularityResult const& result);
std::string check_as_json(Reading const& reading, System const& system,
                          std::vector<ExpectationResult> const& expectations);

} // namespace perpetuum
