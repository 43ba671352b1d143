#include "scenario_file.hpp"

#include <perpetuum/book.hpp>

namespace perpetuum {

namespace {

constexpr int most_scenario_steps = 10'000;

int steps_written(ListItem const& item, Diagnostics& diagnostics) {
    std::string const text = item.texts.empty() ? std::string() : item.texts[0].text;
    bool const digits = !text.empty() && text.size() <= 5 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    int const steps = digits ? std::stoi(text) : 0;
    if (steps >= 1 && steps <= most_scenario_steps) return steps;
    diagnostics.error(item.where, "'steps' is a number from 1 to 10,000");
    return 0;
}

std::vector<ListItem> items_of(std::string const& path, Diagnostics& diagnostics) {
    std::string content, problem;
    if (!read_text_file(path, content, problem)) {
        diagnostics.error(
            {}, "the scenario: " + problem,
            "of a model without a book, --scenario names a file: set = [\"G = 25 from "
            "50 to 60\"]");
        return {};
    }
    auto const sections = read_lists(diagnostics.add_text(path, content), diagnostics);
    for (std::size_t i = 1; i < sections.size(); ++i)
        diagnostics.error(sections[i].where, "a scenario file has no headings",
                          "it has says, steps and set");
    return sections.empty() ? std::vector<ListItem>() : sections.front().items;
}

} // namespace

Options with_scenario_file(Options options, Reading& reading) {
    if (options.scenario.empty()) return options;
    Diagnostics& diagnostics = reading.diagnostics;
    for (ListItem const& item : items_of(options.scenario, diagnostics)) {
        if (item.key == "set") {
            for (auto const& one : item.texts) reading.changes.push_back({one.text, one.where});
        } else if (item.key == "steps") {
            int const steps = steps_written(item, diagnostics);
            if (options.steps == 0) options.steps = steps;
        } else if (item.key != "says") {
            diagnostics.error(item.where, "unknown key " + quoted(item.key) + " in a scenario file",
                              "known here: says, steps, set");
        }
    }
    options.scenario.clear();
    return options;
}

std::string says_of_scenario_file(std::string const& path) {
    Diagnostics unheard;
    if (!path.empty())
        for (ListItem const& item : items_of(path, unheard))
            if (item.key == "says" && !item.texts.empty()) return item.texts[0].text;
    return {};
}

} // namespace perpetuum
