#pragma once
/// A program bound to memory: rows of one block of paths in one arena, and every instruction twice,
/// for even steps and for odd ones, so that what was this step's is the last step's without a copy.

#include <perpetuum/program.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace perpetuum {

/// Instructions of one kernel in a row.
struct Batch {
    Kernel kernel = nullptr;
    int first = 0, count = 0;
};
struct Stretch {
    std::vector<BoundInstruction> instructions;
    std::vector<Batch> batches;
};
/// [step mod 2]
template <class Thing>
using ByParity = std::array<Thing, 2>;
using Code = ByParity<Stretch>;
using Places = ByParity<std::vector<std::uint32_t>>;

struct BoundBlock {
    Code solution, equations, derivatives;
    Places guesses, last, images, slopes;
    std::vector<char> slope_is_scalar;
};
struct BoundStage {
    int simultaneous = -1;
    Code code;
};
struct BoundClearing {
    Places owed, cover, share, paid, called, lost, cash, short_of; ///< 0: none
};

struct BoundProgram {
    BoundProgram(Program const& program, int lanes);

    int padded = 16; ///< lanes, rounded up to a multiple of 16
    std::int64_t stride = 16;
    std::uint32_t first_row = 0; ///< after the scalars
    std::unique_ptr<double[], void (*)(double*)> arena;
    ByParity<std::vector<BoundTerm>> terms; ///< of all sums
    Code start;
    std::vector<BoundStage> plans, results;
    std::vector<BoundBlock> blocks;
    BoundClearing clearing;

    std::uint32_t place(Operand const& operand, int parity) const;
    double* at(std::uint32_t offset) const { return arena.get() + offset; }
    void fill(std::uint32_t row, double value) const;
    void run(Stretch const& code, StepContext const& at) const {
        for (Batch const& batch : code.batches)
            batch.kernel(at, arena.get(), code.instructions.data() + batch.first, batch.count);
    }

  private:
    Stretch bind(std::vector<Instruction> const& list, int parity) const;
    Code bind(std::vector<Instruction> const& list) const;
    Places places(std::vector<Operand> const& operands) const;
    void bind(Program const& program);
};

} // namespace perpetuum
