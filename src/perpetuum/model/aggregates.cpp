// `sum(all KIND[filter].body, otherwise)` and its kin. `min` and `max` are also plain functions:
// they gather when they are given one argument that names a kind, an instrument or a table.

#include <perpetuum/model/expressions.hpp>

#include <algorithm>

namespace perpetuum::grammar {

namespace {

/// Tokens of a path that begins `ahead`: 1, 3, 5 …; 0 when no word stands there.
std::size_t path_length(Cursor const& cursor, std::size_t ahead) {
    std::size_t length = 0;
    while (cursor.next_is(TokenType::word, ahead + length)) {
        ++length;
        if (cursor.peek(ahead + length) != "." ||
            !cursor.next_is(TokenType::word, ahead + length + 1))
            break;
        ++length;
    }
    return length;
}

/// How many parts of a path name what is gathered over: a kind or instrument in front, or a table
/// anywhere. 0 when none does.
std::size_t parts_over(std::vector<std::string_view> const& parts, KnownWords const& known) {
    if (!parts.empty() && known.selectable.contains(parts[0])) return 1;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (known.tables.contains(parts[i])) return i + 1;
    return 0;
}

std::vector<std::string_view> path_parts(Cursor const& cursor, std::size_t ahead,
                                         std::size_t length) {
    std::vector<std::string_view> parts;
    for (std::size_t i = 0; i < length; i += 2) parts.push_back(cursor.peek(ahead + i));
    return parts;
}

} // namespace

/// At `sum`, `max` …: does a selection follow, rather than the arguments of a function?
bool ExpressionParser::aggregate_ahead() const {
    std::string_view const word = cursor_.peek();
    if (word != "min" && word != "max") return true;
    if (cursor_.peek(1) != "(") return false;
    if (cursor_.peek(2) == "all") return true;
    std::size_t const length = path_length(cursor_, 2);
    if (length == 0) return false;
    std::string_view const after = cursor_.peek(2 + length);
    std::size_t const over = parts_over(path_parts(cursor_, 2, length), known_);
    if (after == "[") {
        bool const lag = cursor_.peek(3 + length) == "-" &&
                         cursor_.next_is(TokenType::number, 4 + length) &&
                         cursor_.peek(5 + length) == "]";
        return !lag || over > 0;
    }
    return over > 0 && (2 * over <= length || after == ".");
}

ExpressionId ExpressionParser::aggregate(Gather gather) {
    Nested const nested(*this);
    Span const at = cursor_.where();
    std::string const word(cursor_.take());
    std::string const usage = gather == Gather::count
                                  ? "write count(KIND) or count(KIND[condition])"
                                  : "write " + word + "(KIND[condition].value)";
    cursor_.expect("(", usage);
    Aggregate aggregate;
    aggregate.gather = gather;
    aggregate.all = cursor_.accept("all");
    selection(aggregate);
    if (gather == Gather::count && aggregate.body >= 0)
        cursor_.fail(where_of(aggregate.body), "count takes no value", usage);
    if (gather != Gather::count && aggregate.body < 0)
        cursor_.fail(aggregate.over_where, word + " needs a value of what is selected", usage);
    if (cursor_.accept(",")) aggregate.otherwise = read();
    cursor_.expect(")", usage);
    int const depth = std::max(
        {depth_of(aggregate.filter), depth_of(aggregate.body), depth_of(aggregate.otherwise)});
    return add(std::move(aggregate), cursor_.from(at), depth + 1);
}

/// `KIND[filter].body`, `role.tranches.field`, `KIND.(a * b)`.
void ExpressionParser::selection(Aggregate& aggregate) {
    Span const at = cursor_.where();
    std::size_t const length = path_length(cursor_, 0);
    if (length == 0)
        cursor_.fail(at, "expected a kind, an instrument or a table, found " + cursor_.found());
    auto const parts = path_parts(cursor_, 0, length);
    std::size_t over = parts_over(parts, known_);
    bool const bracket = cursor_.peek(length) == "[";
    bool const lag = bracket && cursor_.peek(length + 1) == "-" &&
                     cursor_.next_is(TokenType::number, length + 2) &&
                     cursor_.peek(length + 3) == "]";
    if (bracket && !lag && over == 0) over = parts.size();
    if (over ==
        0) // unknown: a name followed by what is wanted of it, to be refused by the check of names
        over = parts.size() == 1 || aggregate.gather == Gather::count ? parts.size()
                                                                      : parts.size() - 1;
    for (std::size_t i = 0; i < over; ++i) {
        if (i > 0) cursor_.skip();
        aggregate.over.push_back(cursor_.peek() == "self" ? std::string(cursor_.take())
                                                          : cursor_.take_name("a kind"));
    }
    aggregate.over_where = cursor_.from(at);
    if (cursor_.peek() == "[" && !(lag && over == parts.size())) {
        cursor_.skip();
        aggregate.filter = read();
        cursor_.expect("]", "a selection is closed by a bracket: KIND[condition].value");
    }
    if (cursor_.accept(".")) aggregate.body = body();
}

ExpressionId ExpressionParser::body() {
    if (cursor_.peek() == "(" && cursor_.next_is(TokenType::symbol)) return parenthesis();
    return name();
}

} // namespace perpetuum::grammar
