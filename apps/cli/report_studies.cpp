// What breaks and what matters, in a report.

#include "report_studies.hpp"

#include "drawn_data.hpp"
#include "tables.hpp"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::uint64_t usual_stress_paths = 2000;
constexpr char const* usual_scenario = "funding-stops";

/// Which command wrote it: empty where none of those that a report can show did.
std::string kind_of(Json const& json) {
    if (!json.is_object()) return {};
    if (json.contains("shocks") && json.contains("loss")) return "stress";
    if (json.contains("gauges") && json.contains("ends")) return "gauges";
    if (!json.contains("outputs")) return {};
    return json.contains("x") && json.contains("y") ? "grid" : "sensitivity";
}

std::string title_of(Json const& json) {
    for (char const* const key : {"book", "title"})
        if (auto const at = json.find(key); at != json.end() && at->is_string())
            return at->get<std::string>();
    return {};
}

std::string words_of_scenario(std::string const& id, Book const& book) {
    for (Scenario const& scenario : book.scenarios)
        if (scenario.id == id) return scenario.says;
    return {};
}

/// Of a stress by a scenario alone: what that is.
std::string words_of(Json const& json, Book const& book) {
    auto const shocks = json.find("shocks");
    if (shocks == json.end() || !shocks->is_array() || shocks->size() != 1) return {};
    auto const& shock = shocks->front();
    std::string const start = "scenario ";
    if (!shock.is_string() || !shock.get<std::string>().starts_with(start)) return {};
    return words_of_scenario(shock.get<std::string>().substr(start.size()), book);
}

bool read_study(std::string const& file, Book const& book, std::vector<ReportStudy>& studies,
                Answer& refusal) {
    std::string text, problem;
    if (!read_text_file(file, text, problem)) return refusal = refused(problem), false;
    auto const json = Json::parse(text, nullptr, false);
    std::string const kind = kind_of(json);
    if (kind.empty()) {
        refusal = refused(quoted(file) + " is no study that a report can show",
                          "what stress, gauges, study sensitivity or study grid print with --json");
        return false;
    }
    if (title_of(json) != book.title) {
        refusal = refused(quoted(file) + " is of another book, " + quoted(title_of(json)),
                          "run the study on this book");
        return false;
    }
    studies.push_back({kind, "", std::move(text), words_of(json, book)});
    return true;
}

std::string stress_command(Options const& options) {
    auto const word = [](std::string const& text) {
        bool const plain = text.find_first_of(" \"'*$\\") == std::string::npos;
        return plain ? text : "\"" + text + "\"";
    };
    std::string text = "perpetuum stress " + word(options.book);
    if (!options.as_of.empty()) text += " --as-of " + word(options.as_of);
    for (std::string const& change : options.set) text += " --set " + word(change);
    return text + fmt::format(" --scenario {} --paths {} --seed {}", word(options.scenario),
                              options.many.paths, options.many.seed);
}

bool add_stress(Options const& options, Book const& book, std::vector<ReportStudy>& studies,
                Answer& refusal) {
    Options asked = options;
    asked.scenario = options.stop;
    asked.json = true;
    asked.out.clear();
    asked.many.paths = options.many.of_report.value_or(usual_stress_paths);
    asked.many.paths = std::min(asked.many.paths, usual_stress_paths);
    Answer answer = run_stress(asked);
    if (answer.text.empty()) return refusal = std::move(answer), false;
    studies.push_back({"stress", stress_command(asked), std::move(answer.text),
                       words_of_scenario(options.stop, book)});
    return true;
}

} // namespace

bool studies_of_report(Options const& options, Book const& book, bool varies,
                       std::vector<ReportStudy>& studies, Answer& refusal) {
    for (std::string const& file : options.with)
        if (!read_study(file, book, studies, refusal)) return false;
    bool const there =
        std::any_of(book.scenarios.begin(), book.scenarios.end(),
                    [&](Scenario const& scenario) { return scenario.id == options.stop; });
    bool const given = std::any_of(studies.begin(), studies.end(),
                                   [](ReportStudy const& study) { return study.kind == "stress"; });
    if (given || !varies || options.stop == "none" || !options.scenario.empty() ||
        options.steps > 0)
        return true;
    if (there) return add_stress(options, book, studies, refusal);
    if (options.stop == usual_scenario) return true;
    std::vector<std::string> known{"none"};
    for (Scenario const& scenario : book.scenarios) known.push_back(scenario.id);
    auto const near = nearest(options.stop, known);
    refusal = refused("--stress: the book has no scenario " + quoted(options.stop),
                      near ? "did you mean " + quoted(*near) + "?" : "none, or one of the book's");
    return false;
}

Json studies_json(std::vector<ReportStudy> const& studies) {
    Json list = Json::array();
    for (ReportStudy const& study : studies) {
        Json one{{"kind", study.kind}, {"command", study.command}, {"says", study.says}};
        one["answer"] = drawn_of_study(study.kind, Json::parse(study.json, nullptr, false));
        list.push_back(std::move(one));
    }
    return list;
}

} // namespace perpetuum
