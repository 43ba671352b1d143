#pragma once
// Measures of a network by itself, from a file of payments.

#include "csv_network.hpp"
#include "options.hpp"

#include <perpetuum/circularity.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perpetuum {

Answer circularity_of_csv(Options const& options);
/// A measure as it is asked for on the command line: a file has units of its own.
std::string plain_name(std::string_view name);
/// The nearest number that is written with so many decimals, where the value is one.
double in_file_units(double value, int decimals);

/// Measures beside the same of `--rewired` networks in which everybody pays and gets as much, to and
/// from whom is chance.
Answer against_chance(std::vector<Measure const*> const& asked, Options const& options,
                      ImportedPayments const& imported, Network const& network);
/// One object, in the order given; what is not known is null.
std::string measures_as_json(std::vector<std::pair<std::string, double>> const& values);

} // namespace perpetuum
