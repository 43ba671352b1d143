// perpetuum backtest BOOK

#include "backtest_failures.hpp"
#include "backtest_figures.hpp"
#include "commands.hpp"

namespace perpetuum {

namespace {

constexpr std::uint64_t usual_paths = 2000;

template <class Result>
Answer answered(std::optional<Result> const& result, Reading const& reading, Options const& options,
                std::string (*text)(Result const&), std::string (*json)(Result const&)) {
    if (!result) return refused(reading);
    Answer answer;
    answer.text = options.json ? json(*result) : text(*result);
    answer.talk = talk_of(reading, options.book);
    return answer;
}

} // namespace

Answer run_backtest(Options const& asked) {
    Options options = asked;
    if (options.many.paths == 0) options.many.paths = usual_paths;
    Reading reading;
    if (!options.backtest.outcomes.empty())
        return answered(failures_backtest(options, reading), reading, options, failures_as_text,
                        failures_as_json);
    if (options.as_of.empty())
        return refused("say as of which day the book is to be run, or which file has outcomes",
                       "perpetuum backtest books/ai --as-of 2025-12-31");
    return answered(figures_backtest(options, reading), reading, options, figures_as_text,
                    figures_as_json);
}

} // namespace perpetuum
