// From bytes to tokens to logical lines. One pass each; a text of nothing but brackets costs no
// more than another.

#include <perpetuum/model/habits.hpp>
#include <perpetuum/model/tokens.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>
#include <array>

namespace perpetuum::grammar {

namespace {

/// What a byte may begin; `other` is no part of the language outside strings and comments.
enum class Byte : unsigned char { other, blank, newline, hash, quote, letter, digit, symbol };

constexpr std::array<Byte, 256> bytes = [] {
    std::array<Byte, 256> table{};
    auto const put = [&](std::string_view all, Byte byte) {
        for (char const c : all) table[static_cast<unsigned char>(c)] = byte;
    };
    for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = Byte::letter;
    for (unsigned char c = 'A'; c <= 'Z'; ++c) table[c] = Byte::letter;
    put("_", Byte::letter);
    put("0123456789", Byte::digit);
    put("+-*/^=<>()[]{},.:~|%", Byte::symbol);
    put(" \t\r", Byte::blank);
    put("\n", Byte::newline);
    put("#", Byte::hash);
    put("\"", Byte::quote);
    return table;
}();

Byte byte_of(char c) { return bytes[static_cast<unsigned char>(c)]; }
bool is_letter(char c) { return byte_of(c) == Byte::letter; }
bool is_digit(char c) { return byte_of(c) == Byte::digit; }

constexpr std::size_t usual_token = 8; ///< bytes of a text for each token, blanks and comments too

class Scanner {
  public:
    Scanner(TokenizedText& out, std::size_t begin, std::size_t end, Diagnostics& diagnostics)
        : out_(out), text_(out.content.substr(0, end)), at_(begin), diagnostics_(diagnostics) {
        out.tokens.reserve((text_.size() - std::min(begin, text_.size())) / usual_token + 1);
    }

    void run() {
        while (at_ < text_.size()) step();
    }

  private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void step() {
        switch (byte_of(text_[at_])) {
        case Byte::blank:
            return void(++at_);
        case Byte::newline:
            return take(TokenType::newline, 1);
        case Byte::hash:
            return skip_comment();
        case Byte::quote:
            return take_string();
        case Byte::letter:
            return take(TokenType::word, word_length());
        case Byte::digit:
            return take(TokenType::number, number_length());
        case Byte::symbol:
            return take(TokenType::symbol, symbol_length());
        case Byte::other:
            if (text_[at_] == '!' && peek(1) == '=') return take(TokenType::symbol, 2);
            refuse();
        }
    }

    void take(TokenType type, std::size_t length) {
        out_.tokens.push_back(
            {type, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + length)});
        at_ += length;
    }

    void skip_comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

    void take_string() {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != '"' && text_[end] != '\n') {
            bool const escaped =
                text_[end] == '\\' && end + 1 < text_.size() && text_[end + 1] == '"';
            end += escaped ? 2 : 1;
        }
        if (end >= text_.size() || text_[end] == '\n') return refuse_string(end - at_);
        take(TokenType::string, end + 1 - at_);
    }

    void refuse_string(std::size_t length) {
        out_.faults.push_back(static_cast<std::uint32_t>(at_));
        if (++faults_ <= most_faults)
            diagnostics_.error(here(1), "this string does not end on its line",
                               "close it with a quotation mark");
        at_ += length;
    }

    std::size_t word_length() const {
        std::size_t end = at_ + 1;
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
        return end - at_;
    }

    std::size_t number_length() const {
        std::size_t length = 1;
        while (is_digit(peek(length))) ++length;
        if (peek(length) == '.' && is_digit(peek(length + 1))) {
            length += 2;
            while (is_digit(peek(length))) ++length;
        }
        bool const exponent = peek(length) == 'e' || peek(length) == 'E';
        std::size_t const sign = peek(length + 1) == '-' || peek(length + 1) == '+' ? 1 : 0;
        if (exponent && is_digit(peek(length + 1 + sign))) {
            length += 2 + sign;
            while (is_digit(peek(length))) ++length;
        }
        return length;
    }

    std::size_t symbol_length() const {
        char const first = text_[at_], second = peek(1);
        bool const two =
            second == '=' ? first == '<' || first == '>' : first == '-' && second == '>';
        return two ? 2 : 1;
    }

    /// One error for a run of characters that the language does not know.
    void refuse() {
        out_.faults.push_back(static_cast<std::uint32_t>(at_));
        std::size_t length = 1;
        while (at_ + length < text_.size() && byte_of(peek(length)) == Byte::other) ++length;
        Span const where = here(length);
        std::string_view const bad = text_.substr(at_, length);
        std::string hint = "outside strings and comments names are letters a to z, digits and _";
        if (auto const instead = instead_of_characters(bad); !instead.empty()) hint = instead;
        if (++faults_ <= most_faults)
            diagnostics_.error(where, "unexpected character " + quoted(bad.substr(0, 12)), hint);
        at_ += length;
    }

