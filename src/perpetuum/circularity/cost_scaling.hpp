#pragma once
/// The kernel under max_circulation: one strongly connected piece, cost −1 an edge.

#include <cstdint>
#include <vector>

namespace perpetuum {

struct UnitCostProblem {
    int nodes = 0;
    std::vector<int> from, to;          ///< by edge
    std::vector<std::int64_t> capacity; ///< by edge, > 0
};
struct UnitCostSolution {
    std::vector<std::int64_t> flow; ///< by edge
    std::vector<std::int64_t>
        level; ///< by node: unsaturated edges go up by one or more, used ones by at most one
};
/// The circulation with the largest Σ flow, by cost scaling: push and relabel with an error that
/// falls from n + 1 to 1. source  Goldberg & Tarjan (1990), Finding minimum-cost circulations by
/// successive approximation
UnitCostSolution largest_circulation(UnitCostProblem const& problem);

} // namespace perpetuum
