#pragma once
/// What people write who come from other languages, spreadsheets and set type, and what stands for
/// it here: hints for messages, nothing that is read.

#include <string_view>

namespace perpetuum::grammar {

/// How a function of another language is said here, as a hint; empty when it is not known.
std::string_view instead_of_function(std::string_view name);

/// What to write instead of a run of characters outside of the language; empty when nothing does.
std::string_view instead_of_characters(std::string_view bad);

} // namespace perpetuum::grammar
