#pragma once
/// program: a flat system → operations in an order that works, over lanes of paths.
///
/// A row is one double a lane. Every cell has a ring of rows, as deep as anything looks back; every
/// intermediate value one row. An operation reads and writes rows; a lane never sees another.

#include <perpetuum/instance.hpp>
#include <perpetuum/text.hpp>

#include <vector>

namespace perpetuum {

/// Rows [first, first + depth): the value at step t stands in row first + t mod depth. Depth 1: one
/// value for all time.
struct Ring {
    int first = 0, depth = 1;
};
/// A ring seen some steps back.
struct Operand {
    int ring = -1;
    int lag = 0;
};
struct Instruction {
    NodeOp op = NodeOp::constant;
    Operand out;
    std::array<Operand, 3> in;
};

/// A set of equations that need each other within one step: guesses of `unknowns` are improved
/// until the instructions, run in their order, give them back.
struct Simultaneous {
    std::vector<CellId> unknowns;
    std::vector<Instruction> instructions; ///< from unknowns to their new values, kept in `images`
    std::vector<Operand> images;
};

/// A straight piece of program, or a block to be solved.
struct Stage {
    std::vector<Instruction> instructions;
    int simultaneous = -1; ///< into Program::blocks: solved before the instructions that follow
};

struct Program {
    int rows = 0;
    std::vector<Ring> rings; ///< cells first (by CellId), then intermediate values and constants
    std::vector<std::pair<int, double>> constants; ///< ring, value
    std::vector<Instruction> start;                ///< before the first step: parameters, starts
    std::vector<Stage> plans, results;             ///< around the clearing
    std::vector<Simultaneous> blocks;
    std::vector<bool> is_plan; ///< by cell: known before the clearing
    int time_ring = -1;
    std::vector<CellId> series; ///< cells whose values are given by step
    std::vector<CellId> drawn;  ///< cells that a path draws, in the order of `PathBlock::begin`
    // What the clearing reads and writes: rings of cells.
    std::vector<int> payments;   ///< flow numbers, in the clearing's order
    std::vector<int> guarantees; ///< flow numbers
    std::vector<int> costs;      ///< flow numbers
};

/// Order, checks, operations. Errors: a payment that depends on what this step brings about;
/// equations that need each other where no block can be solved.
Program compile(System const& system, Diagnostics& diagnostics);

/// One instruction over `lanes` lanes: plain loops, alone in their file. `past` and `past_sum` look
/// into rings and are run by the step.
void run_kernel(NodeOp op, double* out, std::array<double const*, 3> in, int lanes, double time_end,
                double step_months, double coin);

} // namespace perpetuum
