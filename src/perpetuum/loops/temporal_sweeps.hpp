#pragma once
/// Who can hold the money of a first payment, and who can still bring it home. Inside the room only.
///
/// For a first payment at time t the window is cut in the middle. A sweep forwards finds who can
/// hold the money by the middle, a sweep backwards from the root who can still bring it home after
/// it; only where the two meet is there a loop at all. Each sweep sees the square root of what a
/// sweep through the whole window would. The one backwards is shared: as first payments of a root
/// get later, its answers stay true and are only added to. Where the sweeps meet, a third one
/// carries the answers from the middle back to t among those who can hold the money.

#include "dated_graph.hpp"
#include "ordered_search.hpp"

namespace perpetuum {

/// What the sweeps of one root know of a party.
struct PartyState {
    std::uint32_t leave_by = 0;    ///< the latest time to leave it and still come home; 0 = none
    std::uint32_t looked_to = 0;   ///< arcs in, earlier than this, have been followed back
    std::uint32_t arrival = 0;     ///< of this first payment: the earliest it can hold the money
    std::uint32_t looked_from = 0; ///< arcs out, from this time on, have been followed
    std::uint32_t carried_to = 0;  ///< as looked_to, before the middle and for this first payment
    std::uint32_t hops = 0;        ///< fewest legs home, when legs are counted
    bool queued = false, touched = false, on_path = false, carried = false;
};

/// The place among a node's arcs of the first that is not earlier than `time`.
std::uint32_t first_from(std::vector<DatedArc> const& arcs, std::uint32_t begin, std::uint32_t end,
                         std::uint32_t time);

class TemporalSweeps : public ChunkWorker {
  protected:
    TemporalSweeps(DatedGraph const& graph, LoopQuery const& query, TemporalRules const& rules);

    /// From now on, first payments of this party, each later than the one before.
    void begin_root(std::uint32_t root);
    /// False when no payment comes back to the root after this one: nor will it for later ones.
    bool begin_first(DatedArc first);
    /// True when the payee may bring home what this first payment carries: then `state_` tells how
    /// late each party may be left. False when it cannot, or the budget ends.
    bool reach(std::uint32_t payee);
    void end_first();
    void end_root();

    DatedGraph const& graph_;
    std::vector<PartyState> state_;
    std::uint32_t strict_, root_ = 0, begin_ = 0, end_ = 0;
    std::size_t longest_;
    bool by_hops_ = false; ///< legs are counted

  private:
    void touch(std::uint32_t node);
    bool sweep(std::uint32_t node);
    bool sweep_back();
    void raise(DatedArc arc);
    bool follow_back(std::uint32_t node);
    bool sweep_forth(std::uint32_t node);
    void arrive(DatedArc arc);
    bool follow_forth(std::uint32_t node);
    bool carry_back();
    void carry(DatedArc arc);
    void carry_from(std::uint32_t node);
    bool follow_carried(std::uint32_t node);
    bool sweep_by_hops();
    void raise_by_hops(DatedArc arc, std::uint32_t hops);
    bool follow_by_hops(std::uint32_t node, std::uint32_t hops);

    std::vector<std::uint32_t> touched_, reached_, queue_;
    std::uint32_t next_in_ = 0, middle_ = 0;
    bool back_early_ = false;
};

} // namespace perpetuum
