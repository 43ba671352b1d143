/// From the rows of a piece to the columns of the list: names become numbers, amounts whole minor
/// units of what the whole file needs.

#include "payment_collector.hpp"

#include <algorithm>
#include <limits>

namespace perpetuum {

namespace {

constexpr std::int64_t most_minor = std::int64_t{1} << 62;
constexpr std::size_t most_payments = std::numeric_limits<int>::max();

} // namespace

void PaymentCollector::add(PaymentPiece& piece, PaymentColumns const& columns) {
    add_count(piece.count);
    for (RowFault& fault : piece.faults) {
        fault.line += lines_;
        add_fault(std::move(fault));
    }
    add_rows(piece, columns);
    lines_ += piece.lines;
    // A file that is no file of payments at all should not be read to its end.
    stopped = stopped || (!options_.lenient && count.refused >= most_row_faults);
}

void PaymentCollector::add_fault(RowFault fault) {
    if (faults.size() < most_row_faults) faults.push_back(std::move(fault));
}

void PaymentCollector::finish(PaymentColumns const& columns) {
    list.parties = parties_.take();
    list.kinds = kinds_.take();
    list.time_form = columns.time ? columns.time_form : TimeForm::none;
    count.kept = list.size();
}

void PaymentCollector::add_count(PaymentFileCount const& piece) {
    count.read += piece.read;
    count.elsewhere += piece.elsewhere;
    count.refused += piece.refused;
}

/// Room for as many rows as the file should have by what it had so far: growing by doubling would
/// for a moment need three times the memory.
void PaymentCollector::make_room(PaymentPiece const& piece, PaymentColumns const& columns) {
    letters_ += piece.text.size();
    std::size_t const needed = kept_ + piece.rows.size();
    if (list.from.capacity() < needed) {
        double const rows = static_cast<double>(needed) * static_cast<double>(count.bytes) /
                            static_cast<double>(std::max<std::uint64_t>(letters_, 1));
        auto const room = std::max(needed, static_cast<std::size_t>(std::min(rows * 1.05, 1e9)));
        list.from.reserve(room);
        list.to.reserve(room);
        list.amount.reserve(room);
        if (columns.time) list.time.reserve(room);
        if (options_.lines) list.line.reserve(room);
    }
    set_size(needed, columns);
}

void PaymentCollector::set_size(std::size_t rows, PaymentColumns const& columns) {
    list.from.resize(rows);
    list.to.resize(rows);
    list.amount.resize(rows);
    if (columns.time) list.time.resize(rows);
    if (columns.kind) list.kind.resize(rows);
    if (options_.lines) list.line.resize(rows);
}

void PaymentCollector::add_rows(PaymentPiece const& piece, PaymentColumns const& columns) {
    make_room(piece, columns);
    auto const& rows = piece.rows;
    constexpr std::size_t ahead = 16;
    for (std::size_t k = 0; k < rows.size() && !stopped; ++k) {
        if (k + ahead < rows.size()) {
            parties_.prefetch(rows[k + ahead].from_key);
            parties_.prefetch(rows[k + ahead].to_key);
        }
        add_row(rows[k], piece, columns);
        if (stopped) count.read -= rows.size() - k - 1; // what was not looked at was not read
    }
    set_size(kept_, columns);
}

void PaymentCollector::add_row(PaymentRow const& row, PaymentPiece const& piece,
                               PaymentColumns const& columns) {
    int const from = parties_.number(row.from, row.from_key);
    int const to = parties_.number(row.to, row.to_key);
    if (from == to) {
        ++count.to_oneself;
        return;
    }
    if (row.amount.digits == 0) {
        ++count.of_nothing;
        return;
    }
    std::int64_t minor = 0;
    if (!fits(row.amount, minor) || kept_ >= most_payments) {
        refuse_amount(row, piece);
        return;
    }
    count.rounded += row.amount.rounded;
    list.from[kept_] = from;
    list.to[kept_] = to;
    list.amount[kept_] = minor;
    if (columns.time) list.time[kept_] = row.time;
    if (columns.kind) list.kind[kept_] = kinds_.number(row.kind);
    if (options_.lines) list.line[kept_] = static_cast<std::uint32_t>(lines_ + row.line);
    ++kept_;
}

/// The amount in minor units; more decimals than before make all earlier ones larger. False when
/// the sum would leave 2^62.
bool PaymentCollector::fits(DecimalAmount amount, std::int64_t& minor) {
    std::int64_t total = total_;
    minor = amount.digits;
    for (int k = list.decimals; k < amount.decimals; ++k)
        if (__builtin_mul_overflow(total, 10, &total)) return false;
    for (int k = amount.decimals; k < list.decimals; ++k)
        if (__builtin_mul_overflow(minor, 10, &minor)) return false;
    if (total >= most_minor || minor >= most_minor - total) return false;
    if (amount.decimals > list.decimals) rescale(amount.decimals);
    total_ = total + minor;
    return true;
}

void PaymentCollector::rescale(int decimals) {
    std::int64_t factor = 1;
    for (int k = list.decimals; k < decimals; ++k) factor *= 10;
    for (std::size_t k = 0; k < kept_; ++k) list.amount[k] *= factor;
    list.decimals = decimals;
}

void PaymentCollector::refuse_amount(PaymentRow const& row, PaymentPiece const& piece) {
    ++count.refused;
    RowFault fault = fault_at(piece.text, row.from.data(), row.from.data(), row.line, {}, {});
    bool const inside = row.from.data() >= piece.text.data() &&
                        row.from.data() < piece.text.data() + piece.text.size();
    if (!inside) fault = {row.line, {}, 0, 0, {}, {}};
    fault.message = kept_ >= most_payments
                        ? "more than 2^31 payments"
                        : "with this row, amounts add up to 2^62 or more of their smallest decimal";
    fault.hint = "--decimals 2 rounds every amount to so many decimals";
    fault.line += lines_;
    add_fault(std::move(fault));
    if (!options_.lenient) stopped = true;
}

} // namespace perpetuum
