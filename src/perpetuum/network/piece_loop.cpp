#include "piece_loop.hpp"

#include <perpetuum/threads.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

namespace perpetuum {

namespace {

class PieceLoop {
  public:
    PieceLoop(FilePieces& file, PaymentColumns& columns, PaymentCollector& collector)
        : file_(file), columns_(columns), collector_(collector) {}

    void run(PaymentPiece first, int threads) {
        read_rows(first, columns_);
        collector_.add(first, columns_);
        over_ = collector_.stopped;
        first = {};
        run_on_threads(static_cast<std::size_t>(std::max(threads, 1)),
                       [this](std::size_t) { work(); });
    }
    PieceLoopEnd end;

  private:
    void work() {
        try {
            PaymentPiece piece;
            while (step(piece)) {
            }
        } catch (...) {
            std::lock_guard const lock(mutex_);
            over_ = true;
            turn_.notify_all();
            throw;
        }
    }

    bool settled() const {
        return (!columns_.time || columns_.time_form != TimeForm::none) &&
               (!columns_.currency || columns_.currency_known);
    }

    bool step(PaymentPiece& piece) {
        piece.unquoted.clear();
        piece.rows.clear();
        piece.faults.clear();
        piece.count = {};
        std::uint64_t number = 0;
        bool alone = false;
        {
            std::unique_lock lock(mutex_);
            if (over_ || !take(piece)) return false;
            number = taken_++;
            alone = !settled();
            // Until a row has settled how times are written, pieces wait for those before them.
            if (alone) turn_.wait(lock, [&] { return handed_in_ == number || over_; });
        }
        if (over_) return false;
        if (alone && !settled()) {
            read_rows(piece, columns_);
        } else {
            PaymentColumns columns = columns_;
            read_rows(piece, columns);
        }
        std::unique_lock lock(mutex_);
        turn_.wait(lock, [&] { return handed_in_ == number || over_; });
        if (over_) return false;
        collector_.add(piece, columns_);
        ++handed_in_;
        over_ = over_ || collector_.stopped;
        turn_.notify_all();
        return !over_;
    }

    /// Under the lock: the next piece, or why there is none.
    bool take(PaymentPiece& piece) {
        if (ended_) return false;
        FilePieces::Next const next = file_.next(columns_.delimiter, piece.text, end.problem);
        ended_ = next != FilePieces::Next::piece;
        if (next == FilePieces::Next::failed) end.failed = true;
        if (next == FilePieces::Next::too_long) end.too_long = true;
        return !ended_;
    }

    FilePieces& file_;
    PaymentColumns& columns_;
    PaymentCollector& collector_;
    std::mutex mutex_;
    std::condition_variable turn_;
    std::uint64_t taken_ = 0, handed_in_ = 0;
    std::atomic<bool> over_ = false;
    bool ended_ = false;
};

} // namespace

PieceLoopEnd collect_pieces(FilePieces& file, PaymentPiece first, PaymentColumns& columns,
                            PaymentCollector& collector, int threads) {
    PieceLoop loop(file, columns, collector);
    loop.run(std::move(first), threads);
    return std::move(loop.end);
}

} // namespace perpetuum
