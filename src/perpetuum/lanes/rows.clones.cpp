// The elementary functions on rows, for the room's tests and measurements: other rooms write their
// own loops around them.

#include <perpetuum/lanes/elementary.hpp>

#include <cstddef>

namespace perpetuum::PERPETUUM_CLONE {

void exp_row(double* __restrict out, double const* __restrict x, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) out[i] = lane_exp(x[i]);
}

void log_row(double* __restrict out, double const* __restrict x, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) out[i] = lane_log(x[i]);
}

void pow_row(double* __restrict out, double const* __restrict x, double const* __restrict y,
             std::size_t lanes) {
    lane_pow_row(out, x, y, lanes);
}

void sqrt_row(double* __restrict out, double const* __restrict x, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) out[i] = lane_sqrt(x[i]);
}

void floor_row(double* __restrict out, double const* __restrict x, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) out[i] = lane_floor(x[i]);
}

void round_row(double* __restrict out, double const* __restrict x, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) out[i] = lane_round(x[i]);
}

void ceil_row(double* __restrict out, double const* __restrict x, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) out[i] = lane_ceil(x[i]);
}

void trunc_row(double* __restrict out, double const* __restrict x, std::size_t lanes) {
    for (std::size_t i = 0; i < lanes; ++i) out[i] = lane_trunc(x[i]);
}

} // namespace perpetuum::PERPETUUM_CLONE
