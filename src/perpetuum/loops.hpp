#pragma once
/// loops: where money can go round: strongly connected components and elementary loops, the largest
/// first.

#include <perpetuum/network.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perpetuum {

/// Strongly connected components: a number for each node; every edge between two components goes
/// from the smaller number to the larger. A node on no loop is a component by itself. cost  O(nodes
/// + edges), no recursion source  Tarjan (1972)
std::vector<int> components(Network const& network);

struct LoopLimits {
    int longest = 8;                   ///< legs of a loop, at least 2; 0 = any length
    std::size_t most = 10'000;         ///< loops kept: the ones with the largest bottlenecks
    std::uint64_t effort = 20'000'000; ///< payments looked at and legs kept (about a second)
};

/// A directed cycle of payments that enters no node twice. It begins at the node with the smallest
/// name.
struct Loop {
    std::vector<int>
        nodes; ///< leg k goes from nodes[k] to nodes[k + 1], the last one back to nodes[0]
    std::vector<std::int64_t> amounts; ///< of each leg, minor units
    std::int64_t bottleneck = 0; ///< the smallest leg, minor units: how big this one loop can be
    double gain =
        0; ///< product over legs of leg / payer's throughflow, 0..1: of a dollar that the first
           ///< node gets, how much comes back this way if each spends all it gets alike
};

struct Loops {
    std::vector<Loop> found;    ///< by bottleneck, largest first; then fewer legs; then names
    bool complete = true;       ///< false when a limit cut the search: then these say which
    bool cut_by_length = false; ///< there may be loops of more than `longest` legs
    bool cut_by_count =
        false; ///< there are more; every one left out has a bottleneck ≤ the last one kept
    bool cut_by_effort = false; ///< as by count, but there may or may not be more
};

/// All elementary loops within the limits. The same loops in the same order, however nodes and
/// edges are numbered (names must differ; where effort cuts, too).
///
/// network  edges as network_of gives them; self-payments do not count as loops
/// outside  what each node gets from and pays to outside, for the gain; without it only payments of
/// the network count throws   BadInput when the network is damaged, a name stands twice, or a limit
/// is senseless cost     for each edge a sweep for hop counts inside its component, then a walk
/// that enters only nodes able to come home source   hop pruning: Gupta & Suzumura (2021), arXiv
/// 2105.10094; edges by falling amount, so that the largest come first
Loops find_loops(Network const& network, OutsideFlows const& outside, LoopLimits limits = {});
Loops find_loops(Network const& network, LoopLimits limits = {});

} // namespace perpetuum
