#pragma once
// What a report keeps of numbers that others computed: what its page draws, as exactly as it shows it.

#include "json.hpp"

#include <string>

namespace perpetuum {

/// The nearest number with so many significant digits. What is not finite stays.
double rounded(double value, int digits);
/// Every number of a JSON value that is not written as a whole one: a count or a seed stays.
void round_numbers(Json& json, int digits);

/// A study's answer as `perpetuum KIND --json` prints it, without what the page never looks at
/// (docs/handbook/report-page.md lists it), to five significant digits: the page shows three.
Json drawn_of_study(std::string const& kind, Json answer);

} // namespace perpetuum
