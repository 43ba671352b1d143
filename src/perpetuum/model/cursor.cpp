#include <perpetuum/model/cursor.hpp>
#include <perpetuum/model/words.hpp>

namespace perpetuum::grammar {

namespace {
constexpr std::size_t longest_name = 100;
}

Span Cursor::end() const {
    std::uint32_t const end = last_ > first_ ? source_.tokens[last_ - 1].end : 0;
    return {source_.text, end, end};
}

void Cursor::expect(std::string_view word, std::string_view context, std::string_view more) {
    if (accept(word)) return;
    fail(where(), "expected '" + std::string(word) + "', found " + found(),
         std::string(context) + std::string(more));
}

std::string Cursor::take_name(std::string_view what, std::string_view usage) {
    if (next_is(TokenType::word) && is_reserved(peek()))
        fail(where(),
             quoted(peek()) + " is a word of the language and cannot be " + std::string(what),
             "choose another name");
    return take_any_name(what, usage);
}

std::string Cursor::take_any_name(std::string_view what, std::string_view usage) {
    if (!next_is(TokenType::word))
        fail(where(), "expected " + std::string(what) + ", found " + found(), std::string(usage));
    if (peek().size() > longest_name)
        fail(where(), "a name of " + std::to_string(peek().size()) + " characters",
             "at most 100 are allowed");
    return std::string(take());
}

std::string Cursor::take_string() {
    std::string_view const raw = take();
    std::string result;
    if (raw.find('\\') == std::string_view::npos) { // nothing stands for something else
        if (raw.size() > 2) result = raw.substr(1, raw.size() - 2);
        return result;
    }
    for (std::size_t i = 1; i + 1 < raw.size(); ++i) {
        if (raw[i] == '\\' && raw[i + 1] == '"') ++i;
        result += raw[i];
    }
    return result;
}

void Cursor::expect_end() {
    if (done()) return;
    std::string hint = "a statement is one line; it goes on to the next only inside brackets";
    if (peek() == ")" || peek() == "]" || peek() == "}") hint = "this bracket was never opened";
    if (peek() == "|") hint = "write 'or'";
    if (next_is(TokenType::word)) hint = "an operator or a line break may be missing before it";
    fail(where(), "unexpected " + found(), hint);
}

void Cursor::complain(Span where, std::string message, std::string hint) {
    if (!muted_) diagnostics_.error(where, std::move(message), std::move(hint));
}

void Cursor::fail(Span where, std::string message, std::string hint) {
    complain(where, std::move(message), std::move(hint));
    throw StatementFault{};
}

std::string Cursor::found() const {
    return done() ? "the end of the line" : quoted(printable(peek(), 40));
}

} // namespace perpetuum::grammar
