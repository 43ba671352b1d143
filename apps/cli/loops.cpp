// perpetuum loops BOOK

#include "commands.hpp"
#include "csv_loops.hpp"
#include "identities.hpp"
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

} // namespace

Answer run_loops(Options const& options) {
    if (is_payment_file(options.book)) return loops_of_csv(options);
    for (auto const& table : {import_options(), loop_options()})
        if (auto const option = given_option(table, options.payments); !option.empty())
            return refused(option + " is for files of payments", "perpetuum loops edges.csv");
    if (options.promises) return loops_of_map(options);
    Projection projection;
    if (!project(options, projection)) return refused(projection.reading);
    LoopList const list = loops_of_run(projection);
    Answer answer;
    tell_stop(projection, answer);
    if (options.json) {
        answer.text = loops_as_json(list, &projection.window);
        return answer;
    }
    answer.talk += talk_of(projection.reading, options.book);
    answer.text =
        fmt::format("{} in what the central path pays in {}\n", count_of(list.loops.size(), "loop"),
                    print_period(projection.window.period));
    answer.text += print_loops(list, projection.system, most_shown);
    answer.text += "A loop says that the same money can return, not that it did.\n";
    return answer;
}

} // namespace perpetuum
