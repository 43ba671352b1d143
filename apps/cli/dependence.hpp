#pragma once
// What would not have been sold without a financing (design: dependence), by what its receiver had done.

#include "central_runs.hpp"

namespace perpetuum {

/// Answers `circularity BOOK --without DEAL`.
Answer dependence_of(Options const& options, std::string const& deal, Projection const& projection);

/// Cuts that spread over the payments of a window: who gets less pays less.
enum class CutRule {
    shared, ///< all payments alike
    first,  ///< what it chooses to pay first, the last ranks before the others, then dues
    levered ///< all alike, and new debt falls with receipts too
};
/// Of each firm, goods and services sold less, USD, over the steps [first, last], when the payments of
/// contracts of a deal to its receiver are not made. The window is one pool, from the deal's first
/// payment in it on; tills are no cushion: what does not come in is not paid out.
/// cost  rounds × payments of the window, at most 200 rounds
std::vector<double> sold_less(System const& system, PaymentSet const& payments,
                              std::vector<int> const& contracts, CutRule rule, int first, int last);

} // namespace perpetuum
