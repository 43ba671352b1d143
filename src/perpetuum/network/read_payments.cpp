/// A file of payments, in pieces of about a megabyte: read one after the other, parsed side by
/// side, and put together in their order, so that threads do not show in the result.

#include "party_names.hpp"
#include "payment_rows.hpp"
#include "pieces_of_file.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <limits>
#include <map>
#include <mutex>
#include <thread>

namespace perpetuum {

namespace {

constexpr std::int64_t most_minor = std::int64_t{1} << 62;
constexpr std::uint64_t most_shown_lines = 50'000'000; // beyond, a fault is told without its line
constexpr std::size_t most_payments = std::numeric_limits<int>::max();

struct RoleNames {
    char const* role;
    std::vector<std::string_view> names;
};

std::vector<RoleNames> const& role_names() {
    static std::vector<RoleNames> const table{{"from", {"from", "payer", "source", "src"}},
                                              {"to", {"to", "payee", "target", "dst"}},
                                              {"amount", {"amount"}},
                                              {"time", {"time", "date"}},
                                              {"kind", {"kind"}}};
    return table;
}

/// Puts pieces together; all of it under one lock, in the order of the pieces.
class PaymentCollector {
  public:
    explicit PaymentCollector(PaymentFileOptions const& options) : options_(options) {}

    PaymentList list;
    PaymentFileCount count;
    std::vector<RowFault> faults;
    bool stopped = false;

    void add(PaymentPiece& piece, PaymentColumns const& columns) {
        add_count(piece.count);
        for (RowFault& fault : piece.faults) {
            fault.line += lines_;
            add_fault(std::move(fault));
        }
        reserve(piece);
        add_rows(piece, columns);
        lines_ += piece.lines;
        // A file that is no file of payments at all should not be read to its end.
        stopped = stopped || (!options_.lenient && count.refused >= most_row_faults);
    }
    void add_fault(RowFault fault) {
        if (faults.size() < most_row_faults) faults.push_back(std::move(fault));
    }
    void skip_lines(std::uint64_t lines) { lines_ += lines; }
    std::uint64_t lines() const { return lines_; }
    void finish(PaymentColumns const& columns) {
        list.parties = parties_.take();
        list.kinds = kinds_.take();
        list.time_form = columns.time ? columns.time_form : TimeForm::none;
        count.kept = list.size();
    }

  private:
    void add_count(PaymentFileCount const& piece) {
        count.read += piece.read;
        count.elsewhere += piece.elsewhere;
        count.refused += piece.refused;
    }

    /// From the first piece on, room for as many rows as the file should have: growing by doubling
    /// would for a moment need three times the memory.
    void reserve(PaymentPiece const& piece) {
        if (list.from.capacity() > 0 || piece.text.empty()) return;
        double const rows = static_cast<double>(piece.rows.size()) *
                            static_cast<double>(count.bytes) /
                            static_cast<double>(piece.text.size());
        auto const room = static_cast<std::size_t>(std::min(rows * 1.05 + 1000, 1e9));
        list.from.reserve(room);
        list.to.reserve(room);
        list.amount.reserve(room);
        if (options_.lines) list.line.reserve(room);
    }

    void add_rows(PaymentPiece const& piece, PaymentColumns const& columns) {
        if (columns.time && list.time.capacity() < list.from.capacity())
            list.time.reserve(list.from.capacity());
        auto const& rows = piece.rows;
        constexpr std::size_t near = 8, far = 16;
        for (std::size_t k = 0; k < rows.size(); ++k) {
            if (stopped) { // what was not looked at was not read
                count.read -= rows.size() - k;
                return;
            }
            if (k + far < rows.size()) {
                parties_.prefetch_slot(rows[k + far].from_hash);
                parties_.prefetch_slot(rows[k + far].to_hash);
            }
            if (k + near < rows.size()) {
                parties_.prefetch_name(rows[k + near].from_hash);
                parties_.prefetch_name(rows[k + near].to_hash);
            }
            add_row(rows[k], piece, columns);
        }
    }

