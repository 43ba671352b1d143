#pragma once
/// The draws of a program's paths.

#include <perpetuum/ensemble.hpp>

#include <string>
#include <vector>

namespace perpetuum {

/// Names that correlations tie together, with the table of all pairs.
struct CorrelationGroup {
    std::vector<std::string> names;
    std::vector<double> table; ///< names × names
};
std::vector<CorrelationGroup> groups_of(std::vector<Correlation> const& correlations);

/// Which figures a program draws, and how. Throws BadInput for what `fault_of` finds.
class Drawing {
  public:
    Drawing(System const& system, Program const& program, Sample const& sample);
    /// Fills row[0, lanes) with draw `number` (into Program::draws) of paths from `first` on.
    void fill(std::size_t number, int step, std::uint64_t first, double* row, int lanes) const;
    /// For a block of paths from `first` on.
    DrawRow from(std::uint64_t first) const;

  private:
    struct Source { ///< of independent draws
        std::string name;
        std::uint64_t key = 0;
        std::size_t dimension = 0; ///< of a sampling plan
        bool each_step = false;
    };
    struct Group {
        Copula copula;
        std::vector<Source> sources;
    };
    struct Figure {
        Quantile quantile;
        Source source;
        int group = -1, place = 0; ///< −1: independent of all others
    };
    SamplingPlan plan_;
    std::vector<Figure> figures_; ///< by draw
    std::vector<Group> groups_;

    bool planned_source(Source const& source) const {
        return plan_.sampling != Sampling::independent && !source.each_step;
    }
    void normal_row(Source const& source, int step, std::uint64_t first, double* row,
                    std::size_t lanes) const;
};

} // namespace perpetuum
