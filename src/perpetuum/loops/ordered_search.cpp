/// Threads take chunks by number and hand in their results by number. A budget is spent in the order
/// of the chunks: one that goes beyond what is left when its turn comes is run again, with exactly
/// that. So neither loops nor counts show how many threads there were.

#include "ordered_search.hpp"

#include <perpetuum/threads.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

namespace perpetuum {

namespace {

constexpr std::uint64_t looks_apart = 1 << 18; ///< payments between two questions to `stop`
constexpr std::size_t chunks_ahead = 64;       ///< a thread: how far it may run before its turn

class OrderedRun {
  public:
    OrderedRun(std::size_t chunks, LoopBudget const& budget, LoopSink const& sink)
        : chunks_(chunks), budget_(budget), sink_(sink), threads_(std::max(budget.threads, 1)) {}

    LoopTally run(std::function<std::unique_ptr<ChunkWorker>()> const& make) {
        if (static_cast<std::size_t>(threads_) > chunks_)
            threads_ = static_cast<int>(std::max<std::size_t>(chunks_, 1));
        run_on_threads(static_cast<std::size_t>(threads_), [&](std::size_t) { work(make); });
        tally_.complete = !tally_.cut_by_effort && !tally_.cut_by_count && !tally_.cut_by_stop &&
                          !tally_.cut_by_caller;
        return std::move(tally_);
    }

  private:
    void work(std::function<std::unique_ptr<ChunkWorker>()> const& make) {
        try {
            auto const worker = make();
            for (std::size_t chunk = 0; take(chunk);) {
                run_chunk(*worker, chunk);
                if (!hand_in(*worker, chunk)) return;
            }
        } catch (...) {
            std::lock_guard const lock(mutex_);
            end(); // nobody waits for this one's turn
            throw;
        }
    }

    bool take(std::size_t& chunk) {
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] {
            return over_ || next_ < handed_in_ + chunks_ahead * static_cast<std::size_t>(threads_);
        });
        if (over_ || next_ >= chunks_) return false;
        chunk = next_++;
        return true;
    }

    /// What is left of the budget; under the lock.
    ChunkOrder order_left() const {
        ChunkOrder order;
        order.effort = budget_.effort - tally_.effort;
        order.count = budget_.count - tally_.count;
        if (budget_.stop) order.stop = &budget_.stop;
        return order;
    }

    void run_chunk(ChunkWorker& worker, std::size_t chunk) {
        ChunkOrder order;
        {
            std::lock_guard const lock(mutex_);
            order = order_left();
        }
        if (threads_ == 1) {
            order.sink = sink_ ? &sink_ : nullptr;
        } else if (sink_) {
            order.keep = true;
            order.memory = budget_.memory / (chunks_ahead * static_cast<std::size_t>(threads_));
        }
        worker.begin(order);
        worker.run(chunk);
    }

