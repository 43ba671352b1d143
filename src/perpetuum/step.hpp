#pragma once
/// step: what one step does for one block of paths: plans, clearing, who defaults, results,
/// bookings.

#include <perpetuum/clearing.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/program.hpp>

#include <string>
#include <vector>

namespace perpetuum {

/// Why a path stopped: the first fault of a lane.
struct Fault {
    int step = 0; ///< 0: none
    CellId cell = -1;
    std::string what;
};

/// A block of paths on its way: lanes side by side, all steps one after another.
class PathBlock {
  public:
    PathBlock(System const& system, Program const& program, int lanes);
    /// Puts each lane's parameters (cells with `drawn`) and computes the starts. `draws`: drawn
    /// cells in the order of their numbers × lanes; null = the medians.
    void begin(double const* draws = nullptr);
    /// One step; steps are counted from 1.
    void advance();
    int step() const { return step_; }
    int lanes() const { return lanes_; }
    /// The row of a cell, `lag` steps back from the step just made.
    double const* row(CellId cell, int lag = 0) const;
    std::vector<Fault> const& faults() const { return faults_; }

  private:
    double* at(Operand const& operand, int step);
    void execute(std::vector<Instruction> const& instructions, int step);
    void run_stages(std::vector<Stage> const& stages, int step);
    void solve(Simultaneous const& block, int step);
    void clear(int step);
    void check_amounts(int step);
    void check_balances(int step); ///< beyond 2^53 coins sums are not exact: the path is marked

    System const& system_;
    Program const& program_;
    int lanes_ = 1, step_ = 0;
    std::vector<double> arena_;
    Clearing clearing_;
    std::vector<double> cash_, owed_, cover_, share_, paid_, called_, lost_, short_;
    std::vector<Fault> faults_;
};

} // namespace perpetuum
