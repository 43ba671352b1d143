// The layout of a model's text: headers in the first column, what belongs to a block by two, what
// goes on inside brackets by four more. Blanks within a line are the writer's: columns set by hand
// stay.

#include <perpetuum/model/tokens.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

struct TextLine {
    std::string content;   ///< without blanks at either end
    std::size_t begin = 0; ///< byte of the text
    int indent = -1;       ///< -1: takes its neighbours'
    bool opens_block = false;
    bool blank() const { return content.empty(); }
    bool comment() const { return !content.empty() && content[0] == '#'; }
};

std::string without_tabs(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
        line.remove_suffix(1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    std::string text(line);
    std::replace(text.begin(), text.end(), '\t', ' ');
    return text;
}

std::vector<TextLine> split_lines(std::string_view text) {
    std::vector<TextLine> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t const end = std::min(text.find('\n', begin), text.size());
        std::string_view const line = text.substr(begin, end - begin);
        lines.push_back({without_tabs(line), begin, -1, false});
        begin = end + 1;
    }
    return lines;
}

/// Which lines begin a statement, and which go on with one.
void indent_code(std::vector<TextLine>& lines, grammar::TokenizedText const& tokens) {
    std::size_t logical = 0;
    bool in_block = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        TextLine& line = lines[i];
        if (line.blank() || line.comment()) continue;
        std::size_t const end = i + 1 < lines.size() ? lines[i + 1].begin : std::string::npos;
        auto const begin_of = [&](std::size_t l) {
            return tokens.tokens[tokens.lines[l].first].begin;
        };
        while (logical < tokens.lines.size() && begin_of(logical) < line.begin) ++logical;
        if (logical == tokens.lines.size() || begin_of(logical) >= end) {
            line.indent = in_block ? 6 : 4;
            continue;
        }
        std::string_view const word = tokens.word(tokens.lines[logical].first);
        bool const header = grammar::is_header(word);
        if (header) in_block = word == "kind" || word == "instrument" || word == "model";
        line.opens_block = header && in_block;
        line.indent = header || !in_block ? 0 : 2;
    }
}

/// A comment stands like the statement below it; before a blank line, like the block it is in.
void indent_comments(std::vector<TextLine>& lines) {
    int below = -1;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        if (line->comment()) line->indent = below;
        if (line->blank()) below = -1;
        if (!line->blank() && !line->comment()) below = line->indent;
    }
    int above = 0;
    for (auto& line : lines) {
        if (line.comment() && line.indent < 0) line.indent = above;
        if (!line.blank() && !line.comment())
            above = line.opens_block ? 2 : std::min(line.indent, 2);
    }
}

/// At most one blank line in a row, none at the ends, one before each block and what is said above
/// it.
std::vector<TextLine> space_lines(std::vector<TextLine> const& lines) {
    std::vector<TextLine> spaced;
    for (auto const& line : lines) {
        if (line.blank() && (spaced.empty() || spaced.back().blank())) continue;
        if (line.opens_block) {
            std::size_t at = spaced.size();
            while (at > 0 && spaced[at - 1].comment()) --at;
            if (at > 0 && !spaced[at - 1].blank())
                spaced.insert(spaced.begin() + static_cast<std::ptrdiff_t>(at), TextLine{});
        }
        spaced.push_back(line);
    }
    while (!spaced.empty() && spaced.back().blank()) spaced.pop_back();
    return spaced;
}

} // namespace

std::string format_model(std::string_view text) {
    Diagnostics unheard;
    // Blanks at the beginning go, so a mark behind them would come first, and go the next time.
    for (auto first = text.find_first_not_of(" \t\r\n");
         first != text.npos && text.substr(first).starts_with(grammar::byte_order_mark);
         first = text.find_first_not_of(" \t\r\n"))
        text.remove_prefix(first + grammar::byte_order_mark.size());
    int const number = unheard.add_text("", std::string(text));
    std::string_view const content = unheard.text(number).content;
    auto const tokens = grammar::read_lines(number, content, unheard);
    auto lines = split_lines(content);
    indent_code(lines, tokens);
    indent_comments(lines);
    std::string result;
    for (auto const& line : space_lines(lines)) {
        if (!line.blank())
            result.append(static_cast<std::size_t>(std::max(line.indent, 0)), ' ') += line.content;
        result += '\n';
    }
    return result;
}

} // namespace perpetuum
