#include "commands.hpp"

#include <fmt/format.h>

namespace perpetuum {

namespace {

constexpr Command table[] = {
    {"check", "BOOK",
     "every mistake with its place; what rests on what; contradictions; expectations", run_check,
     0},
    {"circularity", "BOOK|edges.csv", "of each firm's revenue and spending: whose money it was",
     run_circularity, takes_window},
    {"explain", "BOOK NAME",
     "a figure, firm, deal, variable or source: value, unit, origin, equation", run_explain,
     takes_name},
    {"loops", "BOOK|edges.csv", "the loops of money, the largest first", run_loops,
     takes_window | takes_promises},
    {"map", "BOOK", "who has promised what to whom, by status, nothing counted twice", run_map, 0},
    {"report", "BOOK", "one self-contained HTML page to mail, or its data as JSON", run_report,
     takes_window | takes_out},
    {"run", "BOOK", "the projection: statements of every firm, who defaults when, residuals",
     run_run, takes_window | takes_quarters | takes_csv | takes_steps | takes_model},
};

} // namespace

std::span<Command const> commands() { return table; }

Command const* find_command(std::string const& name) {
    for (Command const& command : table)
        if (command.name == name) return &command;
    return nullptr;
}

std::string list_of_commands() {
    std::string text =
        "perpetuum COMMAND BOOK [OPTIONS]: how much of the money goes round in circles, and "
        "what breaks when it stops.\n\n";
    for (Command const& command : table)
        text += fmt::format("  {:<28}{}\n", fmt::format("{} {}", command.name, command.arguments),
                            command.phrase);
    text += "\n"
            "`perpetuum COMMAND --help` shows a command's page. --version prints the version.\n"
            "Every command takes --as-of DATE, --scenario NAME, --set NAME=FIGURE and --json.\n"
            "Exit status: 0 ok, 1 something was found, 2 the input is wrong, 3 a fault of ours.\n";
    return text;
}

Answer refused(std::string const& message, std::string const& hint) {
    Answer answer;
    answer.code = Exit::wrong_input;
    answer.talk = "perpetuum: " + message + "\n";
    if (!hint.empty()) answer.talk += "   hint: " + hint + "\n";
    return answer;
}

} // namespace perpetuum
