// All runs of a block of paths go side by side, the unshocked one first in every step: what is held
// in another is read from it.

#include "feeds.hpp"
#include "nodes.hpp"
#include "sums.hpp"
#include "tally.hpp"

#include <perpetuum/stress.hpp>

#include <algorithm>
#include <atomic>
#include <deque>

namespace perpetuum {

using namespace stressing;

namespace {

/// A system, what is added up of it, and its program.
struct Side {
    System const* system = nullptr;
    HoldingSystem holding; ///< where the system is one made here
    Program program;
    std::unique_ptr<TallyPlan> plan;
    DrawRows draws;
    std::vector<int> feed_of_draw; ///< -1: drawn as usual
};

} // namespace

struct Stress::State {
    StressAsked asked;
    int horizon = 0;
    std::deque<Side> sides;   ///< base, shocked, then what is held
    std::vector<int> side_of; ///< by combination of switches; -1: not run
    std::vector<char> hit;    ///< by place in the list of firms
    struct Worker {
        std::vector<std::unique_ptr<PathBlock>> blocks;
        std::vector<Tally> tallies;
        std::vector<std::uint8_t> counted;
        StressResult sums;
    };
    std::vector<std::unique_ptr<Worker>> workers;
    StressResult taken; ///< what others have run
    std::atomic<std::uint64_t> done{0};

    void prepare();
    void add_side(System const& system, bool by_step);
    void add_held(unsigned on);
    DrawRow draws_of_side(Worker& worker, std::size_t s, std::uint64_t first) const;
    void run_block(Worker& worker, std::uint64_t first, int paths);
    void count(Worker& worker, std::uint64_t first, int paths) const;
};

void Stress::State::add_side(System const& system, bool by_step) {
    Side& side = sides.emplace_back();
    side.system = &system;
    side.plan = std::make_unique<TallyPlan>(system, horizon, by_step);
    bool const has = asked.given >= 0 && index(asked.given) < system.cells.size();
    side.plan->given = has ? asked.given : -1;
    side.plan->given_step = asked.given_step;
}

void Stress::State::add_held(unsigned on) {
    side_of[on] = static_cast<int>(sides.size());
    Side& side = sides.emplace_back();
    side.holding = holding_system(*asked.shocked, *asked.base, asked.hit, on);
    side.system = &side.holding.system;
    side.plan = std::make_unique<TallyPlan>(*side.system, horizon, false);
}

void Stress::State::prepare() {
    add_side(*asked.base, true);
    add_side(*asked.shocked, true);
    if (sides[0].plan->firms != sides[1].plan->firms)
        throw BadInput{"the shocked system has other firms than the unshocked one"};
    side_of.assign(asked.first_round || asked.causal ? all_switches + 1 : 0, -1);
    if (!side_of.empty()) add_held(0);
    // A switch that holds nothing need not be turned: with it or without it is the same.
    unsigned idle = 0;
    for (unsigned c = 0; asked.causal && c < switches; ++c)
        if (c != static_cast<unsigned>(Switch::payables) &&
            holding_system(*asked.shocked, *asked.base, asked.hit, all_switches & ~(1U << c))
                .feeds.empty())
            idle |= 1U << c;
    if (asked.causal) side_of[all_switches] = 1;
    if (asked.causal && idle > 0) side_of[idle] = side_of[0];
    for (unsigned on = 1; asked.causal && on < all_switches; ++on) {
        unsigned const same = on | idle;
        if (side_of[on] >= 0) continue;
        if (side_of[same] < 0) add_held(same);
        side_of[on] = side_of[same];
    }
    std::vector<CellId> sources = sides[0].plan->wanted();
    for (std::size_t s = sides.size(); s-- > 0;) {
        Side& side = sides[s];
        side.program = compiled(*side.system, s == 0 ? sources : side.plan->wanted());
        side.draws = draws_of(*side.system, side.program, asked.settings.sample);
        if (side.holding.feeds.empty()) continue;
        side.feed_of_draw = feeds_of(side.holding, side.program);
        for (int const feed : side.feed_of_draw) {
            if (feed < 0) continue;
            sources.push_back(side.holding.feeds[index(feed)].source);
            CellId const whole = side.holding.feeds[index(feed)].part_of;
            if (whole >= 0) sources.push_back(whole);
        }
    }
    std::vector<int> const& firms = sides[0].plan->firms;
    hit.assign(firms.size(), 0);
    for (std::size_t f = 0; f < firms.size(); ++f)
        hit[f] = std::binary_search(asked.hit.firms.begin(), asked.hit.firms.end(), firms[f]);
}

Stress::Stress(StressAsked asked) : state_(std::make_unique<State>()) {
    State& at = *state_;
    at.asked = std::move(asked);
    EnsembleSettings const& settings = at.asked.settings;
    if (settings.block < 16 || settings.block % 16 != 0)
        throw BadInput{"a block has a multiple of 16 lanes, not " + std::to_string(settings.block)};
    int const steps = std::min(at.asked.base->steps, at.asked.shocked->steps);
    at.horizon = at.asked.horizon > 0 ? std::min(at.asked.horizon, steps) : steps;
    at.prepare();
    auto const lanes = static_cast<std::uint64_t>(settings.block);
    std::uint64_t const blocks = (settings.sample.paths + lanes - 1) / lanes;
    auto const count = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(settings.threads), 1,
                                                 std::max<std::uint64_t>(1, blocks));
    for (std::uint64_t w = 0; w < count; ++w) {
        auto& worker = *at.workers.emplace_back(std::make_unique<State::Worker>());
        for (Side const& side : at.sides) {
            worker.blocks.push_back(
                std::make_unique<PathBlock>(*side.system, side.program, settings.block));
            worker.tallies.emplace_back(*side.plan, settings.block);
        }
        worker.sums = empty_result(at.sides[0].plan->firms, at.horizon);
    }
    at.taken = empty_result(at.sides[0].plan->firms, at.horizon);
}

