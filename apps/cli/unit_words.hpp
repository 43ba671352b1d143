#pragma once
// A value in the unit in which a reader wrote it.

#include <perpetuum/base.hpp>

#include <string>

namespace perpetuum {

/// 60 B USD a year in base units → "60.0 B"; 0.0987 with the unit % → "9.87 %".
std::string value_in_unit(double value, Unit const& unit);
/// "USD/year" where print_dimension says "USD/month"; empty for a plain number.
std::string name_of_unit(Unit const& unit);

} // namespace perpetuum
