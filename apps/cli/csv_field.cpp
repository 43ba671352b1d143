#include "csv_field.hpp"

namespace perpetuum {

std::string csv_field(std::string const& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string field = "\"";
    for (char const c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
    return field + "\"";
}

} // namespace perpetuum
