// The command line, read with CLI11 (heavy: this file alone includes it).

#include "arguments.hpp"
#include "network_arguments.hpp"
#include "pages.hpp"
#include "unread_options.hpp"

#include <perpetuum/base.hpp>
#include <perpetuum/text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr int most_steps = 10'000;
constexpr unsigned without_book = takes_paths | takes_parts | takes_network | takes_contagion;

std::string did_you_mean(std::string const& word, std::vector<std::string> const& known) {
    auto const near = nearest(word, known);
    return near ? "did you mean " + perpetuum::quoted(*near) + "?" : std::string();
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (Command const& command : commands()) names.emplace_back(command.name);
    return names;
}

constexpr std::uint64_t most_paths = std::uint64_t{1} << 40;

/// Of a run of many paths.
void add_paths(CLI::App& app, Options& options) {
    PathsOptions& many = options.many;
    app.add_option("--paths", many.paths)->check(CLI::Range(std::uint64_t{1}, most_paths));
    app.add_option("--path", many.path)->check(CLI::Range(std::uint64_t{0}, most_paths));
    app.add_option("--seed", many.seed);
    app.add_option("--threads", many.threads)->check(CLI::Range(1, 1024));
    app.add_option("--block", many.block)->check(CLI::Range(16, 4096));
    app.add_option("--sampling", many.sampling);
    app.add_option("--quantiles", many.quantiles);
    app.add_option("--series", many.series);
    app.add_option("--shard", many.shard);
    app.add_option("--checkpoint", many.checkpoint);
    app.add_option("--checkpoint-every", many.checkpoint_every)->check(CLI::Range(0, 86'400));
    app.add_option("--correlate", many.correlate)->take_all()->allow_extra_args(false);
    app.add_option("--netcdf", many.netcdf);
    app.add_flag("--paired", many.paired);
    app.add_flag("--rivals", many.rivals);
    app.add_option("--out", options.out);
}

/// What a long stress or study keeps, takes up again, and leaves to others.
void add_parts(CLI::App& app, Options& options) {
    PathsOptions& many = options.many;
    app.add_option("--checkpoint", many.checkpoint);
    app.add_option("--checkpoint-every", many.checkpoint_every)->check(CLI::Range(0, 86'400));
    app.add_option("--shard", many.shard);
    app.add_option("--out", options.out);
    app.add_option("--with", many.parts)->take_all()->allow_extra_args(false);
    app.add_flag("--plan", many.plan);
}

/// What happens, and on which paths.
void add_stress(CLI::App& app, Options& options) {
    StressOptions& stress = options.stress;
    for (auto const& [name, list] :
         {std::pair("--shock", &stress.shocks), std::pair("--default", &stress.defaults),
          std::pair("--cut", &stress.cuts)})
        app.add_option(name, *list)->take_all()->allow_extra_args(false);
    app.add_option("--file", stress.file);
    app.add_option("--horizon", stress.horizon);
    app.add_option("--systemic", stress.systemic);
    app.add_option("--multiplier", stress.multiplier);
    app.add_flag("--causal", stress.causal);
    app.add_flag("--stop", stress.stop);
    PathsOptions& many = options.many;
    app.add_option("--paths", many.paths)->check(CLI::Range(std::uint64_t{1}, most_paths));
    app.add_option("--seed", many.seed);
    app.add_option("--threads", many.threads)->check(CLI::Range(1, 1024));
    app.add_option("--block", many.block)->check(CLI::Range(16, 4096));
    app.add_option("--sampling", many.sampling);
    app.add_option("--correlate", many.correlate)->take_all()->allow_extra_args(false);
    app.add_flag("--rivals", many.rivals);
    add_parts(app, options);
}

/// Of `study`; which one comes before the book.
void add_study(CLI::App& app, Options& options) {
    StudyOptions& study = options.study;
    app.add_option("--rows", study.rows)->check(CLI::Range(64, 1 << 20));
    app.add_option("--screen", study.screen)->check(CLI::Range(0, 1 << 16));
    app.add_option("--keep", study.keep)->check(CLI::Range(1, 100));
    app.add_option("--confidence", study.confidence)->check(CLI::Range(50.0, 99.9));
    app.add_option("--tolerance", study.tolerance)->check(CLI::Range(1e-6, 0.5));
    app.add_option("--points", study.points)->check(CLI::Range(3, 101));
    app.add_option("--until", study.until);
    app.add_option("--x", study.x);
    app.add_option("--y", study.y);
    app.add_flag("--central", study.central);
    for (auto const& [name, list] : {std::pair{"--of", &study.of},
                                     {"--group", &study.groups},
                                     {"--vary", &study.vary},
                                     {"--player", &study.players},
                                     {"--capex", &study.capex},
                                     {"--correlate", &options.many.correlate}})
        app.add_option(name, *list)->take_all()->allow_extra_args(false);
    options.many.paths = 256;
    app.add_option("--paths", options.many.paths)->check(CLI::Range(std::uint64_t{1}, most_paths));
    app.add_option("--seed", options.many.seed);
    app.add_option("--threads", options.many.threads)->check(CLI::Range(1, 1024));
    app.add_flag("--rivals", options.many.rivals);
    add_parts(app, options);
}

void add_payment_options(CLI::App& app, PaymentOptionTable const& table, PaymentOptions& options) {
    for (TextOption const& option : table.texts) app.add_option(option.name, options.*option.value);
    for (ListOption const& option : table.lists)
        app.add_option(option.name, options.*option.values)->take_all()->allow_extra_args(false);
    for (FlagOption const& option : table.flags) app.add_flag(option.name, options.*option.value);
}

void add_options(CLI::App& app, Command const& command, Options& options) {
    // Not "required": what is missing is said in our words.
    if (command.takes & takes_paths) {
        app.add_option("PATHS", options.paths);
        app.add_flag("--check", options.only_check);
        app.add_flag("--stdout", options.stdout_only);
        return;
    }
    if (command.takes & takes_parts) {
        app.add_option("PARTS", options.paths);
        app.add_option("--out", options.out);
        app.add_option("--quantiles", options.many.quantiles);
        app.add_option("--netcdf", options.many.netcdf);
        app.add_flag("--json", options.json);
        return;
    }
    if (command.takes & (takes_network | takes_contagion))
        return add_network(app, options, command.takes & takes_contagion);
    if (command.takes & takes_study) app.add_option("WHAT", options.study.what);
    app.add_option("BOOK", options.book);
    if (command.takes & takes_study) add_study(app, options);
    if (command.takes & takes_name) app.add_option("NAME", options.name);
    app.add_option("--as-of", options.as_of);
    app.add_option("--scenario", options.scenario);
    app.add_option("--set", options.set)->take_all()->allow_extra_args(false);
    app.add_flag("--json", options.json);
    if (command.takes & takes_import) add_payment_options(app, import_options(), options.payments);
    if (command.takes & takes_loops) add_payment_options(app, loop_options(), options.payments);
    if (command.takes & takes_measure) {
        add_payment_options(app, measure_options(), options.payments);
        app.add_option("--dollar", options.dollar);
        app.add_option("--pair", options.pair);
        app.add_option("--without", options.backtest.without);
    }
    if (command.takes & takes_window) {
        app.add_option("--from", options.from);
        app.add_option("--to", options.to);
    }
    if (command.takes & takes_quarters) app.add_flag("--quarters", options.quarters);
    if (command.takes & takes_steps)
        app.add_option("--steps", options.steps)->check(CLI::Range(1, most_steps));
    if (command.takes & takes_csv) app.add_option("--csv", options.csv);
    if (command.takes & takes_at) app.add_option("--at", options.at);
    if (command.takes & takes_matrix) {
        app.add_option("--by", options.by);
        app.add_option("--matrix", options.matrix);
        app.add_flag("--latex", options.latex);
    }
    if (command.takes & takes_many) add_paths(app, options);
    if (command.takes & takes_stress) add_stress(app, options);
    if (command.takes & takes_draws) {
        app.add_option("--paths", options.many.paths)
            ->check(CLI::Range(std::uint64_t{1}, most_paths));
        app.add_option("--seed", options.many.seed);
        app.add_option("--threads", options.many.threads)->check(CLI::Range(1, 1024));
        app.add_option("--sampling", options.many.sampling);
    }
    if (command.takes & takes_outcomes) {
        app.add_option("--outcomes", options.backtest.outcomes);
        app.add_option("--baselines", options.backtest.baselines);
    }
    if (command.takes & takes_promises) app.add_flag("--promises", options.promises);
    if (command.takes & takes_out) {
        app.add_option("--out", options.out);
        app.add_option("--format", options.format);
        app.add_option("--show", options.show);
        app.add_option("--stress", options.stop);
        app.add_option("--with", options.with)->take_all()->allow_extra_args(false);
        app.add_option("--paths", options.many.of_report)
            ->check(CLI::Range(std::uint64_t{0}, most_paths));
        app.add_option("--seed", options.many.seed);
        app.add_option("--threads", options.many.threads)->check(CLI::Range(1, 1024));
    }
}

/// What is no whole number in decimal digits, or too large to be read: CLI11 would take 010 for 8,
/// -3 for nearly 2^64, and what is larger than that for the largest that it can hold.
std::string fault_of_number(std::string& text) {
    bool const digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits)
        return "a whole number in decimal digits is wanted, not " + perpetuum::quoted(text);
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    return text.size() > 18 ? perpetuum::quoted(text) + " is too large" : "";
}

void demand_decimal_digits(CLI::App& app) {
    for (CLI::Option* option : app.get_options())
        if (option->get_type_name().starts_with("INT") ||
            option->get_type_name().starts_with("UINT"))
            option->transform(CLI::Validator(fault_of_number, "", "decimal digits"));
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
    demand_decimal_digits(app);
    std::reverse(rest.begin(), rest.end()); // as CLI11 wants it
    try {
        app.parse(rest);
    } catch (CLI::ParseError const& error) {
        return refused(printable(error.what()),
                       "'perpetuum " + std::string(command.name) + " --help' shows how it is used");
    }
    auto const extras = app.remaining();
    if (!extras.empty()) return refuse_extras(app, command, extras);
    return refuse_unread(command, options.study.what, [&](char const* name) {
        CLI::Option const* option = app.get_option_no_throw(name);
        return option && option->count() > 0;
    });
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
    bool const pathless = (asked.command->takes & without_book) && asked.options.paths.empty();
    if (!asked.answer && pathless)
        asked.answer =
            refused("say which files or folders", std::string("perpetuum ") + asked.command->name +
                                                      " " + asked.command->arguments);
    bool const bookless = !(asked.command->takes & without_book) && asked.options.book.empty();
    if (!asked.answer && (bookless || nameless))
        asked.answer = refused(
            std::string("say ") + (bookless                             ? "which book"
                                   : asked.command->takes & takes_draws ? "what to compare it with"
                                                                        : "what to explain"),
            std::string("perpetuum ") + asked.command->name + " " + asked.command->arguments);
    return asked;
}

} // namespace perpetuum
