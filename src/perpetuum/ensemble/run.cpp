// Threads take blocks of paths; each keeps its own statistics, which merge exactly.

#include "drawing.hpp"
#include "record.hpp"

#include <algorithm>
#include <atomic>

namespace perpetuum {

namespace {

/// What one thread has of one side.
struct Worker {
    struct Half {
        Half(EnsembleSide const& side, int lanes)
            : block(*side.system, *side.program, lanes), record(side, lanes), summary(side.plan) {}
        PathBlock block;
        Record record;
        Summary summary;
    };
    std::vector<std::unique_ptr<Half>> sides;
    std::vector<std::uint8_t> counted;
};

struct Pair {
    std::size_t shocked = 0, other = 0; ///< series of the first side and of the second
};

std::size_t series_named(EnsembleSide const& side, std::string const& name) {
    for (std::size_t i = 0; i < side.keeping.series.size(); ++i)
        if (side.keeping.series[i].name == name) return i;
    throw BadInput{"no series is called '" + name + "' on both sides of the pair"};
}

} // namespace

struct Ensemble::State {
    std::vector<EnsembleSide> sides;
    EnsembleSettings settings;
    std::vector<Drawing> drawings;
    std::vector<Pair> pairs;
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<Summary> taken; ///< by side: from elsewhere
    std::atomic<std::uint64_t> done{0};

    void run_block(Worker& worker, std::uint64_t first, int paths);
    void count(Worker& worker, std::uint64_t first, int paths);
    void keep(Worker& worker, std::uint64_t first, int paths);
};

namespace {

constexpr std::uint64_t most_memory = std::uint64_t{4} << 30;

/// As many as are asked for, no more than there are blocks, and none where there is no room.
int workers_of(std::vector<EnsembleSide> const& sides, EnsembleSettings const& settings) {
    auto const lanes = static_cast<std::uint64_t>(settings.block);
    std::uint64_t const blocks =
        std::max<std::uint64_t>(1, (settings.sample.paths + lanes - 1) / lanes);
    auto const workers =
        std::min(static_cast<std::uint64_t>(std::max(1, settings.threads)), blocks);
    // A value of every lane for the record, and a sketch, for each series and step.
    std::uint64_t values = 0;
    for (EnsembleSide const& side : sides)
        values += side.keeping.series.size() * static_cast<std::uint64_t>(side.system->steps + 1);
    std::uint64_t const bytes = values * (8 * lanes + 1200);
    if (bytes > 0 && workers > most_memory / bytes)
        throw BadInput{
            std::to_string(values) + " values kept of every path, on " + std::to_string(workers) +
            " threads, need " + std::to_string(bytes * workers >> 20) + " MiB, more than " +
            std::to_string(most_memory >> 20) + ": ask for fewer series, steps or threads"};
    return static_cast<int>(workers);
}

} // namespace

Ensemble::Ensemble(std::vector<EnsembleSide> sides, EnsembleSettings settings)
    : state_(std::make_unique<State>()) {
    State& at = *state_;
    at.sides = std::move(sides);
    at.settings = settings;
    if (at.sides.empty() || at.sides.size() > 2)
        throw BadInput{"an ensemble has one side or two, not " + std::to_string(at.sides.size())};
    if (settings.block < 16 || settings.block % 16 != 0)
        throw BadInput{"a block has a multiple of 16 lanes, not " + std::to_string(settings.block)};
    for (EnsembleSide const& side : at.sides) {
        at.drawings.emplace_back(*side.system, *side.program, settings.sample);
        at.taken.emplace_back(side.plan);
    }
    if (at.sides.size() == 2)
        for (std::string const& name : at.sides[0].plan.pairs)
            at.pairs.push_back({series_named(at.sides[0], name), series_named(at.sides[1], name)});
    for (int t = 0; t < workers_of(at.sides, settings); ++t) {
        at.workers.push_back(std::make_unique<Worker>());
        for (EnsembleSide const& side : at.sides)
            at.workers.back()->sides.push_back(
                std::make_unique<Worker::Half>(side, settings.block));
    }
}

Ensemble::~Ensemble() = default;

std::uint64_t Ensemble::done() const { return state_->done; }

void Ensemble::State::run_block(Worker& worker, std::uint64_t first, int paths) {
    for (std::size_t s = 0; s < sides.size(); ++s) {
        Worker::Half& half = *worker.sides[s];
        half.block.begin(drawings[s].from(first));
        half.record.begin(half.block);
        for (int step = 1; step <= sides[s].system->steps; ++step) {
            half.block.advance();
            half.record.look(half.block);
        }
        half.record.finish(half.block, paths);
    }
    count(worker, first, paths);
    keep(worker, first, paths);
}

/// Only paths that are fit on every side count; the others are listed by their reason.
void Ensemble::State::count(Worker& worker, std::uint64_t first, int paths) {
    worker.counted.assign(static_cast<std::size_t>(settings.block), 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(paths); ++i) {
        std::string const* problem = nullptr;
        for (auto const& half : worker.sides)
            if (!problem && !half->record.problems()[i].empty())
                problem = &half->record.problems()[i];
        worker.counted[i] = problem == nullptr;
        for (auto const& half : worker.sides)
            if (problem) half->summary.failed.add(first + i, *problem);
    }
}

void Ensemble::State::keep(Worker& worker, std::uint64_t first, int paths) {
    auto const lanes = static_cast<std::size_t>(settings.block);
    auto const* const counted = worker.counted.data();
    for (std::size_t s = 0; s < sides.size(); ++s) {
        Worker::Half& half = *worker.sides[s];
        for (std::size_t row = 0; row < half.record.rows(); ++row)
            for (int step = 1; step <= sides[s].system->steps; ++step)
                half.summary.add(row, step, half.record.row(row, step), lanes, counted);
        half.summary.failures.add(half.record.first_defaults(), lanes, counted);
        half.summary.coverage.add({first, first + static_cast<std::uint64_t>(paths)});
    }
    for (std::size_t p = 0; p < pairs.size(); ++p)
        for (int step = 1; step <= sides[0].system->steps; ++step)
            worker.sides[0]->summary.add_pairs(
                p, step, worker.sides[0]->record.row(pairs[p].shocked, step),
                worker.sides[1]->record.row(pairs[p].other, step), lanes, counted);
    done += static_cast<std::uint64_t>(paths);
}

bool Ensemble::run(Coverage::Range paths, std::function<bool()> const& stop) {
    State& at = *state_;
    return each_block(paths, static_cast<std::uint64_t>(at.settings.block), at.workers.size(), stop,
                      [&](std::size_t worker, std::uint64_t first, int count) {
                          at.run_block(*at.workers[worker], first, count);
                      });
}

Summary Ensemble::summary(std::size_t side) const {
    Summary all = state_->taken[side];
    std::string problem;
    for (auto const& worker : state_->workers) all.merge(worker->sides[side]->summary, problem);
    return all;
}

bool Ensemble::take(std::size_t side, Summary const& part, std::string& problem) {
    return state_->taken[side].merge(part, problem);
}

Coverage::Range shard_of(std::uint64_t paths, std::uint64_t i, std::uint64_t n) {
    std::uint64_t const groups = (paths + 15) / 16;
    auto const place = [&](std::uint64_t k) {
        return std::min(paths, groups / n * k * 16 + groups % n * k / n * 16);
    };
    return {place(i), place(i + 1)};
}

} // namespace perpetuum
