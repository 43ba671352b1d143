#pragma once
/// What is kept of one block of paths until it goes into the statistics.

#include "audit.hpp"

#include <perpetuum/ensemble.hpp>

#include <array>
#include <string>
#include <vector>

namespace perpetuum {

class Record {
  public:
    Record(EnsembleSide const& side, int lanes);
    void begin(PathBlock const& block);
    void look(PathBlock const& block); ///< after each step
    /// Adds up windows, and finds which of the first `paths` lanes are fit to be counted.
    void finish(PathBlock const& block, int paths);

    /// Series, then checks; [0, lanes).
    double const* row(std::size_t series, int step) const {
        return values_.data() + (series * steps_ + static_cast<std::size_t>(step) - 1) * lanes_;
    }
    std::size_t rows() const { return series_; }
    int const* first_defaults() const { return first_default_.data(); } ///< [firm × lanes + lane]
    std::vector<std::string> const& problems() const { return problems_; } ///< empty: fit

  private:
    EnsembleSide const& side_;
    std::size_t lanes_, steps_, series_;
    /// Where what is looked at stands after even and after odd steps: found once, for a block keeps
    /// its rows.
    struct Rows {
        std::vector<double const*> row;
        std::vector<char> same;
        void add(RowView view);
    };
    struct Found {
        Rows terms, checks, firms;
    };
    std::array<Found, 2> found_;
    PathBlock const* found_in_ = nullptr;
    std::vector<double> factors_; ///< of all terms
    std::vector<double> values_;
    std::vector<int> first_default_;
    std::vector<std::string> problems_;
    Audit audit_;

    double* at(std::size_t series, int step) {
        return values_.data() + (series * steps_ + static_cast<std::size_t>(step) - 1) * lanes_;
    }
    Found const& found(PathBlock const& block);
    void add_up_windows();
    void find_problems(PathBlock const& block, int paths);
};

} // namespace perpetuum
