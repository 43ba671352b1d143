#pragma once
/// What a block of paths holds between steps.

#include "bound.hpp"

#include <perpetuum/clearing.hpp>
#include <perpetuum/step.hpp>

namespace perpetuum {

constexpr double largest_exact = 9007199254740992.0; ///< 2^53: whole coins beyond are not exact

/// Room for Newton's method, as much as the largest block needs.
struct NewtonRoom {
    std::vector<double> doubles;
    std::vector<double*> guess;
    std::vector<double const*> image, slope;
    std::vector<char> stale;  ///< by group of lanes: the equations were not run at its guess
    double* last = nullptr;   ///< by unknown × lanes: where to begin
    double* counts = nullptr; ///< by lane: 1 where the answer is looked for
};

ClearingSystem clearing_of(System const& system, Program const& program);

struct PathBlock::State {
    State(System const& flat, Program const& compiled, int count);

    System const& system;
    Program const& program;
    int lanes, step = 0;
    BoundProgram bound;
    StepContext context;
    DrawRow draws;
    Clearing clearing;
    std::vector<ClearingLanes> clearing_rows; ///< by parity
    std::vector<double const*> balances[2];   ///< by parity; those that are kept
    std::vector<CellId> balance_cells;
    std::vector<double> fine; ///< by padded lane: 1 while it goes on
    std::vector<Fault> faults;
    NewtonRoom newton;

    std::size_t parity() const { return static_cast<std::size_t>(step & 1); }
    void bind_clearing();
    void load_tables();
    void draw(bool each_step);
    void run(std::vector<BoundStage> const& stages);
    void solve(std::size_t block);
    void clear();
    void mend_amounts(std::vector<int> const& flows, std::vector<std::uint32_t> const& rows);
    void check_balances(); ///< beyond 2^53 coins sums are not exact: the path is marked
    void fail(int lane, CellId cell, std::string what);
    void explain_failure(std::size_t block, int lane);
    void refuse_runaways(std::size_t block);
    void refuse_undetermined(std::size_t block);
    std::string names_of(std::vector<CellId> const& unknowns) const;
    std::string always_left(std::size_t block, int lane);
};

} // namespace perpetuum
