#pragma once
// The texts of report/page/, put into a source by cmake/embed.cmake when the program is built.

#include <string_view>

namespace perpetuum {

extern std::string_view const page_skeleton; ///< page.html
extern std::string_view const page_style;    ///< style.css
extern std::string_view const page_script;   ///< the scripts that draw, joined
extern std::string_view const page_unpack;   ///< the script that unpacks them and the data

} // namespace perpetuum
