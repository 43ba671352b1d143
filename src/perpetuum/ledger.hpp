#pragma once
/// ledger: a run's payments → balance sheets, statements, matrices, residuals; the payments of a
/// window.

#include <perpetuum/ensemble.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/network.hpp>

#include <cstdint>
#include <optional>
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

/// The cells whose values of all steps payments_of reads, by number: what firms pay each other, and
/// their cash, whose opening it takes.
std::vector<CellId> cells_of_payments(System const& system);

/// Promises as a network of the whole terms: deals known, not ended, amounts known.
struct PromiseLine {
    std::string from, to, deal, kind, transaction, status; ///< status: announced, signed, ended
    Nature nature = Nature::other;
    double usd = 0;      ///< NaN: not known
    double paid_usd = 0; ///< before the start
    std::string why_not; ///< why the run leaves it out; empty when it runs
};
std::vector<PromiseLine> promises_of(System const& system, Book const& book);

// ---- matrices
// --------------------------------------------------------------------------------------------------------------

/// A table whose rows and columns should sum to what `row_targets` says and to zero. Numbers are
/// USD, or what a textbook model counts in.
struct Matrix {
    std::string title;
    std::vector<std::string> columns, rows;
    std::vector<double> cells;       ///< rows × columns, row major, in `unit`; NaN: not known
    double unit = 1;                 ///< a coin where there is money: so sums are exact
    std::vector<bool> written;       ///< likewise: false where nothing stands
    std::vector<double> row_targets; ///< what a row should sum to; NaN: nothing in particular

    double cell(std::size_t row, std::size_t column) const {
        return cells[row * columns.size() + column] * unit;
    }
    double row_sum(std::size_t row) const;
    double column_sum(std::size_t column) const;
    double largest() const; ///< of the absolute cells that are known
};
enum class MatrixBy { kind, entity };
/// Balances after a step, assets positive, liabilities and equity negative, so that every column
/// sums to zero. An account whose claims others hold under another name (loans, borrowings) sums to
/// zero with those only: its row has no target.
Matrix balance_sheet_matrix(System const& system, Path const& path, int step, MatrixBy by);
/// Bookings of the steps [first, last]: a row for each transaction, sources positive, uses
/// negative, in a current column (income and expense) or a capital one; what exchanges and an
/// entity's own bookings put against it, rows of their own; the change of cash, as the balances say
/// and not the bookings; saving, which carries the sum of a current column to its capital one.
/// All rows and columns sum to zero. cost: steps × postings
Matrix transaction_flow_matrix(System const& system, Path const& path, int first, int last,
                               MatrixBy by);

/// A matrix as economists write it: a cell is an expression over a textbook model's variables.
struct WrittenMatrix {
    std::string title;
    std::vector<std::string> columns, rows;
    std::vector<ExpressionId> cells;       ///< rows × columns; -1: nothing stands there
    std::vector<ExpressionId> row_targets; ///< -1: zero
};
/// Its numbers after a step; at step 0 from the start values, as far as they are known.
Matrix matrix_at(WrittenMatrix const& written, Model const& model, System const& system,
                 Path const& path, int step);

/// The sum of a row or column that is farthest from what it should be.
struct WorstSum {
    double gap = 0;  ///< sum less target
    double size = 0; ///< the largest cell of the matrix: gap / size is relative
    int step = 0;
    std::string where; ///< "row 'Bills'", "column 'Firms'"; empty: all are known to be exact
    double relative() const { return size > 0 ? gap / size : gap; }
};
WorstSum worst_sum(Matrix const& matrix, int step);

/// What an expression over the quantities of the model itself (its `model` block) comes to after a
/// step; at step 0 as far as starts say: a variable without one as its equation says, if that needs
/// nothing earlier. Nothing where something is not known, is no number, or needs more than
/// arithmetic (sums over kinds, memory, dates).
std::optional<double> value_on_path(Model const& model, System const& system, Path const& path,
                                    ExpressionId expression, int step);
/// A variable of the model itself whose start is not what its own equation gives for the other
/// starts: an equation without lags must hold at the start, too. A start of 0 (or below 1e-12)
/// counts as none.
struct StartGap {
    std::string name;
    double start = 0, equation = 0;
    Span where; ///< of the variable
    double relative() const;
};
std::vector<StartGap> start_gaps(Model const& model, System const& system, Path const& path);

/// An `expect A = B` of the model itself along a path.
struct IdentityGap {
    std::string text;
    std::optional<double> at_start; ///< A - B at step 0, where it is known
    double first = 0, worst = 0;    ///< A - B where it first fails, and where it is largest
    double first_relative = 0, worst_relative = 0; ///< to the largest term
    int first_step = 0, worst_step = 0;            ///< 0: never fails
};
/// One for each whose sides can be worked out; it fails above 1e-9 of the largest term of their sums.
std::vector<IdentityGap> identity_gaps(Model const& model, System const& system, Path const& path);

/// A step's label: "2025-Q4" where steps are quarters.
std::string step_label(System const& system, int step);
/// Steps [first, last] that lie in a period; last < first when none does.
std::pair<int, int> steps_of(System const& system, Period period);

} // namespace perpetuum
