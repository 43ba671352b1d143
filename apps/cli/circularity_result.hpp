#pragma once
// Where the money of every firm came from, in a window, with what stands beside it.

#include "loading.hpp"

namespace perpetuum {

struct FirmCircularity {
    FirmOrigin origin;
    VendorFinancing vendor;
    double promised_finance =
        0; ///< USD: promised to firms that buy from it, directly or over one other
    double booked_revenue = 0; ///< USD: the account `revenue` over the window
};
struct CircularityResult {
    Window window;
    double gross = 0, max_circulation = 0, finn = 0;
    std::vector<FirmCircularity> firms;
};
CircularityResult circularity_of(Projection const& projection,
                                 std::vector<PromiseLine> const& promises, Window const& window);

/// "Of every 100 dollars NVIDIA received for goods and services in 2026, about 2 were …"
std::string revenue_sentence(std::string const& name, FirmOrigin const& firm, Window const& window);
/// "Of every 100 dollars OpenAI paid for goods and services in 2026, 18 came from its customers, …"
std::string spending_sentence(std::string const& name, FirmOrigin const& firm,
                              Window const& window);
/// "Of every 100 dollars NVIDIA paid to firms of the book in 2026, 11 …"
std::string return_sentence(std::string const& name, FirmOrigin const& firm, Window const& window);

} // namespace perpetuum
