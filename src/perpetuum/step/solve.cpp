// Simultaneous equations. An affine block with one unknown is solved by what the compiler wrote out;
// everything else by Newton's method on the torn unknowns with the compiler's derivatives, all lanes
// at once, each with its own damping. A lane that does not settle is marked, never kept silently.

#include "lanes_of_newton.hpp"
#include "state.hpp"

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

PERPETUUM_CLONES(void, newton_residuals, NewtonLanes const&)
PERPETUUM_CLONES(bool, newton_gives_back, double const*, double const*, double const*, int)
PERPETUUM_CLONES(bool, newton_settled, NewtonLanes const&, double const*)
PERPETUUM_CLONES(void, newton_begin, NewtonLanes const&, double const*, double)
PERPETUUM_CLONES(NewtonVerdict, newton_judge, NewtonLanes const&, bool)
PERPETUUM_CLONES(void, newton_put, NewtonLanes const&, double const*)
PERPETUUM_CLONES(bool, newton_keep, NewtonLanes const&, double const*)
PERPETUUM_CLONES(void, newton_step, NewtonLanes const&)

namespace {

constexpr int most_iterations = 60;
/// Where to begin, beside the last values: a ratio of two things that were 0 a step ago has no
/// value there, and what has no value has no derivative to follow.
constexpr std::array offsets{0.0, 1.0, 1e-3, 100.0, -1.0};

struct Search {
    NewtonLanes lanes;
    double* last = nullptr; ///< where to begin
};

Search lay_out(NewtonRoom& room, BoundProgram const& bound, BoundBlock const& block,
               std::size_t parity) {
    auto const n = block.guesses[parity].size();
    auto const width = static_cast<std::size_t>(bound.padded);
    room.doubles.resize(std::max(room.doubles.size(), (4 * n + n * n + n + 1 + 5) * width));
    room.guess.clear();
    room.image.clear();
    room.slope.clear();
    for (std::uint32_t const place : block.guesses[parity]) room.guess.push_back(bound.at(place));
    for (std::uint32_t const place : block.images[parity]) room.image.push_back(bound.at(place));
    for (std::uint32_t const place : block.slopes[parity]) room.slope.push_back(bound.at(place));
    Search search;
    NewtonLanes& at = search.lanes;
    at.unknowns = static_cast<int>(n);
    at.lanes = bound.padded;
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
    search.last = take(n);
    at.matrix = take(n * n + n + 1);
    at.size = take(1);
    at.worst = take(1);
    at.damping = take(1);
    at.active = take(1);
    at.reached = take(1);
    return search;
}

} // namespace

void PathBlock::State::solve(std::size_t number) {
    BoundBlock const& block = bound.blocks[number];
    std::size_t const p = parity();
    bool const outright = !block.solution[p].instructions.empty();
    if (outright) {
        bound.run(block.solution[p], context);
        bound.run(block.equations[p], context);
        if (each_newton_gives_back(bound.at(block.guesses[p][0]), bound.at(block.images[p][0]),
                                   fine.data(), bound.padded))
            return;
    }
    Search const laid_out = lay_out(newton, bound, block, p);
    NewtonLanes at = laid_out.lanes; // clang 14 captures no structured binding
    double* const last = laid_out.last;
    auto const width = static_cast<std::size_t>(bound.padded);
    auto const evaluate = [&] {
        bound.run(block.equations[p], context);
        each_newton_residuals(at);
    };
    if (outright) {
        each_newton_residuals(at);
        if (each_newton_settled(at, fine.data())) return;
    } else {
        std::copy(fine.begin(), fine.end(), at.active);
    }
    for (std::size_t u = 0; u < block.last[p].size(); ++u)
        std::copy_n(bound.at(block.last[p][u]), width, last + u * width);
    std::copy_n(last, at.unknowns * bound.padded, at.answer);
    std::fill_n(at.reached, width, HUGE_VAL);
    // Lanes that are solved already, and those that have stopped, stay as they are.
    std::vector<double> const counts(at.active, at.active + width);
    for (double const offset : offsets) {
        each_newton_begin(at, last, offset);
        for (int i = 0; i < most_iterations; ++i) {
            evaluate();
            NewtonVerdict const verdict = each_newton_judge(at, i == 0);
            if (!verdict.any_active) break;
            if (verdict.any_worse) {
                each_newton_put(at, at.best);
                evaluate();
            }
            bound.run(block.derivatives[p], context);
            each_newton_step(at);
        }
        if (each_newton_keep(at, counts.data())) break;
    }
    each_newton_put(at, at.answer);
    evaluate();
    for (int lane = 0; lane < lanes; ++lane)
        if (at.active[lane] != 0) explain_failure(number, lane);
}

/// Which unknowns, and what first gave no number there.
void PathBlock::State::explain_failure(std::size_t number, int lane) {
    Simultaneous const& block = program.blocks[number];
    std::string names;
    for (std::size_t u = 0; u < block.unknowns.size() && u < 3; ++u)
        names += (u == 0 ? "" : ", ") +
                 quoted(system.cells[static_cast<std::size_t>(block.unknowns[u])].name);
    if (block.unknowns.size() > 3)
        names += " and " + std::to_string(block.unknowns.size() - 3) + " more";
    std::string bad;
    Stretch const& code = bound.blocks[number].equations[parity()];
    for (Batch const& batch : code.batches)
        for (int k = 0; k < batch.count && bad.empty(); ++k) {
            auto const i = static_cast<std::size_t>(batch.first + k);
            BoundInstruction const& one = code.instructions[i];
            batch.kernel(context, bound.arena.get(), &one, 1);
            Instruction const& told = block.equations[i];
            if (std::isfinite(bound.at(one.out)[lane]) || told.cell < 0) continue;
            bad = "; the first that is not a number there is in the equation of " +
                  quoted(system.cells[static_cast<std::size_t>(told.cell)].name);
        }
    fail(lane, block.unknowns[0],
         "does not settle: " + std::to_string(block.equations.size()) +
             " operations need each other through " + names + " and no solution was found" + bad);
}

} // namespace perpetuum
