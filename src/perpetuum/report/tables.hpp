#pragma once
/// Lists of like objects as tables: the same data without its keys said over and over.

#include <string>
#include <string_view>

namespace perpetuum {

/// JSON in which every list of three or more objects with the same keys stands as {"~": [keys], "=": [[values] …]};
/// the page's script turns it back. What does not parse is returned as it is.
std::string tabulated(std::string_view json);

} // namespace perpetuum