    Span here(std::size_t length) const {
        return {out_.text, static_cast<std::uint32_t>(at_),
                static_cast<std::uint32_t>(at_ + length)};
    }

    static constexpr int most_faults = 100;
    int faults_ = 0;
    TokenizedText& out_;
    std::string_view text_;
    std::size_t at_;
    Diagnostics& diagnostics_;
};

/// Groups tokens into logical lines.
class LineBreaker {
  public:
    LineBreaker(TokenizedText& out, Diagnostics& diagnostics)
        : out_(out), diagnostics_(diagnostics) {}

    void run() {
        for (std::size_t at = 0; at < out_.tokens.size();) at = take_line(at);
        out_.tokens.resize(kept_);
    }

  private:
    /// Appends the line that begins at `first`; returns where the next one begins.
    std::size_t take_line(std::size_t first) {
        std::size_t depth = 0, opened = first, at = first;
        for (; at < out_.tokens.size(); ++at) {
            if (out_.tokens[at].type == TokenType::newline) {
                if (depth == 0 || unclosed_ > most_unclosed) break;
            } else if (depth > 0 && begins_header(at)) {
                return take_unclosed(first, opened);
            } else if (opens(at)) {
                if (depth++ == 0) opened = at;
            } else if (closes(at) && depth > 0) {
                --depth;
            }
        }
        if (depth > 0 && at == out_.tokens.size() && unclosed_ <= most_unclosed)
            return take_unclosed(first, opened);
        add(first, at, false);
        return at + 1;
    }

    /// The statement ends where its physical line does; the lines after it are read by themselves.
    std::size_t take_unclosed(std::size_t first, std::size_t opened) {
        ++unclosed_;
        diagnostics_.error(out_.span(opened),
                           "this bracket is never closed: " + quoted(out_.word(opened)),
                           "a statement goes on to the next line only inside brackets");
        std::size_t at = opened;
        while (at < out_.tokens.size() && out_.tokens[at].type != TokenType::newline) ++at;
        add(first, at, true);
        return at + 1;
    }

    void add(std::size_t first, std::size_t last, bool broken) {
        std::size_t const begin = kept_;
        for (std::size_t at = first; at < last; ++at)
            if (out_.tokens[at].type != TokenType::newline) out_.tokens[kept_++] = out_.tokens[at];
        if (begin == kept_) return;
        // A line with a strange character has had its error.
        std::uint32_t const end = last < out_.tokens.size()
                                      ? out_.tokens[last].end
                                      : static_cast<std::uint32_t>(out_.content.size());
        auto const fault =
            std::lower_bound(out_.faults.begin(), out_.faults.end(), out_.tokens[begin].begin);
        bool const strange = fault != out_.faults.end() && *fault < end;
        out_.lines.push_back({begin, kept_, broken || strange});
    }

    bool begins_header(std::size_t at) const {
        Token const& token = out_.tokens[at];
        bool const first_column = token.begin == 0 || out_.content[token.begin - 1] == '\n' ||
                                  out_.content.substr(0, token.begin) == byte_order_mark;
        return first_column && token.type == TokenType::word && is_header(out_.word(at));
    }
    /// What a symbol begins with: no bracket begins a longer one.
    char symbol_at(std::size_t at) const {
        Token const& token = out_.tokens[at];
        return token.type == TokenType::symbol ? out_.content[token.begin] : '\0';
    }
    bool opens(std::size_t at) const {
        char const c = symbol_at(at);
        return c == '(' || c == '[' || c == '{';
    }
    bool closes(std::size_t at) const {
        char const c = symbol_at(at);
        return c == ')' || c == ']' || c == '}';
    }

    static constexpr int most_unclosed =
        20; ///< each rescans what follows; then every line stands alone
    TokenizedText& out_;
    Diagnostics& diagnostics_;
    std::size_t kept_ = 0; ///< tokens without the ends of lines: they move to the front
    int unclosed_ = 0;
};

} // namespace

TokenizedText tokenize(int text, std::string_view content, std::size_t begin, std::size_t end,
                       Diagnostics& diagnostics) {
    TokenizedText out{text, content, {}, {}, {}};
    Scanner(out, begin, end, diagnostics).run();
    return out;
}

TokenizedText read_lines(int text, std::string_view content, Diagnostics& diagnostics) {
    // Some editors begin a UTF-8 text with a byte order mark.
    std::size_t const begin = content.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    TokenizedText out = tokenize(text, content, begin, content.size(), diagnostics);
    LineBreaker(out, diagnostics).run();
    return out;
}

} // namespace perpetuum::grammar
