#pragma once

#include <string>

namespace perpetuum {

/// A text as a field of a CSV file (RFC 4180): in quotation marks where it has to be.
std::string csv_field(std::string const& text);

} // namespace perpetuum
