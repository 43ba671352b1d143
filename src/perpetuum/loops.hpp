#pragma once
/// loops: where money can go round: strongly connected components, elementary loops with the
/// largest first, and searches that count or list all loops of a network or of dated payments.

#include <perpetuum/network.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace perpetuum {

/// Strongly connected components: a number for each node; every edge between two components goes
/// from the smaller number to the larger. A node on no loop is a component by itself.
/// cost    O(nodes + edges), no recursion
/// source  Tarjan (1972)
std::vector<int> components(Network const& network);

struct LoopLimits {
    int longest = 8;                   ///< legs of a loop, at least 2; 0 = any length
    std::size_t most = 10'000;         ///< loops kept: the ones with the largest bottlenecks
    std::uint64_t effort = 20'000'000; ///< payments looked at and legs kept (about a second)
    std::function<bool()> stop = {};   ///< asked now and then; true counts as effort spent
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
///          the network count
/// throws   BadInput when the network is damaged, a name stands twice, or a limit is senseless
/// cost     for each edge a sweep for hop counts inside its component, then a walk that enters only
///          nodes able to come home
/// source   hop pruning: Gupta & Suzumura (2021), arXiv 2105.10094; edges by falling amount, so that
///          the largest come first
Loops find_loops(Network const& network, OutsideFlows const& outside, LoopLimits limits = {});
Loops find_loops(Network const& network, LoopLimits limits = {});

// ---- all loops, counted or one by one
// -------------------------------------------------------------------------------

/// Which loops are asked for. Nodes are indices of a network's nodes or of a list's parties.
struct LoopQuery {
    int longest = 0;                ///< legs of a loop, at least 2; 0 = any length
    int through = -1;               ///< ≥ 0: only loops that this node is on
    int first = -1;                 ///< ≥ 0: only loops whose first payment this node makes
    int leg_from = -1, leg_to = -1; ///< ≥ 0: only loops with a leg from the one to the other
};

/// An exact fraction; denominator > 0.
struct AmountRatio {
    std::int64_t numerator = 0, denominator = 1;
};

/// When payments follow each other on a loop. Times are those of the list.
struct TemporalRules {
    std::int64_t window = std::numeric_limits<std::int64_t>::max(); ///< last - first ≤ window
    bool strict = true; ///< every payment later than the one before; false: not earlier
    std::int64_t gap = std::numeric_limits<std::int64_t>::max(); ///< from one to the next at most
    std::optional<AmountRatio> least_ratio, most_ratio; ///< of an amount to the one before it
};

/// How much a search may cost. The answer is the same whatever the threads, unless `stop` ends it.
struct LoopBudget {
    std::uint64_t effort = std::numeric_limits<std::uint64_t>::max(); ///< payments looked at
    std::uint64_t count = std::numeric_limits<std::uint64_t>::max();  ///< loops
    std::size_t memory = std::size_t{256} << 20; ///< bytes of loops that wait for their turn
    std::function<bool()> stop =
        {}; ///< asked now and then, by several threads; true ends the search
    int threads = 1;
};

struct LoopTally {
    bool complete = true;                 ///< false when one of these cut the search:
    bool cut_by_effort = false;           ///< the effort was spent
    bool cut_by_count = false;            ///< there are more loops than were asked for
    bool cut_by_stop = false;             ///< `stop` said so
    bool cut_by_caller = false;           ///< the callback said so
    std::uint64_t count = 0;              ///< loops
    std::vector<std::uint64_t> by_length; ///< by number of legs; as long as the longest + 1
    std::uint64_t effort = 0;             ///< payments looked at
};

/// A loop as the search meets it; only valid during the call.
struct LoopSeen {
    std::span<int const> nodes;              ///< leg k goes from nodes[k] to nodes[k + 1] …
    std::span<std::uint32_t const> payments; ///< … by this edge of the network, or payment
    std::int64_t bottleneck = 0;             ///< the smallest leg, minor units
};
/// Called for each loop, one at a time and in the same order whatever the threads (but perhaps from
/// one of them). False ends the search.
using LoopSink = std::function<bool(LoopSeen const&)>;

/// All elementary loops of a network within the query; counted only, unless there is a sink.
///
/// throws  BadInput when the network is damaged or the query is senseless; what the sink throws
/// memory  about 40 bytes an edge inside components, 20 a node and thread, and what waits for its
/// turn
/// cost    a sweep backwards from each node, in the order of falling degree over what the nodes
/// before it left; then a walk that enters only nodes able to come home in the legs left
LoopTally search_loops(Network const& network, LoopQuery const& query, LoopBudget const& budget,
                       LoopSink const& sink = {});

/// All temporal loops of a list: no party twice, times as the rules say, parallel payments apart. A
/// loop begins with its first payment.
///
/// throws  BadInput when the list has no times, its columns differ in length, or query or rules are
/// senseless
/// cost    a few passes over all payments by time to drop those on no loop, then for each first
/// payment a sweep forwards through half the window and one backwards through the other half,
/// shared among the payments of one payer; see docs/methods/loops.md
LoopTally search_temporal_loops(PaymentList const& list, LoopQuery const& query,
                                TemporalRules const& rules, LoopBudget const& budget,
                                LoopSink const& sink = {});

/// A loop kept.
struct FoundLoop {
    std::vector<int> nodes;
    std::vector<std::uint32_t> payments;
    std::int64_t bottleneck = 0;
};

/// Keeps the largest of the loops that a search meets: by bottleneck, then fewer legs, then names,
/// then payments. At most about a gigabyte of them: where loops are very long, fewer are kept.
class LargestLoops {
  public:
    /// names  of the nodes; they must outlive this. turn  whether a loop may be turned to begin at
    /// its smallest name (it has no first payment)
    LargestLoops(std::vector<std::string> const& names, std::size_t most, bool turn);
    void add(LoopSeen const& loop);
    /// The largest first; empties this.
    std::vector<FoundLoop> take();

  private:
    bool before(FoundLoop const& a, FoundLoop const& b) const;
    void drop_smallest();
    std::vector<std::string> const& names_;
    std::size_t most_;
    bool turn_;
    std::size_t legs_ = 0;        ///< of all that are kept
    std::vector<FoundLoop> kept_; ///< a heap with the smallest on top
};

} // namespace perpetuum
