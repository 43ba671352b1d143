#pragma once
/// Losses where each is in proportion to those of the debtors, up to a cap.

#include <perpetuum/contagion/claims.hpp>

#include <optional>

namespace perpetuum {

struct AffineLosses {
    std::vector<double> first; ///< firm: ≥ 0
    std::vector<double> slope; ///< firm: loss for a unit lost on its claims, ≥ 0
    std::vector<double> cap;   ///< firm: ≥ 0
};
/// The least solution of loss = min(cap, first + slope · Σ claim · loss of debtor); nothing when the
/// equations could not be solved to ten digits.
std::optional<std::vector<double>> affine_losses(DebtorClaims const& claims,
                                                 AffineLosses const& rule);

} // namespace perpetuum
