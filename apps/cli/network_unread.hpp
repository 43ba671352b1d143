#pragma once
// Options of clear and contagion that the method asked for would not read.

#include "commands.hpp"

#include <string>
#include <vector>

namespace perpetuum {

std::optional<Answer> refuse_unread_by_contagion(NetworkOptions const& options);
std::optional<Answer> refuse_unread_by_clear(NetworkOptions const& options);
/// Columns of the table of firms that a method of contagion has no use for.
std::vector<std::string> columns_unread_by_contagion(NetworkOptions const& options);

} // namespace perpetuum
