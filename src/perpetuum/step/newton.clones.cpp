// The loops of Newton's method over lanes. Convergence is judged on the scaled residual, never on
// the change of the guess.

#include <perpetuum/step/lanes_of_newton.hpp>
#include <perpetuum/step/null_direction.hpp>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

inline double size_of(double x) { return __builtin_fabs(x); }
inline double more_of(double a, double b) { return b > a ? b : a; }
constexpr double infinite = __builtin_huge_val();

/// A row of a buffer, and one that stands anywhere, from the first lane of the stretch on.
inline double* mine(NewtonLanes const& at, double* buffer, int row) {
    return buffer + static_cast<long>(row) * at.stride + at.first;
}
inline double* placed(NewtonLanes const& at, double* row) { return row + at.first; }
inline double const* placed(NewtonLanes const& at, double const* row) { return row + at.first; }

} // namespace

/// The largest residual of a lane relative to its unknown; infinite where one is no number.
void newton_residuals(NewtonLanes const& at) {
    int const lanes = at.lanes / 16 * 16;
    double* const size = mine(at, at.size, 0);
    for (int i = 0; i < lanes; ++i) size[i] = 0;
    for (int u = 0; u < at.unknowns; ++u) {
        double const* const guess = placed(at, at.guess[u]);
        double const* const image = placed(at, at.image[u]);
        double* const residual = mine(at, at.residual, u);
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

/// Of one unknown that is solved outright: do the equations give it back, on every lane that counts,
/// and near its last value? Without a division, for in straight models this is what a step costs most.
bool newton_gives_back(double const* guess, double const* image, double const* last,
                       double const* counts, int count) {
    int const lanes = count / 16 * 16;
    long left = 0;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const r = size_of(image[i] - guess[i]), size = size_of(guess[i]);
        double const limit = settled_at * more_of(1e-9, size);
        double const near = far_beyond * more_of(1.0, size_of(last[i]));
        left |= (counts[i] != 0) & !((r <= limit) & (r < infinite) & (size <= near)) ? 1 : 0;
    }
    return left == 0;
}

/// Is the answer far beyond the last value on any lane that counts? Nearly always no: so in one pass.
bool newton_ran_away(double const* answer, double const* last, double const* counts, int count) {
    int const lanes = count / 16 * 16;
    long far = 0;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const limit = far_beyond * more_of(1.0, size_of(last[i]));
        far |= (counts[i] != 0) & (size_of(answer[i]) > limit) ? 1 : 0;
    }
    return far != 0;
}

/// True when every lane that counts is below the limit; `active` becomes the others.
bool newton_settled(NewtonLanes const& at, double const* counts) {
    int const lanes = at.lanes / 16 * 16;
    double const* const size = at.size;
    double* const active = at.active;
    long left = 0;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        bool const open = (counts[i] != 0) & !(size[i] <= settled_at);
        active[i] = open ? 1.0 : 0.0;
        left |= open ? 1 : 0;
    }
    return left == 0;
}

/// Guesses to begin with: the answer so far for lanes at rest, else the last values moved by
/// `offset` of their size.
void newton_begin(NewtonLanes const& at, double const* last, double offset) {
    int const lanes = at.lanes / 16 * 16;
    double *const worst = mine(at, at.worst, 0), *const damping = mine(at, at.damping, 0);
    double const* const active = mine(at, at.active, 0);
    for (int i = 0; i < lanes; ++i) {
        worst[i] = infinite;
        damping[i] = 1;
    }
    for (int u = 0; u < at.unknowns; ++u) {
        double* const guess = placed(at, at.guess[u]);
        double const* const from = last + static_cast<long>(u) * at.stride + at.first;
        double const* const answer = mine(at, at.answer, u);
        double* const best = mine(at, at.best, u);
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) {
            double const moved = from[i] + offset * more_of(1.0, size_of(from[i]));
            guess[i] = active[i] != 0 ? moved : answer[i];
            best[i] = guess[i];
        }
    }
}

