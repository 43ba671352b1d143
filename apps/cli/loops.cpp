// perpetuum loops BOOK

#include "commands.hpp"
#include "csv_network.hpp"
#include "json.hpp"
#include "tables.hpp"

#include <fmt/format.h>

namespace perpetuum {

namespace {

constexpr std::size_t most_shown = 20;

Answer loops_of_map(Options const& options) {
    Reading reading;
    System system;
    Program program;
    if (!compile_book(options, reading, system, program)) return refused(reading);
    LoopList const list = loops_of_promises(system, promises_of(system, reading.book));
    Answer answer;
    if (options.json) {
        answer.text = loops_as_json(list, nullptr);
        return answer;
    }
    answer.talk = talk_of(reading, options.book);
    answer.text = fmt::format("{} among promises of known amount, over whole terms\n",
                              count_of(list.loops.size(), "loop"));
    answer.text += print_loops(list, system, most_shown);
    return answer;
}

Answer loops_of_csv(Options const& options) {
    Reading reading;
    Network network;
    if (!options.as_of.empty() || !options.scenario.empty() || !options.set.empty() ||
        !options.from.empty() || !options.to.empty() || options.promises)
        return refused("a CSV file has no dates, scenarios or promises",
                       "only --json goes with it");
    if (!read_csv_network(options.book, network, reading.diagnostics)) return refused(reading);
    LoopList const list = loops_of_network(network);
    Answer answer;
    for (Diagnostic const& diagnostic : reading.diagnostics.all())
        answer.talk += reading.diagnostics.render(diagnostic);
    if (options.json) {
        answer.text = loops_as_json(list, nullptr);
        return answer;
    }
    answer.text =
        fmt::format("{} among {} and {}\n", count_of(list.loops.size(), "loop"),
                    count_of(network.nodes.size(), "firm"), count_of(network.edges.size(), "link"));
    answer.text += print_loops(list, System{}, most_shown);
    answer.text += "A loop says that the same money can return, not that it did.\n";
    return answer;
}

} // namespace

Answer run_loops(Options const& options) {
    if (options.book.ends_with(".csv")) return loops_of_csv(options);
    if (options.promises) return loops_of_map(options);
    Projection projection;
    if (!project(options, projection)) return refused(projection.reading);
    LoopList const list = loops_of_run(projection);
    Answer answer;
    if (options.json) {
        answer.text = loops_as_json(list, &projection.window);
        return answer;
    }
    answer.talk = talk_of(projection.reading, options.book);
    answer.text =
        fmt::format("{} in what the central path pays in {}\n", count_of(list.loops.size(), "loop"),
                    print_period(projection.window.period));
    answer.text += print_loops(list, projection.system, most_shown);
    answer.text += "A loop says that the same money can return, not that it did.\n";
    return answer;
}

} // namespace perpetuum
