// Sixteen lanes at a time, so that what everybody has left stays close at hand.

#include <perpetuum/clearing/pay.hpp>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

template <bool whole>
inline void some_lanes(PayInFull const& at, int first, int count, double* sum, double* is_short) {
    int const width = whole ? pay_width : count;
    double* const left = at.left;
    double total[pay_width] = {}, lacking[pay_width] = {};
    for (int e = 0; e < at.entities; ++e) {
        double* const mine = left + static_cast<long>(e) * pay_width;
        bool const counts = at.limited[e] != 0 && at.cash[e] != nullptr;
        for (int i = 0; i < width; ++i) {
            mine[i] = counts ? at.cash[e][first + i] : 0;
            total[i] += mine[i];
        }
    }
    for (int p = 0; p < at.payments; ++p) {
        double const* const owed = at.owed[p] + first;
        double* const paid = at.paid[p] + first;
        double* const payer = left + static_cast<long>(at.payer[p]) * pay_width;
        double* const payee = left + static_cast<long>(at.payee[p]) * pay_width;
#pragma GCC ivdep
        for (int i = 0; i < width; ++i) {
            double const amount = owed[i];
            payer[i] = payer[i] - amount;
            payee[i] = payee[i] + amount;
            total[i] += amount;
            paid[i] = amount;
        }
    }
    for (int e = 0; e < at.entities; ++e) {
        if (at.limited[e] == 0) continue;
        double const* const mine = left + static_cast<long>(e) * pay_width;
        for (int i = 0; i < width; ++i) lacking[i] = mine[i] < 0 ? 1.0 : lacking[i];
    }
    for (int i = 0; i < width; ++i) {
        sum[first + i] = total[i];
        is_short[first + i] = total[i] <= at.largest ? lacking[i] : 1.0;
    }
}

} // namespace

/// sum[lane]: of all amounts; is_short[lane]: 1 where somebody would have less than nothing, or
/// where doubles cannot tell.
void pay_in_full(PayInFull const& at, double* sum, double* is_short) {
    int const groups = at.lanes / pay_width;
    for (int g = 0; g < groups; ++g) some_lanes<true>(at, g * pay_width, pay_width, sum, is_short);
    int const done = groups * pay_width;
    if (done < at.lanes) some_lanes<false>(at, done, at.lanes - done, sum, is_short);
}

} // namespace perpetuum::PERPETUUM_CLONE
