#pragma once
/// The kernel under look-through, multipliers and removals: least solutions ≥ 0 of linear systems
/// whose rows sum to one at most. Inside the room only.

#include <vector>

namespace perpetuum {

struct ChainTerm {
    int row = 0, column = 0;
    double weight = 0; ///< > 0; those of a row sum to 1 at most
};
struct Chain {
    std::vector<ChainTerm> terms; ///< at most one of a row and column, none with row = column
    std::vector<double> constant; ///< by node, ≥ 0
    std::vector<double> leak;     ///< by row: 1 − its weights, computed by who knows it exactly
};
enum class ChainWay {
    gathering, ///< x[row] = constant + Σ weight · x[column]: what is said of those further on
    carrying,  ///< x[column] = constant + Σ weight · x[row]: what each row hands on
};

/// By node; infinite where something comes to a ring of nodes that nothing leaves, NaN where a
/// component of more than 1,000 nodes fills up when it is eliminated, and sweeps come to nothing that
/// is certainly within 1e-9.
/// cost    the cube of the nodes of each component (elimination without subtraction: Grassmann,
///         Taksar & Heyman 1985); above 1,000 as sparse as it is, or sweeps
std::vector<double> solve_chain(Chain const& chain, ChainWay way);

} // namespace perpetuum
