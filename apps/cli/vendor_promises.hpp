#pragma once
// What a vendor has promised to pay to those who buy from it.

#include "loading.hpp"

#include <set>

namespace perpetuum {

/// Who, in the window, buys from a vendor itself or from someone who does.
std::set<int> buyers_of(PaymentSet const& set, int vendor, Window const& window);
/// USD of finance promised to them by deals that have not ended.
double promised_finance(PaymentSet const& set, std::vector<PromiseLine> const& promises, int vendor,
                        std::set<int> const& buyers);

} // namespace perpetuum
