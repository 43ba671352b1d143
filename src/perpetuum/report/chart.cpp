#include <perpetuum/report/chart.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace perpetuum {

namespace {

// The picture's own units: it is scaled to the width it gets.
constexpr double chart_width = 320, chart_height = 170;
constexpr double plot_left = 46, plot_right = 8, plot_top = 8, plot_bottom = 22;

struct ChartRange {
    double low = 0, high = 1;
};

/// Of both lines; what hardly moves is shown in a window of a ten-thousandth of its size, so that
/// rounding does not look like a storm.
ChartRange range_of_lines(ChartLines const& lines) {
    ChartRange range{HUGE_VAL, -HUGE_VAL};
    for (auto const* line : {lines.baseline, lines.changed})
        for (double const value : *line) {
            if (!std::isfinite(value)) continue;
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
    if (!(range.low <= range.high)) return {0, 1};
    double const size = std::max(std::fabs(range.low), std::fabs(range.high));
    double const least = size > 0 ? 1e-4 * size : 1;
    double const middle = (range.low + range.high) / 2;
    if (range.high - range.low < least) return {middle - least, middle + least};
    double const margin = 0.06 * (range.high - range.low);
    return {range.low - margin, range.high + margin};
}

std::string coordinate(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

class ChartPainter {
  public:
    explicit ChartPainter(ChartLines const& lines)
        : lines_(lines), range_(range_of_lines(lines)),
          steps_(std::max(lines.baseline->size(), lines.changed->size())) {}

    std::string paint() const {
        std::string text = "<svg viewBox=\"0 0 320 170\" role=\"img\" aria-label=\"" +
                           escaped_html(sentence()) + "\" font-size=\"11\" fill=\"#5c5c58\">\n";
        text += shade() + grid() + axis();
        text += line(*lines_.baseline,
                     lines_.changed->empty()
                         ? "stroke=\"#0072b2\" stroke-width=\"2\""
                         : "stroke=\"#8a8a85\" stroke-width=\"1.6\" stroke-dasharray=\"5 3\"");
        text += line(*lines_.changed, "stroke=\"#0072b2\" stroke-width=\"2\"");
        return text + "</svg>\n";
    }

  private:
    double x_of(double step) const {
        double const span = std::max(1.0, static_cast<double>(steps_) - 1);
        return plot_left +
               (step - lines_.first_step) / span * (chart_width - plot_left - plot_right);
    }
    double y_of(double value) const {
        return chart_height - plot_bottom -
               (value - range_.low) / (range_.high - range_.low) *
                   (chart_height - plot_top - plot_bottom);
    }

    std::string shade() const {
        if (lines_.change_begin <= 0) return {};
        int const last = lines_.first_step + static_cast<int>(steps_) - 1;
        double const left = x_of(std::clamp(lines_.change_begin, lines_.first_step, last));
        double const right = x_of(std::clamp(lines_.change_end, lines_.first_step, last));
        return "<rect x=\"" + coordinate(left) + "\" y=\"8.0\" width=\"" +
               coordinate(std::max(1.0, right - left)) + "\" height=\"" +
               coordinate(chart_height - plot_top - plot_bottom) + "\" fill=\"#f4f3ef\"/>\n";
    }

    std::string grid() const {
        std::string text;
        for (double const tick : round_ticks(range_.low, range_.high)) {
            auto const y = coordinate(y_of(tick));
            text += "<path d=\"M" + coordinate(plot_left) + " " + y + "H" +
                    coordinate(chart_width - plot_right) +
                    "\" stroke=\"#d6d5d0\" stroke-width=\"0.7\"/><text x=\"" +
                    coordinate(plot_left - 5) + "\" y=\"" + coordinate(y_of(tick) + 3.8) +
                    "\" text-anchor=\"end\">" + chart_number(tick, 6) + "</text>\n";
        }
        return text;
    }

    std::string axis() const {
        std::string text;
        double const first = lines_.first_step;
        double const last = first + static_cast<double>(steps_) - 1;
        for (double const tick : round_ticks(first, last)) {
            if (tick > std::floor(tick)) continue;
            auto const x = coordinate(x_of(tick));
            text += "<path d=\"M" + x + " " + coordinate(chart_height - plot_bottom) +
                    "v4\" stroke=\"#8a8a85\"/><text x=\"" + x + "\" y=\"" +
                    coordinate(chart_height - 5) + "\" text-anchor=\"middle\">" +
                    chart_number(tick, 6) + "</text>\n";
        }
        return text + "<path d=\"M" + coordinate(plot_left) + " " +
               coordinate(chart_height - plot_bottom) + "H" + coordinate(chart_width - plot_right) +
               "\" stroke=\"#8a8a85\"/>\n";
    }

    std::string line(std::vector<double> const& values, char const* look) const {
        std::string path;
        bool drawn = false;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isfinite(values[i])) {
                drawn = false;
                continue;
            }
            path += (drawn ? "L" : "M") +
                    coordinate(x_of(lines_.first_step + static_cast<double>(i))) + " " +
                    coordinate(y_of(values[i]));
            drawn = true;
        }
        if (path.empty()) return {};
        return "<path d=\"" + path + "\" fill=\"none\" stroke-linejoin=\"round\" " + look + "/>\n";
    }

    static std::string course(std::vector<double> const& values) {
        return "from " + chart_number(values.front(), 4) + " to " + chart_number(values.back(), 4);
    }

    std::string sentence() const {
        if (lines_.baseline->empty()) return lines_.title + ": no values";
        std::string text = lines_.title + ": steps " + std::to_string(lines_.first_step) + " to " +
                           std::to_string(lines_.first_step + static_cast<int>(steps_) - 1) + ", " +
                           course(*lines_.baseline);
        if (!lines_.changed->empty()) text += "; with the changes " + course(*lines_.changed);
        return text;
    }

    ChartLines const& lines_;
    ChartRange range_;
    std::size_t steps_;
};

} // namespace

