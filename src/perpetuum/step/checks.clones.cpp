// Are whole rows in range? What is not a number is not.

namespace perpetuum::PERPETUUM_CLONE {

/// All of [-limit, limit].
bool all_balances(double const* const* rows, int count, int lanes, double limit) {
    long wrong = 0;
    for (int r = 0; r < count; ++r) {
        double const* const row = rows[r];
        for (int i = 0; i < lanes; ++i) wrong |= __builtin_fabs(row[i]) <= limit ? 0 : 1;
    }
    return wrong == 0;
}

} // namespace perpetuum::PERPETUUM_CLONE
