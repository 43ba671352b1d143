#pragma once
/// The draws of a program's paths.

#include <perpetuum/ensemble.hpp>

#include <vector>

namespace perpetuum {

/// Which figures a program draws, and how.
class Drawing {
  public:
    Drawing(System const& system, Program const& program, Sample sample);
    /// Fills row[0, lanes) with draw `number` (into Program::draws) of paths from `first` on.
    void fill(std::size_t number, int step, std::uint64_t first, double* row, int lanes) const;
    /// For a block of paths from `first` on.
    DrawRow from(std::uint64_t first) const;

  private:
    struct Figure {
        Quantile quantile;
        std::uint64_t key = 0;
        std::uint64_t dimension = 0; ///< of a sampling plan
    };
    Sample sample_;
    std::vector<Figure> figures_; ///< by draw
};

} // namespace perpetuum
