// Sums over rows of whole coins: exact, in any order.

namespace perpetuum::PERPETUUM_CLONE {

void audit_add(double* sums, double const* const* rows, int const* places, double const* signs,
               int count, int lanes) {
    for (int r = 0; r < count; ++r) {
        double* const sum = sums + static_cast<long>(places[r]) * lanes;
        double const* const row = rows[r];
        double const sign = signs[r];
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) sum[i] += sign * row[i];
    }
}

/// residual += |sum|, and the sum begins anew.
void audit_take(double* residual, double* sum, int lanes) {
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        residual[i] += __builtin_fabs(sum[i]);
        sum[i] = 0;
    }
}

/// Cash below zero, and coins that are not whole, count too.
void audit_purse(double* residual, double const* cash, int lanes) {
    constexpr double whole = 4503599627370496.0; // 2^52
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const size = __builtin_fabs(cash[i]);
        double const part = size < whole ? size - ((size + whole) - whole) : 0;
        residual[i] += (cash[i] < 0 ? size : 0) + __builtin_fabs(part);
    }
}

} // namespace perpetuum::PERPETUUM_CLONE
