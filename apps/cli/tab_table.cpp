// Files of columns kept apart by tabs.

#include "backtest_failures.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

std::vector<std::string> split_tabs(std::string_view line) {
    std::vector<std::string> cells;
    for (std::size_t begin = 0; begin <= line.size();) {
        std::size_t const end = std::min(line.find('\t', begin), line.size());
        std::string cell(line.substr(begin, end - begin));
        cell.erase(0, cell.find_first_not_of(" \r"));
        cell.erase(cell.find_last_not_of(" \r") + 1);
        cells.push_back(std::move(cell));
        begin = end + 1;
    }
    return cells;
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

} // namespace

TabTable read_tab_table(std::string const& file, std::vector<std::string> const& columns,
                        Diagnostics& diagnostics) {
    TabTable table;
    std::string content, problem;
    if (!read_text_file(file, content, problem)) {
        diagnostics.error({}, problem);
        return table;
    }
    int const text = diagnostics.add_text(file, content);
    std::vector<std::size_t> places;
    for (std::size_t begin = 0; begin < content.size();) {
        std::size_t const end = std::min(content.find('\n', begin), content.size());
        Span const where{text, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
        auto const cells = split_tabs(std::string_view(content).substr(begin, end - begin));
        begin = end + 1;
        if (cells[0].starts_with('#') || (cells.size() == 1 && cells[0].empty())) continue;
        if (places.empty()) {
            for (auto const& column : columns) {
                auto const found = std::find(cells.begin(), cells.end(), column);
                if (found == cells.end()) {
                    diagnostics.error(where, "there is no column " + quoted(column),
                                      "the head names the columns, between tabs: " +
                                          joined(columns));
                    return table;
                }
                places.push_back(static_cast<std::size_t>(found - cells.begin()));
            }
            continue;
        }
        TabTable::Line line{{}, where};
        for (std::size_t const place : places)
            line.cells.push_back(place < cells.size() ? cells[place] : "");
        table.lines.push_back(std::move(line));
    }
    return table;
}

} // namespace perpetuum
