#pragma once
/// Pieces of a file of payments, put together. Inside the room only.

#include "party_names.hpp"
#include "payment_rows.hpp"

namespace perpetuum {

/// All of it under one lock, in the order of the pieces.
class PaymentCollector {
  public:
    explicit PaymentCollector(PaymentFileOptions const& options) : options_(options) {}

    PaymentList list;
    PaymentFileCount count;
    std::vector<RowFault> faults;
    bool stopped = false;

    void add(PaymentPiece& piece, PaymentColumns const& columns);
    void add_fault(RowFault fault);
    void skip_lines(std::uint64_t lines) { lines_ += lines; }
    std::uint64_t lines() const { return lines_; }
    void finish(PaymentColumns const& columns);

  private:
    void add_count(PaymentFileCount const& piece);
    void make_room(PaymentPiece const& piece, PaymentColumns const& columns);
    void set_size(std::size_t rows, PaymentColumns const& columns);
    void add_rows(PaymentPiece const& piece, PaymentColumns const& columns);
    void add_row(PaymentRow const& row, PaymentPiece const& piece, PaymentColumns const& columns);
    bool fits(DecimalAmount amount, std::int64_t& minor);
    void rescale(int decimals);
    void refuse_amount(PaymentRow const& row, PaymentPiece const& piece);

    PaymentFileOptions const& options_;
    PartyNames parties_, kinds_;
    std::int64_t total_ = 0;
    std::size_t kept_ = 0;      ///< rows; the columns are longer while a piece is added
    std::uint64_t letters_ = 0; ///< bytes of the pieces so far
    std::uint64_t lines_ = 0;
};

} // namespace perpetuum
