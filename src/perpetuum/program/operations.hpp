#pragma once
/// What instructions can do, and what a kernel is given. Included by clones: nothing here may emit
/// code that objects share.

#include <cstdint>

namespace perpetuum {

/// What one instruction does to rows. The fused ones round after each of their two operations, so
/// that fusing changes no bit.
enum class Opcode : std::uint8_t {
    copy,
    negate,
    absolute,
    square_root,
    round_down,
    exponential,
    logarithm,
    negation,
    to_coins,
    since,
    add,
    subtract,
    multiply,
    divide,
    power,
    minimum,
    maximum,
    equal,
    unequal,
    less,
    less_equal,
    conjunction,
    disjunction,
    ramp_up,
    choose,
    choose_to_coins,   ///< of whole coins what choose gives
    add_add,           ///< (a + b) + c
    add_subtract,      ///< (a + b) - c
    add_from,          ///< c - (a + b)
    add_multiply,      ///< (a + b) * c
    subtract_add,      ///< (a - b) + c
    subtract_subtract, ///< (a - b) - c
    subtract_from,     ///< c - (a - b)
    subtract_multiply, ///< (a - b) * c
    multiply_add,      ///< (a * b) + c
    multiply_subtract, ///< (a * b) - c
    multiply_from,     ///< c - (a * b)
    multiply_multiply, ///< (a * b) * c
    add_minimum,       ///< min(c, a + b)
    add_maximum,       ///< max(c, a + b)
    subtract_minimum,  ///< min(c, a - b)
    subtract_maximum,  ///< max(c, a - b)
    multiply_minimum,  ///< min(c, a * b)
    multiply_maximum,  ///< max(c, a * b)
    remember,          ///< a row into a memory, at the step's place
    past,              ///< (time, unused, memory): what it held that long ago
    past_sum,          ///< (time, value a step before the start, memory)
    sum,               ///< of its terms
    count_of_operations
};

/// A term of a sum with its rows found: offsets into a block's memory.
struct BoundTerm {
    std::uint32_t value = 0;
    std::uint32_t condition = 0; ///< where it is 0, so is the term; 0: none
    std::uint64_t flip = 0;      ///< the sign bit where the term is taken away
};
/// What kernels know of the step they run in.
struct StepContext {
    int first = 0;            ///< lane; the rows of a block are worked on from it on
    int lanes = 16;           ///< a multiple of 16
    std::int64_t stride = 16; ///< doubles from row to row
    int step = 0;
    double time_end = 0; ///< months
    double step_months = 3;
    double coins_per_usd = 100;
    BoundTerm const* terms = nullptr; ///< of all sums
};
/// An instruction with its rows found: offsets into a block's memory, in doubles; of a sum its first
/// term and how many it has.
struct BoundInstruction {
    std::uint32_t out = 0;
    std::uint32_t in[3] = {};
};
/// One operation on the rows of `count` instructions, one after the other.
using Kernel = void (*)(StepContext const&, double* memory, BoundInstruction const* first,
                        int count);

} // namespace perpetuum
