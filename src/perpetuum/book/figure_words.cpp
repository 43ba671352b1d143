// The words of a figure: how its text falls into words, brackets and a remark, and which words are
// numbers.

#include <perpetuum/book/figure.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t usual_words = 12; // of a figure

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What may end a word: a blank, a bracket, a tilde, the colon of a remark.
bool may_end_word(char c) { return is_blank(c) || c == '[' || c == '~' || c == ':'; }

/// The remark's colon: the first outside brackets that a blank or the end follows (not that of
/// "0.2:3").
bool begins_remark(std::string_view text, std::size_t at) {
    return text[at] == ':' && (at + 1 == text.size() || is_blank(text[at + 1]));
}

bool digits_only(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::pair<std::string_view, Standing> standing_names[] = {
    {"filed", Standing::filed},         {"announced", Standing::announced},
    {"reported", Standing::reported},   {"rumoured", Standing::rumoured},
    {"estimated", Standing::estimated}, {"derived", Standing::derived},
    {"assumed", Standing::assumed},     {"disputed", Standing::disputed},
};

} // namespace

FigureTokens split_figure(std::string_view text) {
    FigureTokens result;
    result.tokens.reserve(usual_words);
    for (std::size_t at = 0; at < text.size();) {
        char const c = text[at];
        if (is_blank(c)) {
            ++at;
        } else if (begins_remark(text, at)) {
            std::size_t begin = at + 1;
            while (begin < text.size() && is_blank(text[begin])) ++begin;
            result.remark = text.substr(begin);
            break;
        } else if (c == '[') {
            std::size_t const end = text.find(']', at);
            if (end == std::string_view::npos) {
                result.unclosed = at;
                break;
            }
            result.tokens.push_back({text.substr(at + 1, end - at - 1), at + 1, true});
            at = end + 1;
        } else {
            std::size_t end = at + 1;
            if (c != '~')
                while (end < text.size() && (!may_end_word(text[end]) ||
                                             (text[end] == ':' && !begins_remark(text, end))))
                    ++end;
            result.tokens.push_back({text.substr(at, end - at), at, false});
            at = end;
        }
    }
    return result;
}

std::optional<Standing> standing_named(std::string_view name) {
    if (name.size() < 5) return {}; // asked of every word: the shortest is "filed"
    for (auto const& [known, standing] : standing_names)
        if (known[0] == name[0] && known == name) return standing;
    return {};
}

std::string_view name_of(Standing standing) {
    for (auto const& [name, known] : standing_names)
        if (known == standing) return name;
    return "assumed";
}

std::string_view name_of(Bound bound) {
    switch (bound) {
    case Bound::none:
        return "";
    case Bound::about:
        return "about";
    case Bound::up_to:
        return "up to";
    case Bound::at_least:
        return "at least";
    }
    return "";
}

std::optional<double> plain_number(std::string_view text) {
    std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
    std::size_t const whole = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == whole) return {};
    if (at < text.size()) {
        if (text[at] != '.') return {};
        std::size_t const part = ++at;
        while (at < text.size() && is_digit(text[at])) ++at;
        if (at == part || at < text.size()) return {};
    }
    double value = 0;
    auto const result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc{} || !std::isfinite(value)) return {};
    return value;
}

std::optional<NumberOrRange> number_or_range(std::string_view text) {
    auto const dots = text.find("..");
    if (dots == std::string_view::npos) {
        auto const value = plain_number(text);
        if (!value) return {};
        return NumberOrRange{*value, *value, false};
    }
    auto const low = plain_number(text.substr(0, dots)), high = plain_number(text.substr(dots + 2));
    if (!low || !high) return {};
    return NumberOrRange{*low, *high, true};
}

bool looks_like_year(std::string_view text) {
    if (text.size() == 4) return digits_only(text);
    return text.size() == 10 && digits_only(text.substr(0, 4)) && text.substr(4, 2) == ".." &&
           digits_only(text.substr(6));
}

bool looks_like_date(std::string_view text) {
    if (text.size() > 2 && text.substr(0, 2) == "FY") return true;
    return text.size() > 5 && digits_only(text.substr(0, 4)) &&
           (text[4] == '-' ||
            (text.substr(4, 2) == ".." && text.find('-') != std::string_view::npos) ||
            text.substr(4, 4) == "..FY");
}

bool usual_year(std::string_view text) {
    std::string_view const first = text.substr(0, 2);
    return first == "19" || first == "20" || first == "21";
}

bool is_word_name(std::string_view text) {
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::optional<double> scale_named(std::string_view text) {
    if (text == "k") return 1e3;
    if (text == "M") return 1e6;
    if (text == "B") return 1e9;
    if (text == "T") return 1e12;
    return {};
}

std::string scale_hint(std::string_view text) {
    for (auto const* billion : {"bn", "Bn", "BN", "bln", "b", "billion", "G"})
        if (text == billion) return "write 'B' for a billion";
    for (auto const* million : {"mn", "Mn", "mln", "mm", "MM", "million", "m"})
        if (text == million)
            return text == "m" ? "write 'M' for a million, 'month' for a month"
                               : "write 'M' for a million";
    for (auto const* trillion : {"tn", "trn", "trillion", "t"})
        if (text == trillion) return "write 'T' for a trillion";
    for (auto const* percent : {"percent", "pct", "per"})
        if (text == percent) return "write '%'";
    for (auto const* dollar : {"$", "US$", "dollar", "dollars"})
        if (text == dollar) return "write 'USD'";
    for (auto const* thousand : {"K", "thousand"})
        if (text == thousand) return "write 'k' for a thousand";
    return {};
}

} // namespace perpetuum
