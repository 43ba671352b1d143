#pragma once
/// What must be zero, measured on every lane and step from postings and balances as they stand.

#include <perpetuum/step.hpp>

#include <array>
#include <utility>
#include <vector>

namespace perpetuum {

class Audit {
  public:
    Audit(System const& system, int lanes);
    /// The cells it looks at.
    static std::vector<CellId> cells(System const& system);
    /// After the start, and after each step: adds to each lane's residual, in coins.
    void begin(PathBlock const& block);
    void look(PathBlock const& block);
    /// By lane: the sum of all residuals; exactly 0 where all is well.
    std::vector<double> const& residual() const { return residual_; }

  private:
    /// Where cells stand.
    struct Rows {
        std::vector<double const*> row;
        std::vector<std::pair<std::size_t, double const*>> spread; ///< one value for all lanes
        std::vector<double> spreads;                               ///< … and a row for each
    };
    /// Rows that are added to sums.
    struct Lines {
        std::vector<CellId> cells;
        std::vector<int> places; ///< which sum
        std::vector<double> signs;
        std::array<Rows, 3> rows; ///< after even steps, after odd ones, at the start
        PathBlock const* found_in = nullptr;
        void add(CellId cell, int place, double sign);
    };
    System const& system_;
    std::size_t lanes_;
    int entities_ = 0, sums_ = 0;
    Lines balances_;             ///< to entities: assets less liabilities less equity
    Lines cash_;                 ///< to entities: postings to cash
    Lines rows_;                 ///< to transactions: the same
    std::vector<CellId> purses_; ///< by entity: cash of those that are not outside; −1
    std::vector<CellId> all_cash_;
    std::vector<double> sum_, last_, residual_;

    void find(PathBlock const& block, Lines& lines, Rows& found);
    void add(PathBlock const& block, Lines& lines);
    void take_sums();
    void look_at_sheets(PathBlock const& block);
};

} // namespace perpetuum
