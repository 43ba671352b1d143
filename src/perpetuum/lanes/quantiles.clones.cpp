// Probabilities to values, a row at a time and in place.

#include <perpetuum/lanes/normal_quantile.hpp>

#include <cstddef>
#include <cstdint>

namespace perpetuum::PERPETUUM_CLONE {

void normal_quantile_in_place(double* row, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) row[i] = lane_normal_quantile(row[i]);
}

void normal_probability_in_place(double* row, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) row[i] = lane_normal_probability(row[i]);
}

void add_multiple(double* __restrict row, double const* __restrict other, std::size_t lanes,
                  double times) {
    for (std::size_t i = 0; i < lanes; ++i) row[i] += times * other[i];
}

void linear_in_place(double* row, std::size_t lanes, double begin, double slope) {
    for (std::size_t i = 0; i < lanes; ++i) row[i] = begin + slope * row[i];
}

void exponential_in_place(double* row, std::size_t lanes, double factor, double slope) {
    for (std::size_t i = 0; i < lanes; ++i) row[i] = factor * lane_exp(slope * row[i]);
}

void triangular_in_place(double* row, std::size_t lanes, double lo, double mode, double hi) {
    double const width = hi - lo, below = (mode - lo) / width;
    double const rising = width * (mode - lo), falling = width * (hi - mode);
    for (std::size_t i = 0; i < lanes; ++i) {
        double const u = row[i], left = lo + lane_sqrt(u * rising);
        double const right = hi - lane_sqrt((1 - u) * falling);
        row[i] = u < below ? left : right;
    }
}

/// `cells`: 6 coefficients each of the logit of a value between 0 and 1, over cells of 1/`density`
/// of the logit of u, from -`end` to `end`.
void logit_table_in_place(double* row, std::size_t lanes, double const* cells, double density,
                          double end) {
    constexpr std::size_t part = 64;
    double const last = 2 * end * density - 1;
    for (std::size_t first = 0; first < lanes; first += part, row += part) {
        std::size_t const count = lanes - first < part ? lanes - first : part;
        double within[part], cell[part];
        for (std::size_t i = 0; i < count; ++i) {
            double const logit = lane_log(row[i] / (1 - row[i]));
            // In this order a NaN becomes a number: it must not lead out of the table.
            double const up = logit > -end ? logit : -end, inside = up < end ? up : end;
            double const place = (inside + end) * density, down = lane_floor(place);
            cell[i] = down < last ? down : last;
            within[i] = place - cell[i];
        }
        for (std::size_t i = 0; i < count; ++i) {
            double const* const c = cells + 6 * static_cast<std::size_t>(cell[i]);
            double const s = within[i];
            row[i] = c[0] + s * (c[1] + s * (c[2] + s * (c[3] + s * (c[4] + s * c[5]))));
        }
        for (std::size_t i = 0; i < count; ++i) row[i] = 1 / (1 + lane_exp(-row[i]));
    }
}

} // namespace perpetuum::PERPETUUM_CLONE
