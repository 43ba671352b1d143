#pragma once
// The command line → a command and its options.

#include "commands.hpp"

#include <optional>

namespace perpetuum {

struct Asked {
    Command const* command = nullptr;
    Options options;
    std::optional<Answer> answer; ///< already answered: help, version, or refused
};
Asked parse_arguments(std::vector<std::string> const& arguments);

} // namespace perpetuum
