// perpetuum run BOOK --paths N: blocks of paths until all are done, with progress on a terminal,
// checkpoints, and an answer of what was done when it is interrupted.

#include "paths.hpp"
#include "progress.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <chrono>

namespace perpetuum {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t most_paths_of_a_turn = 1 << 20;

/// One of the books that are run on the same draws.
struct Side {
    Reading reading;
    System system;
    Program program;
    Keeping keeping;

    bool prepare(Options const& options) {
        if (!instantiate_book(options, reading, system)) return false;
        std::vector<Series> series;
        if (!choose_series(options, system, reading.diagnostics, series)) return false;
        keeping = keeping_of(system, std::move(series));
        CompileOptions wishes;
        wishes.wanted = wanted_by(system, keeping);
        program = compile(system, reading.diagnostics, wishes);
        return !reading.diagnostics.failed();
    }
    EnsembleSide side(std::map<std::string, std::string> about) const {
        return {&system, &program, keeping, summary_plan(system, keeping, std::move(about))};
    }
};

/// Goes on from a checkpoint, if there is one of this very run.
bool resume(std::string const& file, Ensemble& ensemble, Coverage& covered, Answer& refusal) {
    if (file.empty() || access(file.c_str(), F_OK) != 0) return true;
    std::string bytes, problem;
    if (!read_text_file(file, bytes, problem, std::size_t{1} << 32)) {
        refusal = refused(problem);
        return false;
    }
    auto const part = read_summary(bytes, problem);
    if (part && ensemble.take(0, *part, problem)) {
        covered = part->coverage;
        return true;
    }
    refusal = refused(printable(file) + ": " + printable(problem, 400),
                      "it is no checkpoint of this run: remove it, or name another");
    return false;
}

bool write_summary(std::string const& file, Summary const& summary, std::string& problem) {
    return file.empty() || write_text_file(file, summary.bytes(), problem);
}

/// Runs what is missing of a range, turn by turn. False when interrupted, or with a problem.
bool run_all(Options const& options, PathsAsked const& asked, Ensemble& ensemble,
             Coverage const& covered, std::string& problem) {
    Interruptible const interruptible;
    std::uint64_t done = covered.count();
    Progress progress(asked.range.end - asked.range.begin, done);
    std::chrono::seconds const between_checkpoints(options.many.checkpoint_every);
    auto checkpoint = Clock::now() + between_checkpoints;
    // A turn is about a second: then there is news, and time for a checkpoint.
    std::uint64_t turn = static_cast<std::uint64_t>(asked.settings.block) *
                         static_cast<std::uint64_t>(asked.settings.threads);
    std::uint64_t const before = done;
    for (auto missing : covered.missing(asked.range.end)) {
        missing.begin = std::max(missing.begin, asked.range.begin);
        while (missing.begin < missing.end) {
            auto const begin = Clock::now();
            std::uint64_t const end = std::min(missing.end, missing.begin + turn);
            if (!ensemble.run({missing.begin, end}, Interruptible::interrupted)) return false;
            missing.begin = end;
            progress.show(before + ensemble.done());
            auto const now = Clock::now();
            if (now - begin < std::chrono::milliseconds(500) && turn < most_paths_of_a_turn)
                turn *= 2;
            if (now < checkpoint || options.many.checkpoint.empty()) continue;
            if (!write_summary(options.many.checkpoint, ensemble.summary(), problem)) return false;
            checkpoint = Clock::now() + between_checkpoints;
        }
    }
    return true;
}

} // namespace

Answer run_paths(Options const& options) {
    Answer refusal;
    auto const asked = paths_asked(options, refusal);
    if (!asked) return refusal;
    Side shocked, other;
    if (!shocked.prepare(options)) return refused(shocked.reading);
    if (auto const fault = fault_of(shocked.system, asked->settings.sample.correlations);
        !fault.empty())
        return refused("--correlate: " + fault, "'perpetuum explain' shows a figure's spread");
    std::vector<EnsembleSide> sides{shocked.side(
        about_run(options, shocked.reading, shocked.system, shocked.keeping.series, *asked))};
    if (options.many.paired) {
        Options without = options;
        without.scenario.clear();
        without.set.clear();
        if (!other.prepare(without)) return refused(other.reading);
        sides.push_back(other.side(
            about_run(without, other.reading, other.system, other.keeping.series, *asked)));
        sides[0].plan.about["paired with"] = "the book as it stands";
        for (Series const& series : shocked.keeping.series)
            sides[0].plan.pairs.push_back(series.name);
    }
    Ensemble ensemble(std::move(sides), asked->settings);
    Coverage covered;
    if (!resume(options.many.checkpoint, ensemble, covered, refusal)) return refusal;
    std::string problem;
    bool const whole = run_all(options, *asked, ensemble, covered, problem);
    if (!problem.empty()) return refused(problem);
    Summary const summary = ensemble.summary();
    if (!write_summary(options.out, summary, problem) ||
        !write_summary(options.many.checkpoint, summary, problem))
        return refused(problem);
    if (!options.many.netcdf.empty() &&
        !write_netcdf(options.many.netcdf, summary, asked->quantiles, problem))
        return refused(problem);
    Answer answer;
    if (!options.many.shard.empty())
        answer.text = fmt::format(
            "{}: paths {} of {}, written to {}\n", printable(shocked.reading.book.title),
            print_ranges(summary.coverage.ranges()), print_count(asked->settings.sample.paths),
            printable(options.out));
    else
        answer = answer_of(summary, options, asked->quantiles);
    if (!shocked.reading.plain) answer.talk += talk_of(shocked.reading, options.book);
    if (!whole) {
        answer.talk += fmt::format("interrupted: {} of {} paths are in\n",
                                   print_count(summary.coverage.count()),
                                   print_count(asked->range.end - asked->range.begin));
        if (answer.code == Exit::ok) answer.code = Exit::found;
    }
    return answer;
}

} // namespace perpetuum
