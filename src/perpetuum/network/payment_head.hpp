#pragma once
/// The first line of a file of payments. Inside the room only.

#include "payment_rows.hpp"

namespace perpetuum {

/// Takes the first line off the first piece, and sets piece.lines to the line ends that it and what
/// stands before it take up.
std::optional<CsvTable> read_head(std::string const& path, PaymentFileOptions const& options,
                                  PaymentPiece& piece, Diagnostics& diagnostics);

/// Which column plays which role; `count` learns which play none. Nothing when one is missing.
std::optional<PaymentColumns> columns_of_head(CsvTable const& head,
                                              PaymentFileOptions const& options,
                                              Diagnostics& diagnostics, PaymentFileCount& count);

} // namespace perpetuum
