// Simultaneous equations. An affine block with one unknown is solved by what the compiler wrote out;
// everything else by Newton's method on the torn unknowns with the compiler's derivatives, all lanes
// at once, each with its own damping. A lane that does not settle is marked, never kept silently.

#include "lanes_of_newton.hpp"
#include "null_direction.hpp"
#include "state.hpp"

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace perpetuum {

PERPETUUM_CLONES(void, newton_residuals, NewtonLanes const&)
PERPETUUM_CLONES(bool, newton_gives_back, double const*, double const*, double const*,
                 double const*, int)
PERPETUUM_CLONES(bool, newton_ran_away, double const*, double const*, double const*, int)
PERPETUUM_CLONES(bool, newton_settled, NewtonLanes const&, double const*)
PERPETUUM_CLONES(void, newton_begin, NewtonLanes const&, double const*, double)
PERPETUUM_CLONES(NewtonVerdict, newton_judge, NewtonLanes const&, bool)
PERPETUUM_CLONES(void, newton_put, NewtonLanes const&, double const*)
PERPETUUM_CLONES(bool, newton_keep, NewtonLanes const&, double const*)
PERPETUUM_CLONES(void, newton_moves, NewtonLanes const&)
PERPETUUM_CLONES(void, newton_go, NewtonLanes const&)

namespace {

constexpr int group = 16; ///< lanes that are searched together
constexpr int most_iterations = 60;
/// Where to begin, beside the last values: a ratio of two things that were 0 a step ago has no
/// value there, and what has no value has no derivative to follow.
constexpr std::array offsets{0.0, 1.0, 1e-3, 100.0, -1.0};
/// x = 5 + x has no solution, yet of x = 1e16 the 5 are next to nothing. So of an answer that is far
/// beyond its last value so much must be left over when it is doubled:
constexpr double least_said = 1e-12;

bool is_far(double answer, double last) {
    return std::fabs(answer) > far_beyond * std::max(1.0, std::fabs(last));
}

/// Buffers for a block, and where its rows stand.
NewtonLanes lay_out(NewtonRoom& room, BoundProgram const& bound, BoundBlock const& block,
                    std::size_t parity) {
    auto const n = block.guesses[parity].size();
    auto const width = static_cast<std::size_t>(bound.padded);
    room.doubles.resize(std::max(room.doubles.size(), (5 * n + n * n + 2 * n + 1 + 7) * width));
    room.stale.assign(width / group, 0);
    room.guess.clear();
    room.image.clear();
    room.slope.clear();
    for (std::uint32_t const place : block.guesses[parity]) room.guess.push_back(bound.at(place));
    for (std::uint32_t const place : block.images[parity]) room.image.push_back(bound.at(place));
    for (std::uint32_t const place : block.slopes[parity]) room.slope.push_back(bound.at(place));
    NewtonLanes at;
    at.unknowns = static_cast<int>(n);
    at.lanes = at.stride = bound.padded;
    at.guess = room.guess.data();
    at.image = room.image.data();
    at.slope = room.slope.data();
    at.slope_is_scalar = block.slope_is_scalar.data();
    double* next = room.doubles.data();
    auto const take = [&](std::size_t rows) {
        double* const mine = next;
        next += rows * width;
        return mine;
    };
    at.residual = take(n);
    at.best = take(n);
    at.answer = take(n);
    at.move = take(n);
    room.last = take(n);
    at.matrix = take(n * n + 2 * n + 1);
    at.size = take(1);
    at.worst = take(1);
    at.damping = take(1);
    at.active = take(1);
    at.reached = take(1);
    room.counts = take(1);
    at.loose = take(1);
    return at;
}

/// visit(first, lanes) for each run of groups of lanes, among those of `at`, that `is_in`(first lane).
template <class IsIn, class Visitor>
void each_run(NewtonLanes const& at, IsIn is_in, Visitor visit) {
    int const end = at.first + at.lanes;
    for (int first = at.first; first < end;) {
        int last = first;
        while (last < end && is_in(last)) last += group;
        if (last > first) visit(first, last - first);
        first = last + group;
    }
}

/// A search for the unknowns of one block in one step. A group of lanes that rests is left as it is
/// while others go on: what a lane comes to does not depend on its company.
struct Search {
    BoundProgram const& bound;
    BoundBlock const& block;
    StepContext const& context;
    NewtonRoom& room;
    std::size_t parity;

    bool goes_on(NewtonLanes const& at, int first) const {
        double const* const active = at.active + first;
        return std::any_of(active, active + group, [](double on) { return on != 0; });
    }
    void say(NewtonLanes const& at, char stale) const {
        std::fill_n(room.stale.begin() + at.first / group, at.lanes / group, stale);
    }
    void evaluate(NewtonLanes const& at) const {
        bound.run(block.equations[parity], narrowed(at));
        each_newton_residuals(at);
        say(at, 0);
    }
    StepContext narrowed(NewtonLanes const& at) const {
        StepContext narrow = context;
        narrow.first = at.first;
        narrow.lanes = at.lanes;
        return narrow;
    }

    /// From iteration `i` on, until all lanes rest.
    void go_on(NewtonLanes const& at, int i) const {
        for (; i < most_iterations; ++i) {
            evaluate(at);
            NewtonVerdict const verdict = each_newton_judge(at, i == 0);
            if (!verdict.any_better && !verdict.any_worse) return;
            // Where all that go on are worse, nothing was found that slopes could be taken of: half
            // the last moves will do.
            if (verdict.any_better) {
                if (verdict.any_worse) {
                    each_newton_put(at, at.best);
                    evaluate(at);
                }
                bound.run(block.derivatives[parity], narrowed(at));
                each_newton_moves(at);
            }
            bool whole = true;
            each_run(
                at, [&](int first) { return goes_on(at, first); },
                [&](int first, int lanes) {
                    NewtonLanes part = at;
                    part.first = first;
                    part.lanes = lanes;
                    each_newton_go(part);
                    say(part, 1);
                    if (lanes == at.lanes) return;
                    whole = false;
                    go_on(part, i + 1);
                });
            if (!whole) return;
        }
    }

    /// The rows of groups that do not stand at their answer.
    void settle(NewtonLanes const& at) const {
        auto const moved = [&](int first) {
            bool other = room.stale[static_cast<std::size_t>(first / group)] != 0;
            for (int u = 0; u < at.unknowns && !other; ++u)
                other = std::memcmp(at.guess[u] + first, at.answer + u * at.stride + first,
                                    group * sizeof(double)) != 0;
            return other;
        };
        each_run(at, moved, [&](int first, int lanes) {
            NewtonLanes part = at;
            part.first = first;
            part.lanes = lanes;
            each_newton_put(part, at.answer);
            evaluate(part);
        });
    }
};

} // namespace

void PathBlock::State::solve(std::size_t number) {
    BoundBlock const& block = bound.blocks[number];
    std::size_t const p = parity();
    bool const outright = !block.solution[p].instructions.empty();
    if (outright) {
        bound.run(block.solution[p], context);
        bound.run(block.equations[p], context);
        if (each_newton_gives_back(bound.at(block.guesses[p][0]), bound.at(block.images[p][0]),
                                   bound.at(block.last[p][0]), fine.data(), bound.padded))
            return;
    }
    NewtonLanes const at = lay_out(newton, bound, block, p);
    auto const width = static_cast<std::size_t>(bound.padded);
    for (std::size_t u = 0; u < block.last[p].size(); ++u)
        std::copy_n(bound.at(block.last[p][u]), width, newton.last + u * width);
    if (outright) {
        each_newton_residuals(at);
        if (each_newton_settled(at, fine.data())) return refuse_runaways(number);
    } else {
        std::copy(fine.begin(), fine.end(), at.active);
    }
    // Lanes that are solved already stay as they are, those that have stopped as they were.
    for (std::size_t u = 0; u < block.last[p].size(); ++u)
        for (std::size_t i = 0; i < width; ++i)
            at.answer[u * width + i] = outright && fine[i] != 0 && at.active[i] == 0
                                           ? at.guess[u][i]
                                           : newton.last[u * width + i];
    std::fill_n(at.reached, width, HUGE_VAL);
    std::fill_n(at.loose, width, 0.0);
    std::copy_n(at.active, width, newton.counts);
    Search const search{bound, block, context, newton, p};
    for (double const offset : offsets) {
        each_run(
            at, [&](int first) { return search.goes_on(at, first); },
            [&](int first, int count) {
                NewtonLanes part = at;
                part.first = first;
                part.lanes = count;
                each_newton_begin(part, newton.last, offset);
                search.go_on(part, 0);
            });
        if (each_newton_keep(at, newton.counts)) break;
    }
    search.settle(at);
    for (int lane = 0; lane < lanes; ++lane)
        if (at.active[lane] != 0) explain_failure(number, lane);
    refuse_runaways(number);
    if (std::any_of(at.loose, at.loose + lanes, [](double loose) { return loose != 0; }))
        refuse_undetermined(number);
}

/// Stops the lanes whose answer is far beyond the last values and says nothing: see `far_beyond`.
void PathBlock::State::refuse_runaways(std::size_t number) {
    BoundBlock const& block = bound.blocks[number];
    std::size_t const p = parity(), unknowns = block.guesses[p].size();
    bool any = false;
    for (std::size_t u = 0; u < unknowns && !any; ++u)
        any = each_newton_ran_away(bound.at(block.guesses[p][u]), bound.at(block.last[p][u]),
                                   fine.data(), bound.padded);
    if (!any) return;
    std::vector<int> far;
    for (int lane = 0; lane < lanes; ++lane)
        for (std::size_t u = 0; u < unknowns && fine[static_cast<std::size_t>(lane)] != 0; ++u)
            if (is_far(bound.at(block.guesses[p][u])[lane], bound.at(block.last[p][u])[lane])) {
                far.push_back(lane);
                break;
            }
    NewtonLanes const at = lay_out(newton, bound, block, p);
    for (std::size_t u = 0; u < unknowns; ++u)
        for (int i = 0; i < at.stride; ++i) {
            auto const place =
                u * static_cast<std::size_t>(at.stride) + static_cast<std::size_t>(i);
            at.answer[place] = at.guess[u][i];
            at.best[place] = 2 * at.guess[u][i];
        }
    each_newton_put(at, at.best);
    bound.run(block.equations[p], context);
    each_newton_residuals(at);
    std::erase_if(far, [&](int lane) { return !(at.size[lane] < least_said); });
    each_newton_put(at, at.answer);
    bound.run(block.equations[p], context);
    for (int const lane : far)
        fail(
            lane, program.blocks[number].unknowns[0],
            "does not settle: its equations do not say how large it is, twice what was found would "
            "do as well");
}

/// Of lanes where a pivot was next to nothing: goes along the line that the slopes leave free, by a
/// quarter and by half of what was found there, forwards or back. Where the equations hold at both
/// points as well, they do not say which it is, and the lane stops. The rows are left as they were.
void PathBlock::State::refuse_undetermined(std::size_t number) {
    BoundBlock const& block = bound.blocks[number];
    std::size_t const p = parity(), n = block.guesses[p].size();
    NewtonLanes const at = lay_out(newton, bound, block, p);
    auto const stride = static_cast<std::size_t>(at.stride);
    bound.run(block.equations[p], context);
    bound.run(block.derivatives[p], context);
    std::vector<int> doubtful;
    std::fill_n(at.move, n * stride, 0.0);
    for (std::size_t u = 0; u < n; ++u) std::copy_n(at.guess[u], stride, at.answer + u * stride);
    for (int lane = 0; lane < lanes; ++lane) {
        auto const i = static_cast<std::size_t>(lane);
        if (at.loose[i] == 0 || fine[i] == 0) continue;
        std::vector<double> matrix(n * n);
        for (std::size_t e = 0; e < n * n; ++e)
            matrix[e] = (e / n == e % n ? 1 : 0) - at.slope[e][at.slope_is_scalar[e] != 0 ? 0 : i];
        auto const line = null_direction(std::move(matrix), at.unknowns);
        double far = 0; // in sizes of the unknowns
        for (std::size_t u = 0; u < line.size(); ++u)
            far = std::max(far, std::fabs(line[u]) / std::max(1e-3, std::fabs(at.guess[u][i])));
        if (!(far > 0)) continue;
        for (std::size_t u = 0; u < n; ++u) at.move[u * stride + i] = line[u] / far;
        doubtful.push_back(lane);
    }
    std::vector<int> free;
    for (double const sign : {1.0, -1.0}) {
        std::vector<int> holds = doubtful;
        for (double const part : {0.25, 0.5}) {
            if (holds.empty()) break;
            for (std::size_t e = 0; e < n * stride; ++e)
                at.best[e] = at.answer[e] + sign * part * at.move[e];
            each_newton_put(at, at.best);
            bound.run(block.equations[p], context);
            each_newton_residuals(at);
            std::erase_if(holds, [&](int lane) { return !(at.size[lane] < least_said); });
        }
        free.insert(free.end(), holds.begin(), holds.end());
    }
    each_newton_put(at, at.answer);
    bound.run(block.equations[p], context);
    for (int const lane : free) {
        if (fine[static_cast<std::size_t>(lane)] == 0) continue; // both ways
        Simultaneous const& told = program.blocks[number];
        std::vector<CellId> moving;
        for (std::size_t u = 0; u < n; ++u)
            if (std::fabs(at.move[u * stride + static_cast<std::size_t>(lane)]) >
                1e-9 * std::max(1e-3, std::fabs(at.guess[u][lane])))
                moving.push_back(told.unknowns[u]);
        fail(lane, moving[0],
             "is not determined: " + std::to_string(told.equations.size()) +
                 " operations need each other, and they hold as well with other numbers for " +
                 names_of(moving));
    }
}

/// The first of some unknowns, and how many more.
std::string PathBlock::State::names_of(std::vector<CellId> const& unknowns) const {
    std::string names;
    for (std::size_t u = 0; u < unknowns.size() && u < 3; ++u)
        names +=
            (u == 0 ? "" : ", ") + quoted(system.cells[static_cast<std::size_t>(unknowns[u])].name);
    if (unknowns.size() > 3) names += " and " + std::to_string(unknowns.size() - 3) + " more";
    return names;
}

/// What one unknown leaves over wherever it is put, where that is always the same: then no number
/// solves its equation, or every one does. Empty otherwise. The rows are left as they were.
std::string PathBlock::State::always_left(std::size_t number, int lane) {
    BoundBlock const& block = bound.blocks[number];
    std::size_t const p = parity();
    if (block.guesses[p].size() != 1) return {};
    double* const guess = bound.at(block.guesses[p][0]);
    double const* const image = bound.at(block.images[p][0]);
    double const before = guess[lane];
    std::array<double, 3> left{};
    for (std::size_t trial = 0; trial < left.size(); ++trial) {
        guess[lane] = std::array{0.0, 1.0, 1000.0}[trial];
        bound.run(block.equations[p], context);
        left[trial] = image[lane] - guess[lane];
    }
    guess[lane] = before;
    bound.run(block.equations[p], context);
    for (double const one : left)
        if (!(std::fabs(one - left[0]) <= 1e-12 * std::max(1.0, std::fabs(one)))) return {};
    if (std::fabs(left[0]) <= 1e-12) return "every number solves its equation, which says nothing";
    std::array<char, 32> shown{};
    std::snprintf(shown.data(), shown.size(), "%.6g", std::fabs(left[0]));
    return std::string("no number solves its equation, which is always ") + shown.data() +
           (left[0] > 0 ? " more" : " less");
}

/// Which unknowns, and what first gave no number there.
void PathBlock::State::explain_failure(std::size_t number, int lane) {
    Simultaneous const& block = program.blocks[number];
    std::string const names = names_of(block.unknowns);
    std::string bad;
    Stretch const& code = bound.blocks[number].equations[parity()];
    for (Batch const& batch : code.batches)
        for (int k = 0; k < batch.count && bad.empty(); ++k) {
            auto const i = static_cast<std::size_t>(batch.first + k);
            BoundInstruction const& one = code.instructions[i];
            batch.kernel(context, bound.arena.get(), &one, 1);
            Instruction const& told = block.equations[i];
            if (std::isfinite(bound.at(one.out)[lane]) || told.cell < 0) continue;
            if (system.cells[static_cast<std::size_t>(told.cell)].name.starts_with('#')) continue;
            bad = "; the first that is not a number there is in the equation of " +
                  quoted(system.cells[static_cast<std::size_t>(told.cell)].name);
        }
    std::string const left = always_left(number, lane);
    std::string const among = block.equations.size() < 2
                                  ? "its equation needs its own value"
                                  : std::to_string(block.equations.size()) +
                                        " operations need each other through " + names;
    fail(lane, block.unknowns[0],
         "does not settle: " +
             (left.empty() ? among + " and no solution was found" + bad : among + ", and " + left));
}

} // namespace perpetuum
