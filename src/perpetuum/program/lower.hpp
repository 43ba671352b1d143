#pragma once
/// Every cell's value as a term: definitions are put in place of names, figures without a spread are
/// numbers, and only what comes from outside the step is left as a leaf.

#include "pool.hpp"
#include "sequence.hpp"

#include <vector>

namespace perpetuum {

struct Lowered {
    explicit Lowered(System const& system) : pool(system) {}
    Pool pool;
    std::vector<TermId> value; ///< by cell, in a step; of a torn one its own leaf
    std::vector<TermId> start; ///< by cell, before the first
    std::vector<TermId> image; ///< by cell: what the equations make of a torn one; −1: not torn
    /// By cell: the solution of an affine block with this one unknown; −1: to be searched for.
    std::vector<TermId> direct;
};

/// The operation of a node; of `>` and `>=` that of `<` and `<=`, with its arguments the other way
/// round.
Opcode operation_of(NodeOp op);
bool mirrored(NodeOp op);

Lowered lower(System const& system, Sequence const& sequence, CompileOptions const& options);

} // namespace perpetuum
