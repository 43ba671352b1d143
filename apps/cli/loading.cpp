#include "loading.hpp"

#include "changes.hpp"
#include "identities.hpp"
#include "model_files.hpp"
#include "paths.hpp"
#include "projection_rows.hpp"
#include "scenario_file.hpp"

#include <perpetuum/study.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace perpetuum {

namespace {

constexpr int earliest_start_year = 1950;
/// A run keeps every number of the central path: half a gigabyte of them.
constexpr double most_numbers = 64e6;

/// The model, with the book's ids for names like `openai.users`. Those are only known once the book
/// is read, and the book is only understood with the model: so the model is parsed without them
/// first, which is mostly enough.
bool read_model(Options const& options, Reading& reading) {
    reading.model_name = model_of(*reading.text);
    auto const texts = read_model_texts(options.book, reading.model_name, reading.diagnostics);
    if (texts.empty() || reading.diagnostics.failed()) return false;
    Diagnostics first = reading.diagnostics;
    reading.model = parse_model(texts, {}, first);
    if (first.failed()) {
        Diagnostics ignored = reading.diagnostics;
        Book const book =
            interpret_book(*reading.text, vocabulary_of(reading.model), std::nullopt, ignored);
        reading.model = parse_model(texts, known_ids(book), reading.diagnostics);
    } else {
        reading.diagnostics = std::move(first);
    }
    return !reading.diagnostics.failed();
}

std::optional<Period> period_of_option(std::string const& option, std::string const& text,
                                       Diagnostics& diagnostics) {
    auto const period = parse_period(text);
    if (!period) {
        int const number = diagnostics.add_text(option, text);
        diagnostics.error({number, 0, static_cast<std::uint32_t>(text.size())},
                          quoted(text) + " is no date",
                          "write 2026-07-31, 2026-07, 2026-Q3 or 2026");
    }
    return period;
}

/// Of a plain model, which has no dates, --from and --to are steps.
bool find_steps(Options const& options, int steps, Diagnostics& diagnostics, Window& window) {
    window = {{}, 1, steps};
    for (bool const begins : {true, false}) {
        std::string const& word = begins ? options.from : options.to;
        if (word.empty()) continue;
        bool const digits =
            word.size() <= 5 && word.find_first_not_of("0123456789") == std::string::npos;
        int const step = digits ? std::stoi(word) : -1;
        if (step < 0 || step > steps) {
            diagnostics.error({}, quoted(word) + " is no step of the run",
                              fmt::format("write a number from 0 to {}", steps));
            return false;
        }
        (begins ? window.first : window.last) = step;
    }
    if (window.first <= window.last) return true;
    diagnostics.error({}, "--to comes before --from");
    return false;
}

bool find_window(Options const& options, Projection& projection) {
    System const& system = projection.system;
    int const steps = projection.path.steps;
    Diagnostics& diagnostics = projection.reading.diagnostics;
    Window& window = projection.window;
    Date const start = system.start, end{system.start.months + steps * system.step_months};
    if (options.from.empty() && options.to.empty()) {
        if (window_of_year(system, steps, 2026, window)) return true;
        int const year = static_cast<int>(std::ceil(start.months / 12 - 1e-9));
        if (window_of_year(system, steps, year, window)) return true;
        window = {{start, end}, 1, steps};
        return true;
    }
    Period period{start, end};
    if (!options.from.empty()) {
        auto const from = period_of_option("--from", options.from, diagnostics);
        if (!from) return false;
        period.begin = from->begin;
        if (options.to.empty()) period.end = from->end;
    }
    if (!options.to.empty()) {
        auto const to = period_of_option("--to", options.to, diagnostics);
        if (!to) return false;
        period.end = to->end;
    }
    auto const [first, last] = steps_of(system, period);
    if (last < first || first > steps) {
        auto const stop = stop_sentence(projection);
        diagnostics.error({}, "no step of the run lies in " + print_period(period),
                          stop.empty() ? "the run goes from " + print_day(start) + " to " +
                                             step_label(system, steps)
                                       : stop);
        return false;
    }
    int const until = std::min(last, steps);
    // The window that was looked at, not the one that was asked for.
    window = {{{start.months + (first - 1) * system.step_months},
               {start.months + until * system.step_months}},
              first,
              until};
    return true;
}

} // namespace

