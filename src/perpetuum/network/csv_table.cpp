/// A small CSV file whole, with the place of every cell.

#include "csv_fields.hpp"

#include <perpetuum/network.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

std::vector<CsvCell> cells_of_record(std::vector<CsvField> const& fields, char const* text_begin,
                                     int text) {
    std::vector<CsvCell> cells;
    cells.reserve(fields.size());
    std::vector<char> letters;
    for (CsvField const& field : fields) {
        letters.clear();
        append_csv_text(field, letters);
        auto const begin = static_cast<std::uint32_t>(field.begin - text_begin);
        auto const end = static_cast<std::uint32_t>(field.end - text_begin);
        cells.push_back({std::string(letters.begin(), letters.end()), {text, begin, end}});
    }
    return cells;
}

} // namespace

std::string_view trimmed_cell(std::string_view text) {
    auto const blank = [](char c) { return c == ' ' || c == '\t'; };
    if (!text.empty() && !blank(text.front()) && !blank(text.back())) return text;
    auto const first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, last - first + 1);
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    for (std::size_t k = 0; k < head.size(); ++k)
        if (trimmed_cell(head[k].text) == name) return k;
    return std::nullopt;
}

std::optional<CsvTable> parse_csv_table(std::string const& name, std::string content,
                                        char delimiter, Diagnostics& diagnostics) {
    if (content.starts_with("\xEF\xBB\xBF")) content.erase(0, 3);
    int const text = diagnostics.add_text(name, content);
    if (auto const damage = damaged_utf8(content); damage != std::string::npos) {
        auto const at = static_cast<std::uint32_t>(damage);
        diagnostics.error({text, at, at + 1}, "not UTF-8", "save the file as UTF-8");
        return std::nullopt;
    }
    CsvTable table;
    table.delimiter = delimiter == 0 ? guess_delimiter(content) : delimiter;
    std::vector<CsvField> fields;
    char const* const begin = content.data();
    char const* const end = begin + content.size();
    for (char const* at = begin; at < end;) {
        CsvRecord const record = split_csv_record(at, end, table.delimiter, fields);
        at = record.next;
        auto cells = cells_of_record(fields, begin, text);
        if (record.open) {
            diagnostics.error(cells.back().where, "a quotation mark that is not closed", "");
            return std::nullopt;
        }
        if (cells.size() == 1 && trimmed_cell(cells[0].text).empty()) continue;
        if (table.head.empty())
            table.head = std::move(cells);
        else
            table.rows.push_back(std::move(cells));
    }
    if (!table.head.empty()) return table;
    diagnostics.error({text, 0, 0}, "the file is empty", "its first line must name the columns");
    return std::nullopt;
}

std::optional<CsvTable> read_csv_table(std::string const& path, char delimiter,
                                       Diagnostics& diagnostics) {
    std::string content, problem;
    if (!read_text_file(path, content, problem)) {
        diagnostics.error({}, problem);
        return std::nullopt;
    }
    return parse_csv_table(path, std::move(content), delimiter, diagnostics);
}

} // namespace perpetuum
