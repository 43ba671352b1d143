#pragma once
// A reader's finger on the tokens of one statement.

#include <perpetuum/model/tokens.hpp>

#include <string>

namespace perpetuum::grammar {

/// Thrown by Cursor::fail, caught where the next statement begins; never leaves the room.
struct StatementFault {};

class Cursor {
  public:
    Cursor(TokenizedText const& source, std::size_t first, std::size_t last, bool muted,
           Diagnostics& diagnostics)
        : source_(source), at_(first), first_(first), last_(last), muted_(muted),
          diagnostics_(diagnostics) {}

    bool done() const { return at_ >= last_; }
    std::size_t position() const { return at_; }
    /// The word, number or symbol `ahead` tokens on; empty behind the end.
    std::string_view peek(std::size_t ahead = 0) const {
        return at_ + ahead < last_ ? source_.word(at_ + ahead) : std::string_view{};
    }
    bool next_is(TokenType type, std::size_t ahead = 0) const {
        return at_ + ahead < last_ && source_.tokens[at_ + ahead].type == type;
    }
    /// No blank between this token and the one before it.
    bool adjacent(std::size_t ahead = 0) const {
        std::size_t const token = at_ + ahead;
        return token > first_ && token < last_ &&
               source_.tokens[token].begin == source_.tokens[token - 1].end;
    }
    Span where(std::size_t ahead = 0) const {
        return at_ + ahead < last_ ? source_.span(at_ + ahead) : end();
    }
    /// From a place that was read to the last token read.
    Span from(Span begin) const {
        std::uint32_t const end = at_ > first_ ? source_.tokens[at_ - 1].end : begin.end;
        return {begin.text, begin.begin, end > begin.begin ? end : begin.end};
    }
    void skip() { ++at_; }
    std::string_view take() { return source_.word(at_++); }
    bool accept(std::string_view word) {
        if (done()) return false;
        Token const& token = source_.tokens[at_];
        if (token.end - token.begin != word.size() || token.type == TokenType::string ||
            source_.word(at_) != word)
            return false;
        ++at_;
        return true;
    }
    /// The next token must be `word`; `context` says in what, and `more` what is put behind that:
    /// "a transfer names its type".
    void expect(std::string_view word, std::string_view context, std::string_view more = {});
    /// A name of the writer's choice: not reserved, at most 100 bytes. `what`: "a name for the
    /// account".
    std::string take_name(std::string_view what, std::string_view usage = {});
    /// A name in a space of its own (transactions, tills): any word will do.
    std::string take_any_name(std::string_view what, std::string_view usage = {});
    /// The text of a string token without its quotes.
    std::string take_string();
    void expect_end();

    [[noreturn]] void fail(Span where, std::string message, std::string hint = {});
    /// Reports and goes on.
    void complain(Span where, std::string message, std::string hint = {});
    /// 'word', or "the end of the line".
    std::string found() const;
    bool muted() const { return muted_; }
    TokenizedText const& source() const { return source_; }
    Diagnostics& diagnostics() { return diagnostics_; }

  private:
    Span end() const; ///< of the statement

    TokenizedText const& source_;
    std::size_t at_, first_, last_;
    bool muted_;
    Diagnostics& diagnostics_;
};

} // namespace perpetuum::grammar
