// A page to mail carries what it draws. What is left out stands in the study's own answer.

#include "drawn_data.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <string_view>

namespace perpetuum {

namespace {

constexpr int digits_kept = 5;
constexpr int gauge_digits = 9; // the page prints three: cut twice, 1.0049 would come out as 1.01

struct NotDrawn {
    char const* kind;
    char const* place; ///< keys down to the one left out; * stands for every element or key
};
constexpr NotDrawn not_drawn[] = {
    {"gauges", "gauges.*.formula"},
    {"gauges", "gauges.*.id"},
    {"gauges", "gauges.*.measure"},
    {"gauges", "gauges.*.rows.*.at.*.paths"},
    {"gauges", "gauges.*.rows.*.at.*.step"},
    {"sensitivity", "outputs.*.inputs.*.mean_change"},
    {"stress", "pairs"},
    {"stress", "timeline.*.standard_error"},
};

void leave_out(Json& json, std::string_view place) {
    auto const dot = place.find('.');
    std::string const key(place.substr(0, dot));
    if (!json.is_structured()) return;
    if (key == "*") {
        for (auto& item : json) leave_out(item, place.substr(dot + 1));
    } else if (json.is_object() && json.contains(key)) {
        if (dot == std::string_view::npos)
            json.erase(key);
        else
            leave_out(json[key], place.substr(dot + 1));
    }
}

} // namespace

double rounded(double value, int digits) {
    if (value == 0 || !std::isfinite(value)) return value;
    int const power = digits - 1 - static_cast<int>(std::floor(std::log10(std::fabs(value))));
    // Both are exact up to 10^22, so that the result is the double nearest to the decimal number.
    if (power > 22 || power < -22) return value;
    double const scale = std::pow(10, std::abs(power));
    return power >= 0 ? std::round(value * scale) / scale : std::round(value / scale) * scale;
}

void round_numbers(Json& json, int digits) {
    if (json.is_number_float()) {
        double const value = rounded(json.get<double>(), digits);
        // Without ".0", which every whole dollar would carry.
        if (value == std::floor(value) && std::fabs(value) < 9e15)
            json = std::llround(value);
        else
            json = value;
    } else if (json.is_structured()) {
        for (auto& item : json) round_numbers(item, digits);
    }
}

Json drawn_of_study(std::string const& kind, Json answer) {
    for (NotDrawn const& one : not_drawn)
        if (kind == one.kind) leave_out(answer, one.place);
    round_numbers(answer, kind == "gauges" ? gauge_digits : digits_kept);
    return answer;
}

} // namespace perpetuum
