#pragma once
/// Chunks of a search side by side, their loops handed on one after the other. Inside the room only.

#include <perpetuum/loops.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace perpetuum {

/// What a chunk may spend, and where its loops go.
struct ChunkOrder {
    std::uint64_t effort = 0, count = 0; ///< at most; going beyond either ends the chunk
    std::size_t memory = 0;              ///< bytes of loops kept, when they are kept
    LoopSink const* sink = nullptr;      ///< null: loops are counted, or kept
    bool keep = false;                   ///< loops wait in the result
    std::function<bool()> const* stop = nullptr;
};

struct ChunkResult {
    std::uint64_t effort = 0, count = 0;
    std::vector<std::uint64_t> by_length;
    bool cut_by_effort = false, cut_by_count = false, cut_by_memory = false;
    bool cut_by_stop = false, cut_by_caller = false;
    bool cut() const {
        return cut_by_effort || cut_by_count || cut_by_memory || cut_by_stop || cut_by_caller;
    }
    /// Loops kept: for each its length, then its payments, then its nodes.
    std::vector<std::uint32_t> kept;
    std::vector<std::int64_t> bottlenecks;
};

/// One thread's share of a search: anything it remembers between chunks must not show.
class ChunkWorker {
  public:
    ChunkWorker() = default;
    ChunkWorker(ChunkWorker const&) = delete;
    ChunkWorker& operator=(ChunkWorker const&) = delete;
    virtual ~ChunkWorker() = default;
    virtual void run(std::size_t chunk) = 0;

    void begin(ChunkOrder const& order);
    ChunkResult& result() { return result_; }

  protected:
    /// Counts payments looked at; false when the chunk has to end.
    bool spend(std::uint64_t payments) {
        result_.effort += payments;
        if (result_.effort < next_look_) return !result_.cut();
        return look();
    }
    /// Counts a loop whose legs nobody asked for.
    bool count_loop(std::size_t legs) {
        if (result_.count >= order_.count) {
            result_.cut_by_count = true;
            return false;
        }
        ++result_.count;
        if (result_.by_length.size() <= legs) result_.by_length.resize(legs + 1);
        ++result_.by_length[legs];
        return true;
    }
    /// A loop with its legs: handed on, kept or just counted.
    bool meet(LoopSeen const& loop);
    bool wants_legs() const { return order_.sink != nullptr || order_.keep; }

  private:
    bool look();
    ChunkOrder order_;
    ChunkResult result_;
    std::uint64_t next_look_ = 0;
};

/// Runs chunks 0, 1, … as if one after the other, on as many threads as the budget says.
LoopTally run_in_order(std::size_t chunks, std::function<std::unique_ptr<ChunkWorker>()> make,
                       LoopBudget const& budget, LoopSink const& sink);

} // namespace perpetuum
