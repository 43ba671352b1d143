// Pieces of a study's paths: timed, shown, interrupted, kept in a file, taken up again, put together
// from shards.

#include "study.hpp"

#include "json.hpp"
#include "parts.hpp"
#include "progress.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>

namespace perpetuum {

namespace {

using Clock = std::chrono::steady_clock;
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// What is done of a stage: outputs of those of its paths that are in, numbered from its first.
struct StageDone {
    std::uint64_t begin = 0;
    Coverage in;
    FailedPaths failed;
    std::vector<std::vector<double>> outputs; ///< [output][path]; of paths not in NaN

    void put(std::uint64_t first, OutputValues const& part) {
        for (std::size_t o = 0; o < outputs.size(); ++o)
            std::copy(part.of(o).begin(), part.of(o).end(),
                      outputs[o].begin() + static_cast<std::ptrdiff_t>(first));
        in.add({first, first + part.paths()});
        failed.merge(part.failed);
    }
};

/// Values of the paths that are in, output by output.
Bundle bundle_of_stage(StageDone const& stage) {
    Bundle bundle;
    bundle.coverage = stage.in;
    bundle.failed = stage.failed;
    bundle.counts = {stage.begin, stage.outputs.size()};
    for (auto const& values : stage.outputs)
        for (Coverage::Range const& range : stage.in.ranges())
            bundle.values.insert(bundle.values.end(),
                                 values.begin() + static_cast<std::ptrdiff_t>(range.begin),
                                 values.begin() + static_cast<std::ptrdiff_t>(range.end));
    return bundle;
}

/// Puts a kept part into a stage. Empty: as it should be; else what is wrong.
std::string take_stage(Bundle const& part, StageDone& stage, std::uint64_t paths) {
    auto const& ranges = part.coverage.ranges();
    bool const fits = part.counts.size() == 2 && part.counts[0] == stage.begin &&
                      part.counts[1] == stage.outputs.size() &&
                      (ranges.empty() || ranges.back().end <= paths) &&
                      part.values.size() == stage.outputs.size() * part.coverage.count();
    if (!fits) return "it is of another study";
    auto const both = stage.in.shared(part.coverage);
    if (both == ranges) return {}; // all of it is known
    if (!both.empty()) return "these paths are in already: " + print_ranges(both);
    auto from = part.values.begin();
    for (auto& values : stage.outputs)
        for (Coverage::Range const& range : ranges) {
            auto const count = static_cast<std::ptrdiff_t>(range.end - range.begin);
            std::copy(from, from + count,
                      values.begin() + static_cast<std::ptrdiff_t>(range.begin));
            from += count;
        }
    stage.in.merge(part.coverage);
    stage.failed.merge(part.failed);
    return {};
}

/// What the study is asked beyond its texts.
std::string asked_in_words(StudyOptions const& study) {
    std::string all = fmt::format("study|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|", study.what, study.rows,
                                  study.screen, study.keep, study.tolerance, study.points,
                                  study.central, study.until, study.x, study.y);
    for (auto const* list : {&study.of, &study.groups, &study.vary, &study.players, &study.capex})
        for (std::string const& text : *list) all += '|' + text;
    return all;
}

} // namespace

struct StudyPaths::State {
    Options const& options;
    StudyBook const& book;
    std::string key;
    Interruptible interruptible;
    std::unique_ptr<Progress> progress;
    Parts parts;                            ///< from files
    std::map<std::string, Bundle> finished; ///< kept for the file
    Coverage last_in;                       ///< of the stage that ended it
    std::uint64_t last_paths = 0;
    std::string last_stage;
    FailedPaths failed;
    std::string problem;
    std::uint64_t expected = 0, done = 0, turn = 0;
    double seconds = 0;
    bool planned = false;
    Clock::time_point saved = Clock::now();

