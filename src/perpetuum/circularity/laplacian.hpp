#pragma once
/// Heights of nodes by least squares over links: conjugate gradients with the diagonal as
/// preconditioner. Inside the room only.

#include <cstddef>
#include <vector>

namespace perpetuum {

struct HeightLink {
    std::size_t a = 0, b = 0;
    double weight = 0; ///< > 0
};
/// Solves Σ over links of a node of weight · (its height − the other's) = surplus of the node, which
/// sum to zero in every piece; one solution. Empty when it does not converge.
/// links  parallel ones add up
std::vector<double> solve_heights(std::vector<HeightLink> const& links, std::size_t nodes,
                                  std::vector<double> surplus);

} // namespace perpetuum