bool window_of_year(System const& system, int steps, int year, Window& window) {
    Period const period{date_of(year, 1), date_of(year + 1, 1)};
    Date const end{system.start.months + steps * system.step_months};
    if (period.begin.months < system.start.months - 1e-6 || period.end.months > end.months + 1e-6)
        return false;
    auto const [first, last] = steps_of(system, period);
    window = {period, first, last};
    return first <= last;
}

namespace {

/// A scenario of the command line must be one of the book.
bool check_scenario(Options const& options, Reading& reading) {
    std::vector<std::string> names;
    for (Scenario const& scenario : reading.book.scenarios) names.push_back(scenario.id);
    if (options.scenario.empty() ||
        std::find(names.begin(), names.end(), options.scenario) != names.end())
        return true;
    std::string list;
    for (auto const& name : names) list += (list.empty() ? "" : ", ") + name;
    int const text = reading.diagnostics.add_text("--scenario", options.scenario);
    auto const near = nearest(options.scenario, names);
    reading.diagnostics.error({text, 0, static_cast<std::uint32_t>(options.scenario.size())},
                              "the book has no scenario " + quoted(options.scenario),
                              near           ? "did you mean " + quoted(*near) + "?"
                              : list.empty() ? "it has none at all"
                                             : "it has " + list);
    return false;
}

} // namespace

namespace {

/// A model file by itself: a book of nothing.
bool read_plain_model(Options const& options, Reading& reading) {
    std::string content, problem;
    if (!read_text_file(options.book, content, problem)) {
        reading.diagnostics.error({}, problem);
        return false;
    }
    reading.plain = true;
    reading.book.title = options.book;
    int const text = reading.diagnostics.add_text(options.book, content);
    reading.model = parse_model({text}, {}, reading.diagnostics);
    reading.vocabulary = vocabulary_of(reading.model);
    return !reading.diagnostics.failed();
}

/// Asked what is known later than the book was written.
void tell_early_book(Options const& options, Reading& reading) {
    int const text = reading.diagnostics.add_text("--as-of", options.as_of);
    reading.diagnostics.note({text, 0, static_cast<std::uint32_t>(options.as_of.size())},
                             "the book says what was known on " +
                                 print_day({reading.book.own_as_of.months - 0.01}) +
                                 ": what came later is not in it",
                             "its own date stands behind as_of under [book]");
}

bool read_book(Options const& options, Reading& reading) {
    reading.text = read_book_text(options.book, reading.diagnostics);
    if (!reading.text || reading.diagnostics.failed()) return false;
    if (!read_model(options, reading)) return false;
    reading.vocabulary = vocabulary_of(reading.model);
    std::optional<Date> as_of;
    if (!options.as_of.empty()) {
        auto const period = period_of_option("--as-of", options.as_of, reading.diagnostics);
        if (!period) return false;
        as_of = period->end;
    }
    reading.book = interpret_book(*reading.text, reading.vocabulary, as_of, reading.diagnostics);
    if (as_of && *as_of > reading.book.own_as_of) tell_early_book(options, reading);
    return !reading.diagnostics.failed();
}

} // namespace

bool read(Options const& options, Reading& reading) {
    bool const plain = options.book.ends_with(".model");
    if (!(plain ? read_plain_model(options, reading) : read_book(options, reading))) return false;
    if (!check_scenario(options, reading)) return false;
    for (std::string const& text : options.set) {
        int const number = reading.diagnostics.add_text("--set", text);
        reading.changes.push_back({text, {number, 0, static_cast<std::uint32_t>(text.size())}});
    }
    // All changes are read and tried before an error stops: one look shows what is wrong with any.
    reading.scenario = add_changes(options, reading);
    reading.book =
        with_scenario(with_defaults(std::move(reading.book), reading.model, reading.scenario),
                      reading.scenario, reading.diagnostics);
    for (Scenario const& scenario : reading.book.scenarios)
        if (scenario.id == reading.scenario) reading.ended_deals = scenario.end;
    make_timed_changes(options, reading);
    return !reading.diagnostics.failed();
}