Stress::~Stress() = default;

DrawRow Stress::State::draws_of_side(Worker& worker, std::size_t s, std::uint64_t first) const {
    Side const& side = sides[s];
    if (side.holding.feeds.empty()) return side.draws(first);
    return fed_draws(side.holding, side.feed_of_draw, *worker.blocks[0], side.draws(first));
}

void Stress::State::run_block(Worker& worker, std::uint64_t first, int paths) {
    for (std::size_t s = 0; s < sides.size(); ++s) {
        worker.blocks[s]->begin(draws_of_side(worker, s, first));
        worker.tallies[s].begin();
    }
    for (int step = 1; step <= horizon; ++step)
        for (std::size_t s = 0; s < sides.size(); ++s) {
            worker.blocks[s]->advance();
            worker.tallies[s].look(*worker.blocks[s]);
        }
    count(worker, first, paths);
    TalliesOfBlock block{&worker.tallies[0],
                         &worker.tallies[1],
                         {},
                         &worker.counted,
                         static_cast<std::size_t>(asked.settings.block),
                         asked.base->coin,
                         -1,
                         first,
                         asked.keep_changes};
    auto const& firms = sides[0].plan->firms;
    auto const place = std::find(firms.begin(), firms.end(), asked.induced_by);
    if (place != firms.end()) block.induced_by = static_cast<int>(place - firms.begin());
    for (int const s : side_of) block.held.push_back(s < 0 ? nullptr : &worker.tallies[index(s)]);
    add_block(worker.sums, block, hit);
    worker.sums.coverage.add({first, first + static_cast<std::uint64_t>(paths)});
    done += static_cast<std::uint64_t>(paths);
}

void Stress::State::count(Worker& worker, std::uint64_t first, int paths) const {
    constexpr std::array<char const*, 3> runs{"", "with the shock: ", "in the first round: "};
    worker.counted.assign(static_cast<std::size_t>(asked.settings.block), 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(paths); ++i) {
        worker.counted[i] = 1;
        for (std::size_t s = 0; s < sides.size() && worker.counted[i]; ++s) {
            Fault const& fault = worker.blocks[s]->faults()[i];
            if (fault.step == 0) continue;
            worker.counted[i] = 0;
            std::string const where =
                fault.cell < 0 ? "the run" : sides[s].system->cells[index(fault.cell)].name;
            worker.sums.failed.add(first + i,
                                   runs[std::min<std::size_t>(s, 2)] + where + " " + fault.what);
        }
    }
}

bool Stress::run(Coverage::Range paths, std::function<bool()> const& stop) {
    State& at = *state_;
    return each_block(paths, static_cast<std::uint64_t>(at.asked.settings.block), at.workers.size(),
                      stop, [&](std::size_t worker, std::uint64_t first, int count) {
                          at.run_block(*at.workers[worker], first, count);
                      });
}

std::uint64_t Stress::done() const { return state_->done; }

std::size_t Stress::runs() const { return state_->sides.size(); }

StressResult Stress::result() const {
    StressResult all = state_->taken;
    for (auto const& worker : state_->workers) merge_into(all, worker->sums);
    return all;
}

Bundle Stress::bundle() const { return bundle_of(result()); }

bool Stress::take(Bundle const& part, std::string& problem) {
    StressResult read = empty_result(state_->sides[0].plan->firms, state_->horizon);
    if (!read_bundle(part, read)) return problem = "it is of another stress", false;
    auto const both = result().coverage.shared(read.coverage);
    if (!both.empty()) return problem = "these paths are in already: " + print_ranges(both), false;
    merge_into(state_->taken, read);
    return true;
}

} // namespace perpetuum
