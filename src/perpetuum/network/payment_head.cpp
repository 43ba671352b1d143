/// The first line of a file of payments: which column plays which role.

#include "payment_head.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

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
        // Each looks through the whole head: once, not once a column.
        auto const time = role(3), kind = role(4);
        for (std::size_t k = 0; k < head_.head.size(); ++k) {
            bool used = k == columns.from || k == columns.to || k == columns.amount || time == k ||
                        kind == k || columns.currency == k;
            for (auto const& where : columns.where) used = used || where.first == k;
            if (!used) count.ignored.emplace_back(trimmed_cell(head_.head[k].text));
        }
    }

    CsvTable const& head_;
    PaymentFileOptions const& options_;
    Diagnostics& diagnostics_;
};

} // namespace

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

std::optional<PaymentColumns> columns_of_head(CsvTable const& head,
                                              PaymentFileOptions const& options,
                                              Diagnostics& diagnostics, PaymentFileCount& count) {
    return HeadReader(head, options, diagnostics).columns(count);
}

} // namespace perpetuum
