// Sixteen lanes at a time; what an entity pays and gets is summed where it need not be stored.

#include <perpetuum/clearing/pay.hpp>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

constexpr int width = 16;

template <bool whole>
inline bool some_lanes(PayInFull const& at, int first, int count, double* sum, double* is_short) {
    int const lanes = whole ? width : count;
    double total[width] = {}, lacking[width] = {};
    long wrong[width] = {};
    for (int e = 0; e < at.entities; ++e) {
        bool const limited = at.limited[e] != 0;
        double left[width] = {};
        if (limited && at.cash[e] != nullptr) {
            double const* const cash = at.cash[e] + first;
            for (int i = 0; i < lanes; ++i) {
                left[i] = cash[i];
                total[i] += cash[i];
                wrong[i] |= ((cash[i] >= 0) & (cash[i] <= at.largest)) ? 0 : 1;
            }
        }
        for (int k = at.owes.first[e]; k < at.owes.first[e + 1]; ++k) {
            double const* const owed = at.owed[at.owes.payment[k]] + first;
            double* const paid = at.paid[at.owes.payment[k]] + first;
#pragma GCC ivdep
            for (int i = 0; i < lanes; ++i) {
                double const amount = owed[i];
                left[i] -= amount;
                total[i] += amount;
                wrong[i] |= ((amount >= 0) & (amount <= at.largest)) ? 0 : 1;
                paid[i] = amount;
            }
        }
        if (!limited) continue;
        for (int k = at.receives.first[e]; k < at.receives.first[e + 1]; ++k) {
            double const* const owed = at.owed[at.receives.payment[k]] + first;
            for (int i = 0; i < lanes; ++i) left[i] += owed[i];
        }
        for (int i = 0; i < lanes; ++i) lacking[i] = left[i] < 0 ? 1.0 : lacking[i];
    }
    long any = 0;
    for (int i = 0; i < lanes; ++i) {
        sum[first + i] = total[i];
        is_short[first + i] = total[i] <= at.largest ? lacking[i] : 1.0;
        any |= wrong[i];
    }
    return any == 0;
}

} // namespace

/// sum[lane]: of all amounts; is_short[lane]: 1 where somebody would have less than nothing, or
/// where doubles cannot tell. False where an amount is negative, too large or no number.
bool pay_in_full(PayInFull const& at, double* sum, double* is_short) {
    bool fine = true;
    int const groups = at.lanes / width;
    for (int g = 0; g < groups; ++g) fine &= some_lanes<true>(at, g * width, width, sum, is_short);
    int const done = groups * width;
    if (done < at.lanes) fine &= some_lanes<false>(at, done, at.lanes - done, sum, is_short);
    return fine;
}

} // namespace perpetuum::PERPETUUM_CLONE
