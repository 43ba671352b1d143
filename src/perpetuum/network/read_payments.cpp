/// A file of payments, in pieces: read one after the other, parsed side by side, and put together in
/// their order, so that threads do not show in the result.

#include "payment_head.hpp"
#include "piece_loop.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::uint64_t most_shown_lines = 50'000'000; // beyond, a fault is told without its line

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
    auto columns = columns_of_head(*head, options, diagnostics, count);
    if (!columns) return std::nullopt;
    PaymentCollector collector(options);
    collector.count = count;
    collector.skip_lines(first.lines + 1);
    PieceLoopEnd end;
    bool too_long = next == FilePieces::Next::too_long;
    if (!too_long) {
        first.lines = 0;
        end = collect_pieces(file, std::move(first), *columns, collector,
                             std::max(options.threads, 1));
        too_long = end.too_long;
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
    if (end.failed) diagnostics.error({}, printable(path) + ": " + end.problem);
    bool const lenient = options.lenient && !too_long;
    report_faults(std::move(collector.faults), path, lenient, diagnostics);
    if (diagnostics.failed()) return std::nullopt;
    return std::move(collector.list);
}

} // namespace perpetuum