    bool hand_in(ChunkWorker& worker, std::size_t chunk) {
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] { return over_ || handed_in_ == chunk; });
        if (over_) return false;
        bool const again = threads_ > 1 && (beyond(worker.result()) || worker.result().cut());
        if (again && !worker.result().cut_by_stop) {
            ChunkOrder order = order_left();
            order.sink = sink_ ? &sink_ : nullptr;
            worker.begin(order);
            worker.run(chunk);
        } else if (threads_ > 1 && sink_) {
            hand_on(worker.result());
        }
        add(worker.result());
        ++handed_in_;
        turn_.notify_all();
        return !over_;
    }

    bool beyond(ChunkResult const& result) const {
        return result.effort > budget_.effort - tally_.effort ||
               result.count > budget_.count - tally_.count;
    }

    void hand_on(ChunkResult& result) {
        std::size_t at = 0;
        std::vector<int> nodes;
        for (std::size_t k = 0; k < result.bottlenecks.size(); ++k) {
            std::size_t const legs = result.kept[at++];
            std::span<std::uint32_t const> const payments{result.kept.data() + at, legs};
            at += legs;
            nodes.assign(result.kept.begin() + static_cast<std::ptrdiff_t>(at),
                         result.kept.begin() + static_cast<std::ptrdiff_t>(at + legs));
            at += legs;
            if (sink_({nodes, payments, result.bottlenecks[k]})) continue;
            keep_first(result, k + 1);
            return;
        }
    }

    /// The caller has enough: what comes behind does not count, as if nobody had looked.
    static void keep_first(ChunkResult& result, std::size_t loops) {
        result.cut_by_caller = true;
        result.count = loops;
        std::fill(result.by_length.begin(), result.by_length.end(), 0);
        for (std::size_t k = 0, at = 0; k < loops; ++k) {
            ++result.by_length[result.kept[at]];
            at += 1 + 2 * static_cast<std::size_t>(result.kept[at]);
        }
    }

    void add(ChunkResult const& result) {
        tally_.effort += std::min(result.effort, budget_.effort - tally_.effort);
        tally_.count += result.count;
        if (tally_.by_length.size() < result.by_length.size())
            tally_.by_length.resize(result.by_length.size());
        for (std::size_t k = 0; k < result.by_length.size(); ++k)
            tally_.by_length[k] += result.by_length[k];
        tally_.cut_by_effort |= result.cut_by_effort;
        tally_.cut_by_count |= result.cut_by_count;
        tally_.cut_by_stop |= result.cut_by_stop;
        tally_.cut_by_caller |= result.cut_by_caller;
        if (result.cut()) end();
    }

    void end() {
        over_ = true;
        turn_.notify_all();
    }

    std::size_t chunks_;
    LoopBudget const& budget_;
    LoopSink const& sink_;
    int threads_;
    std::mutex mutex_;
    std::condition_variable turn_;
    std::size_t next_ = 0, handed_in_ = 0;
    bool over_ = false;
    LoopTally tally_;
};

} // namespace

void ChunkWorker::begin(ChunkOrder const& order) {
    order_ = order;
    auto kept = std::move(result_.kept);
    auto bottlenecks = std::move(result_.bottlenecks);
    kept.clear();
    bottlenecks.clear();
    result_ = {};
    result_.kept = std::move(kept);
    result_.bottlenecks = std::move(bottlenecks);
    next_look_ = 0;
}

bool ChunkWorker::look() {
    if (result_.effort > order_.effort) result_.cut_by_effort = true;
    if (order_.stop != nullptr && (*order_.stop)()) result_.cut_by_stop = true;
    std::uint64_t const apart = result_.effort + looks_apart;
    // Just behind the budget, so that all runs of a chunk end at the same payment.
    next_look_ = std::max(result_.effort + 1, order_.effort < apart ? order_.effort + 1 : apart);
    return !result_.cut();
}

bool ChunkWorker::meet(LoopSeen const& loop) {
    if (!count_loop(loop.nodes.size())) return false;
    if (order_.sink != nullptr) {
        if (!(*order_.sink)(loop)) result_.cut_by_caller = true;
    } else if (order_.keep) {
        result_.kept.push_back(static_cast<std::uint32_t>(loop.nodes.size()));
        result_.kept.insert(result_.kept.end(), loop.payments.begin(), loop.payments.end());
        for (int const node : loop.nodes) result_.kept.push_back(static_cast<std::uint32_t>(node));
        result_.bottlenecks.push_back(loop.bottleneck);
        if (result_.kept.size() * 4 + result_.bottlenecks.size() * 8 > order_.memory)
            result_.cut_by_memory = true;
    }
    return !result_.cut();
}

LoopTally run_in_order(std::size_t chunks, std::function<std::unique_ptr<ChunkWorker>()> make,
                       LoopBudget const& budget, LoopSink const& sink) {
    return OrderedRun(chunks, budget, sink).run(make);
}

} // namespace perpetuum
