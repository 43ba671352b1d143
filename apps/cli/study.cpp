// perpetuum study WHAT BOOK: what the studies share.

#include "study.hpp"

#include "commands.hpp"
#include "labels.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

struct Study {
    char const* name;
    Answer (*run)(Options const&);
};
constexpr Study studies[] = {
    {"backtest", run_backtest}, {"breakpoint", study_breakpoint},   {"game", study_game},
    {"grid", study_grid},       {"sensitivity", study_sensitivity},
};

bool read_texts(StudyBook& book, StudyTexts const& texts) {
    Diagnostics& diagnostics = book.reading.diagnostics;
    for (std::string const& text : texts.variations)
        if (auto variation = read_variation(book.system, text, diagnostics))
            book.variations.push_back(std::move(*variation));
    for (std::string const& text : texts.outputs)
        if (auto output = read_output(book.system, text, diagnostics))
            book.run.outputs.push_back(std::move(*output));
    if (!texts.condition.empty()) {
        book.condition = read_condition(book.system, texts.condition, diagnostics);
        if (book.condition) book.run.outputs.push_back(book.condition->output);
    }
    return !diagnostics.failed();
}

/// Tests whether two of the figures that vary are one.
std::string repeated(std::vector<Variation> const& variations) {
    for (std::size_t i = 0; i < variations.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (variations[i].cell == variations[j].cell) return variations[i].name;
    return {};
}

} // namespace

std::unique_ptr<StudyBook> open_study(Options const& asked, StudyTexts const& texts,
                                      Answer& refusal) {
    auto book = std::make_unique<StudyBook>();
    Options options = asked;
    options.many.paths = std::max<std::uint64_t>(1, asked.many.paths); // chances are drawn
    if (asked.study.central) options.many.paths = 0;
    Reading& reading = book->reading;
    if (!instantiate_book(options, reading, book->system) || !read_texts(*book, texts)) {
        refusal = refused(reading);
        return nullptr;
    }
    options.many.paths = std::max<std::uint64_t>(1, asked.many.paths);
    auto const settings = paths_asked(options, refusal);
    if (!settings) return nullptr;
    book->settings = settings->settings;
    auto const refuse = [&](std::string const& what, std::string const& hint) {
        refusal = refused(what, hint);
        return nullptr;
    };
    if (auto const fault = fault_of(book->system, book->settings.sample.correlations);
        !fault.empty())
        return refuse("--correlate: " + fault, "'perpetuum explain' shows a figure's spread");
    if (auto const name = repeated(book->variations); !name.empty())
        return refuse(quoted(name) + " varies twice", "each figure once");
    std::vector<CellId> cells;
    for (Variation const& variation : book->variations) cells.push_back(variation.cell);
    if (book->condition && book->condition->output.kind == StudyOutput::Kind::growth) {
        CellId const cell = book->condition->output.series.terms[0].cell;
        if (book->system.cells[static_cast<std::size_t>(cell)].start < 0)
            return refuse(quoted(book->condition->output.series.name) +
                              " starts from nothing: there is nothing to nudge",
                          "nudge a quantity that has a start");
        book->system = nudgeable(std::move(book->system), cell, book->nudge);
        cells.push_back(book->nudge);
    }
    book->system = held_open(std::move(book->system), cells);
    CompileOptions wishes;
    wishes.wanted = wanted_by(book->system, book->run.outputs);
    if (wishes.wanted.empty()) wishes.wanted.push_back(0);
    book->program = compile(book->system, reading.diagnostics, wishes);
    if (reading.diagnostics.failed()) {
        refusal = refused(reading);
        return nullptr;
    }
    book->run.system = &book->system;
    book->run.program = &book->program;
    book->run.book = &reading.book;
    book->run.threads = book->settings.threads;
    return book;
}

std::string print_output(StudyOutput const& output, double value) {
    using Kind = StudyOutput::Kind;
    if (std::isnan(value)) return "-";
    switch (output.kind) {
    case Kind::holds:
    case Kind::defaults:
    case Kind::share:
        return fmt::format("{:.1f} %", 100 * value);
    case Kind::when:
        return fmt::format("{:.1f}", value);
    case Kind::growth:
        return fmt::format("{:.4f}", value);
    case Kind::value:
        break;
    }
    return std::abs(value) < 1e5 ? fmt::format("{:.4g}", value) : print_amount(value);
}

std::string print_variation(Variation const& variation, double value) {
    double const shown = value / variation.scale;
    std::string const text =
        std::abs(shown) >= 1e5 ? print_amount(shown) : fmt::format("{:.4g}", shown);
    return (variation.times ? "x " : "") + text +
           (variation.unit.empty() ? "" : " " + printable(variation.unit));
}

std::string label_of_cell(StudyBook const& book, CellId cell) {
    return label_of_figure(book.reading, book.system.cells[static_cast<std::size_t>(cell)].name);
}

std::string label_of_group(StudyBook const& book, InputGroup const& group) {
    std::string joined;
    std::vector<std::string> names;
    for (CellId const cell : group.cells) {
        names.push_back(book.system.cells[static_cast<std::size_t>(cell)].name);
        joined += (joined.empty() ? "" : " + ") + names.back();
    }
    return joined == group.name ? label_of_figures(book.reading, names) : group.name;
}

std::string study_title(StudyBook const& book, std::string const& what, std::uint64_t paths) {
    std::string const of = paths == 0 ? std::string()
                                      : fmt::format("; {} paths, seed {}", print_count(paths),
                                                    book.settings.sample.seed);
    return fmt::format("{}: {}{}\n", printable(book.reading.book.title), what, of);
}

Answer run_study(Options const& options) {
    std::vector<std::string> names;
    for (Study const& study : studies) {
        if (options.study.what == study.name) return study.run(options);
        names.emplace_back(study.name);
    }
    auto const near = nearest(options.study.what, names);
    return refused(options.study.what.empty() ? "say which study"
                                              : "there is no study " + quoted(options.study.what),
                   near ? "did you mean " + quoted(*near) + "?"
                        : "sensitivity, breakpoint, grid or game");
}

} // namespace perpetuum
