/// Amounts and times as exact integers. Nothing goes through floating point.

#include <perpetuum/network.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace perpetuum {

namespace {

constexpr std::size_t most_digits = 18;
constexpr int farthest_exponent = 10'000;
constexpr std::int64_t seconds_a_day = 86'400, micros = 1'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "123.45" of at most 18 digits: what nearly every row has.
std::optional<DecimalAmount> plain_amount(std::string_view text) {
    if (text.empty() || text.size() > most_digits) return std::nullopt;
    DecimalAmount amount;
    std::size_t at = 0;
    while (at < text.size() && is_digit(text[at]))
        amount.digits = amount.digits * 10 + (text[at++] - '0');
    if (at == 0) return std::nullopt;
    if (at == text.size()) return amount;
    if (text[at++] != '.' || at == text.size()) return std::nullopt;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        amount.digits = amount.digits * 10 + (text[at] - '0');
        ++amount.decimals;
    }
    if (at < text.size()) return std::nullopt;
    while (amount.decimals > 0 && amount.digits % 10 == 0) {
        amount.digits /= 10;
        --amount.decimals;
    }
    return amount;
}

/// Digits without leading zeros, times a power of ten.
struct LongDecimal {
    std::string digits;
    int exponent = 0;
};

std::optional<LongDecimal> read_long(std::string_view text) {
    LongDecimal number;
    bool point = false, any = false;
    std::size_t at = text.starts_with('+') ? 1 : 0;
    for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !point)); ++at) {
        if (text[at] == '.') {
            point = true;
            continue;
        }
        any = true;
        if (!number.digits.empty() || text[at] != '0') number.digits += text[at];
        number.exponent -= point;
    }
    if (!any || number.digits.size() > 1000) return std::nullopt;
    if (at == text.size()) return number;
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    int exponent = 0;
    auto const [end, error] =
        std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (exponent > farthest_exponent || exponent < -farthest_exponent) return std::nullopt;
    number.exponent += exponent;
    return number;
}

/// Drops what is behind `decimals`, half away from zero. True when that changed the number.
bool round_long(LongDecimal& number, int decimals) {
    int const drop = -decimals - number.exponent;
    if (drop <= 0) return false;
    auto const dropped = static_cast<std::size_t>(drop);
    bool up = false;
    if (dropped > number.digits.size()) {
        number.digits.clear();
    } else {
        up = number.digits[number.digits.size() - dropped] >= '5';
        number.digits.resize(number.digits.size() - dropped);
    }
    number.exponent = -decimals;
    if (!up) return true;
    auto at = number.digits.size();
    while (at > 0 && number.digits[at - 1] == '9') number.digits[--at] = '0';
    if (at > 0)
        ++number.digits[at - 1];
    else
        number.digits.insert(0, 1, '1');
    return true;
}

void strip_zeros(LongDecimal& number) {
    while (!number.digits.empty() && number.digits.back() == '0') {
        number.digits.pop_back();
        ++number.exponent;
    }
    if (number.digits.empty()) number.exponent = 0;
}

