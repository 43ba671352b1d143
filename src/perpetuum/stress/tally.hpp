#pragma once
/// What one run of a block of paths earns: income by firm, line and step, and who defaults.

#include "lines.hpp"

#include <vector>

namespace perpetuum::stressing {

/// Which cells are added up, the same for all blocks.
struct TallyPlan {
    System const* system = nullptr;
    std::vector<int> firms;
    std::vector<IncomeTerm> terms;
    std::vector<IncomeTerm> balances; ///< of income and expense accounts: by another way
    std::vector<CellId> revenue;      ///< of all firms
    CellId given = -1;                ///< looked at in given_step; -1: none
    int given_step = 1;
    int horizon = 0;
    bool by_step = true; ///< false: only sums to the horizon, and no defaults

    TallyPlan(System const& of, int last, bool each_step);
    std::vector<CellId> wanted() const;
};

class Tally {
  public:
    Tally(TallyPlan const& plan, int lanes);
    void begin();
    void look(PathBlock const& block); ///< after each step
    /// Coins of a step (by_step) or of all, [0, lanes); running costs are put against sales.
    double const* channel(std::size_t firm, Channel channel, int step) const;
    double const* total(std::size_t firm, int step) const;
    double const* inside(int step) const; ///< marks on claims between firms
    double const* booked(std::size_t firm) const { return booked_.data() + firm * lanes_; }
    double const* cash(std::size_t firm) const { return cash_.data() + firm * lanes_; }
    double const* revenue() const { return revenue_.data(); } ///< coins, all steps
    double const* given() const { return given_.data(); }
    int const* first_defaults() const { return first_default_.data(); }

  private:
    TallyPlan const& plan_;
    std::size_t lanes_, slots_;
    std::vector<double> lines_;           ///< [firm × lines + line][lane], of this step, coins
    std::vector<double> channels_;        ///< [(slot × firms + firm) × channels + channel][lane]
    std::vector<double> totals_;          ///< [slot × firms + firm][lane]
    std::vector<double> inside_;          ///< [slot][lane]
    std::vector<double> booked_;          ///< [firm][lane]: all steps, from the balances
    std::vector<double> cash_;            ///< [firm][lane]: after the last step
    std::vector<double> revenue_, given_; ///< [lane]
    std::vector<int> first_default_;

    void put_against_sales(std::size_t firm, std::size_t slot);
    std::size_t slot_of(int step) const {
        return plan_.by_step ? static_cast<std::size_t>(step - 1) : 0;
    }
};

} // namespace perpetuum::stressing
