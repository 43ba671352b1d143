#pragma once
// Where the money of every firm came from, in a window, with what stands beside it.

#include "loading.hpp"

namespace perpetuum {

/// Finance promised to firms that buy from a firm, directly or over one other, by deals that have
/// not ended; in all, whatever the window.
struct PromisedFinance {
    double usd = 0;
    double revenue_from_buyers =
        0; ///< USD that the money of those promised to bought in the window
    double of_revenue_from_buyers() const; ///< NaN when that is 0
};
/// What a firm paid in the window by type of payment, USD, the largest first.
struct SpendingKinds {
    std::vector<std::pair<std::string, double>> counted;  ///< for goods and services
    std::vector<std::pair<std::string, double>> left_out; ///< neither these nor finance
};
struct FirmCircularity {
    FirmOrigin origin;
    SpendingKinds kinds;
    VendorFinancing vendor;
    PromisedFinance promised;
    double booked_revenue = 0; ///< USD: the account `revenue` over the window
};
struct CircularityResult {
    Window window;
    double gross = 0, max_circulation = 0, finn = 0;
    std::vector<FirmCircularity> firms;
};
CircularityResult circularity_of(Projection const& projection,
                                 std::vector<PromiseLine> const& promises, Window const& window);

/// Whether quoting a split's pro-rata share would pretend to know: the conventions that someone uses
/// lie half of the money apart, or a third where the bounds hold next to nothing out.
bool conventions_disagree(Split const& split);
/// "On the central path, of every 100 dollars NVIDIA receives for goods and services in 2026, about 2
/// are …"
std::string revenue_sentence(std::string const& name, FirmOrigin const& firm, Window const& window);
/// "On the central path, of every 100 dollars OpenAI pays for goods and services in 2026, 18 come from
/// its customers, …", and what types of payment that counts and leaves out.
std::string spending_sentence(std::string const& name, FirmOrigin const& firm,
                              SpendingKinds const& kinds, Window const& window);
/// "On the central path, for every 100 dollars NVIDIA pays to firms of the book in 2026, 11 …"
std::string return_sentence(std::string const& name, FirmOrigin const& firm, Window const& window);

} // namespace perpetuum
