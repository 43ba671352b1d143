// The central path: one lane, every draw at its median, everything kept.

#include <perpetuum/ensemble.hpp>

namespace perpetuum {

Path central_path(System const& system, Program const& program) {
    Path path;
    path.steps = system.steps;
    path.cells = system.cells.size();
    path.values.resize(path.cells * static_cast<std::size_t>(path.steps + 1));
    PathBlock block(system, program, 1);
    block.begin();
    auto const keep = [&](int step) {
        double* const row = path.values.data() + static_cast<std::size_t>(step) * path.cells;
        for (std::size_t cell = 0; cell < path.cells; ++cell)
            row[cell] = block.value(static_cast<CellId>(cell));
    };
    keep(0);
    for (int step = 1; step <= path.steps; ++step) {
        block.advance();
        if (block.faults()[0].step != 0) break; // the step of a fault and what follows mean nothing
        keep(step);
    }
    path.fault = block.faults()[0];
    if (path.fault.step != 0) path.steps = path.fault.step - 1;
    return path;
}

} // namespace perpetuum
