// Pieces of a study's paths: timed, shown, interrupted, kept in a file and taken up again.

#include "study.hpp"

#include "progress.hpp"
#include "tables.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace perpetuum {

namespace {

using Clock = std::chrono::steady_clock;
constexpr char const* mark = "perpetuum study 1\n";
constexpr std::size_t digest_size = 32;

/// What is done of a stage: outputs of its first paths.
struct StageDone {
    std::uint64_t begin = 0;
    std::vector<std::vector<double>> outputs;
};

void put_number(std::string& bytes, std::uint64_t number) {
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
}

/// Reads what put_number wrote; never beyond the end.
struct Bytes {
    std::string_view rest;
    bool fine = true;
    std::uint64_t number() {
        std::uint64_t value = 0;
        if (rest.size() < 8) return fine = false, 0;
        for (int i = 7; i >= 0; --i)
            value = value << 8 | static_cast<unsigned char>(rest[static_cast<std::size_t>(i)]);
        rest.remove_prefix(8);
        return value;
    }
    std::string_view take(std::uint64_t count) {
        if (count > rest.size()) return fine = false, std::string_view();
        auto const taken = rest.substr(0, static_cast<std::size_t>(count));
        rest.remove_prefix(static_cast<std::size_t>(count));
        return taken;
    }
};

std::string bytes_of(std::string const& key, std::map<std::string, StageDone> const& stages) {
    std::string bytes = mark + key;
    put_number(bytes, stages.size());
    for (auto const& [name, stage] : stages) {
        put_number(bytes, name.size());
        bytes += name;
        put_number(bytes, stage.begin);
        put_number(bytes, stage.outputs.size());
        for (auto const& values : stage.outputs) {
            put_number(bytes, values.size());
            for (double const value : values) {
                std::uint64_t word = 0;
                std::memcpy(&word, &value, sizeof word);
                put_number(bytes, word);
            }
        }
    }
    return bytes + print_digest(digest_of(bytes));
}

/// Empty: as it should be; else what is wrong.
std::string read_bytes(std::string_view all, std::string const& key,
                       std::map<std::string, StageDone>& stages) {
    if (all.size() < digest_size || !all.starts_with(mark)) return "it is no checkpoint of a study";
    std::string_view const body = all.substr(0, all.size() - digest_size);
    if (print_digest(digest_of(body)) != all.substr(body.size())) return "it is damaged";
    Bytes bytes{body.substr(std::strlen(mark))};
    if (bytes.take(key.size()) != key) return "it is of another study, book or model";
    for (std::uint64_t count = bytes.number(); bytes.fine && count > 0; --count) {
        std::string const name(bytes.take(bytes.number()));
        StageDone& stage = stages[name];
        stage.begin = bytes.number();
        for (std::uint64_t outputs = bytes.number(); bytes.fine && outputs > 0; --outputs) {
            std::uint64_t const values = bytes.number();
            if (values > bytes.rest.size() / 8) return "it is damaged";
            auto& to = stage.outputs.emplace_back();
            for (std::uint64_t i = 0; i < values; ++i) {
                std::uint64_t const word = bytes.number();
                double value = 0;
                std::memcpy(&value, &word, sizeof value);
                to.push_back(value);
            }
        }
    }
    return bytes.fine && bytes.rest.empty() ? "" : "it is damaged";
}

/// What must agree before a study goes on: its texts and the command, but for how it runs.
std::string key_of(Options const& options, StudyBook const& book) {
    std::string all = PERPETUUM_VERSION;
    for (int t = 0; t < book.reading.diagnostics.texts(); ++t)
        all += '\0' + book.reading.diagnostics.text(t).content;
    StudyOptions const& study = options.study;
    all += fmt::format("|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|", study.what, study.rows, study.screen,
                       study.keep, study.tolerance, study.points, study.central, options.many.paths,
                       options.many.seed, options.steps);
    all += options.many.sampling + '|' + options.as_of + '|' + options.scenario + '|' +
           study.until + '|' + study.x + '|' + study.y;
    for (auto const* list : {&study.of, &study.groups, &study.vary, &study.players, &study.capex,
                             &options.many.correlate})
        for (std::string const& text : *list) all += '|' + text;
    return print_digest(digest_of(all));
}

} // namespace

