#pragma once
// What a vendor has promised to pay to those who buy from it.

#include "circularity_result.hpp"

#include <set>

namespace perpetuum {

/// Who, in the window, buys from a vendor itself or from someone who does.
std::set<int> buyers_of(PaymentSet const& set, int vendor, Window const& window);
/// What is promised to its buyers of the window, over what those promised to paid it there.
PromisedFinance promised_finance(PaymentSet const& set, std::vector<PromiseLine> const& promises,
                                 int vendor, Window const& window);

} // namespace perpetuum
