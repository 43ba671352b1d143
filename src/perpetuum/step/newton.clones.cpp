// The loops of Newton's method over lanes. Convergence is judged on the scaled residual, never on
// the change of the guess.

#include <perpetuum/step/lanes_of_newton.hpp>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

inline double size_of(double x) { return __builtin_fabs(x); }
inline double more_of(double a, double b) { return b > a ? b : a; }
constexpr double infinite = __builtin_huge_val();

} // namespace

/// The largest residual of a lane relative to its unknown; infinite where one is no number.
void newton_residuals(NewtonLanes const& at) {
    int const lanes = at.lanes / 16 * 16;
    double* const size = at.size;
    for (int i = 0; i < lanes; ++i) size[i] = 0;
    for (int u = 0; u < at.unknowns; ++u) {
        double const* const guess = at.guess[u];
        double const* const image = at.image[u];
        double* const residual = at.residual + static_cast<long>(u) * at.lanes;
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) {
            double const r = image[i] - guess[i];
            double const scaled = size_of(r) / more_of(1e-9, size_of(guess[i]));
            double const proper = scaled < infinite ? scaled : infinite;
            residual[i] = r;
            size[i] = more_of(size[i], proper);
        }
    }
}

/// Of one unknown that is solved outright: do the equations give it back, on every lane that counts?
/// Without a division, for in straight models this is what a step costs most.
bool newton_gives_back(double const* guess, double const* image, double const* counts, int count) {
    int const lanes = count / 16 * 16;
    long left = 0;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const r = size_of(image[i] - guess[i]);
        double const limit = settled_at * more_of(1e-9, size_of(guess[i]));
        left |= (counts[i] != 0) & !((r <= limit) & (r < infinite)) ? 1 : 0;
    }
    return left == 0;
}

/// True when every lane that counts is below the limit; `active` becomes the others.
bool newton_settled(NewtonLanes const& at, double const* counts) {
    int const lanes = at.lanes / 16 * 16;
    long left = 0;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        bool const open = (counts[i] != 0) & !(at.size[i] <= settled_at);
        at.active[i] = open ? 1.0 : 0.0;
        left |= open ? 1 : 0;
    }
    return left == 0;
}

/// Guesses to begin with: the answer so far for lanes at rest, else the last values moved by
/// `offset` of their size.
void newton_begin(NewtonLanes const& at, double const* last, double offset) {
    int const lanes = at.lanes / 16 * 16;
    for (int i = 0; i < lanes; ++i) {
        at.worst[i] = infinite;
        at.damping[i] = 1;
    }
    for (int u = 0; u < at.unknowns; ++u) {
        double* const guess = at.guess[u];
        double const* const from = last + static_cast<long>(u) * at.lanes;
        double const* const answer = at.answer + static_cast<long>(u) * at.lanes;
        double* const best = at.best + static_cast<long>(u) * at.lanes;
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) {
            double const moved = from[i] + offset * more_of(1.0, size_of(from[i]));
            guess[i] = at.active[i] != 0 ? moved : answer[i];
            best[i] = guess[i];
        }
    }
}

/// Keeps what is better; goes half the way, from the best point, where it is worse.
NewtonVerdict newton_judge(NewtonLanes const& at, bool first) {
    int const lanes = at.lanes / 16 * 16;
    long active = 0, worse = 0;
    double* const better = at.size; // reused: 1 where the guess is a lane's best so far
    double const at_once = first ? 1.0 : 0.0;
    // Numbers in place of truth values: g++ 12 makes vectors of these only.
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const now = at.size[i], was = at.worst[i], on = at.active[i];
        double const halved = at.damping[i] / 2;
        double const settled = was <= settled_at ? 1.0 : 0.0;
        double const slowly = now > was / 2 ? settled : 0.0;
        double const rests_better = now <= enough_at ? 1.0 : slowly;
        double const rests_worse = halved < 1e-9 ? 1.0 : more_of(settled, at_once);
        double const improves = now < was ? on : 0.0;
        double const rests = now < was ? rests_better : rests_worse;
        double const damped = now < was ? 1.0 : halved;
        double const goes_on = on * (1 - rests);
        at.worst[i] = improves != 0 ? now : was;
        at.damping[i] = on != 0 ? damped : at.damping[i];
        at.active[i] = goes_on;
        better[i] = improves;
        active |= goes_on != 0 ? 1 : 0;
        worse |= on != improves ? 1 : 0;
    }
    for (int u = 0; u < at.unknowns; ++u) {
        double const* const guess = at.guess[u];
        double* const best = at.best + static_cast<long>(u) * at.lanes;
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) best[i] = better[i] != 0 ? guess[i] : best[i];
    }
    return {active != 0, worse != 0};
}

/// Puts the best guesses where the equations read them.
void newton_put(NewtonLanes const& at, double const* from) {
    for (int u = 0; u < at.unknowns; ++u)
        for (int i = 0; i < at.lanes; ++i)
            at.guess[u][i] = from[static_cast<long>(u) * at.lanes + i];
}

