#pragma once
/// Payments that can lie on a temporal loop, ready for the search. Inside the room only.

#include <perpetuum/loops.hpp>

#include <cstdint>
#include <vector>

namespace perpetuum {

/// Times are ranks from 1: the search only asks what is earlier, and how far windows reach.
struct DatedArc {
    std::uint32_t node = 0; ///< place of the other end
    std::uint32_t time = 0;
};

/// Places are by falling number of payments. Arcs of a node stand by time.
struct DatedGraph {
    std::vector<int> node_at; ///< place → party
    std::vector<std::uint32_t> out_begin, in_begin;
    std::vector<DatedArc> out, in;
    std::vector<std::uint32_t> payment; ///< of arcs out: index in the list
    /// By rank: the last rank in the window that begins there, in its first half, and within the
    /// longest gap.
    std::vector<std::uint32_t> window_end, window_half, gap_end;
};

/// The payments of a list by time, those on no loop within the rules left out as far as that is
/// cheap to see.
///
/// Loops that begin in [a, a + window] lie in the slice [a, a + 2 window]. In each slice those go
/// whose payer got nothing or whose payee paid nothing, again and again, and then those between
/// strongly connected components. Every payment is in at most two or three slices.
DatedGraph dated_graph(PaymentList const& list, LoopQuery const& query, TemporalRules const& rules,
                       int threads);

/// Numbers of the payments that may lie on a loop, by time.
std::vector<std::uint32_t> payments_on_loops(PaymentList const& list, LoopQuery const& query,
                                             std::int64_t window, int threads);

/// At most the largest time there is.
std::int64_t later(std::int64_t time, std::int64_t by);

} // namespace perpetuum
