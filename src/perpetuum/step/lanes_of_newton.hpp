#pragma once
/// Newton's method on all lanes of a block at once; a lane never sees another. Matrices are
/// [row × unknowns + column], each entry a row of lanes.

namespace perpetuum {

struct NewtonLanes {
    int unknowns = 0;
    int first = 0, lanes = 0;             ///< which lanes: multiples of 16
    int stride = 0;                       ///< all lanes: from row to row of a buffer
    double* const* guess = nullptr;       ///< by unknown: where the equations read it
    double const* const* image = nullptr; ///< by unknown: where they put what they make of it
    double const* const* slope = nullptr; ///< by image and unknown; one value where is_scalar
    char const* slope_is_scalar = nullptr;
    // Buffers: by unknown × lanes, matrix by (unknowns² + 2 unknowns + 1) × lanes, the rest by lane.
    double *residual = nullptr, *best = nullptr, *answer = nullptr, *move = nullptr;
    double* matrix = nullptr;
    double *size = nullptr, *worst = nullptr, *damping = nullptr, *active = nullptr;
    double* reached = nullptr;
    double* loose = nullptr; ///< 1 where a pivot was next to nothing: the answer may be one of many
};

/// What judging came to, over the lanes that go on.
struct NewtonVerdict {
    bool any_better = false; ///< one is at its best so far: it needs new slopes
    bool any_worse = false;  ///< the rows hold a guess that is not a lane's best
};

/// From here on a lane stops once a step no longer halves its residual: no earlier, for what is
/// left over adds up where little is left of large stocks period after period.
constexpr double settled_at = 1e-13;
constexpr double accepted_at = 1e-9; ///< what a solution must reach
/// So many times its last value (or 1) an answer may have run away from the equations.
constexpr double far_beyond = 1e6;

} // namespace perpetuum
