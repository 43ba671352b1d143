// Days of a loan: shares of a year, cycles with their stubs, working days.

#include <perpetuum/schedule.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace perpetuum {

namespace {

namespace chr = std::chrono;

struct CivilDay {
    int year, month, day;
};

CivilDay civil(Day day) {
    chr::year_month_day const date{day};
    return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day()))};
}

int days_between(Day from, Day to) { return static_cast<int>((to - from).count()); }

/// Each day counts for one part of its own year.
double actual_actual(Day from, Day to) {
    int const first = civil(from).year, last = civil(to).year;
    auto const new_year = [](int year) { return Day{chr::year{year} / 1 / 1}; };
    auto const length = [](int year) { return chr::year{year}.is_leap() ? 366.0 : 365.0; };
    if (first == last) return days_between(from, to) / length(first);
    return days_between(from, new_year(first + 1)) / length(first) + (last - first - 1) +
           days_between(new_year(last), to) / length(last);
}

/// Months of equal length; the days beyond it do not count.
double equal_months(Day from, Day to, int length) {
    CivilDay const a = civil(from), b = civil(to);
    int const months = 12 * (b.year - a.year) + b.month - a.month;
    int const days = std::min(b.day, length) - std::min(a.day, length);
    return (static_cast<double>(months) * length + days) / (12.0 * length);
}

bool is_month_end(Day day) {
    chr::year_month_day const date{day};
    return date == chr::year_month_day{date.year() / date.month() / chr::last};
}

/// Counted from the first day, never from the one before: 31 January must not drift to the 28th.
Day cycle_day(Day first, Cycle const& cycle, int number, bool to_month_end) {
    if (cycle.days) return first + chr::days{cycle.count * number};
    chr::year_month_day const from{first};
    auto const month = from.year() / from.month() + chr::months{cycle.count * number};
    chr::year_month_day const last{month / chr::last};
    chr::year_month_day const same{month / from.day()};
    return Day{to_month_end || !same.ok() ? last : same};
}

bool is_weekend(Day day) {
    chr::weekday const weekday{day};
    return weekday == chr::Saturday || weekday == chr::Sunday;
}

Day nearest_working_day(Day day, int direction) {
    while (is_weekend(day)) day += chr::days{direction};
    return day;
}

} // namespace

double year_fraction(DayCount convention, Day from, Day to) {
    if (to < from) return -year_fraction(convention, to, from);
    switch (convention) {
    case DayCount::actual_actual:
        return actual_actual(from, to);
    case DayCount::actual_360:
        return days_between(from, to) / 360.0;
    case DayCount::actual_365:
        return days_between(from, to) / 365.0;
    case DayCount::thirty_360:
        return equal_months(from, to, 30);
    case DayCount::twenty_eight_336:
        return equal_months(from, to, 28);
    }
    return 0;
}

std::vector<Day> cycle_days(Day first, Day end, Cycle const& cycle, bool month_end) {
    if (cycle.count < 1) throw BadInput{"a cycle of " + std::to_string(cycle.count)};
    bool const to_month_end = month_end && !cycle.days && is_month_end(first);
    std::vector<Day> days;
    if (end < first) return {end};
    Day next = first;
    for (int number = 1; next < end; ++number) {
        days.push_back(next);
        next = cycle_day(first, cycle, number, to_month_end);
    }
    bool const whole = next == end;
    if (!whole && cycle.long_stub && days.size() > 1) days.pop_back();
    days.push_back(end);
    return days;
}

Day business_day(Day planned, BusinessDays rule) {
    bool back = false, modified = false;
    switch (rule) {
    case BusinessDays::as_planned:
        return planned;
    case BusinessDays::following:
    case BusinessDays::calculated_first_following:
        break;
    case BusinessDays::modified_following:
    case BusinessDays::calculated_first_modified_following:
        modified = true;
        break;
    case BusinessDays::preceding:
    case BusinessDays::calculated_first_preceding:
        back = true;
        break;
    case BusinessDays::modified_preceding:
    case BusinessDays::calculated_first_modified_preceding:
        back = modified = true;
        break;
    }
    Day const moved = nearest_working_day(planned, back ? -1 : 1);
    bool const other_month = civil(moved).month != civil(planned).month;
    return modified && other_month ? nearest_working_day(planned, back ? 1 : -1) : moved;
}

std::optional<Day> day_of(Date date) {
    if (!std::isfinite(date.months) || date.months < 12 || date.months >= 12 * 10000.0)
        return std::nullopt;
    // A day's begin is a rounded fraction of its month: a millionth of a month (3 s) forgives that.
    double const whole = std::floor(date.months + 1e-6);
    int const index = static_cast<int>(whole);
    auto const month = chr::year{index / 12} / chr::month{static_cast<unsigned>(index % 12 + 1)};
    Day const first{month / 1};
    Day const last{month / chr::last};
    int const length = days_between(first, last) + 1;
    double const part = std::max(0.0, date.months - whole) * length;
    return std::min(last, first + chr::days{static_cast<int>(std::floor(part + 1e-4))});
}

Date date_of(Day day) {
    CivilDay const date = civil(day);
    return date_of(date.year, date.month, date.day);
}

std::optional<DayCount> parse_day_count(std::string_view text) {
    if (text == "A/A") return DayCount::actual_actual;
    if (text == "A/360") return DayCount::actual_360;
    if (text == "A/365") return DayCount::actual_365;
    if (text == "30E/360") return DayCount::thirty_360;
    if (text == "28/336") return DayCount::twenty_eight_336;
    return std::nullopt;
}

std::optional<BusinessDays> parse_business_days(std::string_view text) {
    constexpr std::array<std::string_view, 9> codes{"none", "SCF",  "SCMF", "SCP", "SCMP",
                                                    "CSF",  "CSMF", "CSP",  "CSMP"};
    auto const found = std::find(codes.begin(), codes.end(), text);
    if (found == codes.end()) return std::nullopt;
    return static_cast<BusinessDays>(found - codes.begin());
}

} // namespace perpetuum
