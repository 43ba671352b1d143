#pragma once
// Who paid whom, from a CSV file: payments without book or model.

#include "payment_options.hpp"

#include <perpetuum/network.hpp>
#include <perpetuum/text.hpp>

#include <string>

namespace perpetuum {

/// Whether a command's argument is a file of payments: .csv or .tsv.
bool is_payment_file(std::string const& path);

struct ImportedPayments {
    PaymentList list;
    std::string stated; ///< lines for stderr: what was read, left out, merged
    PaymentFileCount count;
};
/// Reads a file as the options say, with groups, exclusions and pass-throughs. times  false: they
/// are not needed. lines  keep the line of each payment. False, with errors at their places and
/// what was read in `stated`, when something is wrong.
bool import_payments(std::string const& path, PaymentOptions const& options, bool times, bool lines,
                     ImportedPayments& imported, Diagnostics& diagnostics);

/// Minor units as a decimal number: 1250 with 2 decimals is "12.50".
std::string exact_amount(std::int64_t minor, int decimals);
/// How many threads an option asks for; all there are where it is empty. 0: it is no number.
int threads_of(std::string const& text);

} // namespace perpetuum