/// Keeps what is better; goes half the way, from the best point, where it is worse.
NewtonVerdict newton_judge(NewtonLanes const& at, bool first) {
    int const lanes = at.lanes / 16 * 16;
    long better_on = 0, worse_on = 0;
    double* const better =
        mine(at, at.size, 0); // reused: 1 where the guess is a lane's best so far
    double *const worst = mine(at, at.worst, 0), *const damping = mine(at, at.damping, 0);
    double* const active = mine(at, at.active, 0);
    double const at_once = first ? 1.0 : 0.0;
    // Numbers in place of truth values: g++ 12 makes vectors of these only.
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const now = better[i], was = worst[i], on = active[i];
        double const halved = damping[i] / 2;
        double const settled = was <= settled_at ? 1.0 : 0.0;
        double const rests_better = now > was / 2 ? settled : 0.0;
        double const rests_worse = halved < 1e-9 ? 1.0 : more_of(settled, at_once);
        double const improves = now < was ? on : 0.0;
        double const rests = now < was ? rests_better : rests_worse;
        double const damped = now < was ? 1.0 : halved;
        double const goes_on = on * (1 - rests);
        worst[i] = improves != 0 ? now : was;
        damping[i] = on != 0 ? damped : damping[i];
        active[i] = goes_on;
        better[i] = improves;
        better_on |= goes_on * improves != 0 ? 1 : 0;
        worse_on |= goes_on * (1 - improves) != 0 ? 1 : 0;
    }
    for (int u = 0; u < at.unknowns; ++u) {
        double const* const guess = placed(at, at.guess[u]);
        double* const best = mine(at, at.best, u);
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) best[i] = better[i] != 0 ? guess[i] : best[i];
    }
    return {better_on != 0, worse_on != 0};
}

/// Puts guesses where the equations read them.
void newton_put(NewtonLanes const& at, double const* from) {
    for (int u = 0; u < at.unknowns; ++u) {
        double* const guess = placed(at, at.guess[u]);
        double const* const row = from + static_cast<long>(u) * at.stride + at.first;
        for (int i = 0; i < at.lanes; ++i) guess[i] = row[i];
    }
}

/// The answer is the best of all attempts; lanes that are good enough rest from now on.
bool newton_keep(NewtonLanes const& at, double const* counts) {
    int const lanes = at.lanes / 16 * 16;
    double* const better = at.size;
    double *const worst = at.worst, *const reached = at.reached, *const active = at.active;
    long left = 0;
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        bool const improves = (counts[i] != 0) & (worst[i] < reached[i]);
        better[i] = improves ? 1.0 : 0.0;
        reached[i] = improves ? worst[i] : reached[i];
        bool const open = (counts[i] != 0) & !(reached[i] <= accepted_at);
        active[i] = open ? 1.0 : 0.0;
        left |= open ? 1 : 0;
    }
    for (int u = 0; u < at.unknowns; ++u) {
        double const* const best = at.best + static_cast<long>(u) * at.stride;
        double* const answer = at.answer + static_cast<long>(u) * at.stride;
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) answer[i] = better[i] != 0 ? best[i] : answer[i];
    }
    return left == 0;
}

/// The next guesses: from the best point along the moves found there, as far as the damping says.
void newton_go(NewtonLanes const& at) {
    int const lanes = at.lanes / 16 * 16;
    double const *const damping = mine(at, at.damping, 0), *const active = mine(at, at.active, 0);
    for (int u = 0; u < at.unknowns; ++u) {
        double* const guess = placed(at, at.guess[u]);
        double const *const best = mine(at, at.best, u), *const move = mine(at, at.move, u);
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) {
            double const moved = best[i] + damping[i] * move[i];
            guess[i] = active[i] != 0 ? moved : best[i];
        }
    }
}

/// One unknown: the same divisions without a matrix.
template <bool scalar>
static void move_of_one(NewtonLanes const& at) {
    int const lanes = at.lanes / 16 * 16;
    double const* const slope = scalar ? at.slope[0] : placed(at, at.slope[0]);
    double const* const residuals = mine(at, at.residual, 0);
    double *const moves = mine(at, at.move, 0), *const loose = mine(at, at.loose, 0);
#pragma GCC ivdep
    for (int i = 0; i < lanes; ++i) {
        double const part = 1 - (scalar ? *slope : slope[i]), residual = residuals[i];
        double const change = residual / part;
        loose[i] = size_of(part) <= least_pivot ? 1.0 : loose[i];
        moves[i] = size_of(part) > 0 ? change : residual;
    }
}