    void add_row(PaymentRow const& row, PaymentPiece const& piece, PaymentColumns const& columns) {
        int const from = parties_.number(row.from, row.from_hash);
        int const to = parties_.number(row.to, row.to_hash);
        if (from == to) {
            ++count.to_oneself;
            return;
        }
        if (row.amount.digits == 0) {
            ++count.of_nothing;
            return;
        }
        std::int64_t minor = 0;
        if (!fits(row.amount, minor) || list.size() >= most_payments) {
            refuse_amount(row, piece);
            return;
        }
        count.rounded += row.amount.rounded;
        list.from.push_back(from);
        list.to.push_back(to);
        list.amount.push_back(minor);
        if (columns.time) list.time.push_back(row.time);
        if (columns.kind) list.kind.push_back(kinds_.number(row.kind));
        if (options_.lines) list.line.push_back(static_cast<std::uint32_t>(lines_ + row.line));
    }

    /// The amount in minor units; more decimals than before make all earlier ones larger. False
    /// when the sum would leave 2^62.
    bool fits(DecimalAmount amount, std::int64_t& minor) {
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

    void rescale(int decimals) {
        std::int64_t factor = 1;
        for (int k = list.decimals; k < decimals; ++k) factor *= 10;
        for (std::int64_t& earlier : list.amount) earlier *= factor;
        list.decimals = decimals;
    }

    void refuse_amount(PaymentRow const& row, PaymentPiece const& piece) {
        ++count.refused;
        RowFault fault = fault_at(piece.text, row.from.data(), row.from.data(), row.line, {}, {});
        bool const inside = row.from.data() >= piece.text.data() &&
                            row.from.data() < piece.text.data() + piece.text.size();
        if (!inside) fault = {row.line, {}, 0, 0, {}, {}};
        fault.message = list.size() >= most_payments
                            ? "more than 2^31 payments"
                            : "with this row, amounts add up to 2^62 or more of their smallest "
                              "decimal";
        fault.hint = "--decimals 2 rounds every amount to so many decimals";
        fault.line += lines_;
        add_fault(std::move(fault));
        if (!options_.lenient) stopped = true;
    }

    PaymentFileOptions const& options_;
    PartyNames parties_, kinds_;
    std::int64_t total_ = 0;
    std::uint64_t lines_ = 0;
};

/// A column by the name that the caller gives it, or by one of the usual names.
std::optional<std::size_t> column_of_role(CsvTable const& head, RoleNames const& role,
                                          PaymentFileOptions const& options) {
    for (auto const& [named, column] : options.columns)
        if (named == role.role) return head.column(column);
    for (std::string_view const name : role.names)
        if (auto const column = head.column(name)) return column;
    return std::nullopt;
}

std::string names_of_head(CsvTable const& head) {
    std::string names;
    for (CsvCell const& cell : head.head)
        if (names.size() < 400)
            names += (names.empty() ? "" : ", ") + printable(trimmed_cell(cell.text), 40);
    return printable(names, 400);
}

/// The first line, as it says what columns there are.
class HeadReader {
  public:
    HeadReader(CsvTable const& head, PaymentFileOptions const& options, Diagnostics& diagnostics)
        : head_(head), options_(options), diagnostics_(diagnostics) {}

    std::optional<PaymentColumns> columns(PaymentFileCount& count) {
        PaymentColumns columns;
        columns.delimiter = head_.delimiter;
        columns.count = head_.head.size();
        columns.decimals = options_.decimals;
        check_named();
        auto const from = role(0), to = role(1), amount = role(2);
        for (std::size_t k = 0; k < 3; ++k)
            if (!role(k)) missing(role_names()[k].role);
        if (options_.times) columns.time = role(3);
        if (options_.kinds) columns.kind = role(4);
        for (auto const& [name, text] : options_.where) {
            auto const column = head_.column(name);
            if (!column)
                missing(name);
            else
                columns.where.emplace_back(*column, text);
        }
        if (diagnostics_.failed()) return std::nullopt;
        columns.from = *from;
        columns.to = *to;
        columns.amount = *amount;
        columns.currency = head_.column("currency");
        note_ignored(columns, count);
        return columns;
    }

  private:
    std::optional<std::size_t> role(std::size_t k) const {
        return column_of_role(head_, role_names()[k], options_);
    }

