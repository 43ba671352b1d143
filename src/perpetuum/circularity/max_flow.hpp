#pragma once
/// Exact max-flow whose sources can be let in one group after the other.

#include <cstdint>
#include <vector>

namespace perpetuum {

/// Edges are given first; then each call of `augment` opens sources and pushes all that still fits.
class MaxFlow {
  public:
    explicit MaxFlow(int nodes);
    /// Returns the edge's number. Capacity 0 may be raised later.
    int add_edge(int from, int to, std::int64_t capacity);
    void set_capacity(int edge, std::int64_t capacity);
    /// Forgets all flow: every edge has its capacity as last set.
    void reset();
    /// Most that flows in addition to what flows already.
    /// source  Dinic (1970)
    std::int64_t augment(int source, int sink);
    /// What flows on an edge.
    std::int64_t flow(int edge) const;
    /// From now on at most so many arcs are looked at; then `augment` stops short and `cut` is true.
    void limit(std::uint64_t effort) { effort_ = effort; }
    bool cut() const { return effort_ == 0; }

  private:
    void index_edges();
    bool level_from_sink(int source, int sink);
    std::int64_t block(int source, int sink);

    bool spend(std::uint64_t arcs);

    int nodes_;
    std::uint64_t effort_ = ~std::uint64_t{0};
    std::vector<int> from_, to_;         ///< by edge
    std::vector<std::int64_t> capacity_; ///< by edge
    std::vector<std::int64_t> left_;     ///< by arc: 2 an edge, there and back
    std::vector<int> first_, arcs_;      ///< arcs that leave a node
    std::vector<int> level_, next_, queue_, path_;
};

} // namespace perpetuum
