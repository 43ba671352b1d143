// Turn by turn through what is missing of a stage; a forecast after the first turn.

#include "stress_stages.hpp"

#include "json.hpp"
#include "stress_studies.hpp"
#include "tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// What a stress was asked, beyond its texts (a shock's text is one of those).
std::string asked_in_words(Options const& options) {
    StressOptions const& stress = options.stress;
    return fmt::format("stress|{}|{}|{}|{}", stress.causal, stress.horizon, stress.systemic,
                       stress.multiplier);
}

} // namespace

StressStages::StressStages(Options const& options, StressSetting const& setting, std::size_t stages)
    : options_(options), setting_(setting), stages_(stages), paths_(setting.settings.sample.paths),
      range_(part_of(paths_, 16, options)) { // whatever the block: parts must fit each other
    Options asked = options;                 // with the number of paths that is usual
    asked.many.paths = paths_;
    key_ = key_of_parts(asked, setting.reading, asked_in_words(options));
    if (read_parts(options, key_, parts_, problem_)) return;
    if (problem_.empty()) problem_ = "the parts cannot be read";
}

bool StressStages::take_parts(std::string const& stage, Stress& stress) {
    for (Bundle const& part : parts_[stage]) {
        Coverage const in = stress.result().coverage;
        bool const known = std::all_of(part.coverage.ranges().begin(), part.coverage.ranges().end(),
                                       [&](auto const& range) {
                                           Coverage one;
                                           one.add(range);
                                           auto const both = in.shared(one);
                                           return both.size() == 1 && both[0] == range;
                                       });
        if (!known && !stress.take(part, problem_)) return false;
    }
    return true;
}

/// Said on a terminal, once: the clock has no part in the answer.
void StressStages::forecast(Stress const& stress, std::uint64_t done, double seconds) {
    std::uint64_t const all = stages_ * (range_.end - range_.begin);
    std::string const text = fmt::format(
        "{}, {} of each: about {:.0f} s", count_of(all, "path"), count_of(stress.runs(), "run"),
        seconds * static_cast<double>(all) / static_cast<double>(std::max<std::uint64_t>(1, done)));
    progress_->say(text);
    if (!options_.many.plan) return;
    planned_ = true;
    Json const json{{"paths", all},
                    {"stages", stages_},
                    {"runs_of_each", stress.runs()},
                    {"runs", all * stress.runs()}};
    plan_ = options_.json
                ? print_json(json)
                : fmt::format("{} in {}, {} of each: {} to {}\n", count_of(all, "path"),
                              count_of(stages_, "stage"), count_of(stress.runs(), "run"),
                              count_of(all * stress.runs(), "run"),
                              setting_.reading.plain ? "step " + std::to_string(setting_.horizon)
                                                     : step_label(setting_.base, setting_.horizon));
}

void StressStages::run_missing(std::string const& stage, Stress& stress) {
    std::uint64_t const turn = static_cast<std::uint64_t>(setting_.settings.threads) *
                               static_cast<std::uint64_t>(setting_.settings.block);
    for (auto missing : stress.result().coverage.missing(range_.end)) {
        missing.begin = std::max(missing.begin, range_.begin);
        while (missing.begin < missing.end && goes_on()) {
            auto const begin = Clock::now();
            std::uint64_t const end = std::min(missing.end, missing.begin + turn);
            if (!stress.run({missing.begin, end}, Interruptible::interrupted)) {
                interrupted_ = true;
                break;
            }
            if (ran_ == 0) forecast(stress, end - missing.begin, seconds_since(begin));
            ran_ += end - missing.begin;
            missing.begin = end;
            progress_->show(in_ + stress.done());
            if (seconds_since(saved_) < options_.many.checkpoint_every) continue;
            done_[stage] = stress.bundle();
            save(false);
        }
    }
}

StressResult StressStages::run(std::string const& stage, StressAsked const& asked) {
    Stress stress(asked);
    if (!progress_)
        progress_ = std::make_unique<Progress>(stages_ * (range_.end - range_.begin), 0);
    if (!problem_.empty() || planned_ || !take_parts(stage, stress)) return stress.result();
    if (options_.many.plan && ran_ == 0) { // the first turn, to say how long all will take
        auto const begin = Clock::now();
        std::uint64_t const turn =
            std::min<std::uint64_t>(paths_, 2 * static_cast<std::uint64_t>(asked.settings.block));
        Stress trial(asked);
        trial.run({0, turn}, Interruptible::interrupted);
        forecast(stress, turn, seconds_since(begin));
        return stress.result();
    }
    run_missing(stage, stress);
    StressResult result = stress.result();
    in_ += result.coverage.count();
    covered_ = result.coverage;
    done_[stage] = stress.bundle();
    if (problem_.empty()) save(true);
    return result;
}

void StressStages::save(bool last) {
    saved_ = Clock::now();
    if (!write_parts(options_.many.checkpoint, key_, done_, problem_) || !last) return;
    write_parts(options_.out, key_, done_, problem_);
}

bool StressStages::only_part() const {
    return !problem_.empty() || planned_ || !options_.many.shard.empty();
}

Answer StressStages::answer() const {
    if (!problem_.empty()) return refused(problem_, "name another file, or remove the checkpoint");
    Answer answer;
    if (planned_) {
        answer.text = plan_;
        return answer;
    }
    answer.text = written_part(setting_.reading.book.title, covered_, paths_, options_);
    answer.talk = talk();
    if (interrupted_) answer.code = Exit::found;
    return answer;
}

std::string StressStages::talk() const {
    if (!interrupted_) return {};
    return fmt::format(
        "interrupted: {} of {} paths are in{}\n", print_count(in_), print_count(stages_ * paths_),
        options_.many.checkpoint.empty() ? "; with --checkpoint FILE it could go on from here"
                                         : ", and kept for the next start");
}

} // namespace perpetuum
