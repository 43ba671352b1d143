// What is kept of a step, row by row: sums of cells, checks, first defaults.

namespace perpetuum::PERPETUUM_CLONE {

/// out = Σ value × factor, term after term from 0; `same`: a term is one value for all lanes.
void record_series(double* out, double const* const* rows, char const* same, double const* factors,
                   int terms, int lanes) {
    for (int i = 0; i < lanes; ++i) out[i] = 0;
    for (int t = 0; t < terms; ++t) {
        double const* const row = rows[t];
        double const factor = factors[t];
        if (same[t] != 0) {
            double const added = *row * factor;
            for (int i = 0; i < lanes; ++i) out[i] += added;
        } else {
#pragma GCC ivdep
            for (int i = 0; i < lanes; ++i) out[i] += row[i] * factor;
        }
    }
}

/// 1 where a check holds, and did so before.
void record_check(double* out, double const* row, bool same, double const* before, int lanes) {
    double const all = *row;
    if (before) {
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i)
            out[i] = ((same ? all : row[i]) == 1) & (before[i] == 1) ? 1.0 : 0.0;
    } else {
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) out[i] = (same ? all : row[i]) == 1 ? 1.0 : 0.0;
    }
}

/// The step, where a firm defaults and has not done so before.
void record_default(int* first, double const* row, bool same, int step, int lanes) {
    double const all = *row;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        bool const now = (first[i] == 0) & ((same ? all : row[i]) > 0);
        first[i] = now ? step : first[i];
    }
}

/// The last of `steps` rows, `stride` apart, becomes the sum of all, the first first.
void record_window(double* last, int steps, long stride, int lanes) {
    for (int i = 0; i < lanes; i += 8) {
        double sum[8] = {};
        int const here = lanes - i < 8 ? lanes - i : 8;
        for (int k = 1 - steps; k <= 0; ++k)
            for (int j = 0; j < here; ++j) sum[j] += last[k * stride + i + j];
        for (int j = 0; j < here; ++j) last[i + j] = sum[j];
    }
}

/// Is every value of `count` a number?
bool record_numbers(double const* values, long count) {
    long none = 0;
    for (long i = 0; i < count; ++i) none |= values[i] == values[i] ? 0 : 1;
    return none == 0;
}

} // namespace perpetuum::PERPETUUM_CLONE
