// The paths of a report: run once, kept as sketches.

#include "report_paths.hpp"

#include "paths.hpp"
#include "tables.hpp"

#include <perpetuum/base.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

namespace perpetuum {

namespace {

constexpr std::uint64_t usual_paths = 2000; ///< about a second for books/ai
constexpr std::size_t firms_named = 3;

bool has_spread(System const& system) {
    return std::any_of(system.cells.begin(), system.cells.end(), [](Cell const& cell) {
        return cell.drawn && cell.draw.shape != Shape::point;
    });
}

/// A figure with a spread may be one that nothing hangs on.
bool anything_varies(Summary const& summary, std::size_t series,
                     std::vector<StepGroup> const& years) {
    FailureTable const& table = summary.failures;
    for (int firm = 0; firm < table.firms(); ++firm)
        if (table.failed(firm) > 0 && table.failed(firm) < table.paths()) return true;
    for (std::size_t s = 0; s < series; ++s)
        for (StepGroup const& year : years) {
            Sketch const& sketch = summary.sketch(s, year.last);
            if (sketch.least() != sketch.greatest()) return true;
        }
    return summary.failed.count() > 0;
}

/// Whole years, and the first: a flow is added up over as many steps as a year has, so that of a
/// last year which is cut it would tell of the year before too.
std::vector<StepGroup> years_of_run(System const& system) {
    auto years = groups_of_steps(system, system.steps, false);
    double const end = system.start.months + system.steps * system.step_months;
    if (years.size() > 1 && std::fmod(end, 12) != 0) years.pop_back();
    return years;
}

/// The command line that prints these ranges.
std::string command_of_paths(Options const& options, EnsembleSettings const& settings) {
    auto const word = [](std::string const& text) {
        bool const plain = text.find_first_of(" \"'*$\\") == std::string::npos;
        return plain ? text : "\"" + text + "\"";
    };
    std::string text = "perpetuum run " + word(options.book);
    if (!options.as_of.empty()) text += " --as-of " + word(options.as_of);
    if (!options.scenario.empty()) text += " --scenario " + word(options.scenario);
    for (std::string const& change : options.set) text += " --set " + word(change);
    if (options.steps > 0) text += " --steps " + std::to_string(options.steps);
    return text + fmt::format(" --paths {} --seed {} --quantiles 5,25,50,75,95",
                              settings.sample.paths, settings.sample.seed);
}

EnsembleSettings settings_of_report(Options const& options) {
    EnsembleSettings settings;
    settings.sample.paths = options.many.of_report.value_or(usual_paths);
    settings.sample.seed = options.many.seed;
    settings.threads = options.many.threads > 0
                           ? options.many.threads
                           : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    return settings;
}

/// The same series over the cells of the central path; one that nothing is booked in there has no
/// terms.
std::vector<Series> on_central_system(std::vector<Series> const& series, Options const& options,
                                      Projection& projection) {
    std::vector<Series> there, found;
    choose_series(options, projection.system, projection.reading.diagnostics, there);
    for (Series const& one : series) {
        auto const same = std::find_if(there.begin(), there.end(),
                                       [&](Series const& other) { return other.name == one.name; });
        found.push_back(same == there.end() ? Series{one.name, {}, one.window} : *same);
    }
    return found;
}

} // namespace

std::optional<ReportPaths> paths_of_report(Options const& options, Projection& projection) {
    EnsembleSettings const settings = settings_of_report(options);
    if (settings.sample.paths == 0) return std::nullopt;
    // Not the projection's system: on its one path a letter comes true or not, here by its chance.
    Options many = options;
    many.many.paths = settings.sample.paths;
    Reading reading;
    System system;
    ReportPaths paths;
    bool const fine = instantiate_book(many, reading, system) &&
                      choose_series(many, system, reading.diagnostics, paths.series);
    if (fine && !has_spread(system)) return std::nullopt;
    Keeping keeping = keeping_of(system, paths.series);
    CompileOptions wishes;
    wishes.wanted = wanted_by(system, keeping);
    Program program;
    if (fine) program = compile(system, reading.diagnostics, wishes);
    if (reading.diagnostics.failed()) {
        projection.reading.diagnostics = std::move(reading.diagnostics);
        return std::nullopt;
    }
    auto plan = summary_plan(system, keeping, {});
    Ensemble ensemble({{&system, &program, std::move(keeping), std::move(plan)}}, settings);
    ensemble.run({0, settings.sample.paths});
    paths.summary = ensemble.summary();
    paths.years = years_of_run(system);
    if (!anything_varies(paths.summary, paths.series.size(), paths.years)) return std::nullopt;
    paths.central = on_central_system(paths.series, many, projection);
    paths.seed = std::to_string(settings.sample.seed);
    paths.command = command_of_paths(options, settings);
    return paths;
}

std::vector<int> firms_by_failures(FailureTable const& table) {
    std::vector<int> firms;
    for (int firm = 0; firm < table.firms(); ++firm)
        if (table.failed(firm) > 0) firms.push_back(firm);
    std::stable_sort(firms.begin(), firms.end(),
                     [&](int a, int b) { return table.failed(a) > table.failed(b); });
    return firms;
}

std::string line_of_paths(ReportPaths const& paths, System const& system) {
    FailureTable const& table = paths.summary.failures;
    auto const until = step_label(system, system.steps);
    auto const all = count_of(table.paths(), "path");
    std::string text;
    if (std::uint64_t const left_out = paths.summary.failed.count(); left_out > 0)
        text = fmt::format("{} could not be computed to the end and left out.\n",
                           count_of(left_out, "path"));
    auto const firms = firms_by_failures(table);
    if (firms.empty())
        return text + fmt::format("On none of {} does anybody default by {}.\n", all, until);
    std::string names;
    for (std::size_t i = 0; i < std::min(firms.size(), firms_named); ++i) {
        auto const& id = paths.summary.plan().firms[static_cast<std::size_t>(firms[i])];
        names += fmt::format("{}{} on {}", i > 0 ? ", " : "", printable(name_of_entity(system, id)),
                             table.failed(firms[i]));
    }
    if (firms.size() > firms_named)
        names += fmt::format(", and {} more", firms.size() - firms_named);
    return text + fmt::format("On {} of {} somebody defaults by {}: {}.\n",
                              print_count(table.paths() - table.exactly(0)), all, until, names);
}

bool books_add_up(ReportPaths const& paths) {
    auto const& reasons = paths.summary.failed.reasons();
    return reasons.find("the books do not add up") == reasons.end();
}

} // namespace perpetuum
