#pragma once
// A model's text as tokens and logical lines.

#include <perpetuum/text.hpp>

#include <string_view>
#include <vector>

namespace perpetuum::grammar {

/// What some editors put before a UTF-8 text.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

enum class TokenType { word, number, string, symbol, newline };
struct Token {
    TokenType type = TokenType::newline;
    std::uint32_t begin = 0, end = 0; ///< bytes of the text
};

/// Tokens [first, last) that make one statement.
struct Line {
    std::size_t first = 0, last = 0;
    bool broken = false; ///< a bracket was left open: already reported, read for its names only
};
struct TokenizedText {
    int text = -1;
    std::string_view content;
    std::vector<Token> tokens;
    std::vector<Line> lines;
    std::vector<std::uint32_t> faults; ///< bytes at which something strange was reported, rising

    std::string_view word(std::size_t token) const {
        return content.substr(tokens[token].begin, tokens[token].end - tokens[token].begin);
    }
    Span span(std::size_t token) const { return {text, tokens[token].begin, tokens[token].end}; }
};

/// Tokens of the part [begin, end) of a text, without lines; complains about strange characters and
/// open strings.
TokenizedText tokenize(int text, std::string_view content, std::size_t begin, std::size_t end,
                       Diagnostics& diagnostics);
/// A whole text with its logical lines: a statement goes on inside open brackets; a header in the
/// first column closes a bracket left open, with an error.
TokenizedText read_lines(int text, std::string_view content, Diagnostics& diagnostics);

} // namespace perpetuum::grammar