std::string chart_svg(ChartLines const& lines) { return ChartPainter(lines).paint(); }

std::string chart_number(double value, int digits) {
    if (!std::isfinite(value)) return "–";
    if (value == 0) return "0";
    char text[64];
    double const size = std::fabs(value);
    if (size >= 1e7 || size < 1e-5) {
        std::snprintf(text, sizeof text, "%.*g", std::min(digits, 4), value);
        return text;
    }
    int const whole = static_cast<int>(std::floor(std::log10(size))) + 1;
    std::snprintf(text, sizeof text, "%.*f", std::clamp(digits - whole, 0, 12), value);
    std::string result = text;
    if (result.find('.') == std::string::npos) return result;
    while (result.back() == '0') result.pop_back();
    if (result.back() == '.') result.pop_back();
    return result == "-0" ? "0" : result;
}

std::vector<double> round_ticks(double low, double high) {
    std::vector<double> ticks;
    double const span = high - low;
    if (!(span > 0) || !std::isfinite(span)) return {low};
    double const power = std::pow(10, std::floor(std::log10(span / 3)));
    double distance = power;
    for (double const factor : {1.0, 2.0, 5.0, 10.0}) {
        distance = factor * power;
        if (span / distance <= 3.5) break;
    }
    // A tick is a whole number of distances: 0.1 + 0.2 would not be 0.3.
    for (double i = std::ceil(low / distance - 1e-9); i * distance <= high + 1e-9 * span; ++i) {
        double const tick = i * distance;
        ticks.push_back(std::fabs(tick) < 1e-9 * span ? 0 : tick);
        if (ticks.size() > 10) break;
    }
    return ticks;
}

std::string escaped_html(std::string_view text) {
    std::string result;
    for (char const c : text) {
        if (c == '&') {
            result += "&amp;";
        } else if (c == '<') {
            result += "&lt;";
        } else if (c == '>') {
            result += "&gt;";
        } else if (c == '"') {
            result += "&quot;";
        } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
            result += c;
        }
    }
    return result;
}

} // namespace perpetuum
