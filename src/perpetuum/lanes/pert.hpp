#pragma once
// The quantile of a beta distribution with a + b = 6 (what a PERT is made of), as a table.

#include <vector>

namespace perpetuum {

constexpr double pert_table_density = 8; ///< cells per unit of the logit of u
constexpr double pert_table_end = 37;    ///< beyond 2^-53 from either end of (0, 1)

/// 592 cells of 6 coefficients: logit of the quantile over the logit of u, by polynomials that agree
/// with it in value and two derivatives at both ends of a cell. 1 <= a <= 5. Costs about a
/// millisecond; what it is off by stands in docs/methods/draws.md.
std::vector<double> pert_table(double a);

} // namespace perpetuum
