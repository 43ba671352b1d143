#pragma once
/// A piece of a file of payments, row by row. Inside the room only.

#include "csv_fields.hpp"
#include "party_names.hpp"

#include <perpetuum/network.hpp>

#include <deque>

namespace perpetuum {

constexpr std::size_t most_row_faults = 100;

/// Where the roles stand in a row, and what all rows must have in common.
struct PaymentColumns {
    char delimiter = ',';
    std::size_t count = 0; ///< of columns
    std::size_t from = 0, to = 0, amount = 0;
    std::optional<std::size_t> time, kind, currency;
    std::vector<std::pair<std::size_t, std::string>> where;
    int decimals = -1;
    TimeForm time_form = TimeForm::none; ///< of the first good row; none before it
    std::string currency_name;           ///< likewise
    bool currency_known = false;
};

/// Texts point into the piece, or into its store of texts that had doubled quotation marks.
struct PaymentRow {
    std::string_view from, to, kind;
    PartyKey from_key, to_key;
    DecimalAmount amount;
    std::int64_t time = 0;
    std::uint32_t line = 0; ///< counted from 0 at the piece's beginning
};

/// Something wrong with a row, with the line that it stands in.
struct RowFault {
    std::uint64_t line = 0; ///< in the piece from 0; later in the file from 1
    std::string text;       ///< the line, cut behind the fault
    std::uint32_t begin = 0, end = 0;
    std::string message, hint;
};

struct PaymentPiece {
    std::string text;
    std::deque<std::string> unquoted;
    std::vector<PaymentRow> rows;
    std::vector<RowFault> faults; ///< the first of them
    PaymentFileCount count;       ///< of this piece: read, to_oneself, elsewhere, refused, rounded
    std::uint64_t lines = 0;
};

/// Reads the rows of piece.text. What the first good row settles is written into `columns` when it
/// is open there; later pieces must be read after that.
void read_rows(PaymentPiece& piece, PaymentColumns& columns);

/// A fault at [begin, end) of text, in the line of the text that holds it.
RowFault fault_at(std::string_view text, char const* begin, char const* end, std::uint64_t line,
                  std::string message, std::string hint);

} // namespace perpetuum
