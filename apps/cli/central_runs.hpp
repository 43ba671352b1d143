#pragma once
// The same book run again and again with something changed: on the central path.

#include "loading.hpp"

#include <optional>

namespace perpetuum {

/// A run of a book as it stands in memory.
struct CentralRun {
    System system;
    Path path;
};
/// Nothing where the book cannot be run: `problem` says the first reason.
std::optional<CentralRun> run_central(Book const& book, Reading const& reading, int steps,
                                      std::string const& scenario,
                                      std::vector<std::string> const& ended, std::string& problem);

/// Of a firm: revenue and profit over steps [first, last], cash and debts at the end.
struct FirmResult {
    std::string firm;
    double revenue = 0, profit = 0, cash = 0, debt = 0;
    int defaulted = 0; ///< step, from 1; 0: never
};
std::vector<FirmResult> results_of(CentralRun const& run, int first, int last);

} // namespace perpetuum
