#pragma once
/// The least losses that agree with each other, for DebtRank and for values of claims.

#include <perpetuum/contagion/claims.hpp>

#include <functional>

namespace perpetuum {

/// What is lost of a unit of claims on a firm, and by how much more for a unit that it loses itself.
struct LossCurve {
    double loss = 0;  ///< 0..1
    double slope = 0; ///< to the right; 0 where it jumps
};
struct LossRules {
    /// Of a firm that has lost this amount on its claims; grows with the amount.
    std::function<LossCurve(std::size_t firm, double lost)> curve;
    /// Every curve is convex until all is lost; false: convex first, then concave.
    bool convex = true;
    std::vector<double> size; ///< firm: the sum of what its equity is made of, for rounding
    int most_rounds = 100'000;
};
struct LeastLosses {
    std::vector<double> loss; ///< firm: of a unit of claims on it
    std::vector<double> lost; ///< firm: amount on its claims
    int rounds = 0;
    /// false: a limit ended it below the answer, or rounding could move a loss by more than 10^-6.
    bool settled = true;
};
/// The least solution of loss = curve(Σ claim · loss of debtor), from below.
/// cost    rounds × claims on firms whose loss grew; where that takes over 200 rounds, linear
///         equations of those that have not lost all: n³/3 up to 500 firms, above that iterated;
///         where that fails n³/3 up to 2,000, above that rounds only
LeastLosses least_losses(DebtorClaims const& claims, LossRules const& rules);

} // namespace perpetuum
