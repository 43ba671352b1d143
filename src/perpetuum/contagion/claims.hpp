#pragma once
/// Claims of a network by debtor, for passing losses on.

#include <perpetuum/contagion.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

struct DebtorClaims {
    struct Claim {
        std::int32_t creditor = 0;
        double amount = 0;
    };
    std::vector<std::size_t> first; ///< firm; one more at the end
    std::vector<Claim> claims;      ///< outside creditors left out
};
/// throws  BadInput when a debt is out of range
DebtorClaims claims_by_debtor(DebtNetwork const& network);

/// Of the sum of a firm's cash, claims and debts: differences of sums that are smaller are rounding
/// (as a shortfall below this share of what a firm owes is none in clearing). Whatever is decided by
/// a threshold asks for more.
constexpr double contagion_rounding = 1e-12;
inline double beyond_rounding(double difference, double size) {
    return std::fabs(difference) <= contagion_rounding * size ? 0 : difference;
}
/// firm: cash, claims and debts, added up.
std::vector<double> balance_sizes(DebtNetwork const& network, std::vector<double> const& cash);

[[noreturn]] void refuse_contagion(std::string const& what);
void require_length(std::vector<double> const& values, std::size_t firms, char const* what);
void require_shares(std::vector<double> const& values, char const* what);

} // namespace perpetuum
