#pragma once
/// program: a flat system → operations in an order that works, over lanes of paths.
///
/// A row is one double a lane. What holds for all lanes is a scalar, what holds for a whole path is
/// computed before its first step, and what nobody asks for is not computed. A lane never sees
/// another.

#include <perpetuum/instance.hpp>
#include <perpetuum/program/operations.hpp>
#include <perpetuum/text.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace perpetuum {

/// Where a value stands.
struct Operand {
    enum class Kind : std::uint8_t {
        none,
        row,    ///< one row, whatever the step
        now,    ///< of a pair of rows that change places at each step: this step's
        before, ///< … the last step's
        scalar, ///< the same in all lanes
        memory, ///< rows of all steps so far, from the start
    };
    Kind kind = Kind::none;
    int index =
        0; ///< of the row; of the pair's first row; of the scalar; of the memory's first row
    bool operator==(Operand const&) const = default;
};
struct Instruction {
    Opcode operation = Opcode::copy;
    Operand out;
    std::array<Operand, 3> in;
    CellId cell = -1;              ///< whose definition it belongs to, for messages
    int first_term = 0, terms = 0; ///< of a sum: into Program::terms
};
/// What a sum adds up, in order.
struct SumTerm {
    Operand value;
    Operand condition; ///< a row: where it is 0, so is the term; none: always the value
    bool minus = false;
};

/// Equations that need each other within one step: guesses of the unknowns are improved until the
/// equations give them back.
struct Simultaneous {
    std::vector<CellId> unknowns;
    std::vector<Operand> guesses;         ///< rows, by unknown
    std::vector<Operand> last;            ///< where to begin: values of the last step
    std::vector<Instruction> equations;   ///< from guesses to images
    std::vector<Operand> images;          ///< what the equations make of each unknown
    std::vector<Instruction> derivatives; ///< from what the equations left to the slopes
    std::vector<Operand> slopes;          ///< [image × unknowns + unknown]: d image / d unknown
    bool affine = false; ///< the slopes rest on nothing that is solved for: one step does
    /// Affine with one unknown: puts its solution into the guess.
    std::vector<Instruction> solution;
};

/// A straight piece of program, after a block to be solved.
struct Stage {
    int simultaneous = -1; ///< into Program::blocks; −1: none
    std::vector<Instruction> instructions;
};

/// A value drawn by a path: once, or anew in each step.
struct Draw {
    CellId cell = -1;
    Operand place;
    bool each_step = false;
};

/// What the clearing reads and writes, in its own order.
struct ClearingRows {
    std::vector<int> payments, guarantees, costs; ///< flow numbers
    std::vector<Operand> owed, cover, share;      ///< read; rows or scalars
    std::vector<Operand> paid, called, lost;      ///< written
    std::vector<Operand> cash;     ///< by entity: closing cash of the last step; none: holds none
    std::vector<Operand> short_of; ///< by entity, written
};

struct Program {
    int rows = 0; ///< all of them; pairs and memories too
    int scalars = 0;
    std::vector<double> constants; ///< scalars [0, constants.size())
    /// The other scalars change from step to step: [step × their number + i], step 0 the start.
    std::vector<double> tables;
    std::vector<SumTerm> terms; ///< of all sums
    std::vector<Draw> draws;
    std::vector<Instruction> start;    ///< before the first step: parameters, starts, what stays
    std::vector<Stage> plans, results; ///< around the clearing
    std::vector<Simultaneous> blocks;
    ClearingRows clearing;
    std::vector<Operand> cells;    ///< by cell: where its value stands after a step; none: not kept
    std::vector<Operand> starts;   ///< by cell: where it stands after the start
    std::vector<Operand> balances; ///< by entity × accounts
    std::vector<bool> is_plan;     ///< by cell: known before the clearing
};

struct CompileOptions {
    /// Cells to be kept; the rest is computed only as far as these and the payments need it.
    /// Empty: all.
    std::vector<CellId> wanted;
    /// Figures without a spread are constants; else they are drawn like the others.
    bool fold_points = true;
};

/// Order, checks, operations. Errors: a payment that depends on what this step brings about; starts
/// that need themselves; more simultaneous unknowns than can be solved.
/// cost  linear in the nodes of the system
Program compile(System const& system, Diagnostics& diagnostics, CompileOptions const& options = {});

/// The loop for an operation; bit i of `scalars`: operand i is one value for all lanes. The same
/// bits on every instruction set.
Kernel kernel_of(Opcode operation, int scalars);

/// How many coins a dollar has: a whole number where a coin is a whole part of it.
double coins_per_usd(System const& system);

} // namespace perpetuum
