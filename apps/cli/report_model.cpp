// perpetuum report FILE.model: a textbook model's variables as small multiples.

#include "commands.hpp"
#include "identities.hpp"
#include "loading.hpp"
#include "projection_rows.hpp"
#include "scenario_file.hpp"
#include "tables.hpp"

#include <perpetuum/report.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace perpetuum {

namespace {

constexpr std::size_t most_charts = 300;
constexpr int steps_before_change = 10;

/// First and last step in which a `from A to B` of the changes holds; {0, 0} without any.
std::pair<int, int> steps_of_changes(std::vector<std::string> const& set, int steps) {
    int begin = 0, end = 0;
    for (std::string const& change : set) {
        std::istringstream words(change);
        int from = 0, to = 0;
        for (std::string word, before; words >> word; before = word) {
            bool const digits =
                word.size() <= 5 && word.find_first_not_of("0123456789") == std::string::npos;
            if (before == "from" && digits) from = std::stoi(word);
            if (before == "to" && digits) to = std::stoi(word);
        }
        int const until = from > 0 && to > 0 ? std::min(to, steps) : steps;
        begin = begin == 0 ? std::max(from, 1) : std::min(begin, std::max(from, 1));
        end = std::max(end, until);
    }
    return {begin, end};
}

std::vector<std::string> names_asked(std::string const& list) {
    std::vector<std::string> names;
    std::string name;
    for (char const c : list + ",") {
        if (c != ',' && c != ' ') {
            name += c;
        } else if (!name.empty()) {
            names.push_back(std::move(name));
            name.clear();
        }
    }
    return names;
}

/// The variables to be shown: those asked for, else all that say what they are, else all.
std::vector<Variable const*> variables_shown(Model const& model,
                                             std::vector<std::string> const& asked,
                                             Diagnostics& diagnostics) {
    std::vector<Variable const*> shown, documented;
    std::vector<std::string> names;
    auto const& variables = model.blocks[0].variables;
    for (Variable const& variable : variables) {
        names.push_back(variable.name);
        if (!variable.phrase.empty()) documented.push_back(&variable);
    }
    for (std::string const& name : asked) {
        auto const found = std::find(names.begin(), names.end(), name);
        if (found != names.end()) {
            shown.push_back(&variables[static_cast<std::size_t>(found - names.begin())]);
            continue;
        }
        auto const near = nearest(name, names);
        diagnostics.error({}, "the model has no variable " + quoted(name),
                          near ? "did you mean " + quoted(*near) + "?" : "");
    }
    if (!asked.empty()) return shown;
    if (!documented.empty()) return documented;
    for (Variable const& variable : variables) shown.push_back(&variable);
    return shown;
}

std::vector<double> values_of_variable(Projection const& projection, std::string const& name,
                                       int first, int last) {
    std::vector<double> values;
    auto const found = projection.system.names.find(name);
    if (found == projection.system.names.end() || found->second < 0) return values;
    Cell const& cell = projection.system.cells[static_cast<std::size_t>(found->second)];
    for (int step = first; step <= std::min(last, projection.path.steps); ++step) {
        bool const nothing_yet = step == 0 && cell.start < 0;
        values.push_back(nothing_yet
                             ? std::nan("")
                             : value_at(projection.system, projection.path, found->second, step));
    }
    return values;
}

/// Where a run has no numbers, and why.
std::vector<std::string> stops_as_sentences(Projection const& run, Projection const* baseline) {
    std::vector<std::string> sentences;
    auto const add = [&](std::string what, char const* whose) {
        if (what.empty()) return;
        if (*whose == 0 && what.starts_with("the ")) what[0] = 'T';
        sentences.push_back(whose + what + ".");
    };
    add(stop_sentence(run), "");
    add(no_number_sentence(run), "");
    if (!baseline) return sentences;
    add(stop_sentence(*baseline), "In the baseline ");
    add(no_number_sentence(*baseline), "In the baseline ");
    return sentences;
}

std::vector<std::string> findings_as_sentences(Projection const& run, Projection const* baseline) {
    std::vector<std::string> sentences = stops_as_sentences(run, baseline);
    auto const identities = identity_gaps(run.reading.model, run.system, run.path);
    for (FailedCheck const& check : failed_checks(run.system, run.path))
        if (std::none_of(identities.begin(), identities.end(), [&](IdentityGap const& gap) {
                return gap.text == check.text && gap.first_step > 0;
            }))
            sentences.push_back(
                fmt::format("Expectation {}: fails in step {}.", check.text, check.step));
    for (IdentityGap const& gap : identities)
        sentences.push_back(
            gap.first_step == 0
                ? fmt::format("Hidden identity {}: holds in all {} steps.", gap.text,
                              run.path.steps)
                : fmt::format("Hidden identity {}: apart by {:.4g} ({}) from step {} on.", gap.text,
                              std::fabs(gap.first), relative_text(gap.first_relative),
                              gap.first_step));
    return sentences;
}

ModelPage page_of(Options const& options, Projection const& run, Projection const* baseline,
                  std::vector<std::string> const& changes,
                  std::vector<Variable const*> const& shown) {
    Model const& model = run.reading.model;
    ModelPage page;
    page.title = options.book;
    page.phrase = model.blocks[0].phrase;
    page.scenario = says_of_scenario_file(options.scenario);
    page.changes = changes;
    page.findings = findings_as_sentences(run, baseline);
    page.command = options.command;
    page.version = PERPETUUM_VERSION;
    for (int text = 0; text < run.reading.diagnostics.texts(); ++text)
        if (run.reading.diagnostics.text(text).name == options.book)
            page.model_text = run.reading.diagnostics.text(text).content;
    if (!changes.empty())
        std::tie(page.change_begin, page.change_end) = steps_of_changes(changes, run.system.steps);
    page.first_step =
        page.change_begin > 1 ? std::max(0, page.change_begin - steps_before_change) : 0;
    int last = run.system.steps;
    if (!options.from.empty()) page.first_step = run.window.first;
    if (!options.to.empty()) last = run.window.last;
    for (Variable const* variable : shown) {
        ModelChart chart;
        chart.name = variable->name;
        chart.phrase = variable->phrase;
        if (!variable->is_shock) chart.equation = print_expression(model, variable->value);
        chart.baseline =
            values_of_variable(baseline ? *baseline : run, variable->name, page.first_step, last);
        if (baseline)
            chart.changed = values_of_variable(run, variable->name, page.first_step, last);
        page.charts.push_back(std::move(chart));
    }
    return page;
}

} // namespace

