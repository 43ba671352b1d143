#pragma once
/// Readings: every till's mix of origins, step by step, under one order out of the till.

#include "labels.hpp"
#include "tills.hpp"

#include <vector>

namespace perpetuum {

/// Which of the money in a till is paid out first.
enum class TillOrder { alike, opening_first, receipts_first };

/// Columns of a mix: the five origins; own money paid as finance, then customers by sector and
/// partners' money by partner where details are asked for. A detail's column takes the place of its
/// origin's.
struct MixColumns {
    int count = origins_in_all;
    int own_finance = -1;
    std::vector<int>
        of_party; ///< column of a sector's sales or a partner's finance; -1 = the origin's own
};
MixColumns mix_columns(PaymentSet const& set, bool details);

/// Amounts by column, minor units.
struct MixedMoney {
    double receipts_total = 0, purchases_total = 0;
    std::vector<double> receipts, purchases; ///< for goods and services in the window
};

/// cost  per step with payments one elimination of the size of the tills that move; no subtraction,
/// so no loss of digits
MixedMoney trace_mix(PaymentSet const& set, TillPlan const& plan, MixColumns const& columns,
                     int firm, int first, int last, TillOrder order);

} // namespace perpetuum
