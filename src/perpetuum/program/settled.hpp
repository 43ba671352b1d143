#pragma once
/// What never moves: cells that have one value before the first step and after every other, on every
/// path, whatever is drawn.

#include "lower.hpp"

#include <vector>

namespace perpetuum {

/// Values in every step; not a number: it moves, or may.
struct Settled {
    std::vector<double> cell, node;
};
inline bool is_settled(double value) { return value == value; }

/// Of all that is consistent with itself the most: a balance that begins at zero and is moved only by
/// payments that hang on that balance is zero for ever. `start` by cell, in the pool. Cells that are
/// solved for together are left alone. A payment whose owed amount is settled at zero is settled.
/// cost  linear in the nodes of the system
Settled settled_of(System const& system, Sequence const& sequence, Pool const& pool,
                   std::vector<TermId> const& start);

} // namespace perpetuum