/// Days since 1970-01-01 of a day of the calendar (Howard Hinnant's days_from_civil).
std::int64_t days_of(std::int64_t year, int month, int day) {
    year -= month <= 2;
    std::int64_t const era = (year >= 0 ? year : year - 399) / 400;
    std::int64_t const of_era = year - era * 400;
    std::int64_t const of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

struct CivilDay {
    std::int64_t year;
    int month, day;
};

CivilDay civil_of(std::int64_t days) {
    days += 719'468;
    std::int64_t const era = (days >= 0 ? days : days - 146'096) / 146'097;
    std::int64_t const in_era = days - era * 146'097;
    std::int64_t const year = (in_era - in_era / 1'460 + in_era / 36'524 - in_era / 146'096) / 365;
    std::int64_t const in_year = in_era - (365 * year + year / 4 - year / 100);
    std::int64_t const part = (5 * in_year + 2) / 153;
    int const month = static_cast<int>(part < 10 ? part + 3 : part - 9);
    return {year + era * 400 + (month <= 2), month,
            static_cast<int>(in_year - (153 * part + 2) / 5 + 1)};
}

/// Two digits at `at`, at most `most`; -1 when they are not there.
int two_digits(std::string_view text, std::size_t at, int most) {
    if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
    int const value = (text[at] - '0') * 10 + (text[at + 1] - '0');
    return value <= most ? value : -1;
}

std::optional<std::int64_t> parse_days(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    int const century = two_digits(text, 0, 99), rest = two_digits(text, 2, 99);
    int const month = two_digits(text, 5, 12), day = two_digits(text, 8, 31);
    if (century < 0 || rest < 0 || month < 1 || day < 1) return std::nullopt;
    std::int64_t const days = days_of(century * 100 + rest, month, day);
    if (civil_of(days).day != day) return std::nullopt; // 2025-02-30
    return days;
}

/// "" "Z" "+01:00" "-0530": seconds that local time is ahead.
std::optional<int> parse_zone(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") return 0;
    if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    std::size_t const colon = text[3] == ':' ? 1 : 0;
    int const hours = two_digits(text, 1, 23), minutes = two_digits(text, 3 + colon, 59);
    if (hours < 0 || minutes < 0 || text.size() != 5 + colon) return std::nullopt;
    int const seconds = hours * 3600 + minutes * 60;
    return text[0] == '+' ? seconds : -seconds;
}

/// "12:30", "12:30:15", "12:30:15.25", each with a zone behind it: microseconds since midnight UTC.
std::optional<std::int64_t> parse_clock(std::string_view text) {
    int const hours = two_digits(text, 0, 23), minutes = two_digits(text, 3, 59);
    if (hours < 0 || minutes < 0 || text[2] != ':') return std::nullopt;
    std::int64_t seconds = hours * 3600 + minutes * 60, fraction = 0;
    std::size_t at = 5;
    if (at < text.size() && text[at] == ':') {
        int const value = two_digits(text, at + 1, 59);
        if (value < 0) return std::nullopt;
        seconds += value;
        at += 3;
        if (at < text.size() && text[at] == '.') {
            std::int64_t weight = micros;
            for (++at; at < text.size() && is_digit(text[at]); ++at) {
                weight /= 10;
                if (weight == 0 && text[at] != '0') return std::nullopt;
                fraction += weight * (text[at] - '0');
            }
            if (weight == micros) return std::nullopt;
        }
    }
    auto const zone = parse_zone(text.substr(at));
    if (!zone) return std::nullopt;
    return (seconds - *zone) * micros + fraction;
}

std::string print_day_of(std::int64_t days) {
    CivilDay const civil = civil_of(days);
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04lld-%02d-%02d",
                  static_cast<long long>(civil.year), civil.month, civil.day);
    return buffer.data();
}

std::int64_t floor_divided(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0);
}

} // namespace

std::optional<DecimalAmount> parse_decimal_amount(std::string_view text, int decimals) {
    if (auto const plain = plain_amount(text);
        plain && (decimals < 0 || plain->decimals <= decimals))
        return plain;
    auto number = read_long(text);
    if (!number) return std::nullopt;
    strip_zeros(*number);
    DecimalAmount amount;
    amount.rounded = decimals >= 0 && round_long(*number, decimals);
    strip_zeros(*number);
    int const zeros = std::max(number->exponent, 0);
    amount.decimals = std::max(-number->exponent, 0);
    if (number->digits.size() + static_cast<std::size_t>(zeros) > most_digits ||
        amount.decimals > static_cast<int>(most_digits))
        return std::nullopt;
    number->digits.append(static_cast<std::size_t>(zeros), '0');
    for (char const digit : number->digits) amount.digits = amount.digits * 10 + (digit - '0');
    return amount;
}

TimeRead parse_time(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    constexpr std::int64_t farthest = std::int64_t{1} << 60; // so that differences do not overflow
    if (error == std::errc() && end == text.data() + text.size() && value < farthest &&
        value > -farthest)
        return {TimeForm::integer, value};
    auto const days = parse_days(text.substr(0, 10));
    if (!days) return {};
    if (text.size() == 10) return {TimeForm::date, *days * seconds_a_day};
    if (text[10] != 'T' && text[10] != ' ') return {};
    auto const clock = parse_clock(text.substr(11));
    if (!clock) return {};
    return {TimeForm::instant, *days * seconds_a_day * micros + *clock};
}

std::int64_t units_a_second(TimeForm form) { return form == TimeForm::instant ? micros : 1; }

std::string print_time(std::int64_t value, TimeForm form) {
    if (form == TimeForm::none) return {};
    if (form == TimeForm::integer) return std::to_string(value);
    std::int64_t const unit = units_a_second(form) * seconds_a_day;
    std::int64_t const days = floor_divided(value, unit);
    std::string text = print_day_of(days);
    if (form == TimeForm::date) return text;
    std::int64_t const rest = value - days * unit, seconds = rest / micros;
    std::array<char, 60> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    text += buffer.data();
    if (rest % micros == 0) return text;
    std::snprintf(buffer.data(), buffer.size(), ".%06d", static_cast<int>(rest % micros));
    return text + buffer.data();
}

} // namespace perpetuum
