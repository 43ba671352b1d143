#pragma once
// Options that nothing would read: an answer that ignores what was asked for is a wrong answer.

#include "commands.hpp"

#include <functional>

namespace perpetuum {

/// Whether an option stands on the command line.
using IsGiven = std::function<bool(char const* option)>;

/// The refusal of the first option that only says something beside another that is missing
/// (`--netcdf` without `--paths`), or that another study reads; nothing where all are read.
std::optional<Answer> refuse_unread(Command const& command, std::string const& study,
                                    IsGiven const& given);

} // namespace perpetuum
