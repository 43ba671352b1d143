// perpetuum explain BOOK NAME

#include "commands.hpp"
#include "explain_book.hpp"
#include "identities.hpp"
#include "tables.hpp"

#include <perpetuum/study.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace perpetuum {

namespace {

/// Long texts are not cut here: they are what was asked for.
std::string text_of(Explanation const& explanation) {
    std::string text = printable(explanation.name) + ": " + explanation.what + "\n";
    for (auto const& section : explanation.sections) {
        if (!section.heading.empty()) text += "\n" + printable(section.heading) + "\n";
        bool const pairs = section.align == "ll";
        if (!pairs) {
            text += print_table({{}, section.align, section.rows, 160});
            continue;
        }
        std::size_t width = 0;
        for (auto const& row : section.rows) width = std::max(width, row.front().size());
        for (auto const& row : section.rows)
            text +=
                fmt::format("  {:<{}}  {}\n", printable(row[0]), width, printable(row[1], 4000));
    }
    return text;
}

/// Why values are missing below, or are no numbers.
void add_gaps(Explanation& explanation, Projection const& projection) {
    Explanation::Section section{"what the run found", "ll", {}};
    if (auto const stop = stop_sentence(projection); !stop.empty())
        section.rows.push_back({"stops", stop + "; there are no values from there on"});
    if (projection.no_number) section.rows.push_back({"no number", no_number_sentence(projection)});
    if (!section.rows.empty()) explanation.sections.push_back(std::move(section));
}

} // namespace

Answer run_explain(Options const& options) {
    Projection projection;
    Reading& reading = projection.reading;
    if (!project(options, projection)) return refused(reading);
    auto explanation =
        explain_book(reading.book, reading.vocabulary, projection.system, options.name);
    int first = 0, last = projection.path.steps;
    if (!options.at.empty() && !steps_at(options.at, projection, first, last))
        return refused(reading);
    auto run = explain_cell(projection, options.name, first, last);
    if (run) add_gaps(*run, projection);
    if (!explanation)
        explanation = run;
    else if (run)
        // A figure of the book that the run draws from: both sides of it.
        explanation->sections.insert(explanation->sections.end(), run->sections.begin(),
                                     run->sections.end());
    if (!explanation) {
        auto const near = nearest(options.name, explainable_names(reading.book, projection.system));
        auto const with_whom = quantities_near(projection.system, options.name);
        return refused("nothing in the book or the run is called " + quoted(options.name),
                       with_whom.starts_with("say with whom") ? with_whom
                       : near ? "did you mean " + quoted(*near) + "?"
                              : "a firm, a deal, a source, deal.ID.parameter, or FIRM.variable");
    }
    Answer answer;
    answer.text = options.json ? explanation_as_json(*explanation) : text_of(*explanation);
    if (!options.json) answer.talk = talk_of(reading, options.book);
    if (run && has_gaps(projection)) answer.code = Exit::found;
    return answer;
}

} // namespace perpetuum
