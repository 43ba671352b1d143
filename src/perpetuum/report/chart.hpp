#pragma once
// A small line chart as SVG. Private to the room.

#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

struct ChartLines {
    std::string title;
    int first_step = 0;                   ///< of the first value
    int change_begin = 0, change_end = 0; ///< steps to be shaded; 0: none
    std::vector<double> const* baseline = nullptr;
    std::vector<double> const* changed = nullptr; ///< may be empty
};
/// The picture, with a sentence for readers by ear.
std::string chart_svg(ChartLines const& lines);

/// `digits` significant digits, without a needless exponent; "–" for what is no number.
std::string chart_number(double value, int digits);
/// Two to four round numbers that lie within a range, ascending.
std::vector<double> round_ticks(double low, double high);
std::string escaped_html(std::string_view text);

} // namespace perpetuum
