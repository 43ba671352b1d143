// Numbers with magnitude and unit: `100 B USD`, `4.5 %/year`, `2/quarter`. A unit's slash has no
// blanks around it.

#include <perpetuum/model/expressions.hpp>

#include <charconv>
#include <cmath>

namespace perpetuum::grammar {

namespace {

/// Whether the symbol that comes next joins what was read with a unit behind it. A star does only
/// before a unit: `2 USD*x` is a product.
bool joins_units(Cursor const& cursor, Units const& units) {
    std::string_view const symbol = cursor.peek();
    if (symbol == "*") return units.known(cursor.peek(1)) && !is_short_unit(cursor.peek(1));
    return symbol == "/" || symbol == "." || symbol == "^";
}

Span part_of(Span whole, std::size_t offset, std::size_t length) {
    auto const begin = whole.begin + static_cast<std::uint32_t>(offset);
    return {whole.text, begin, begin + static_cast<std::uint32_t>(length)};
}

/// Like Units::parse, with the fault reported at its place.
Unit parse_unit_at(Cursor& cursor, Units const& units, Span where, std::string_view text) {
    UnitError error;
    if (auto const unit = units.parse(text, error)) return *unit;
    Span const at = part_of(where, error.offset, error.length);
    cursor.fail(error.length > 0 ? at : where, error.message,
                error.hint.empty() ? "declare it in the model: unit NAME" : error.hint);
}

} // namespace

std::string_view take_unit_text(Cursor& cursor, Units const& units) {
    Span const begin = cursor.where();
    cursor.skip();
    while (cursor.adjacent() && cursor.next_is(TokenType::symbol) && joins_units(cursor, units) &&
           cursor.adjacent(1) &&
           (cursor.next_is(TokenType::word, 1) ||
            (cursor.peek() == "^" && cursor.next_is(TokenType::number, 1)))) {
        cursor.skip();
        cursor.skip();
    }
    Span const whole = cursor.from(begin);
    return cursor.source().content.substr(whole.begin, whole.end - whole.begin);
}

Unit take_declared_unit(Cursor& cursor, Units const& units) {
    Span const begin = cursor.where();
    bool const one = cursor.next_is(TokenType::number) && cursor.peek() == "1";
    if (!one && !cursor.next_is(TokenType::word) && cursor.peek() != "%")
        cursor.fail(begin, "expected a unit, found " + cursor.found(),
                    cursor.peek() == "=" ? "an equation is written NAME = expression"
                                         : "write for instance USD, USD/year or 1/quarter");
    std::string_view const text = take_unit_text(cursor, units);
    return parse_unit_at(cursor, units, cursor.from(begin), text);
}

bool ExpressionParser::unit_ahead() const {
    if (cursor_.next_is(TokenType::symbol)) {
        if (cursor_.peek() == "%") return true;
        // 2/quarter: a unit only when the word is one; 1/x divides.
        return cursor_.peek() == "/" && cursor_.adjacent() && cursor_.adjacent(1) &&
               cursor_.next_is(TokenType::word, 1) && model_.units.known(cursor_.peek(1)) &&
               !is_short_unit(cursor_.peek(1));
    }
    return cursor_.next_is(TokenType::word) &&
           (model_.units.known(cursor_.peek()) || !is_reserved(cursor_.peek()));
}

double ExpressionParser::take_value() {
    Span const at = cursor_.where();
    std::string_view const digits = cursor_.take();
    double value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} && error != std::errc::result_out_of_range)
        cursor_.fail(at, quoted(digits) + " is no number");
    if (error == std::errc::result_out_of_range || !std::isfinite(value))
        cursor_.fail(at, "this number is beyond what can be computed with",
                     "numbers reach from about 1e-307 to 1e308");
    return value;
}

Number ExpressionParser::take_number() {
    Span const begin = cursor_.where();
    Number number;
    number.value = take_value();
    if (cursor_.next_is(TokenType::word)) {
        if (double const magnitude = magnitude_of(cursor_.peek()); magnitude > 0) {
            number.value *= magnitude;
            cursor_.skip();
        }
    }
    if (unit_ahead()) {
        Span at = cursor_.where();
        bool const inverse = cursor_.peek() == "/";
        if (cursor_.next_is(TokenType::word) && !model_.units.known(cursor_.peek())) {
            UnitError error;
            model_.units.parse(cursor_.peek(), error);
            cursor_.fail(at, error.message,
                         error.hint.empty() ? "declare it (unit NAME), or write the operator "
                                              "between a number and a name"
                                            : error.hint);
        }
        std::string text;
        if (inverse) {
            cursor_.skip();
            text = "1/";
            at = cursor_.where();
        }
        text += grammar::take_unit_text(cursor_, model_.units);
        Span const whole = cursor_.from(at);
        number.unit =
            parse_unit_at(cursor_, model_.units,
                          inverse ? Span{whole.text, whole.begin - 2, whole.end} : whole, text);
        number.value *= number.unit.factor;
        number.bare = false;
    }
    Span const whole = cursor_.from(begin);
    number.written = cursor_.source().content.substr(whole.begin, whole.end - whole.begin);
    if (!std::isfinite(number.value)) cursor_.fail(whole, "this number is too large");
    return number;
}

Number ExpressionParser::read_signed_number() {
    bool const negative = cursor_.accept("-");
    if (!cursor_.next_is(TokenType::number))
        cursor_.fail(cursor_.where(), "expected a number, found " + cursor_.found());
    Number number = take_number();
    if (negative) number.value = -number.value;
    return number;
}

ExpressionId ExpressionParser::number() {
    Span const at = cursor_.where();
    Number number = take_number();
    return add(std::move(number), cursor_.from(at), 1);
}

} // namespace perpetuum::grammar