/// Moves by Gaussian elimination with partial pivoting, each lane its own pivots. A lane with a
/// singular matrix goes by its residual instead.
void newton_moves(NewtonLanes const& at) {
    if (at.unknowns == 1)
        return at.slope_is_scalar[0] != 0 ? move_of_one<true>(at) : move_of_one<false>(at);
    int const n = at.unknowns, lanes = at.lanes / 16 * 16;
    auto const matrix = [&](int row, int column) { return mine(at, at.matrix, row * n + column); };
    auto const right = [&](int row) { return mine(at, at.matrix, n * n + row); };
    double* const singular = mine(at, at.size, 0);
    double* const swaps = mine(at, at.matrix, n * n + n);
    double* const loose = mine(at, at.loose, 0);
    auto const column_size = [&](int c) { return mine(at, at.matrix, n * n + n + 1 + c); };
    for (int i = 0; i < lanes; ++i) singular[i] = 0;
    for (int c = 0; c < n; ++c)
        for (int i = 0; i < lanes; ++i) column_size(c)[i] = 0;
    for (int e = 0; e < n * n; ++e) {
        bool const scalar = at.slope_is_scalar[e] != 0;
        double const* const slope = scalar ? at.slope[e] : placed(at, at.slope[e]);
        double const less = e / n == e % n ? 1 : 0;
        double* const entry = mine(at, at.matrix, e);
        if (scalar)
            for (int i = 0; i < lanes; ++i) entry[i] = less - *slope;
        else
            for (int i = 0; i < lanes; ++i) entry[i] = less - slope[i];
        double* const size = column_size(e % n);
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) size[i] = more_of(size[i], size_of(entry[i]));
    }
    // (1 - slopes) · change = image - guess
    for (int u = 0; u < n; ++u) {
        double* const to = right(u);
        double const* const residual = mine(at, at.residual, u);
        for (int i = 0; i < lanes; ++i) to[i] = residual[i];
    }
    for (int c = 0; c < n; ++c) {
        double* const top = matrix(c, c);
        for (int r = c + 1; r < n; ++r) {
            double const* const below = matrix(r, c);
            for (int i = 0; i < lanes; ++i)
                swaps[i] = size_of(below[i]) > size_of(top[i]) ? 1.0 : 0.0;
            for (int k = c; k <= n; ++k) {
                double* const a = k < n ? matrix(c, k) : right(c);
                double* const b = k < n ? matrix(r, k) : right(r);
#pragma GCC ivdep
                for (int i = 0; i < lanes; ++i) {
                    double const x = a[i], y = b[i];
                    a[i] = swaps[i] != 0 ? y : x;
                    b[i] = swaps[i] != 0 ? x : y;
                }
            }
        }
        for (int i = 0; i < lanes; ++i) singular[i] = size_of(top[i]) > 0 ? singular[i] : 1.0;
        double const* const size = column_size(c);
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i)
            loose[i] = size_of(top[i]) <= least_pivot * size[i] ? 1.0 : loose[i];
        for (int r = c + 1; r < n; ++r) {
            double* const factor = matrix(r, c);
            for (int i = 0; i < lanes; ++i) factor[i] = factor[i] / top[i];
            for (int k = c + 1; k <= n; ++k) {
                double* const b = k < n ? matrix(r, k) : right(r);
                double const* const a = k < n ? matrix(c, k) : right(c);
#pragma GCC ivdep
                for (int i = 0; i < lanes; ++i) b[i] = b[i] - factor[i] * a[i];
            }
        }
    }
    for (int r = n; r-- > 0;) {
        double* const x = right(r);
        for (int k = r + 1; k < n; ++k) {
            double const *const a = matrix(r, k), *const y = right(k);
#pragma GCC ivdep
            for (int i = 0; i < lanes; ++i) x[i] = x[i] - a[i] * y[i];
        }
        double const* const top = matrix(r, r);
        for (int i = 0; i < lanes; ++i) x[i] = x[i] / top[i];
    }
    for (int u = 0; u < n; ++u) {
        double* const move = mine(at, at.move, u);
        double const *const residual = mine(at, at.residual, u), *const change = right(u);
#pragma GCC ivdep
        for (int i = 0; i < lanes; ++i) move[i] = singular[i] != 0 ? residual[i] : change[i];
    }
}

} // namespace perpetuum::PERPETUUM_CLONE
