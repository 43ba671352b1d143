#pragma once
/// ensemble: many paths. Today: the central one, with every parameter and shock at its median.

#include <perpetuum/step.hpp>

namespace perpetuum {

/// One path kept whole, or as far as it went: a fault ends it before the step in which it happens.
/// values[step × cells + cell]; step 0 is before the first.
struct Path {
    int steps = 0;
    std::size_t cells = 0;
    std::vector<double> values;
    Fault fault; ///< step 0: none

    double at(CellId cell, int step) const {
        return values[static_cast<std::size_t>(step) * cells + static_cast<std::size_t>(cell)];
    }
};

Path central_path(System const& system, Program const& program);

} // namespace perpetuum
