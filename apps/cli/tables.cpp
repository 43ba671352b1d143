#include "tables.hpp"

#include <perpetuum/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

std::size_t width_of(std::string const& text) {
    std::size_t width = 0;
    for (char const c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return width;
}

std::string padded(std::string const& cell, std::size_t width, bool right) {
    std::string const blanks(width - std::min(width, width_of(cell)), ' ');
    return right ? blanks + cell : cell + blanks;
}

} // namespace

std::string print_table(TextTable const& table) {
    std::vector<std::vector<std::string>> rows;
    if (!table.head.empty()) rows.push_back(table.head);
    for (auto const& row : table.rows) {
        rows.emplace_back();
        for (auto const& cell : row) rows.back().push_back(printable(cell, table.widest));
    }
    std::vector<std::size_t> widths(table.align.size(), 0);
    for (auto const& row : rows)
        for (std::size_t c = 0; c < row.size() && c < widths.size(); ++c)
            widths[c] = std::max(widths[c], width_of(row[c]));
    std::string text;
    for (auto const& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size() && c < widths.size(); ++c)
            line += "  " + padded(row[c], widths[c], table.align[c] == 'r');
        while (!line.empty() && line.back() == ' ') line.pop_back();
        text += line + "\n";
    }
    return text;
}

std::string print_percent(double share) {
    if (std::isnan(share)) return "-";
    double const percent = share * 100;
    if (percent > 1e-9 && percent < 0.5) return "<1";
    if (percent < 0 && percent > -0.5) return "0";
    return fmt::format("{:.0f}", percent);
}

std::string print_count(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
    return digits;
}

std::string count_of(std::size_t count, std::string const& noun) {
    return fmt::format("{} {}{}", print_count(count), noun, count == 1 ? "" : "s");
}

} // namespace perpetuum
