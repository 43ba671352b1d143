// Chosen values of every path, dense: each block writes its own places, so nothing depends on who
// ran it.

#include "drawing.hpp"
#include "record.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>

namespace perpetuum {

namespace {

constexpr std::uint64_t most_outcome_bytes = std::uint64_t{4} << 30;

struct OutcomeWorker {
    OutcomeWorker(EnsembleSide const& side, int lanes)
        : block(*side.system, *side.program, lanes), record(side, lanes) {}
    PathBlock block;
    Record record;
    FailedPaths failed;
    std::vector<double> starts; ///< [column × lanes + lane], of columns at the start
};

/// Columns at the start, before the first step is made.
void look_at_start(OutcomesAsked const& asked, OutcomeWorker& worker) {
    auto const lanes = static_cast<std::size_t>(worker.block.lanes());
    worker.starts.assign(asked.columns.size() * lanes, 0);
    for (std::size_t c = 0; c < asked.columns.size(); ++c) {
        if (asked.columns[c].step != 0) continue;
        double* const row = worker.starts.data() + c * lanes;
        for (Series::Term const& term : asked.keeping.series[asked.columns[c].series].terms) {
            RowView const view = worker.block.view(term.cell);
            for (std::size_t i = 0; i < lanes; ++i)
                row[i] += view[static_cast<int>(i)] * term.factor;
        }
    }
}

int last_step_of(System const& system, OutcomesAsked const& asked) {
    return asked.last_step > 0 ? std::min(asked.last_step, system.steps) : system.steps;
}

void check_outcomes(System const& system, OutcomesAsked const& asked, Coverage::Range range,
                    int block) {
    if (block < 16 || block % 16 != 0)
        throw BadInput{"a block has a multiple of 16 lanes, not " + std::to_string(block)};
    if (range.begin > range.end) throw BadInput{"a range of paths ends before it begins"};
    auto const& keeping = asked.keeping;
    for (OutcomesAsked::Column const& column : asked.columns)
        if (column.series >=
                keeping.series.size() + (column.step == 0 ? 0 : keeping.checks.size()) ||
            column.step < 0 || column.step > last_step_of(system, asked))
            throw BadInput{"no series " + std::to_string(column.series) + " in step " +
                           std::to_string(column.step)};
    std::uint64_t const bytes =
        8 * std::uint64_t{asked.columns.size()} + 4 * std::uint64_t{keeping.firms.size()} + 1;
    if (range.end - range.begin > most_outcome_bytes / bytes)
        throw BadInput{std::to_string(range.end - range.begin) + " paths at " +
                       std::to_string(bytes) + " bytes need more than " +
                       std::to_string(most_outcome_bytes >> 20) +
                       " MiB: ask for fewer paths or columns"};
}

/// From a block's record to the places of its paths.
void put_outcomes(OutcomesAsked const& asked, OutcomeWorker& worker, std::uint64_t first, int paths,
                  Outcomes& all) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    auto const lanes = static_cast<std::size_t>(worker.block.lanes());
    auto const count = static_cast<std::size_t>(paths);
    auto const place = static_cast<std::size_t>(first - all.range.begin);
    auto const& problems = worker.record.problems();
    for (std::size_t i = 0; i < count; ++i) {
        all.fit[place + i] = problems[i].empty();
        if (!problems[i].empty()) worker.failed.add(first + i, problems[i]);
    }
    for (std::size_t c = 0; c < asked.columns.size(); ++c) {
        OutcomesAsked::Column const& column = asked.columns[c];
        double const* const row = column.step == 0 ? worker.starts.data() + c * lanes
                                                   : worker.record.row(column.series, column.step);
        double* const out = all.values.data() + c * all.paths() + place;
        for (std::size_t i = 0; i < count; ++i) out[i] = problems[i].empty() ? row[i] : none;
    }
    for (std::size_t f = 0; f < asked.keeping.firms.size(); ++f)
        std::copy_n(worker.record.first_defaults() + f * lanes, count,
                    all.first_defaults.data() + f * all.paths() + place);
}

} // namespace

DrawRows draws_of(System const& system, Program const& program, Sample const& sample) {
    auto const drawing = std::make_shared<Drawing const>(system, program, sample);
    return [drawing](std::uint64_t first) -> DrawRow {
        return [drawing, first](std::size_t number, int step, double* row, int lanes) {
            drawing->fill(number, step, first, row, lanes);
        };
    };
}

std::optional<Outcomes> outcomes(System const& system, Program const& program,
                                 OutcomesAsked const& asked, DrawRows const& draws,
                                 Coverage::Range range, int threads, int block,
                                 std::function<bool()> const& stop) {
    check_outcomes(system, asked, range, block);
    EnsembleSide const side{&system, &program, asked.keeping, {}};
    int const last = last_step_of(system, asked);
    Outcomes all;
    all.range = range;
    all.values.resize(asked.columns.size() * all.paths());
    all.first_defaults.resize(asked.keeping.firms.size() * all.paths());
    all.fit.resize(all.paths());
    auto const width = static_cast<std::size_t>(block);
    std::size_t const blocks = std::max<std::size_t>(1, (all.paths() + width - 1) / width);
    std::vector<std::unique_ptr<OutcomeWorker>> workers(
        std::min(static_cast<std::size_t>(std::max(1, threads)), blocks));
    for (auto& worker : workers) worker = std::make_unique<OutcomeWorker>(side, block);
    auto const run = [&](std::size_t number, std::uint64_t first, int paths) {
        OutcomeWorker& worker = *workers[number];
        worker.block.begin(draws(first));
        worker.record.begin(worker.block);
        look_at_start(asked, worker);
        for (int step = 1; step <= last; ++step) {
            worker.block.advance();
            worker.record.look(worker.block);
        }
        worker.record.finish(worker.block, paths);
        put_outcomes(asked, worker, first, paths, all);
    };
    if (!each_block(range, width, workers.size(), stop, run)) return std::nullopt;
    for (auto const& worker : workers) all.failed.merge(worker->failed);
    return all;
}

} // namespace perpetuum
