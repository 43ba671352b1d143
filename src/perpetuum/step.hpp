#pragma once
/// step: what one step does for one block of paths: plans, clearing, who defaults, results,
/// bookings.

#include <perpetuum/clearing.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/program.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace perpetuum {

/// Why a path stopped: the first fault of a lane.
struct Fault {
    int step = 0; ///< 0: none
    CellId cell = -1;
    std::string what;
};

/// Puts draws: fills row[0, lanes) with a draw's value on each path; `draw` counts in
/// Program::draws, `step` is 0 for what is drawn once a path.
using DrawRow = std::function<void(std::size_t draw, int step, double* row, int lanes)>;

/// Where a cell's values stand: row[lane], or the same for all lanes.
struct RowView {
    double const* row = nullptr;
    bool same = false;
    double operator[](int lane) const { return row[same ? 0 : lane]; }
};

/// A block of paths on its way: lanes side by side, all steps one after another.
class PathBlock {
  public:
    /// `lanes` ≥ 1; rows are laid out for the next multiple of 16.
    PathBlock(System const& system, Program const& program, int lanes);
    ~PathBlock();
    PathBlock(PathBlock&&) noexcept;
    PathBlock& operator=(PathBlock&&) = delete;

    /// Draws what a path draws once and computes the starts. Without draws: medians, here and in
    /// each step.
    void begin(DrawRow draws = {});
    /// One step; steps are counted from 1.
    void advance();
    int step() const;
    int lanes() const;
    /// A kept cell after the step just made; the view holds until the next.
    RowView view(CellId cell) const;
    double value(CellId cell, int lane = 0) const { return view(cell)[lane]; }
    std::vector<Fault> const& faults() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace perpetuum