    void missing(std::string const& name) {
        Span where = head_.head.front().where;
        where.end = head_.head.back().where.end;
        diagnostics_.error(where, "the first line names no column '" + printable(name) + "'",
                           "it names " + names_of_head(head_) +
                               "; another name is told by --column from=NAME (to, amount, time, "
                               "kind)");
    }

    /// What the caller names must be there; so must the names of roles be roles.
    void check_named() {
        for (auto const& [named, column] : options_.columns) {
            bool const known =
                std::any_of(role_names().begin(), role_names().end(),
                            [&name = named](RoleNames const& role) { return role.role == name; });
            if (!known)
                diagnostics_.error({}, "a payment has no " + quoted(named),
                                   "from, to, amount, time or kind");
            else if ((named == "time" || named == "kind") && !head_.column(column))
                missing(column);
        }
    }

    void note_ignored(PaymentColumns const& columns, PaymentFileCount& count) const {
        for (std::size_t k = 0; k < head_.head.size(); ++k) {
            bool used = k == columns.from || k == columns.to || k == columns.amount ||
                        role(3) == k || role(4) == k || columns.currency == k;
            for (auto const& where : columns.where) used = used || where.first == k;
            if (!used) count.ignored.emplace_back(trimmed_cell(head_.head[k].text));
        }
    }

    CsvTable const& head_;
    PaymentFileOptions const& options_;
    Diagnostics& diagnostics_;
};

/// Threads take turns at the file, parse by themselves, and take turns again to hand in.
class PieceLoop {
  public:
    PieceLoop(FilePieces& file, PaymentColumns& columns, PaymentCollector& collector)
        : file_(file), columns_(columns), collector_(collector) {}

    /// The first piece, without its first line, is there already.
    void run(PaymentPiece first, int threads) {
        read_rows(first, columns_);
        collector_.add(first, columns_);
        over_ = collector_.stopped;
        first = {};
        std::vector<std::thread> others;
        for (int k = 1; k < threads; ++k) others.emplace_back([this] { work(); });
        work();
        for (std::thread& other : others) other.join();
        if (failure_) std::rethrow_exception(failure_);
    }
    std::string problem;
    bool failed = false;

