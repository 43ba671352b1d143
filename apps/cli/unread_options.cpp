#include "unread_options.hpp"

#include <perpetuum/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace perpetuum {

namespace {

/// Of a run of many paths; on a single one, central or by its number, there is nothing they could do.
constexpr char const* of_many_paths[] = {"--out",    "--netcdf", "--checkpoint", "--shard",
                                         "--paired", "--series", "--quantiles"};
/// Of any path that is drawn.
constexpr char const* of_drawn_paths[] = {"--sampling", "--correlate", "--rivals"};

struct StudyOption {
    char const* option;
    std::initializer_list<char const*> studies;
};
/// What only some of the studies read.
StudyOption const of_studies[] = {
    {"--of", {"sensitivity", "grid"}},
    {"--group", {"sensitivity"}},
    {"--keep", {"sensitivity"}},
    {"--screen", {"sensitivity"}},
    {"--rows", {"sensitivity"}},
    {"--confidence", {"sensitivity"}},
    {"--vary", {"breakpoint", "game"}},
    {"--until", {"breakpoint"}},
    {"--tolerance", {"breakpoint", "game"}},
    {"--x", {"grid"}},
    {"--y", {"grid"}},
    {"--player", {"game"}},
    {"--capex", {"game"}},
    {"--points", {"game"}},
    {"--outcomes", {"backtest"}},
    {"--baselines", {"backtest"}},
};

std::optional<Answer> refuse_of_study(std::string const& study, IsGiven const& given) {
    for (auto const& [option, studies] : of_studies) {
        if (!given(option)) continue;
        if (std::find(studies.begin(), studies.end(), study) != studies.end()) continue;
        std::string readers;
        for (char const* reader : studies)
            readers += std::string(readers.empty() ? "" : " and ") + reader;
        return refused(fmt::format("'study {}' does not read {}", printable(study), option),
                       fmt::format("{} is of: {}", option, readers));
    }
    return std::nullopt;
}

std::optional<Answer> refuse_of_run(IsGiven const& given) {
    bool const one = given("--path");
    if (!one && given("--paths")) return std::nullopt;
    for (char const* option : of_many_paths)
        if (given(option))
            return refused(std::string(option) + " is of many paths",
                           one ? "leave --path out, or " + std::string(option)
                               : "add --paths 1000, say");
    for (char const* option : of_drawn_paths)
        if (!one && given(option))
            return refused(std::string(option) + " is of paths that are drawn",
                           "add --paths 1000, say: the central path draws nothing");
    return std::nullopt;
}

} // namespace

std::optional<Answer> refuse_unread(Command const& command, std::string const& study,
                                    IsGiven const& given) {
    if (given("--checkpoint-every") && !given("--checkpoint"))
        return refused("--checkpoint-every is how often --checkpoint writes",
                       "add --checkpoint FILE");
    if (command.takes & takes_many) return refuse_of_run(given);
    bool const compares = (command.takes & takes_draws) && (command.takes & takes_name);
    if (compares && given("--sampling") && !given("--paths"))
        return refused("--sampling is of paths that are drawn", "add --paths 1000, say");
    if (command.takes & takes_study) return refuse_of_study(study, given);
    return std::nullopt;
}

} // namespace perpetuum
