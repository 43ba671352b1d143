#pragma once
/// Bounds: the least and the most of each origin, over every convention that conserves money at
/// each till.

#include "labels.hpp"
#include "tills.hpp"

#include <array>
#include <cstdint>

namespace perpetuum {

struct AmountRange {
    std::int64_t least = 0, most = 0; ///< minor units
};
struct OriginBounds {
    std::int64_t receipts = 0;
    std::array<AmountRange, origins_in_all> of; ///< by Origin
    AmountRange circular;                       ///< own money back and partners' money together
};
OriginBounds bound_origins(PaymentSet const& set, TillPlan const& plan, int firm, int first,
                           int last);

} // namespace perpetuum
