// Kernels: one loop over the lanes each; a lane is a path and never sees another.

#include <perpetuum/program.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

/// Integral of a rise from 0 to 1 over `length`, from the far past to `elapsed` months after its
/// begin.
double risen(double elapsed, double length) {
    if (elapsed <= 0) return 0;
    if (elapsed >= length) return elapsed - length / 2;
    return elapsed * elapsed / (2 * length);
}

/// Whole coins towards zero; within a thousandth of a coin of a whole number it is that number, so
/// that a balance read in dollars and paid again comes out even.
double whole_coins(double usd, double coin) {
    double const coins = usd / coin;
    double const nearest_whole = std::nearbyint(coins);
    return std::abs(coins - nearest_whole) < 1e-3 ? nearest_whole : std::trunc(coins);
}

template <class Function>
void each(double* __restrict out, int lanes, Function function) {
    for (int lane = 0; lane < lanes; ++lane) out[lane] = function(lane);
}

} // namespace

void run_kernel(NodeOp op, double* out, std::array<double const*, 3> in, int lanes, double time_end,
                double step_months, double coin) {
    double const* const a = in[0];
    double const* const b = in[1];
    double const* const c = in[2];
    switch (op) {
    case NodeOp::constant:
    case NodeOp::past:
    case NodeOp::past_sum:
        break;
    case NodeOp::cell:
        each(out, lanes, [=](int i) { return a[i]; });
        break;
    case NodeOp::time:
        each(out, lanes, [=](int) { return time_end; });
        break;
    case NodeOp::negate:
        each(out, lanes, [=](int i) { return -a[i]; });
        break;
    case NodeOp::add:
        each(out, lanes, [=](int i) { return a[i] + b[i]; });
        break;
    case NodeOp::subtract:
        each(out, lanes, [=](int i) { return a[i] - b[i]; });
        break;
    case NodeOp::multiply:
        each(out, lanes, [=](int i) { return a[i] * b[i]; });
        break;
    case NodeOp::divide:
        each(out, lanes, [=](int i) { return a[i] / b[i]; });
        break;
    case NodeOp::power:
        each(out, lanes, [=](int i) { return std::pow(a[i], b[i]); });
        break;
    case NodeOp::minimum:
        each(out, lanes, [=](int i) { return b[i] < a[i] ? b[i] : a[i]; });
        break;
    case NodeOp::maximum:
        each(out, lanes, [=](int i) { return b[i] > a[i] ? b[i] : a[i]; });
        break;
    case NodeOp::equal:
        each(out, lanes, [=](int i) { return double(a[i] == b[i]); });
        break;
    case NodeOp::unequal:
        each(out, lanes, [=](int i) { return double(a[i] != b[i]); });
        break;
    case NodeOp::less:
        each(out, lanes, [=](int i) { return double(a[i] < b[i]); });
        break;
    case NodeOp::less_equal:
        each(out, lanes, [=](int i) { return double(a[i] <= b[i]); });
        break;
    case NodeOp::greater:
        each(out, lanes, [=](int i) { return double(a[i] > b[i]); });
        break;
    case NodeOp::greater_equal:
        each(out, lanes, [=](int i) { return double(a[i] >= b[i]); });
        break;
    case NodeOp::conjunction:
        each(out, lanes, [=](int i) { return double(a[i] != 0 && b[i] != 0); });
        break;
    case NodeOp::disjunction:
        each(out, lanes, [=](int i) { return double(a[i] != 0 || b[i] != 0); });
        break;
    case NodeOp::negation:
        each(out, lanes, [=](int i) { return double(a[i] == 0); });
        break;
    case NodeOp::choose:
        each(out, lanes, [=](int i) { return a[i] != 0 ? b[i] : c[i]; });
        break;
    case NodeOp::absolute:
        each(out, lanes, [=](int i) { return std::abs(a[i]); });
        break;
    case NodeOp::exponential:
        each(out, lanes, [=](int i) { return std::exp(a[i]); });
        break;
    case NodeOp::logarithm:
        each(out, lanes, [=](int i) { return std::log(a[i]); });
        break;
    case NodeOp::square_root:
        each(out, lanes, [=](int i) { return std::sqrt(a[i]); });
        break;
    case NodeOp::round_down:
        each(out, lanes, [=](int i) { return std::floor(a[i]); });
        break;
    case NodeOp::since:
        each(out, lanes,
             [=](int i) { return std::clamp((time_end - a[i]) / step_months, 0.0, 1.0); });
        break;
    case NodeOp::ramp_up:
        each(out, lanes, [=](int i) {
            double const length = std::max(b[i], 1e-9), elapsed = time_end - a[i];
            return (risen(elapsed, length) - risen(elapsed - step_months, length)) / step_months;
        });
        break;
    case NodeOp::to_coins:
        each(out, lanes, [=](int i) { return whole_coins(a[i], coin); });
        break;
    }
}

} // namespace perpetuum
