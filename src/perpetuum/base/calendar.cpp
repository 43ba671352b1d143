// Days, months, quarters, years and fiscal years as intervals on the axis of months.

#include <perpetuum/base.hpp>

#include <cmath>
#include <cstdio>

namespace perpetuum {

namespace {

int days_of_month(int year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/// A number of exactly `digits` digits at the front of the text, which is then shortened.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return {};
    int number = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return {};
        number = number * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return number;
}

Period months_from(double begin, int count) { return {{begin}, {begin + count}}; }

/// "-Q3", "-H1" or nothing after a year that begins at `begin`; nothing when it is something else.
std::optional<Period> part_of_year(std::string_view text, double begin) {
    if (text.empty()) return months_from(begin, 12);
    if (text.size() != 3 || text[0] != '-') return {};
    int const number = text[2] - '0';
    if (text[1] == 'Q' && number >= 1 && number <= 4)
        return months_from(begin + 3 * (number - 1), 3);
    if (text[1] == 'H' && number >= 1 && number <= 2)
        return months_from(begin + 6 * (number - 1), 6);
    return {};
}

std::optional<Period> single_period(std::string_view text) {
    auto const year = take_number(text, 4);
    if (!year) return {};
    if (auto const part = part_of_year(text, *year * 12)) return part;
    if (text.empty() || text[0] != '-') return {};
    text.remove_prefix(1);
    auto const month = take_number(text, 2);
    if (!month || *month < 1 || *month > 12) return {};
    if (text.empty()) return months_from(*year * 12 + *month - 1, 1);
    if (text[0] != '-') return {};
    text.remove_prefix(1);
    auto const day = take_number(text, 2);
    if (!day || !text.empty() || *day < 1 || *day > days_of_month(*year, *month)) return {};
    return Period{date_of(*year, *month, *day), date_of(*year, *month, *day + 1)};
}

std::optional<Period> single_fiscal_period(std::string_view text, FiscalYear const& fiscal) {
    if (text.substr(0, 2) != "FY") return single_period(text);
    text.remove_prefix(2);
    auto const year = take_number(text, 4);
    if (!year) return {};
    return part_of_year(text, fiscal.end.months + 12 * (*year - fiscal.year) - 12);
}

/// One period, or from the first's begin to the second's end.
template <class Single>
std::optional<Period> period_or_range(std::string_view text, Single single) {
    auto const dots = text.find("..");
    if (dots == std::string_view::npos) return single(text);
    auto const first = single(text.substr(0, dots)), last = single(text.substr(dots + 2));
    if (!first || !last || last->begin < first->begin || last->end < first->end) return {};
    return Period{first->begin, last->end};
}

struct Day {
    int year, month, day;
};

Day day_at(Date date) {
    // A day's begin is a rounded fraction of its month: a millionth of a month (3 s) forgives that.
    double const whole = std::floor(date.months + 1e-6);
    int const index = static_cast<int>(whole);
    int const year = (index - ((index % 12) + 12) % 12) / 12, month = ((index % 12) + 12) % 12 + 1;
    double const part = (date.months - whole) * days_of_month(year, month);
    return {year, month, static_cast<int>(std::floor(part + 1e-4)) + 1};
}

std::string printed(char const* format, int a, int b = 0, int c = 0) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, a, b, c);
    return buffer;
}

bool whole_month(Date date) { return date.months == std::floor(date.months); }

} // namespace

Date date_of(int year, int month, int day) {
    return {year * 12 + (month - 1) + static_cast<double>(day - 1) / days_of_month(year, month)};
}

std::optional<Period> parse_period(std::string_view text) {
    return period_or_range(text, single_period);
}

std::optional<Period> parse_fiscal_period(std::string_view text, FiscalYear const& fiscal) {
    return period_or_range(text,
                           [&](std::string_view one) { return single_fiscal_period(one, fiscal); });
}

std::string print_day(Date date) {
    if (!std::isfinite(date.months) || std::fabs(date.months) > 12e6) return "no day";
    Day const day = day_at(date);
    return printed("%04d-%02d-%02d", day.year, day.month, day.day);
}

std::string print_quarter(Date end) {
    if (!std::isfinite(end.months) || std::fabs(end.months) > 12e6) return "no quarter";
    // The month that ends here (or that this point lies in) tells the quarter.
    int const month = static_cast<int>(std::ceil(end.months - 1e-6)) - 1;
    return printed("%04d-Q%d", month / 12, month % 12 / 3 + 1);
}

std::string print_period(Period period) {
    if (whole_month(period.begin) && whole_month(period.end)) {
        int const begin = static_cast<int>(period.begin.months);
        int const count = static_cast<int>(period.end.months) - begin;
        int const year = begin / 12, month = begin % 12;
        if (count == 12 && month == 0) return printed("%04d", year);
        if (count == 6 && month % 6 == 0) return printed("%04d-H%d", year, month / 6 + 1);
        if (count == 3 && month % 3 == 0) return printed("%04d-Q%d", year, month / 3 + 1);
        if (count == 1) return printed("%04d-%02d", year, month + 1);
        if (count > 12 && count % 12 == 0 && month == 0)
            return printed("%04d..%04d", year, year + count / 12 - 1);
    }
    std::string const first = print_day(period.begin);
    // The last day is the one that holds a point shortly before the end.
    std::string const last = print_day({period.end.months - 1e-3});
    return first == last ? first : first + ".." + last;
}

} // namespace perpetuum
