// Money as a reader wants it: three digits and a magnitude.

#include <perpetuum/base.hpp>

#include <cmath>
#include <cstdio>

namespace perpetuum {

std::string print_amount(double usd) {
    if (std::isnan(usd)) return "not known";
    if (std::isinf(usd)) return usd > 0 ? "infinite" : "-infinite";
    constexpr char const* scales[] = {"", " k", " M", " B", " T"};
    double rest = std::fabs(usd);
    std::size_t scale = 0;
    while (rest >= 999.5 && scale + 1 < std::size(scales)) {
        rest /= 1000;
        ++scale;
    }
    // Cents are the smallest coin; whole dollars below a hundred need no digits behind the point.
    bool const whole = scale == 0 && rest == std::floor(rest);
    int const digits = whole || rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2;
    char buffer[512];
    std::snprintf(buffer, sizeof buffer, "%.*f", digits, rest);
    bool const nothing =
        scale == 0 && std::string_view{buffer}.find_first_not_of("0.") == std::string_view::npos;
    return nothing ? "0" : (usd < 0 ? "-" : "") + std::string{buffer} + scales[scale];
}

} // namespace perpetuum
