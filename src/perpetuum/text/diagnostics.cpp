// Mistakes in texts: collected with their places, rendered with the line and a caret below it.
//
// A line is laid out as cells, one per character, each with what may be shown of it and how many
// columns that takes: so tabs, wide characters and control characters cannot push the caret out of
// place or reach the terminal raw.

#include <perpetuum/text.hpp>
#include <perpetuum/text/characters.hpp>

#include <algorithm>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t columns_shown = 100; // of a line; the rest is cut around the caret
constexpr std::size_t bytes_examined = 2000;
constexpr std::size_t longest_message = 2000;

struct Cell {
    std::string shown;
    std::size_t columns = 1, begin = 0; ///< begin: byte in the text
};

struct LineBounds {
    std::size_t begin, end;
};

LineBounds line_around(std::string_view text, std::size_t byte) {
    std::size_t const before = byte == 0 ? std::string_view::npos : text.rfind('\n', byte - 1);
    std::size_t const begin = before == std::string_view::npos ? 0 : before + 1;
    std::size_t end = text.find('\n', byte);
    if (end == std::string_view::npos) end = text.size();
    if (end > begin && end < text.size() && text[end - 1] == '\r') --end;
    return {begin, end};
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// The characters of [begin, end), of which only what lies near `byte` is looked at.
std::vector<Cell> cells_of(std::string_view text, LineBounds line, std::size_t byte) {
    std::size_t first = line.begin, last = line.end;
    if (byte > first + bytes_examined) first = byte - bytes_examined;
    if (last > byte + bytes_examined) last = byte + bytes_examined;
    while (first > line.begin && continues_character(text[first])) --first;
    std::vector<Cell> cells;
    std::size_t column = 0;
    for (std::size_t at = first; at < last;) {
        Character const character = character_at(text, at);
        Cell cell{shown_character(text, at, character), 0, at};
        if (text[at] == '\t') cell.shown = std::string(4 - column % 4, ' ');
        cell.columns = text[at] == '\t' ? cell.shown.size() : columns_of(character, cell.shown);
        column += cell.columns;
        at += character.bytes;
        cells.push_back(std::move(cell));
    }
    return cells;
}

std::string severity_word(Severity severity) {
    switch (severity) {
    case Severity::error:
        return "error";
    case Severity::warning:
        return "warning";
    case Severity::note:
        return "note";
    }
    return "error";
}

/// The part of the cells that is shown: all, or what fits around the first marked one.
std::pair<std::size_t, std::size_t> window_of(std::vector<Cell> const& cells, std::size_t marked) {
    std::size_t const all =
        std::accumulate(cells.begin(), cells.end(), std::size_t{0},
                        [](std::size_t sum, Cell const& cell) { return sum + cell.columns; });
    if (all <= columns_shown) return {0, cells.size()};
    std::size_t first = std::min(marked, cells.size()), last = first, columns = 0;
    while (first > 0 && columns + cells[first - 1].columns <= columns_shown / 2)
        columns += cells[--first].columns;
    while (last < cells.size() && columns + cells[last].columns <= columns_shown)
        columns += cells[last++].columns;
    while (first > 0 && columns + cells[first - 1].columns <= columns_shown)
        columns += cells[--first].columns;
    return {first, last};
}

/// The line with its number, and the caret run below.
std::string excerpt(std::string_view text, std::size_t begin, std::size_t end, int line_number) {
    LineBounds const line = line_around(text, begin);
    begin = std::min(begin, line.end);
    end = std::clamp(end, begin, line.end);
    auto const cells = cells_of(text, line, begin);
    std::size_t marked = 0;
    while (marked < cells.size() &&
           (marked + 1 < cells.size() ? cells[marked + 1].begin : line.end) <= begin)
        ++marked;
    auto const [first, last] = window_of(cells, marked);

    bool const cut_left = first > 0 || (!cells.empty() && cells[0].begin > line.begin);
    bool const cut_right =
        last < cells.size() || (!cells.empty() && begin + bytes_examined < line.end);
    std::string shown = cut_left ? "…" : "", caret = cut_left ? " " : "";
    std::size_t marks = 0;
    for (std::size_t i = first; i < last; ++i) {
        shown += cells[i].shown;
        bool const under = i >= marked && (i == marked || cells[i].begin < end);
        if (i < marked) caret.append(cells[i].columns, ' ');
        if (under) marks += std::max<std::size_t>(cells[i].columns, 1);
    }
    caret.append(std::max<std::size_t>(marks, 1), '^');
    std::string number = std::to_string(line_number);
    number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
    return number + " | " + shown + (cut_right ? "…" : "") + "\n" +
           std::string(number.size() + 1, ' ') + "| " + caret + "\n";
}

} // namespace

int Diagnostics::add_text(std::string name, std::string content) {
    texts_.push_back({std::move(name), std::move(content)});
    return texts() - 1;
}

void Diagnostics::error(Span where, std::string message, std::string hint) {
    ++errors_;
    all_.push_back({Severity::error, where, std::move(message), std::move(hint)});
}

void Diagnostics::warning(Span where, std::string message, std::string hint) {
    all_.push_back({Severity::warning, where, std::move(message), std::move(hint)});
}

void Diagnostics::note(Span where, std::string message, std::string hint) {
    all_.push_back({Severity::note, where, std::move(message), std::move(hint)});
}

std::string Diagnostics::render(Diagnostic const& diagnostic) const {
    std::string const message = severity_word(diagnostic.severity) + ": " +
                                printable(diagnostic.message, longest_message) + "\n";
    std::string const hint = diagnostic.hint.empty()
                                 ? ""
                                 : "   hint: " + printable(diagnostic.hint, longest_message) + "\n";
    if (diagnostic.where.text < 0 || diagnostic.where.text >= texts()) return message + hint;
    SourceText const& source = text(diagnostic.where.text);
    std::size_t const begin = std::min<std::size_t>(diagnostic.where.begin, source.content.size());
    LineColumn const place = line_column(source.content, begin);
    return printable(source.name, longest_message) + ":" + std::to_string(place.line) + ":" +
           std::to_string(place.column) + ": " + message +
           excerpt(source.content, begin, diagnostic.where.end, place.line) + hint;
}

std::string Diagnostics::render(std::size_t most) const {
    std::vector<Diagnostic const*> ordered;
    for (auto const& one : all_) ordered.push_back(&one);
    std::stable_sort(ordered.begin(), ordered.end(), [](auto const* a, auto const* b) {
        return std::pair{a->where.text, a->where.begin} < std::pair{b->where.text, b->where.begin};
    });
    std::string result;
    for (std::size_t i = 0; i < ordered.size() && i < most; ++i) result += render(*ordered[i]);
    if (ordered.size() > most) result += "and " + std::to_string(ordered.size() - most) + " more\n";
    return result;
}

LineColumn line_column(std::string_view text, std::size_t byte) {
    byte = std::min(byte, text.size());
    LineColumn result;
    std::size_t line_begin = 0;
    for (std::size_t at = text.find('\n'); at < byte; at = text.find('\n', at + 1)) {
        ++result.line;
        line_begin = at + 1;
    }
    // A byte order mark is no character of the line.
    if (line_begin == 0 && text.substr(0, 3) == "\xEF\xBB\xBF")
        line_begin = std::min<std::size_t>(3, byte);
    for (std::size_t at = line_begin; at < byte;) {
        at += character_at(text, at).bytes;
        if (at <= byte) ++result.column;
    }
    return result;
}

} // namespace perpetuum
