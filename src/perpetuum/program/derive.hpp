#pragma once
/// Derivatives of terms, as terms.

#include "pool.hpp"

#include <vector>

namespace perpetuum {

/// d images / d unknowns: [image × unknowns + unknown]; unknowns are leaves. Where a function has a
/// kink, the slope of the piece it is on; whole coins count as the amount they stand for.
/// cost  terms between unknowns and images × unknowns
std::vector<TermId> slopes_of(Pool& pool, double step_months, double coin,
                              std::vector<TermId> const& images,
                              std::vector<TermId> const& unknowns);

/// True where the value of a term rests on one of the leaves.
std::vector<char> resting_on(Pool const& pool, std::vector<TermId> const& roots,
                             std::vector<TermId> const& leaves);

/// A term in which a leaf stands at a number; products with zero are zero. −1 where the leaf is
/// looked at through the clock or a memory.
TermId with_leaf(Pool& pool, TermId root, TermId leaf, double value);

} // namespace perpetuum
