#pragma once
// Who paid whom, from a CSV file: a network without book or model.

#include <perpetuum/network.hpp>
#include <perpetuum/text.hpp>

#include <string>

namespace perpetuum {

/// Columns `from`, `to`, `amount` (USD) in any order among others, named in the first line; parallel payments are added
/// up, payments to oneself left out (a warning says how many). At most 16 MB and 200,000 lines. Amounts are rounded to
/// cents. False, with errors at their places, when something is wrong.
bool read_csv_network(std::string const& path, Network& network, Diagnostics& diagnostics);

} // namespace perpetuum
