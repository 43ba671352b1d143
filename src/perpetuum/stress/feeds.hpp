#pragma once
/// Draws of a system that holds values: what is held is read from the unshocked block beside it,
/// which must be a step ahead.

#include <perpetuum/stress.hpp>

namespace perpetuum::stressing {

/// The result refers to `holding`, `program` and `base`, which must outlive it.
DrawRow fed_draws(HoldingSystem const& holding, std::vector<int> const& feed_of_draw,
                  PathBlock const& base, DrawRow usual);
/// By draw of a program: the feed that it is; -1: none.
std::vector<int> feeds_of(HoldingSystem const& holding, Program const& program);

} // namespace perpetuum::stressing
