// A draw depends on the seed, the figure's name, the path and the step, and on nothing else.

#include "drawing.hpp"

namespace perpetuum {

Drawing::Drawing(System const& system, Program const& program, Sample sample) : sample_(sample) {
    // Dimensions of a plan go by the order of the cells, which is the book's and the model's.
    std::vector<std::size_t> order(system.cells.size(), 0);
    std::uint64_t dimensions = 0;
    for (std::size_t i = 0; i < system.cells.size(); ++i)
        if (system.cells[i].drawn && !system.cells[i].each_step) order[i] = dimensions++;
    for (Draw const& draw : program.draws) {
        Cell const& cell = system.cells[static_cast<std::size_t>(draw.cell)];
        figures_.push_back({Quantile(cell.draw), stream_key(sample.seed, cell.name),
                            order[static_cast<std::size_t>(draw.cell)]});
    }
}

void Drawing::fill(std::size_t number, int step, std::uint64_t first, double* row,
                   int lanes) const {
    Figure const& figure = figures_[number];
    auto const count = static_cast<std::size_t>(lanes);
    figure.quantile.draw(row, figure.key, first, count, static_cast<std::uint64_t>(step));
}

DrawRow Drawing::from(std::uint64_t first) const {
    return [this, first](std::size_t number, int step, double* row, int lanes) {
        fill(number, step, first, row, lanes);
    };
}

} // namespace perpetuum
