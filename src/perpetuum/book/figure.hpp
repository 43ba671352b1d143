#pragma once
// The grammar of figures, with what the table around a figure adds to it. Private to the room.

#include <perpetuum/book.hpp>

#include <utility>
#include <vector>

namespace perpetuum {

/// "filed [id p.3]": what stands behind a figure.
struct Citation {
    Standing standing = Standing::assumed;
    std::vector<SourceRef> sources;
};

/// What a bare 2027 is: `either` takes years of 1900 to 2199 for dates and other numbers for
/// amounts.
enum class Reading { amount, date, either };

struct FigureRules {
    Units const* units = nullptr;
    std::optional<FiscalYear> fiscal;
    Reading reading = Reading::either;
    Citation const* fallback = nullptr; ///< used where the figure names no standing; may be null
    bool minus_allowed = true;
    /// Where each source of the figure stands, in their order; may be null.
    std::vector<Span>* source_places = nullptr;
};

/// Parses one figure into a fresh one; on a mistake reports it and returns false. `where`: the span
/// of the text, exact if it is as long as the text. Linear in the text's length.
bool parse_figure_into(Figure& figure, std::string_view text, Span where, FigureRules const& rules,
                       Diagnostics& diagnostics);

/// "filed [id] [id2 p.3]" alone, as under the key `source`.
std::optional<Citation> parse_citation(std::string_view text, Span where,
                                       std::vector<Span>* source_places, Diagnostics& diagnostics);

/// A word or a bracketed group of a figure.
struct FigureToken {
    std::string_view text;
    std::size_t begin = 0;
    bool bracket = false; ///< then text is what stands between the brackets
};
struct FigureTokens {
    std::vector<FigureToken> tokens;
    std::string_view remark;
    std::size_t unclosed = std::string_view::npos; ///< of a bracket without its end
};
/// Splits at blanks, brackets and before a "~"; the remark begins at the first ": " outside
/// brackets.
FigureTokens split_figure(std::string_view text);

std::optional<Standing> standing_named(std::string_view name);
/// -?digits[.digits], nothing else: no sign +, no exponent, no comma.
std::optional<double> plain_number(std::string_view text);

/// What stands for a period where one date is asked for: a day's beginning, else the middle.
inline Date point_of(Period period) {
    bool const day = period.end.months - period.begin.months < 1.5 / 31;
    return day ? period.begin : period.middle();
}
/// A day is certain; what is coarser lies anywhere in it.
inline Distribution spread_of(Period period) {
    Date const point = point_of(period);
    if (point == period.begin) return {Shape::point, {point.months}};
    return {Shape::uniform, {period.begin.months, period.end.months}};
}

/// 2027 or 2027..2028: a number and a date alike.
bool looks_like_year(std::string_view text);
/// 2025-…, FY…: nothing but a date.
bool looks_like_date(std::string_view text);
/// 1900 to 2199.
bool usual_year(std::string_view text);
/// A letter, then letters, digits, - and _.
bool is_word_name(std::string_view text);
/// k M B T.
std::optional<double> scale_named(std::string_view text);
/// What to write for magnitudes as others write them; empty for anything else.
std::string scale_hint(std::string_view text);

/// One number or "lo..hi".
struct NumberOrRange {
    double low = 0, high = 0;
    bool range = false;
};
std::optional<NumberOrRange> number_or_range(std::string_view text);

/// What a spread's words say, e.g. "tri", {"8", "12", "15"}, in the figure's own scale and unit.
/// Returns nothing and fills `problem` when they say nothing sensible.
std::optional<Distribution> parse_spread(std::string_view name,
                                         std::vector<std::string_view> const& words, double scale,
                                         std::string& problem);

} // namespace perpetuum
