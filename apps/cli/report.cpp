// perpetuum report BOOK

#include "commands.hpp"
#include "identities.hpp"
#include "projection_rows.hpp"
#include "report_data.hpp"
#include "report_figures.hpp"
#include "tables.hpp"

#include <perpetuum/report.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr int years_shown = 3;

/// The window, and the calendar years after it.
std::vector<CircularityResult> circularity_by_year(Projection const& projection,
                                                   std::vector<PromiseLine> const& promises) {
    std::vector<CircularityResult> results{circularity_of(projection, promises, projection.window)};
    Period const first = projection.window.period;
    int const year = static_cast<int>(std::floor(first.begin.months / 12 + 1e-9));
    Window window;
    bool const whole = window_of_year(projection.system, projection.path.steps, year, window) &&
                       window.first == projection.window.first &&
                       window.last == projection.window.last;
    for (int more = 1; whole && more < years_shown; ++more)
        if (window_of_year(projection.system, projection.path.steps, year + more, window))
            results.push_back(circularity_of(projection, promises, window));
    return results;
}

std::string line_of_promises(std::vector<PromiseLine> const& promises, Book const& book) {
    double promised = 0, firm = 0, paid = 0;
    for (PromiseLine const& line : promises) {
        if (line.status == "ended") continue;
        if (line.usd > 0) promised += line.usd;
        if (line.usd > 0 && line.status == "signed") firm += line.usd;
        paid += line.paid_usd;
    }
    if (promises.empty()) return no_promises(book);
    return fmt::format("Promised {} USD, of which signed {}, of which paid {} by {}.\n",
                       print_amount(promised), print_amount(firm), print_amount(paid),
                       last_day(paid_until(book)));
}

std::string line_of_loop(ReportContent const& content) {
    bool const paid = !content.run_loops.loops.empty();
    LoopList const& list = paid ? content.run_loops : content.map_loops;
    if (list.loops.empty()) return "No loop: no money can come back to where it started.\n";
    LoopLine const& loop = list.loops.front();
    System const& system = content.projection.system;
    auto const narrow =
        std::min_element(loop.legs.begin(), loop.legs.end(),
                         [](LoopLeg const& a, LoopLeg const& b) { return a.usd < b.usd; });
    return fmt::format("{}: at most {} USD can go round {}; the narrowest leg is {} → {}.\n",
                       printable(print_way(loop, system), 300), print_amount(loop.bottleneck),
                       paid ? "in " + print_period(content.projection.window.period)
                            : "as promised",
                       printable(name_of_entity(system, narrow->from)),
                       printable(name_of_entity(system, narrow->to)));
}

std::string line_of_origin(ReportContent const& content) {
    CircularityResult const& result = content.circularity.front();
    int const firm = headline_firms(result).first;
    if (firm < 0) return "Nobody received anything for goods and services in the window.\n";
    FirmOrigin const& origin = result.firms[static_cast<std::size_t>(firm)].origin;
    return revenue_sentence(name_of_entity(content.projection.system, origin.id), origin,
                            result.window) +
           "\n";
}

std::string line_of_failures(Projection const& projection) {
    System const& system = projection.system;
    auto const until = step_label(system, projection.path.steps);
    if (auto const stop = stop_sentence(projection); !stop.empty())
        return "The central" + stop.substr(3) + ".\n"; // "the path stops …"
    std::string names;
    for (DefaultLine const& line : defaults_of(system, projection.path))
        names += fmt::format("{}{} ({})", names.empty() ? "" : ", ",
                             printable(system.entities[static_cast<std::size_t>(line.entity)].name),
                             step_label(system, line.step));
    if (names.empty()) return fmt::format("On the central path nobody defaults by {}.\n", until);
    return fmt::format("On the central path these default: {}.\n", names);
}

/// Nothing where there are no paths, unless some were asked for.
std::string line_of_paths(ReportContent const& content, Options const& options) {
    if (content.paths) return line_of_paths(*content.paths, content.projection.system);
    return options.many.of_report.value_or(0) > 0
               ? "Nothing in this book varies: every path is the central one.\n"
               : "";
}

std::string line_of_residuals(Residuals const& r) {
    return fmt::format(
        "Residuals over {} payments: cash {:g}, postings {:g}, balance {:g}, matrix {:g}: {}.\n",
        r.payments, r.cash_negative, r.postings, r.balance, r.matrix,
        r.zero() ? "zero" : "NOT ZERO");
}

} // namespace

Answer run_report(Options const& options) {
    if (options.book.ends_with(".model")) return report_model(options);
    bool const as_json = options.json || options.format == "json";
    if (!as_json && options.format != "html")
        return refused("there is no report format " + quoted(options.format), "html or json");
    if (!as_json && options.out.empty())
        return refused("say where to write the page", "--out FILE");
    Projection projection;
    if (!project(options, projection)) return refused(projection.reading);
    Reading& reading = projection.reading;
    Answer answer;
    answer.talk = talk_of(reading, options.book);
    review_book(reading.book, reading.vocabulary, reading.diagnostics);
    ReportContent content{
        projection, promises_of(projection.system, reading.book), {}, {}, {}, {}, options.command};
    content.map_loops = loops_of_promises(projection.system, content.promises);
    content.run_loops = loops_of_run(projection);
    content.circularity = circularity_by_year(projection, content.promises);
    content.expectations = check_expectations(reading.book, reading.model, reading.diagnostics);
    content.paths = paths_of_report(options, projection);
    Answer refusal;
    if (!reading.diagnostics.failed() &&
        !studies_of_report(options, reading.book, content.paths.has_value(), content.studies,
                           refusal))
        return refusal;
    if (reading.diagnostics.failed()) return refused(reading);
    tell_stop(projection, answer);
    if (content.paths && !books_add_up(*content.paths)) answer.code = Exit::ours;
    auto const data = report_data(content);
    if (options.out.empty()) {
        answer.text = data + "\n";
        return answer;
    }
    std::string problem;
    if (!write_text_file(options.out, as_json ? data + "\n" : report_page(data), problem))
        return refused(problem);
    answer.text = line_of_promises(content.promises, reading.book) + line_of_loop(content) +
                  line_of_origin(content) + line_of_failures(projection) +
                  line_of_paths(content, options) +
                  line_of_residuals(residuals(projection.system, projection.path)) +
                  printable(options.out, 1000) + "\n";
    return answer;
}

} // namespace perpetuum
