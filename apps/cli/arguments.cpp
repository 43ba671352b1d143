// The command line, read with CLI11 (heavy: this file alone includes it).

#include "arguments.hpp"
#include "pages.hpp"

#include <perpetuum/base.hpp>
#include <perpetuum/text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr int most_steps = 10'000;

std::string did_you_mean(std::string const& word, std::vector<std::string> const& known) {
    auto const near = nearest(word, known);
    return near ? "did you mean " + perpetuum::quoted(*near) + "?" : std::string();
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (Command const& command : commands()) names.emplace_back(command.name);
    return names;
}

void add_options(CLI::App& app, Command const& command, Options& options) {
    // Not "required": what is missing is said in our words.
    app.add_option("BOOK", options.book);
    if (command.takes & takes_name) app.add_option("NAME", options.name);
    app.add_option("--as-of", options.as_of);
    app.add_option("--scenario", options.scenario);
    app.add_option("--set", options.set)->take_all()->allow_extra_args(false);
    app.add_flag("--json", options.json);
    if (command.takes & takes_window) {
        app.add_option("--from", options.from);
        app.add_option("--to", options.to);
    }
    if (command.takes & takes_quarters) app.add_flag("--quarters", options.quarters);
    if (command.takes & takes_steps)
        app.add_option("--steps", options.steps)->check(CLI::Range(1, most_steps));
    if (command.takes & takes_csv) app.add_option("--csv", options.csv);
    if (command.takes & takes_promises) app.add_flag("--promises", options.promises);
    if (command.takes & takes_out) {
        app.add_option("--out", options.out);
        app.add_option("--format", options.format);
    }
}

std::vector<std::string> option_names(CLI::App const& app) {
    std::vector<std::string> names{"--help"};
    for (CLI::Option const* option : app.get_options())
        if (!option->get_positional()) names.push_back(option->get_name());
    return names;
}

/// Refuses what CLI11 could not place: an unknown option with the nearest one, or an argument too
/// many.
Answer refuse_extras(CLI::App const& app, Command const& command,
                     std::vector<std::string> const& extras) {
    for (std::string const& extra : extras)
        if (extra.size() > 1 && extra[0] == '-') {
            auto const name = extra.substr(0, extra.find('='));
            auto hint = did_you_mean(name, option_names(app));
            if (hint.empty())
                hint = "'perpetuum " + std::string(command.name) + " --help' lists the options";
            return refused("'" + std::string(command.name) + "' has no option " +
                               perpetuum::quoted(name),
                           hint);
        }
    return refused("one argument too many: " + perpetuum::quoted(extras.front()),
                   "perpetuum " + std::string(command.name) + " " + command.arguments);
}

std::string whole_command(std::vector<std::string> const& arguments) {
    std::string text = "perpetuum";
    for (std::string const& argument : arguments) {
        bool const plain = argument.find_first_of(" \"'*$\\") == std::string::npos;
        text += plain ? " " + argument : " \"" + argument + "\"";
    }
    return text;
}

std::optional<Answer> parse_options(Command const& command, std::vector<std::string> rest,
                                    Options& options) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    add_options(app, command, options);
    std::reverse(rest.begin(), rest.end()); // as CLI11 wants it
    try {
        app.parse(rest);
    } catch (CLI::ParseError const& error) {
        return refused(printable(error.what()),
                       "'perpetuum " + std::string(command.name) + " --help' shows how it is used");
    }
    auto const extras = app.remaining();
    if (!extras.empty()) return refuse_extras(app, command, extras);
    return std::nullopt;
}

Answer page_or_list(std::string const& name) {
    Command const* command = find_command(name);
    Answer answer;
    answer.text = command ? std::string(page_of(name)) : list_of_commands();
    return answer;
}

bool is_help(std::string const& word) { return word == "--help" || word == "-h"; }

} // namespace

Asked parse_arguments(std::vector<std::string> const& arguments) {
    Asked asked;
    if (arguments.empty() || is_help(arguments[0]) || arguments[0] == "help") {
        asked.answer = page_or_list(arguments.size() > 1 ? arguments[1] : "");
        return asked;
    }
    if (arguments[0] == "--version" || arguments[0] == "version") {
        asked.answer = Answer{"perpetuum " PERPETUUM_VERSION "\n", "", Exit::ok};
        return asked;
    }
    asked.command = find_command(arguments[0]);
    if (!asked.command) {
        auto const hint = did_you_mean(arguments[0], command_names());
        asked.answer = refused("there is no command " + perpetuum::quoted(arguments[0]),
                               hint.empty() ? "'perpetuum' alone lists the commands" : hint);
        return asked;
    }
    std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
    if (std::any_of(rest.begin(), rest.end(), is_help)) {
        asked.answer = page_or_list(asked.command->name);
        return asked;
    }
    asked.answer = parse_options(*asked.command, std::move(rest), asked.options);
    asked.options.command = whole_command(arguments);
    if (!asked.answer && asked.options.book.ends_with(".model") &&
        !(asked.command->takes & takes_model))
        asked.answer = refused(perpetuum::quoted(asked.options.book) + " is a model without a book",
                               "perpetuum run " + asked.options.book);
    bool const nameless = (asked.command->takes & takes_name) && asked.options.name.empty();
    if (!asked.answer && (asked.options.book.empty() || nameless))
        asked.answer = refused(
            std::string("say ") + (asked.options.book.empty() ? "which book" : "what to explain"),
            std::string("perpetuum ") + asked.command->name + " " + asked.command->arguments);
    return asked;
}

} // namespace perpetuum