    std::uint64_t block() const { return static_cast<std::uint64_t>(book.run.block); }
    bool keeps() const { return !options.many.checkpoint.empty() || !options.out.empty(); }
    bool save(std::string const& stage, StageDone const& done_of_it) {
        if (!keeps()) return true;
        finished[stage] = bundle_of_stage(done_of_it);
        saved = Clock::now();
        return write_parts(options.many.checkpoint, key, finished, problem) &&
               write_parts(options.out, key, finished, problem);
    }
    bool take(std::string const& stage, StageDone& to, std::uint64_t paths) {
        for (Bundle const& part : parts[stage])
            if (problem = take_stage(part, to, paths); !problem.empty()) return false;
        return true;
    }
};

StudyPaths::StudyPaths(Options const& options, StudyBook const& book)
    : state_(new State{options,
                       book,
                       key_of_parts(options, book.reading, asked_in_words(options.study)),
                       {},
                       nullptr,
                       {},
                       {},
                       {},
                       0,
                       {},
                       {},
                       {}}) {
    state_->turn = 64 * static_cast<std::uint64_t>(std::max(1, book.run.threads));
    read_parts(options, state_->key, state_->parts, state_->problem);
}
StudyPaths::~StudyPaths() = default;

std::uint64_t StudyPaths::done() const { return state_->done; }
FailedPaths const& StudyPaths::failed() const { return state_->failed; }
double StudyPaths::expected_seconds() const { return state_->seconds; }

void StudyPaths::expect(std::uint64_t paths, DrawRows const& draws, std::uint64_t drawn,
                        bool at_most) {
    State& at = *state_;
    at.expected = paths;
    at.planned = at.options.many.plan;
    at.progress = std::make_unique<Progress>(paths, 0);
    // Nobody reads it elsewhere, and the answer must not hang on the clock.
    if (!at.planned && isatty(STDERR_FILENO) == 0) return;
    auto const begin = Clock::now();
    std::uint64_t const tried = std::min(at.turn, std::max<std::uint64_t>(1, drawn));
    evaluate(at.book.run, draws, {0, tried}, Interruptible::interrupted);
    double const one = std::chrono::duration<double>(Clock::now() - begin).count();
    at.seconds =
        one * static_cast<double>(paths) / static_cast<double>(std::max<std::uint64_t>(1, tried));
    at.progress->say(fmt::format("{}{} paths, about {:.0f} s", at_most ? "at most some " : "",
                                 print_count(paths), at.seconds));
}

bool StudyPaths::run(std::string const& stage, DrawRows const& draws, Coverage::Range range,
                     std::vector<std::vector<double>>& outputs) {
    State& at = *state_;
    std::uint64_t const paths = range.end - range.begin;
    StageDone done{range.begin, {}, {}, {}};
    done.outputs.assign(at.book.run.outputs.size(), std::vector<double>(paths, no_value));
    if (!at.problem.empty() || at.planned || !at.take(stage, done, paths)) return false;
    at.done += done.in.count();
    Coverage::Range const mine = part_of(paths, at.block(), at.options);
    bool stopped = false;
    for (auto missing : done.in.missing(mine.end)) {
        missing.begin = std::max(missing.begin, mine.begin) / at.block() * at.block();
        while (missing.begin < missing.end && at.problem.empty() && !stopped) {
            auto const begin = Clock::now();
            std::uint64_t const end = std::min(missing.end, missing.begin + at.turn);
            auto const part =
                evaluate(at.book.run, draws, {range.begin + missing.begin, range.begin + end},
                         Interruptible::interrupted);
            stopped = !part.has_value();
            if (stopped) break;
            done.put(missing.begin, *part);
            missing.begin = end;
            at.done += part->paths();
            if (at.progress) at.progress->show(at.done);
            if (Clock::now() - begin < std::chrono::milliseconds(500) && at.turn < (1 << 16))
                at.turn *= 2;
            if (Clock::now() - at.saved >= std::chrono::seconds(at.options.many.checkpoint_every))
                at.save(stage, done);
        }
    }
    at.failed.merge(done.failed);
    bool const whole = done.in.missing(paths).empty();
    at.last_in = done.in;
    at.last_paths = paths;
    at.last_stage = stage;
    if (at.problem.empty()) at.save(stage, done);
    outputs = std::move(done.outputs);
    return whole && at.problem.empty();
}

bool StudyPaths::only_shard() const {
    return !state_->options.many.shard.empty() && state_->problem.empty() && !state_->planned &&
           !Interruptible::interrupted();
}

Answer StudyPaths::cut_short() const {
    State const& at = *state_;
    if (!at.problem.empty())
        return refused(at.problem, "remove the checkpoint, or name another file");
    Answer answer;
    if (at.planned) {
        Json const json{{"paths", at.expected}};
        answer.text = at.options.json ? print_json(json)
                                      : fmt::format("{} paths\n", print_count(at.expected));
        answer.talk = fmt::format("about {:.0f} s\n", at.seconds);
        return answer;
    }
    if (only_shard()) {
        answer.text = written_part(at.book.reading.book.title + ", " + at.last_stage, at.last_in,
                                   at.last_paths, at.options);
        return answer;
    }
    answer.code = Exit::found;
    answer.talk = fmt::format(
        "interrupted: {} of {} paths are in{}\n", print_count(at.done), print_count(at.expected),
        at.options.many.checkpoint.empty() ? "; with --checkpoint FILE it could go on from here"
                                           : ", and kept for the next start");
    return answer;
}

} // namespace perpetuum
