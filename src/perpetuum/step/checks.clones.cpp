// Is a whole row in range? What is not a number is not.

namespace perpetuum::PERPETUUM_CLONE {

/// All of [0, limit].
bool all_amounts(double const* row, int lanes, double limit) {
    double wrong = 0;
    for (int i = 0; i < lanes; ++i) wrong += ((row[i] >= 0) & (row[i] <= limit)) ? 0.0 : 1.0;
    return wrong == 0;
}

/// All of [-limit, limit].
bool all_balances(double const* row, int lanes, double limit) {
    double wrong = 0;
    for (int i = 0; i < lanes; ++i) wrong += __builtin_fabs(row[i]) <= limit ? 0.0 : 1.0;
    return wrong == 0;
}

} // namespace perpetuum::PERPETUUM_CLONE
