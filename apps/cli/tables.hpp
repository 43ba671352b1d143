#pragma once
// Tables of text: columns lined up by what is seen, not by bytes.

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

struct TextTable {
    std::vector<std::string> head;
    std::string align; ///< a letter a column: l or r
    std::vector<std::vector<std::string>> rows;
    std::size_t widest = 60; ///< a longer cell is cut
};
/// Two blanks before each line and between columns; cells are made safe for a terminal.
std::string print_table(TextTable const& table);
/// 0.314 → "31", 0.003 → "<1", NaN → "-"; of 100.
std::string print_percent(double share);
/// 6400 → "6,400".
std::string print_count(std::uint64_t count);
/// 1 "firm", 2 "firms", 1,000 "firms".
std::string count_of(std::size_t count, std::string const& noun);

} // namespace perpetuum
