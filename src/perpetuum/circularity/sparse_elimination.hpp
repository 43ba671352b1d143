#pragma once
/// I − P factored without subtraction where P is sparse, nodes with few partners first. Inside the
/// room only.

#include "chains.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace perpetuum {

/// Where two nodes are connected when the first of them goes.
struct SparseLink {
    std::size_t later = 0; ///< the turn of the other
    double upper = 0;      ///< what is passed on from the first to the other
    double lower = 0;      ///< of what the first gets, so much passed on to it by the other
};
/// Node by node it is asked how often money comes back when only those that have gone, or all, are
/// passed through. Everything is a sum of terms ≥ 0.
struct SparseElimination {
    std::vector<std::size_t> order;             ///< by turn: the node that goes
    std::vector<std::vector<SparseLink>> links; ///< by turn, the others in the order of their turns
    std::vector<double> pivot;                  ///< by turn: what leaves for those who go later
    std::vector<double> own;                    ///< by turn: 1 − pivot, as a sum
};

/// terms  as of a Chain
/// leak   by node; one that is not 0 can be come to from every node
/// Nothing where more than 12 million pairs of partners would have to be joined.
/// cost   that; minimum degree (Tinney & Walker 1967)
std::optional<SparseElimination>
eliminate_sparse(std::size_t nodes, std::vector<ChainTerm> const& terms, std::vector<double> leak);
std::vector<double> gathered(SparseElimination const& factors, std::vector<double> const& constant);
std::vector<double> carried(SparseElimination const& factors, std::vector<double> const& constant);
/// By node: the diagonal of the inverse less 1.
/// source  Takahashi, Fagan & Chin (1973)
std::vector<double> returns(SparseElimination const& factors);

} // namespace perpetuum
