/// One pass over a piece: a row that is fine becomes a PaymentRow, one that is not a fault.

#include "payment_rows.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t longest_party_name = 200;
constexpr std::size_t longest_shown_line = 100'000;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

class RowReader {
  public:
    RowReader(PaymentPiece& piece, PaymentColumns& columns) : piece_(piece), columns_(columns) {}

    void read_all() {
        char const* at = piece_.text.data();
        char const* const end = at + piece_.text.size();
        while (at < end) {
            CsvRecord const record = split_csv_record(at, end, columns_.delimiter, fields_);
            if (!blank()) read_one(record);
            at = record.next;
            line_ += static_cast<std::uint64_t>(record.lines);
        }
        piece_.lines = line_;
    }

  private:
    bool blank() const {
        return fields_.size() == 1 && !fields_[0].quoted &&
               std::all_of(fields_[0].begin, fields_[0].end, is_blank);
    }

    void read_one(CsvRecord const& record) {
        ++piece_.count.read;
        PaymentRow row;
        row.line = static_cast<std::uint32_t>(line_);
        if (!whole(record) || !here(row)) return;
        if (!party(fields_[columns_.from], row.from) || !party(fields_[columns_.to], row.to) ||
            !amount(row) || !time(row) || !currency())
            return;
        row.from_key = key_of_name(row.from);
        row.to_key = key_of_name(row.to);
        piece_.rows.push_back(row);
    }

    /// As many fields as there are columns; empty ones behind them do no harm.
    bool whole(CsvRecord const& record) {
        if (record.open)
            return refuse(fields_.back(), "a quotation mark that is not closed",
                          "a quotation mark inside a quoted field is doubled");
        std::size_t size = fields_.size();
        while (size > columns_.count && fields_[size - 1].begin == fields_[size - 1].end) --size;
        if (size == columns_.count) return true;
        std::string const counted = std::to_string(size) + (size == 1 ? " column" : " columns");
        return refuse(
            size > columns_.count ? fields_[columns_.count] : fields_.back(),
            "this line has " + counted + ", the first line names " + std::to_string(columns_.count),
            size > columns_.count ? "text with a delimiter in it needs quotation marks" : "");
    }

    /// False when `where` leaves the row out. Reads the kind besides.
    bool here(PaymentRow& row) {
        for (auto const& [column, text] : columns_.where)
            if (text_of(fields_[column]) != text) {
                ++piece_.count.elsewhere;
                return false;
            }
        if (columns_.kind) row.kind = text_of(fields_[*columns_.kind]);
        return true;
    }

    bool party(CsvField const& field, std::string_view& name) {
        name = text_of(field);
        if (name.empty()) return refuse(field, "who pays or is paid has no name", "");
        if (name.size() > longest_party_name)
            return refuse(field, "a name of more than 200 bytes", "");
        bool const plain = std::all_of(name.begin(), name.end(),
                                       [](char c) { return static_cast<signed char>(c) >= 0; });
        if (!plain && damaged_utf8(name) != std::string_view::npos)
            return refuse(field, "not UTF-8", "save the file as UTF-8");
        return true;
    }

    bool amount(PaymentRow& row) {
        CsvField const& field = fields_[columns_.amount];
        auto const text = text_of(field);
        auto const read = parse_decimal_amount(text, columns_.decimals);
        if (!read)
            return refuse(field, quoted(text) + " is no amount",
                          "a number from 0 on of at most 18 digits, with a point and without "
                          "blanks or commas");
        row.amount = *read;
        return true;
    }

    bool time(PaymentRow& row) {
        if (!columns_.time) return true;
        CsvField const& field = fields_[*columns_.time];
        auto const text = text_of(field);
        TimeRead const read = parse_time(text);
        if (read.form == TimeForm::none)
            return refuse(field, quoted(text) + " is no time",
                          "an integer, 2025-01-31, or 2025-01-31T12:30:15");
        if (columns_.time_form == TimeForm::none) columns_.time_form = read.form;
        if (columns_.time_form != read.form)
            return refuse(field, quoted(text) + " is written otherwise than the first time",
                          "all of a file are integers, or dates, or dates with the time of day");
        row.time = read.value;
        return true;
    }

    /// Amounts of two currencies must not be added up.
    bool currency() {
        if (!columns_.currency) return true;
        CsvField const& field = fields_[*columns_.currency];
        auto const text = text_of(field);
        if (!columns_.currency_known) {
            columns_.currency_name = text;
            columns_.currency_known = true;
        }
        if (text == columns_.currency_name) return true;
        return refuse(field,
                      "the currency is " + quoted(text) + ", in the first row it is " +
                          quoted(columns_.currency_name),
                      "--where currency=" + printable(columns_.currency_name, 20) +
                          " takes the rows of one");
    }

    /// What a field says, without blanks around it.
    std::string_view text_of(CsvField const& field) {
        if (!field.quoted) return trimmed_cell(field.raw());
        auto const raw = field.raw();
        bool const simple = raw.size() >= 2 && raw.find('"', 1) == raw.size() - 1;
        if (simple) return trimmed_cell(raw.substr(1, raw.size() - 2));
        letters_.clear();
        append_csv_text(field, letters_);
        piece_.unquoted.emplace_back(letters_.begin(), letters_.end());
        return trimmed_cell(piece_.unquoted.back());
    }

    bool refuse(CsvField const& field, std::string message, std::string hint) {
        ++piece_.count.refused;
        if (piece_.faults.size() >= most_row_faults) return false;
        auto const before =
            static_cast<std::uint64_t>(std::count(fields_.front().begin, field.begin, '\n'));
        piece_.faults.push_back(fault_at(piece_.text, field.begin, field.end, line_ + before,
                                         std::move(message), std::move(hint)));
        return false;
    }

    PaymentPiece& piece_;
    PaymentColumns& columns_;
    std::vector<CsvField> fields_;
    std::vector<char> letters_;
    std::uint64_t line_ = 0;
};

} // namespace

RowFault fault_at(std::string_view text, char const* begin, char const* end, std::uint64_t line,
                  std::string message, std::string hint) {
    RowFault fault{line, {}, 0, 0, std::move(message), std::move(hint)};
    auto const at = static_cast<std::size_t>(begin - text.data());
    auto const before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    std::size_t const first = before == std::string_view::npos ? 0 : before + 1;
    std::size_t last = std::min(text.find('\n', at), text.size());
    if (last > at && text[last - 1] == '\r') --last;
    if (at - first > longest_shown_line) return fault;
    fault.text = text.substr(first, std::min(last - first, at - first + 1000));
    fault.begin = static_cast<std::uint32_t>(at - first);
    auto const size = static_cast<std::uint32_t>(fault.text.size());
    fault.end = std::min(size, fault.begin + static_cast<std::uint32_t>(end - begin));
    return fault;
}

void read_rows(PaymentPiece& piece, PaymentColumns& columns) {
    RowReader(piece, columns).read_all();
}

} // namespace perpetuum