/// The answer is the best of all attempts; lanes that are good enough rest from now on.
bool newton_keep(NewtonLanes const& at, double const* counts) {
    int const lanes = at.lanes / 16 * 16;
    double* const better = at.size;
    long left = 0;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        bool const improves = (counts[i] != 0) & (at.worst[i] < at.reached[i]);
        better[i] = improves ? 1.0 : 0.0;
        at.reached[i] = improves ? at.worst[i] : at.reached[i];
        bool const open = (counts[i] != 0) & !(at.reached[i] <= accepted_at);
        at.active[i] = open ? 1.0 : 0.0;
        left |= open ? 1 : 0;
    }
    for (int u = 0; u < at.unknowns; ++u) {
        double const* const best = at.best + static_cast<long>(u) * at.lanes;
        double* const answer = at.answer + static_cast<long>(u) * at.lanes;
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) answer[i] = better[i] != 0 ? best[i] : answer[i];
    }
    return left == 0;
}

/// One unknown: the same divisions without a matrix.
template <bool scalar>
static void step_of_one(NewtonLanes const& at) {
    int const lanes = at.lanes / 16 * 16;
    double* const guess = at.guess[0];
    double const *const slope = at.slope[0], *const residuals = at.residual, *const best = at.best;
    double const *const damping = at.damping, *const active = at.active;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const part = 1 - (scalar ? *slope : slope[i]), residual = residuals[i];
        double const change = residual / part;
        double const move = size_of(part) > 0 ? change : residual;
        double const moved = best[i] + damping[i] * move;
        guess[i] = active[i] != 0 ? moved : best[i];
    }
}

/// Gaussian elimination with partial pivoting, each lane its own pivots; then the next guesses. A
/// lane with a singular matrix goes by its residual instead.
void newton_step(NewtonLanes const& at) {
    if (at.unknowns == 1)
        return at.slope_is_scalar[0] != 0 ? step_of_one<true>(at) : step_of_one<false>(at);
    int const n = at.unknowns, lanes = at.lanes / 16 * 16;
    long const row = at.lanes;
    double* const m = at.matrix;
    double* const singular = at.size;
    for (int i = 0; i < lanes; ++i) singular[i] = 0;
    for (int e = 0; e < n * n; ++e) {
        double const* const slope = at.slope[e];
        double const less = e / n == e % n ? 1 : 0;
        bool const scalar = at.slope_is_scalar[e] != 0;
        double* const entry = m + e * row;
        if (scalar)
            for (int i = 0; i < lanes; ++i) entry[i] = less - *slope;
        else
            for (int i = 0; i < lanes; ++i) entry[i] = less - slope[i];
    }
    // (1 - slopes) · change = image - guess
    double* const right = m + static_cast<long>(n) * n * row;
    for (int u = 0; u < n; ++u)
        for (int i = 0; i < lanes; ++i) right[u * row + i] = at.residual[u * row + i];
    for (int c = 0; c < n; ++c) {
        double* const top = m + (static_cast<long>(c) * n + c) * row;
        for (int r = c + 1; r < n; ++r) {
            double const* const mine = m + (static_cast<long>(r) * n + c) * row;
            double* const swaps = at.matrix + (static_cast<long>(n) * n + n) * row;
            for (int i = 0; i < lanes; ++i)
                swaps[i] = size_of(mine[i]) > size_of(top[i]) ? 1.0 : 0.0;
            for (int k = c; k <= n; ++k) {
                double* const a =
                    k < n ? m + (static_cast<long>(c) * n + k) * row : right + c * row;
                double* const b =
                    k < n ? m + (static_cast<long>(r) * n + k) * row : right + r * row;
#pragma GCC ivdep
                for (int i = 0; i < lanes; ++i) {
                    double const x = a[i], y = b[i];
                    a[i] = swaps[i] != 0 ? y : x;
                    b[i] = swaps[i] != 0 ? x : y;
                }
            }
        }
        for (int i = 0; i < lanes; ++i) singular[i] = size_of(top[i]) > 0 ? singular[i] : 1.0;
        for (int r = c + 1; r < n; ++r) {
            double* const factor = m + (static_cast<long>(r) * n + c) * row;
            for (int i = 0; i < lanes; ++i) factor[i] = factor[i] / top[i];
            for (int k = c + 1; k <= n; ++k) {
                double* const b =
                    k < n ? m + (static_cast<long>(r) * n + k) * row : right + r * row;
                double const* const a =
                    k < n ? m + (static_cast<long>(c) * n + k) * row : right + c * row;
#pragma GCC ivdep
                for (int i = 0; i < lanes; ++i) b[i] = b[i] - factor[i] * a[i];
            }
        }
    }
    for (int r = n; r-- > 0;) {
        double* const x = right + r * row;
        for (int k = r + 1; k < n; ++k) {
            double const* const a = m + (static_cast<long>(r) * n + k) * row;
            double const* const y = right + k * row;
#pragma GCC ivdep
            for (int i = 0; i < lanes; ++i) x[i] = x[i] - a[i] * y[i];
        }
        double const* const top = m + (static_cast<long>(r) * n + r) * row;
        for (int i = 0; i < lanes; ++i) x[i] = x[i] / top[i];
    }
    for (int u = 0; u < n; ++u) {
        double* const guess = at.guess[u];
        double const* const best = at.best + u * row;
        double const* const residual = at.residual + u * row;
        double const* const change = right + u * row;
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) {
            double const move = singular[i] != 0 ? residual[i] : change[i];
            guess[i] = at.active[i] != 0 ? best[i] + at.damping[i] * move : best[i];
        }
    }
}

} // namespace perpetuum::PERPETUUM_CLONE
