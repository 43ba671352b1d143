#include "unit_words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace perpetuum {

namespace {

bool is_about(double a, double b) { return std::fabs(a - b) < 1e-9 * std::fabs(b); }

} // namespace

std::string value_in_unit(double value, Unit const& unit) {
    if (std::isnan(value)) return "not known";
    if (std::isinf(value)) return value > 0 ? "any" : "-any";
    double const shown = value / unit.factor;
    if (unit.plain() && is_about(unit.factor, 0.01)) return fmt::format("{:.4g} %", shown);
    return std::fabs(shown) >= 1000 ? print_amount(shown) : fmt::format("{:.4g}", shown);
}

std::string name_of_unit(Unit const& unit) {
    if (unit.plain()) return {};
    std::string name = print_dimension(unit);
    struct Time {
        double months;
        char const* name;
    };
    for (Time const time : {Time{12, "year"}, Time{3, "quarter"}, Time{12.0 / 365, "day"}}) {
        bool const per = is_about(unit.factor, 1 / time.months);
        if (!per && !is_about(unit.factor, time.months)) continue;
        auto const at = name.find("month");
        if (at != std::string::npos) name.replace(at, 5, time.name);
        break;
    }
    return name;
}

} // namespace perpetuum