namespace {

/// A run cannot start from cash below zero.
void check_opening_cash(Book const& book, Diagnostics& diagnostics) {
    for (Entity const& entity : book.entities) {
        Opening const* sheet = nullptr;
        for (Opening const& opening : entity.openings)
            if (opening.at.end <= book.start) sheet = &opening;
        if (!sheet || sheet->accounts.count("cash") == 0) continue;
        Figure const* cash = sheet->accounts.at("cash").used();
        if (cash && cash->holds == Figure::Holds::amount && cash->value < 0)
            diagnostics.error(
                cash->where, quoted(entity.id) + " opens with cash below zero",
                "what is overdrawn is a debt: write 0, and the debt under its own account");
    }
}

} // namespace

namespace {

/// A model by itself has nobody to give it figures.
void check_values_of_plain(Reading& reading) {
    if (reading.model.blocks.empty()) return;
    for (Parameter const& parameter : reading.model.blocks[0].parameters)
        if (parameter.fallback < 0 && parameter.fields.empty() &&
            reading.book.parameters.count(parameter.name) == 0)
            reading.diagnostics.warning(parameter.where,
                                        quoted(parameter.name) + " has no value: it counts as 0",
                                        "give it one: param " + parameter.name +
                                            " = …, or --set \"" + parameter.name + " = …\"");
}

} // namespace

bool instantiate_book(Options const& asked, Reading& reading, System& system) {
    // Without a book, a scenario is a file.
    Options const options =
        asked.book.ends_with(".model") ? with_scenario_file(asked, reading) : asked;
    if (reading.diagnostics.failed() || !read(options, reading)) return false;
    // A run goes to the end of 2035: a start long ago would ask for memory without bound.
    if (!reading.plain && reading.book.start < date_of(earliest_start_year, 1)) {
        reading.diagnostics.error(reading.book.head_where,
                                  "the book starts on " + print_day(reading.book.start) +
                                      ": too long ago for a run in quarters to the end of 2035",
                                  fmt::format("start in {} or later", earliest_start_year));
        return false;
    }
    check_opening_cash(reading.book, reading.diagnostics);
    if (reading.plain) check_values_of_plain(reading);
    if (reading.diagnostics.failed()) return false;
    InstanceOptions under;
    under.scenario = reading.scenario;
    under.ended_deals = reading.ended_deals;
    under.draw_chances = options.many.paths > 0 || options.many.path.has_value();
    under.draw_rivals = under.draw_chances && options.many.rivals;
    under.steps = options.steps > 0 ? options.steps : reading.plain ? usual_plain_steps : 0;
    system = instantiate(reading.book, reading.model, under, reading.diagnostics);
    tell_payments_apart(system);
    return !reading.diagnostics.failed();
}

bool compile_book(Options const& options, Reading& reading, System& system, Program& program) {
    if (!instantiate_book(options, reading, system)) return false;
    program = compile(system, reading.diagnostics);
    return !reading.diagnostics.failed();
}

namespace {

/// The central path, or the one whose number was asked for.
bool find_path(Options const& options, Projection& projection) {
    if (!options.many.path) {
        projection.path = central_path(projection.system, projection.program);
        return true;
    }
    Options all = options;
    all.many.paths = std::max(options.many.paths, *options.many.path + 1);
    Answer refusal;
    auto const asked = paths_asked(all, refusal);
    std::string const fault =
        asked ? fault_of(projection.system, asked->settings.sample.correlations) : refusal.talk;
    if (!fault.empty()) {
        projection.reading.diagnostics.error({}, fault);
        return false;
    }
    projection.path = path_by_number(projection.system, projection.program, asked->settings.sample,
                                     *options.many.path);
    return true;
}

} // namespace

namespace {

/// What rests on a variable that is no number is none either, or looks as if it were.
void tell_no_number(Projection& projection) {
    auto const lost = first_lost(projection.system, projection.path);
    projection.no_number = lost.has_value();
    if (lost)
        projection.reading.diagnostics.warning(
            projection.system.cells[static_cast<std::size_t>(lost->cell)].where,
            lost_sentence(projection.system, *lost),
            "something is divided by 0, or has no logarithm or root: what rests on it cannot be "
            "relied on");
}

} // namespace

