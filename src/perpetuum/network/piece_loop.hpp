#pragma once
/// The pieces of a file of payments, on several threads. Inside the room only.

#include "payment_collector.hpp"
#include "pieces_of_file.hpp"

namespace perpetuum {

/// How the reading ended, when not at the end of the file.
struct PieceLoopEnd {
    bool failed = false;   ///< the system would not read on; `problem` says why
    bool too_long = false; ///< a record does not fit a piece
    std::string problem;
};

/// Threads take turns at the file, parse by themselves, and take turns again to hand in. The first
/// piece, without its first line, is there already.
PieceLoopEnd collect_pieces(FilePieces& file, PaymentPiece first, PaymentColumns& columns,
                            PaymentCollector& collector, int threads);

} // namespace perpetuum
