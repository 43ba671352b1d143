// Operators by precedence, lowest first: or, and, not, comparison, + -, * /, unary -, ^ (to the
// right), then names, numbers, functions and brackets. Nesting is bounded, so the recursion is too.

#include <perpetuum/model/expressions.hpp>
#include <perpetuum/model/habits.hpp>

#include <algorithm>

namespace perpetuum::grammar {

namespace {

constexpr int deepest_nesting = 200;
constexpr int deepest_tree =
    1000; ///< a chain of operators: everything behind may recurse this deep
constexpr int longest_lag = 1000;
constexpr std::size_t longest_path = 20; ///< parts of a name

struct OperatorWord {
    std::string_view word;
    Operation operation;
};
constexpr OperatorWord comparisons[] = {
    {"=", Operation::equal},          {"!=", Operation::unequal}, {"<=", Operation::less_equal},
    {">=", Operation::greater_equal}, {"<", Operation::less},     {">", Operation::greater},
};

/// What to write where somebody calls `word` as a function.
std::string hint_of_function(std::string const& word) {
    if (auto const instead = instead_of_function(word); !instead.empty())
        return std::string(instead);
    if (auto const near = nearest(word, function_names()))
        return "did you mean " + quoted(*near) + "? a product needs its operator: a * (b + c)";
    return "a product needs its operator: a * (b + c)";
}

} // namespace

ExpressionParser::Nested::Nested(ExpressionParser& owner) : parser(owner) {
    if (++parser.nesting_ > deepest_nesting)
        parser.cursor_.fail(parser.cursor_.where(), "this expression is nested too deeply",
                            "at most 200 levels are read; give its parts names");
}
ExpressionParser::Nested::~Nested() { --parser.nesting_; }

int ExpressionParser::depth_of(ExpressionId id) const {
    return id < 0 ? 0 : depths_[static_cast<std::size_t>(id) - first_];
}

ExpressionId ExpressionParser::add(ExpressionNode&& node, Span where, int depth) {
    if (depth > deepest_tree)
        cursor_.fail(where, "this expression is too long", "give its parts names");
    model_.expressions.push_back({std::move(node), where});
    depths_.push_back(depth);
    return static_cast<ExpressionId>(model_.expressions.size() - 1);
}

ExpressionId ExpressionParser::apply(Operation operation, std::vector<ExpressionId> arguments,
                                     Span where, Span operator_where) {
    int depth = 0;
    for (auto const argument : arguments) depth = std::max(depth, depth_of(argument));
    return add(Apply{operation, std::move(arguments), operator_where}, where, depth + 1);
}

ExpressionId ExpressionParser::read() { return disjunction(); }

ExpressionId ExpressionParser::disjunction() {
    ExpressionId left = conjunction();
    while (cursor_.next_is(TokenType::word) && cursor_.peek() == "or") {
        Span const at = cursor_.where();
        cursor_.skip();
        ExpressionId const right = conjunction();
        left = apply(Operation::disjunction, {left, right}, cursor_.from(where_of(left)), at);
    }
    return left;
}

ExpressionId ExpressionParser::conjunction() {
    ExpressionId left = negation();
    while (cursor_.next_is(TokenType::word) && cursor_.peek() == "and") {
        Span const at = cursor_.where();
        cursor_.skip();
        ExpressionId const right = negation();
        left = apply(Operation::conjunction, {left, right}, cursor_.from(where_of(left)), at);
    }
    return left;
}

ExpressionId ExpressionParser::negation() {
    Span const at = cursor_.where();
    if (!cursor_.accept("not")) return comparison();
    Nested const nested(*this);
    ExpressionId const inner = negation();
    return apply(Operation::negation, {inner}, cursor_.from(at), at);
}

ExpressionId ExpressionParser::comparison() {
    ExpressionId const left = sum();
    auto const operation_ahead = [&] {
        if (!cursor_.next_is(TokenType::symbol)) return std::end(comparisons);
        return std::find_if(std::begin(comparisons), std::end(comparisons),
                            [&](auto const& row) { return row.word == cursor_.peek(); });
    };
    auto const found = operation_ahead();
    if (found == std::end(comparisons)) return left;
    Span const at = cursor_.where();
    cursor_.skip();
    if (found->operation == Operation::equal && cursor_.peek() == "=" && cursor_.adjacent())
        cursor_.fail(cursor_.from(at), "'==' is not an operator here", "write '='");
    ExpressionId const right = sum();
    if (operation_ahead() != std::end(comparisons))
        cursor_.fail(cursor_.where(), "a comparison cannot be compared again",
                     "compare two at a time: a < b and b < c");
    return apply(found->operation, {left, right}, cursor_.from(where_of(left)), at);
}

ExpressionId ExpressionParser::sum() {
    ExpressionId left = product();
    while (cursor_.next_is(TokenType::symbol) && (cursor_.peek() == "+" || cursor_.peek() == "-")) {
        Span const at = cursor_.where();
        Operation const operation = cursor_.take() == "+" ? Operation::add : Operation::subtract;
        ExpressionId const right = product();
        left = apply(operation, {left, right}, cursor_.from(where_of(left)), at);
    }
    return left;
}

ExpressionId ExpressionParser::product() {
    ExpressionId left = sign();
    while (cursor_.next_is(TokenType::symbol) && (cursor_.peek() == "*" || cursor_.peek() == "/")) {
        Span const at = cursor_.where();
        Operation const operation = cursor_.take() == "*" ? Operation::multiply : Operation::divide;
        if (cursor_.peek() == "*" && cursor_.adjacent())
            cursor_.fail(cursor_.from(at), "'**' is not an operator here",
                         "a power is written a ^ b");
        ExpressionId const right = sign();
        left = apply(operation, {left, right}, cursor_.from(where_of(left)), at);
    }
    return left;
}

ExpressionId ExpressionParser::sign() {
    Span const at = cursor_.where();
    if (!cursor_.accept("-")) return power();
    Nested const nested(*this);
    ExpressionId const inner = sign();
    return apply(Operation::negate, {inner}, cursor_.from(at), at);
}

ExpressionId ExpressionParser::power() {
    ExpressionId const base = primary();
    Span const at = cursor_.where();
    if (!cursor_.accept("^")) return base;
    Nested const nested(*this);
    ExpressionId const exponent = sign();
    return apply(Operation::power, {base, exponent}, cursor_.from(where_of(base)), at);
}

ExpressionId ExpressionParser::primary() {
    if (cursor_.next_is(TokenType::number)) return number();
    if (cursor_.next_is(TokenType::symbol) && cursor_.peek() == "(") return parenthesis();
    if (!cursor_.next_is(TokenType::word))
        cursor_.fail(cursor_.where(), "expected a value, found " + cursor_.found(),
                     cursor_.peek() == "." ? "a number below 1 begins with 0: 0.5" : "");
    if (cursor_.peek() == "if") return choice();
    if (cursor_.peek() == "date" && cursor_.peek(1) == "(") return date();
    if (auto const gather = gather_of(cursor_.peek()); gather && aggregate_ahead())
        return aggregate(*gather);
    if (auto const* word = function_word(cursor_.peek())) return function(*word);
    return name();
}

ExpressionId ExpressionParser::parenthesis() {
    Nested const nested(*this);
    Span const at = cursor_.where();
    cursor_.skip();
    ExpressionId const inner = read();
    cursor_.expect(")", cursor_.peek() == ","
                            ? "a choice is written without brackets: if condition then a else b"
                            : "an operator or a closing bracket is missing");
    model_.expressions[static_cast<std::size_t>(inner)].where = cursor_.from(at);
    return inner;
}

ExpressionId ExpressionParser::choice() {
    Nested const nested(*this);
    Span const at = cursor_.where();
    cursor_.skip();
    ExpressionId const condition = read();
    cursor_.expect("then", "write 'if condition then a else b'");
    ExpressionId const yes = read();
    cursor_.expect("else", "a choice always says what holds otherwise: if condition then a else b");
    ExpressionId const no = read();
    return apply(Operation::choose, {condition, yes, no}, cursor_.from(at), at);
}

/// `date(2026-07)`: the beginning of a day, month, quarter or year.
ExpressionId ExpressionParser::date() {
    Span const at = cursor_.where();
    cursor_.skip();
    Span const open = cursor_.where();
    while (!cursor_.done() && cursor_.peek() != ")") cursor_.skip();
    Span const close = cursor_.where();
    cursor_.expect(")", "write for instance date(2026-07)");
    std::string_view text = cursor_.source().content.substr(open.end, close.begin - open.end);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    auto const period = parse_period(text);
    if (!period)
        cursor_.fail({at.text, open.end, close.begin}, quoted(text) + " is no date",
                     "write for instance date(2026-07), date(2026-07-31) or date(2026-Q3)");
    return add(DateLiteral{period->begin}, cursor_.from(at), 1);
}

ExpressionId ExpressionParser::function(FunctionWord const& word) {
    Nested const nested(*this);
    Span const at = cursor_.where();
    cursor_.skip();
    cursor_.expect("(", "write ", word.usage);
    std::vector<ExpressionId> arguments{read()};
    while (cursor_.accept(",")) arguments.push_back(read());
    cursor_.expect(")", "write ", word.usage);
    int const count = static_cast<int>(arguments.size());
    if (count < word.least || count > word.most)
        cursor_.fail(cursor_.from(at),
                     "'" + std::string(word.name) + "' was given " + std::to_string(count) +
                         (count == 1 ? " argument" : " arguments"),
                     "write " + std::string(word.usage));
    if (word.takes_time && count > 1) refuse_negative(arguments[1], word);
    return apply(word.operation, std::move(arguments), cursor_.from(at), at);
}

/// What is remembered lies in the past. Only a number with a minus is seen here.
void ExpressionParser::refuse_negative(ExpressionId time, FunctionWord const& word) {
    auto const at = [&](ExpressionId id) -> Expression const& {
        return model_.expressions[static_cast<std::size_t>(id)];
    };
    Expression const& expression = at(time);
    auto const* negated = std::get_if<Apply>(&expression.node);
    if (negated != nullptr && negated->operation == Operation::negate &&
        std::holds_alternative<Number>(at(negated->arguments[0]).node))
        cursor_.fail(expression.where, "the time of '" + std::string(word.name) + "' is below zero",
                     "what is to come is not known: a time is counted backwards");
}

/// `a`, `issuer.deployed`, `x[-1]`.
ExpressionId ExpressionParser::name() {
    Span const at = cursor_.where();
    Name name;
    std::size_t parts = 1;
    while (parts < longest_path && cursor_.peek(2 * parts - 1) == ".") ++parts;
    name.parts.reserve(parts);
    name.wheres.reserve(parts);
    do {
        if (!cursor_.next_is(TokenType::word))
            cursor_.fail(cursor_.where(), "expected a name, found " + cursor_.found());
        bool const may_be_reserved =
            name.parts.empty() && (cursor_.peek() == "self" || cursor_.peek() == "it" ||
                                   cursor_.peek() == "step" || cursor_.peek() == "time");
        name.wheres.push_back(cursor_.where());
        name.parts.push_back(may_be_reserved ? std::string(cursor_.take())
                                             : cursor_.take_name("a value"));
    } while (cursor_.accept("."));
    if (name.parts.size() > longest_path)
        cursor_.fail(cursor_.from(at), "a name of more than 20 parts",
                     "a dot reaches through a role; no chain of roles is so long");
    name.lag = lag();
    if (cursor_.peek() == "(" && cursor_.next_is(TokenType::symbol))
        cursor_.fail(name.wheres.back(), quoted(name.parts.back()) + " is no function",
                     hint_of_function(name.parts.back()));
    return add(std::move(name), cursor_.from(at), 1);
}

/// `[-1]` → 1; nothing → 0.
int ExpressionParser::lag() {
    Span const at = cursor_.where();
    if (!cursor_.accept("[")) return 0;
    bool const past = cursor_.accept("-");
    if (cursor_.next_is(TokenType::number) && cursor_.peek(1) == "]") {
        std::string const digits(cursor_.take());
        cursor_.skip();
        Span const whole = cursor_.from(at);
        if (digits.find_first_not_of("0123456789") != std::string::npos || digits.size() > 9)
            cursor_.fail(whole, "a lag is a whole number of steps",
                         "for a time between steps write delay(x, time)");
        int const steps = std::stoi(digits);
        if (steps == 0) cursor_.fail(whole, "a lag of 0 steps", "leave the bracket away");
        if (!past)
            cursor_.fail(whole, "'[" + digits + "]' would be a value of the future",
                         "the past is written with a minus: x[-" + digits + "]");
        if (steps > longest_lag)
            cursor_.fail(whole, "a lag of more than 1000 steps", "write delay(x, time)");
        if (cursor_.peek() == ".")
            cursor_.fail(whole, "a lag stands at the end of a name", "write a.b[-1]");
        return steps;
    }
    if (past)
        cursor_.fail(cursor_.from(at), "a lag must be a whole number, as in x[-1]",
                     "for a time that is computed write delay(x, time)");
    cursor_.fail(at, "a selection stands only inside sum, mean, max, min or count",
                 "write sum(x[condition].y); a lag is written x[-1]");
}

} // namespace perpetuum::grammar