struct StudyPaths::State {
    Options const& options;
    StudyBook const& book;
    std::string key;
    Interruptible interruptible;
    std::unique_ptr<Progress> progress;
    std::map<std::string, StageDone> stages; ///< not finished, or finished and kept for the file
    FailedPaths failed;
    std::string problem;
    std::uint64_t expected = 0, done = 0, turn = 0;
    double seconds = 0;
    Clock::time_point saved = Clock::now();

    bool save() {
        std::string const& file = options.many.checkpoint;
        return file.empty() || write_text_file(file, bytes_of(key, stages), problem);
    }
    void load() {
        std::string const& file = options.many.checkpoint;
        if (file.empty() || access(file.c_str(), F_OK) != 0) return;
        std::string bytes;
        if (!read_text_file(file, bytes, problem, std::size_t{1} << 32)) return;
        problem = read_bytes(bytes, key, stages);
        if (!problem.empty()) problem = printable(file) + ": " + problem;
    }
};

StudyPaths::StudyPaths(Options const& options, StudyBook const& book)
    : state_(new State{options, book, key_of(options, book), {}, nullptr, {}, {}, {}}) {
    state_->turn = 64 * static_cast<std::uint64_t>(std::max(1, book.run.threads));
    state_->load();
}
StudyPaths::~StudyPaths() = default;

std::uint64_t StudyPaths::done() const { return state_->done; }
FailedPaths const& StudyPaths::failed() const { return state_->failed; }
double StudyPaths::expected_seconds() const { return state_->seconds; }

void StudyPaths::expect(std::uint64_t paths, DrawRows const& draws) {
    State& at = *state_;
    at.expected = paths;
    // Nobody reads it elsewhere, and the answer must not hang on the clock.
    if (isatty(STDERR_FILENO) == 0) {
        at.progress = std::make_unique<Progress>(paths, 0);
        return;
    }
    auto const begin = Clock::now();
    evaluate(at.book.run, draws, {0, at.turn}, Interruptible::interrupted);
    double const one = std::chrono::duration<double>(Clock::now() - begin).count();
    at.seconds = one * static_cast<double>(paths) / static_cast<double>(at.turn);
    at.progress = std::make_unique<Progress>(paths, 0);
    at.progress->say(fmt::format("{} paths, about {:.0f} s", print_count(paths), at.seconds));
}

bool StudyPaths::run(std::string const& stage, DrawRows const& draws, Coverage::Range range,
                     std::vector<std::vector<double>>& outputs) {
    State& at = *state_;
    std::size_t const count = at.book.run.outputs.size();
    StageDone& done = at.stages[stage];
    if (done.outputs.size() != count || done.begin != range.begin)
        done = {range.begin, std::vector<std::vector<double>>(count)};
    auto const so_far = [&] { return done.outputs.empty() ? 0 : done.outputs[0].size(); };
    at.done += so_far();
    while (at.problem.empty() && range.begin + so_far() < range.end) {
        auto const begin = Clock::now();
        std::uint64_t const first = range.begin + so_far();
        auto const part =
            evaluate(at.book.run, draws, {first, std::min(range.end, first + at.turn)},
                     Interruptible::interrupted);
        if (!part) break;
        for (std::size_t o = 0; o < count; ++o)
            done.outputs[o].insert(done.outputs[o].end(), part->of(o).begin(), part->of(o).end());
        at.failed.merge(part->failed);
        at.done += part->paths();
        if (at.progress) at.progress->show(at.done);
        if (Clock::now() - begin < std::chrono::milliseconds(500) && at.turn < (1 << 16))
            at.turn *= 2;
        if (Clock::now() - at.saved < std::chrono::seconds(at.options.many.checkpoint_every))
            continue;
        at.save();
        at.saved = Clock::now();
    }
    outputs = done.outputs;
    bool const whole = range.begin + so_far() >= range.end;
    if (at.problem.empty()) at.save();
    return whole && at.problem.empty();
}

Answer StudyPaths::cut_short() const {
    if (!state_->problem.empty())
        return refused(state_->problem, "remove the checkpoint, or name another");
    Answer answer;
    answer.code = Exit::found;
    answer.talk = fmt::format("interrupted: {} of {} paths are in{}\n", print_count(state_->done),
                              print_count(state_->expected),
                              state_->options.many.checkpoint.empty()
                                  ? "; with --checkpoint FILE it could go on from here"
                                  : ", and kept for the next start");
    return answer;
}

} // namespace perpetuum
