// Single paths, kept whole: the central one, and any by its number.

#include "drawing.hpp"

#include <perpetuum/ensemble.hpp>

namespace perpetuum {

namespace {

/// One lane of a block, all steps.
Path keep_lane(System const& system, PathBlock& block, int lane) {
    Path path;
    path.steps = system.steps;
    path.cells = system.cells.size();
    path.values.resize(path.cells * static_cast<std::size_t>(path.steps + 1));
    auto const keep = [&](int step) {
        double* const row = path.values.data() + static_cast<std::size_t>(step) * path.cells;
        for (std::size_t cell = 0; cell < path.cells; ++cell)
            row[cell] = block.value(static_cast<CellId>(cell), lane);
    };
    auto const& fault = block.faults()[static_cast<std::size_t>(lane)];
    keep(0);
    for (int step = 1; step <= path.steps; ++step) {
        block.advance();
        if (fault.step != 0) break; // the step of a fault and what follows mean nothing
        keep(step);
    }
    path.fault = fault;
    if (path.fault.step != 0) path.steps = path.fault.step - 1;
    return path;
}

} // namespace

Path central_path(System const& system, Program const& program) {
    PathBlock block(system, program, 1);
    block.begin();
    return keep_lane(system, block, 0);
}

Path path_by_number(System const& system, Program const& program, Sample const& sample,
                    std::uint64_t number) {
    // Draws come in groups of sixteen paths.
    std::uint64_t const first = number / 16 * 16;
    int const lane = static_cast<int>(number - first);
    PathBlock block(system, program, lane + 1);
    Drawing const drawing(system, program, sample);
    block.begin(drawing.from(first));
    return keep_lane(system, block, lane);
}

} // namespace perpetuum
