#pragma once
// Measures of a network by itself, from a file of payments.

#include "options.hpp"

#include <string>
#include <utility>
#include <vector>

namespace perpetuum {

Answer circularity_of_csv(Options const& options);
/// One object, in the order given; what is not known is null.
std::string measures_as_json(std::vector<std::pair<std::string, double>> const& values);

} // namespace perpetuum
