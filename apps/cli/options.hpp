#pragma once
// What a command is asked, and what it answers. Commands are functions from the one to the other;
// only main prints.

#include <string>
#include <vector>

namespace perpetuum {

struct Options {
    std::string book, name; ///< name: what `explain` is asked about
    std::string as_of, scenario, from, to;
    std::vector<std::string> set;
    int steps = 0; ///< of the run; 0: as many as usual
    bool json = false, quarters = false, promises = false;
    std::string csv, out, format = "html";
    std::string command; ///< the command line itself, for citing
};

/// Exit codes: every command keeps to these.
enum class Exit { ok = 0, found = 1, wrong_input = 2, ours = 3 };

struct Answer {
    std::string text; ///< to stdout
    std::string talk; ///< to stderr
    Exit code = Exit::ok;
};

/// The input is wrong, and not at a place of a text.
Answer refused(std::string const& message, std::string const& hint = {});

} // namespace perpetuum
