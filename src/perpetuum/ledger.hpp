#pragma once
/// ledger: a run's payments → balance sheets, statements, matrices, residuals; the payments of a
/// window.

#include <perpetuum/ensemble.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/network.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

/// What must be zero, measured on every step from the postings and balances of a path (not from how
/// they were made).
struct Residuals {
    double cash_negative = 0; ///< USD: the deepest negative cash of any firm
    double postings = 0; ///< payments not booked exactly four times, with debits equal to credits
    double balance = 0;  ///< USD: largest |assets − liabilities − equity| of any entity
    double matrix = 0;   ///< USD: largest row or column sum of the flow matrix, Δcash included
    std::int64_t payments = 0; ///< how many payments were looked at
    std::int64_t postings_seen = 0;
    bool zero() const { return cash_negative == 0 && postings == 0 && balance == 0 && matrix == 0; }
};
Residuals residuals(System const& system, Path const& path);

/// The nature of a payment, told from how it is booked.
Nature nature_of(System const& system, SystemFlow const& flow);

/// Every payment of a path with what tracing needs: natures, sub-tills, bound purposes, linked
/// deals.
PaymentSet payments_of(System const& system, Path const& path, Book const& book);

/// Promises as a network of the whole terms: deals known, not ended, amounts known.
struct PromiseLine {
    std::string from, to, deal, kind, transaction, status; ///< status: announced, signed, ended
    Nature nature = Nature::other;
    double usd = 0;      ///< NaN: not known
    double paid_usd = 0; ///< before the start
    std::string why_not; ///< why the run leaves it out; empty when it runs
};
std::vector<PromiseLine> promises_of(System const& system, Book const& book);

/// A step's label: "2025-Q4" where steps are quarters.
std::string step_label(System const& system, int step);
/// Steps [first, last] that lie in a period; last < first when none does.
std::pair<int, int> steps_of(System const& system, Period period);

} // namespace perpetuum
