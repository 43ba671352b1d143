#pragma once
#include <string_view>

namespace perpetuum {

/// The page of a command (its --help), embedded at build from apps/cli/<command>.md; empty when
/// there is none.
std::string_view page_of(std::string_view command);

} // namespace perpetuum