Answer report_model(Options const& options) {
    if (options.json || options.format != "html")
        return refused("the report on a model without a book is a page",
                       "for numbers: perpetuum run FILE.model --csv -");
    if (options.out.empty()) return refused("say where to write the page", "--out FILE");
    if (options.many.of_report)
        return refused("the report on a model without a book has no paths",
                       "for ranges: perpetuum run FILE.model --paths N");
    Projection run, baseline;
    if (!project(options, run)) return refused(run.reading);
    auto const shown =
        variables_shown(run.reading.model, names_asked(options.show), run.reading.diagnostics);
    if (run.reading.diagnostics.failed()) return refused(run.reading);
    if (shown.size() > most_charts)
        return refused(fmt::format("{} variables are too many for a page", shown.size()),
                       "--show Y,C,G");
    std::vector<std::string> changes;
    for (WrittenChange const& change : run.reading.changes) changes.push_back(change.text);
    if (!changes.empty()) {
        Options without = options;
        without.set.clear();
        without.scenario.clear();
        without.steps = run.system.steps;
        if (!project(without, baseline)) return refused(baseline.reading);
    }
    Projection const* const compared = changes.empty() ? nullptr : &baseline;
    ModelPage const page = page_of(options, run, compared, changes, shown);
    std::string problem;
    if (!write_text_file(options.out, model_page(page), problem)) return refused(problem);
    Answer answer;
    answer.text = fmt::format(
        "{}, steps {} to {}{}\n", count_of(shown.size(), "variable"), page.first_step,
        page.first_step +
            static_cast<int>(page.charts.empty() ? 0 : page.charts[0].baseline.size()) - 1,
        changes.empty() ? "" : ", against the baseline");
    answer.text += failure_lines(run);
    for (auto const& sentence : stops_as_sentences(run, compared)) answer.text += sentence + "\n";
    answer.text += printable(options.out, 1000) + "\n";
    answer.talk = talk_of(run.reading, options.book);
    if (finds_something(run) || (compared && has_gaps(*compared))) answer.code = Exit::found;
    return answer;
}

} // namespace perpetuum