bool project(Options const& options, Projection& projection) {
    Reading& reading = projection.reading;
    if (!compile_book(options, reading, projection.system, projection.program)) return false;
    System const& system = projection.system;
    if (static_cast<double>(system.cells.size()) * system.steps > most_numbers) {
        reading.diagnostics.error(
            {},
            fmt::format("{} steps of {} quantities are too many", system.steps,
                        system.cells.size()),
            fmt::format("--steps {} would do",
                        static_cast<int>(most_numbers / static_cast<double>(system.cells.size()))));
        return false;
    }
    if (!find_path(options, projection)) return false;
    if (reading.plain) tell_no_number(projection);
    projection.payments = payments_of(projection.system, projection.path, reading.book);
    if (reading.plain && !(options.from.empty() && options.to.empty()))
        return find_steps(options, projection.path.steps, reading.diagnostics, projection.window);
    return find_window(options, projection);
}

bool steps_at(std::string const& at, Projection& projection, int& first, int& last) {
    bool const plain = projection.reading.plain;
    int const steps = projection.path.steps;
    bool const digits = !at.empty() && at.size() <= (plain ? 5u : 3u) &&
                        at.find_first_not_of("0123456789") == std::string::npos;
    first = 1, last = 0;
    if (digits)
        first = last = std::stoi(at);
    else if (auto const period = plain ? std::nullopt : parse_period(at))
        std::tie(first, last) = steps_of(projection.system, *period);
    if (first <= last && last <= steps && first >= 0) return true;
    int const text = projection.reading.diagnostics.add_text("--at", at);
    projection.reading.diagnostics.error(
        {text, 0, static_cast<std::uint32_t>(at.size())}, quoted(at) + " is no step of the run",
        plain ? fmt::format("write a number from 0 (the start) to {}", steps)
              : fmt::format("write 2026-Q3, 2026 or a number from 0 (the start) to {}", steps));
    return false;
}

Answer refused(Reading const& reading) {
    Answer answer;
    answer.code = Exit::wrong_input;
    constexpr int most = 100;
    int shown = 0, warnings = 0;
    for (Diagnostic const& diagnostic : reading.diagnostics.all()) {
        if (diagnostic.severity != Severity::error) {
            warnings += diagnostic.severity == Severity::warning ? 1 : 0;
        } else if (shown++ < most) {
            answer.talk += reading.diagnostics.render(diagnostic);
            if (!answer.talk.empty() && answer.talk.back() != '\n') answer.talk += '\n';
        }
    }
    answer.talk += fmt::format("{} error{}", shown, shown == 1 ? "" : "s");
    if (shown > most) answer.talk += fmt::format(" ({} shown)", most);
    if (warnings > 0)
        answer.talk += fmt::format(", {} warning{}", warnings, warnings == 1 ? "" : "s");
    answer.talk += "\n";
    return answer;
}

namespace {

/// The options that a book was read with: without them `check` would say something else.
std::string options_read_with(Reading const& reading) {
    Book const& book = reading.book;
    std::string text;
    if (!reading.plain && book.as_of.months != book.own_as_of.months)
        text += " --as-of " + print_day({book.as_of.months - 0.01});
    // Changes of the command line are a scenario that extends the one that was asked for.
    std::string scenario = reading.scenario;
    for (Scenario const& one : book.scenarios)
        if (one.id == reading.scenario && one.id == "--set") scenario = one.extends;
    if (!reading.plain && !scenario.empty()) text += " --scenario " + printable(scenario);
    for (WrittenChange const& change : reading.changes)
        if (reading.diagnostics.text(change.where.text).name == "--set")
            text += " --set \"" + printable(change.text) + "\"";
    return text;
}

} // namespace

std::string talk_of(Reading const& reading, std::string const& book) {
    auto const count = reading.diagnostics.all().size();
    if (count == 0) return {};
    return fmt::format("{} warning{} or note{}: see 'perpetuum check {}{}'\n", count,
                       count == 1 ? "" : "s", count == 1 ? "" : "s", printable(book),
                       options_read_with(reading));
}

} // namespace perpetuum