  private:
    void work() {
        try {
            PaymentPiece piece;
            while (step(piece)) {
            }
        } catch (...) {
            std::lock_guard const lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
            over_ = true;
            turn_.notify_all();
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
        FilePieces::Next const next = file_.next(columns_.delimiter, piece.text, problem);
        ended_ = next != FilePieces::Next::piece;
        if (next == FilePieces::Next::failed) failed = true;
        if (next == FilePieces::Next::too_long) too_long = true;
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
    std::exception_ptr failure_;

  public:
    bool too_long = false;
};

/// A text in which only the lines with faults say something: as many line ends as the file has, so
/// that places come out right without keeping the file.
void report_faults(std::vector<RowFault> faults, std::string const& path, bool lenient,
                   Diagnostics& diagnostics) {
    std::stable_sort(faults.begin(), faults.end(),
                     [](RowFault const& a, RowFault const& b) { return a.line < b.line; });
    std::string text;
    std::uint64_t line = 1;
    std::size_t line_begin = 0;
    std::vector<Span> places;
    for (RowFault const& fault : faults) {
        if (fault.line > most_shown_lines || fault.line < line) {
            places.push_back({});
            continue;
        }
        if (fault.line > line) {
            text.append(fault.line - line, '\n');
            line = fault.line;
            line_begin = text.size();
        }
        if (text.size() == line_begin) text += fault.text;
        auto const begin = static_cast<std::uint32_t>(line_begin);
        places.push_back({0, begin + fault.begin, begin + fault.end});
    }
    int const number = diagnostics.add_text(path, std::move(text));
    for (std::size_t k = 0; k < faults.size(); ++k) {
        RowFault const& fault = faults[k];
        Span where = places[k];
        std::string message = fault.message;
        if (where.text < 0)
            message = printable(path) + ", line " + std::to_string(fault.line) + ": " + message;
        else
            where.text = number;
        if (lenient)
            diagnostics.warning(where, "row left out: " + message, fault.hint);
        else
            diagnostics.error(where, message, fault.hint);
    }
}

/// Takes the first line off the first piece.
std::optional<CsvTable> read_head(std::string const& path, PaymentFileOptions const& options,
                                  PaymentPiece& piece, Diagnostics& diagnostics) {
    std::size_t skip = piece.text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    std::uint64_t lines = 0;
    while (skip < piece.text.size() && (piece.text[skip] == '\n' || piece.text[skip] == '\r'))
        lines += piece.text[skip++] == '\n';
    std::string_view const text = std::string_view(piece.text).substr(skip);
    char const delimiter = options.delimiter == 0 ? guess_delimiter(text) : options.delimiter;
    std::vector<CsvField> fields;
    CsvRecord const record =
        split_csv_record(text.data(), text.data() + text.size(), delimiter, fields);
    lines += static_cast<std::uint64_t>(record.lines);
    auto const size = static_cast<std::size_t>(record.next - piece.text.data());
    auto head = parse_csv_table(path, piece.text.substr(0, size), delimiter, diagnostics);
    if (!head) return std::nullopt;
    piece.text.erase(0, size);
    piece.lines = lines;
    return head;
}

} // namespace

std::string print_count(PaymentFileCount const& count) {
    auto const many = [](std::uint64_t number, char const* words) {
        return number == 0 ? std::string() : std::to_string(number) + words;
    };
    std::string reasons;
    for (std::string const& reason :
         {many(count.to_oneself, " to oneself"), many(count.of_nothing, " of nothing"),
          many(count.elsewhere, " not asked for")})
        if (!reason.empty()) reasons += (reasons.empty() ? "" : ", ") + reason;
    std::uint64_t const out = count.to_oneself + count.of_nothing + count.elsewhere;
    return "read " + std::to_string(count.read) + (count.read == 1 ? " row" : " rows") + ": kept " +
           std::to_string(count.kept) +
           (out > 0 ? ", left out " + std::to_string(out) + " (" + reasons + ")" : "") +
           ", refused " + std::to_string(count.refused);
}

double PaymentList::minor_unit() const {
    double power = 1;
    for (int k = 0; k < decimals; ++k) power *= 10;
    return 1 / power;
}

std::optional<PaymentList> read_payments(std::string const& path, PaymentFileOptions const& options,
                                         Diagnostics& diagnostics, PaymentFileCount& count) {
    count = {};
    FilePieces file;
    std::string problem;
    PaymentPiece first;
    if (!file.open(path, problem)) {
        diagnostics.error({}, problem);
        return std::nullopt;
    }
    FilePieces::Next const next = file.next(options.delimiter, first.text, problem);
    if (next == FilePieces::Next::failed) {
        diagnostics.error({}, printable(path) + ": " + problem);
        return std::nullopt;
    }
    auto const head = read_head(path, options, first, diagnostics);
    if (!head) return std::nullopt;
    count.bytes = file.bytes();
    count.delimiter = head->delimiter;
    auto columns = HeadReader(*head, options, diagnostics).columns(count);
    if (!columns) return std::nullopt;
    PaymentCollector collector(options);
    collector.count = count;
    collector.skip_lines(first.lines + 1);
    PieceLoop loop(file, *columns, collector);
    bool too_long = next == FilePieces::Next::too_long;
    if (!too_long) {
        first.lines = 0;
        loop.run(std::move(first), std::max(options.threads, 1));
        too_long = loop.too_long;
    }
    if (too_long) {
        RowFault fault{collector.lines(), {}, 0, 0, "a row of more than 4 MB", {}};
        fault.hint = "is a quotation mark left open here?";
        collector.add_fault(std::move(fault));
        ++collector.count.read;
        ++collector.count.refused;
    }
    collector.finish(*columns);
    count = collector.count;
    if (loop.failed) diagnostics.error({}, printable(path) + ": " + loop.problem);
    bool const lenient = options.lenient && !too_long;
    report_faults(std::move(collector.faults), path, lenient, diagnostics);
    if (diagnostics.failed()) return std::nullopt;
    return std::move(collector.list);
}

} // namespace perpetuum
