// Limits and hygiene of a book's bytes, before the TOML library sees them: toml++ 3.3 overflows its
// stack on deep nesting and searches some of its lists one by one, so both are bounded here. The
// scanner knows just enough of TOML to tell strings and comments from the rest.

#include <perpetuum/book/tree.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t deepest = 32;
constexpr std::size_t longest_key = 200;   // bytes; also of numbers and dates
constexpr std::size_t most_keys = 200'000; // of one file
constexpr std::size_t most_headers = 40'000;

struct ByteScanner {
    std::string_view text;
    int number;
    Diagnostics& diagnostics;
    TomlCounts& counts;
    bool clean = true;

    std::size_t at = 0;
    std::size_t depth = 0, parts = 0; // open brackets; dots since the last key began
    std::size_t word_begin = 0;       // of a run of bare characters
    std::size_t string_begin = 0, string_end = 0;
    bool line_is_blank = true, header = false;

    void fault(std::size_t begin, std::size_t end, std::string message, std::string hint = {}) {
        clean = false;
        diagnostics.error(
            {number, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
            std::move(message), std::move(hint));
    }

    bool check_characters();
    std::size_t string_length(std::size_t begin) const;
    bool check_key_string();
    bool check_header_name();
    bool take(char c);
    bool scan();
};

/// Byte order mark, UTF-8, control characters; each complaint once.
bool ByteScanner::check_characters() {
    std::size_t const damaged = damaged_utf8(text);
    if (damaged != std::string_view::npos)
        fault(damaged, damaged + 1, "damaged text: this byte is not UTF-8",
              "save the file as UTF-8");
    std::size_t const mark = text.find("\xEF\xBB\xBF", 1);
    if (mark != std::string_view::npos)
        fault(mark, mark + 3, "a byte order mark (U+FEFF) in the middle of the text",
              "remove this invisible character");
    bool control = false, carriage = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if ((c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n') continue;
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (c == '\r' && !carriage) {
            carriage = true;
            fault(i, i + 1, "a carriage return without a line feed",
                  "line ends must be LF or CRLF");
        } else if (c != '\r' && !control) {
            control = true;
            fault(i, i + 1, "a control character", "remove this invisible character");
        }
    }
    return clean;
}

/// Bytes of the string that begins here, with its quotes; up to the end of text or line if it is
/// not closed.
std::size_t ByteScanner::string_length(std::size_t begin) const {
    char const quote = text[begin];
    bool const many = text.substr(begin, 3) == std::string(3, quote);
    std::size_t i = begin + (many ? 3 : 1);
    while (i < text.size()) {
        if (quote == '"' && text[i] == '\\') {
            i += 2;
            continue;
        }
        if (!many && text[i] == '\n') return i - begin;
        if (!many && text[i] == quote) return i + 1 - begin;
        if (many && text.substr(i, 3) == std::string(3, quote)) {
            i += 3;
            // Up to two quotes may stand directly before the closing three.
            while (i < text.size() && text[i] == quote && i < begin + text.size()) ++i;
            return i - begin;
        }
        ++i;
    }
    return text.size() - begin;
}

/// Called where a key ends: a quoted one must not be too long either.
bool ByteScanner::check_key_string() {
    if (string_end == 0 || string_end - string_begin <= longest_key + 2) return true;
    fault(string_begin, string_begin + 20, "a key longer than 200 bytes", "shorten it");
    return false;
}

/// Behind the bracket of a header a name must begin: toml++ 3.3 only asserts it.
bool ByteScanner::check_header_name() {
    std::size_t next = at + 1;
    while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
    char const c = next < text.size() ? text[next] : '\n';
    bool const second = c == '[' && next == at + 1 && depth == 1;
    bool const name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '"' || c == '\'';
    if (second || name) return true;
    fault(next, next + 1, "the name of a table is missing here",
          "write [deal.ID]; other characters need quotes");
    return false;
}

bool is_bare(char c) {
    return (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == ':' ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// One character outside strings and comments; false when a limit is broken.
bool ByteScanner::take(char c) {
    if (static_cast<unsigned char>(c) >= 0x80) { // toml++ 3.3 runs into what it calls unreachable
        std::size_t next = at + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80)
            ++next;
        fault(at, next, "a letter outside a-z A-Z 0-9 - _ needs quotes here",
              "ids are written in a-z A-Z 0-9 - _; a name in quotes may hold anything");
        return false;
    }
    if (is_bare(c)) {
        if (at - word_begin < longest_key) return true;
        fault(word_begin, at, "a name or number longer than 200 bytes",
              "shorten it; what is a text stands in quotes");
        return false;
    }
    word_begin = at + 1;
    if (c == '[' || c == '{') {
        if (++depth > deepest) {
            fault(at, at + 1, "nested more than 32 deep", "close some of the brackets before");
            return false;
        }
        if (depth == 1 && line_is_blank && c == '[') header = true;
        if (header && !check_header_name()) return false;
        parts = 0;
    } else if (c == ']' || c == '}') {
        if (header && !check_key_string()) return false;
        if (depth > 0) --depth;
        if (header && depth == 0) {
            header = false;
            if (++counts.headers > most_headers) {
                fault(at, at + 1, "more than 40,000 tables in one file", "split the book");
                return false;
            }
        }
    } else if (c == '=' || c == ',') {
        // A comma counts too: it is what makes a list long.
        if (c == '=' && !check_key_string()) return false;
        parts = 0;
        if (++counts.keys > most_keys) {
            fault(at, at + 1, "more than 200,000 keys and values in one file", "split the book");
            return false;
        }
    } else if (c == '\n') {
        parts = 0;
    } else if (c == '.') {
        if (!check_key_string()) return false;
        if (++parts > deepest) {
            fault(at, at + 1, "a key of more than 32 parts", "no table of a book is so deep");
            return false;
        }
    }
    if (c != ' ' && c != '\t') string_end = 0;
    return true;
}

bool ByteScanner::scan() {
    std::size_t const keys_before = counts.keys, headers_before = counts.headers;
    counts = {};
    if (text.substr(0, 3) == "\xEF\xBB\xBF") at = word_begin = 3;
    bool within = true;
    while (within && at < text.size()) {
        char const c = text[at];
        if (c == '#') {
            at = std::min(text.find('\n', at), text.size());
            word_begin = at;
            continue;
        }
        if (c == '"' || c == '\'') {
            string_begin = at;
            at += string_length(at);
            string_end = word_begin = at;
        } else {
            within = take(c);
            ++at;
        }
        if (c == '\n') {
            line_is_blank = true;
        } else if (c != ' ' && c != '\t') {
            line_is_blank = false;
        }
    }
    counts.keys += keys_before;
    counts.headers += headers_before;
    return within;
}

} // namespace

bool check_toml_bytes(int text, TomlCounts& counts, Diagnostics& diagnostics) {
    ByteScanner scanner{diagnostics.text(text).content, text, diagnostics, counts};
    return scanner.check_characters() && scanner.scan();
}

} // namespace perpetuum
