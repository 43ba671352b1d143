#include "commands.hpp"

#include <fmt/format.h>

namespace perpetuum {

namespace {

constexpr Command table[] = {
    {"backtest", "BOOK", "what a run would have said on an earlier day, against what then came",
     run_backtest, takes_draws | takes_outcomes},
    {"check", "BOOK|FILE.model",
     "every mistake with its place; what rests on what; starts, identities, expectations",
     run_check, takes_model | takes_steps},
    {"circularity", "BOOK|edges.csv", "of each firm's revenue and spending: whose money it was",
     run_circularity, takes_window | takes_import | takes_measure},
    {"clear", "firms.csv debts.csv",
     "what is really paid on a network of debts when nobody can pay more than it has", run_clear,
     takes_network},
    {"compare", "A B", "two books, dates (BOOK@DATE) or scenarios (BOOK+NAME): what moved, and why",
     run_compare, takes_name | takes_draws | takes_steps},
    {"contagion", "firms.csv debts.csv",
     "how losses spread over a network of debts: DebtRank, values, cascades, fire sales",
     run_contagion, takes_contagion},
    {"explain", "BOOK|FILE.model NAME",
     "a figure, firm, deal, variable or source: value, unit, origin, equation", run_explain,
     takes_name | takes_model | takes_steps | takes_at},
    {"fmt", "PATHS", "lays out files of books and models: blanks and columns, nothing that is said",
     run_fmt, takes_paths},
    {"gauges", "BOOK",
     "early-warning signs: value with range, threshold with source, since when, 2000", run_gauges,
     takes_draws | takes_steps},
    {"loops", "BOOK|edges.csv", "the loops of money, the largest first", run_loops,
     takes_window | takes_promises | takes_import | takes_loops},
    {"map", "BOOK", "who has promised what to whom, by status, nothing counted twice", run_map, 0},
    {"matrices", "BOOK|FILE.model",
     "the balance-sheet and transaction-flow matrix, with their sums as measured", run_matrices,
     takes_window | takes_steps | takes_csv | takes_model | takes_matrix | takes_at},
    {"merge", "PARTS", "parts of one run of many paths become the run, to the byte", run_merge,
     takes_parts},
    {"report", "BOOK|FILE.model", "one self-contained HTML page to mail, or its data as JSON",
     run_report, takes_window | takes_out | takes_steps | takes_model},
    {"run", "BOOK|FILE.model",
     "the projection: statements of every firm, fans over paths, who defaults when, residuals",
     run_run, takes_window | takes_quarters | takes_csv | takes_steps | takes_model | takes_many},
    {"stress", "BOOK|FILE.model",
     "what follows from a shock: who fails, losses by channel, first round and feedback",
     run_stress, takes_steps | takes_model | takes_stress},
    {"study", "sensitivity|breakpoint|grid|game BOOK",
     "what matters, what breaks it, what two figures do together, and who moves where", run_study,
     takes_steps | takes_model | takes_study | takes_outcomes},
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
        text += fmt::format("  {:<30} {}\n", fmt::format("{} {}", command.name, command.arguments),
                            command.phrase);
    text += "\n"
            "`perpetuum COMMAND --help` shows a command's page. --version prints the version.\n"
            "Every command on a book takes --as-of DATE, --scenario NAME, --set NAME=FIGURE and "
            "--json.\n"
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
