// Expressions as text again, with no more parentheses than reading them back needs.

#include <perpetuum/model.hpp>
#include <perpetuum/model/words.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace perpetuum {

namespace {

/// How tightly an expression holds together: what is looser than its place wants parentheses.
enum Tightness {
    loosest,
    disjunctive,
    conjunctive,
    negated,
    compared,
    added_up,
    multiplied_out,
    signed_,
    raised_up,
    whole
};

Tightness tightness_of(Operation operation) {
    switch (operation) {
    case Operation::choose:
        return loosest;
    case Operation::disjunction:
        return disjunctive;
    case Operation::conjunction:
        return conjunctive;
    case Operation::negation:
        return negated;
    case Operation::equal:
    case Operation::unequal:
    case Operation::less:
    case Operation::less_equal:
    case Operation::greater:
    case Operation::greater_equal:
        return compared;
    case Operation::add:
    case Operation::subtract:
        return added_up;
    case Operation::multiply:
    case Operation::divide:
        return multiplied_out;
    case Operation::negate:
        return signed_;
    case Operation::power:
        return raised_up;
    default:
        return whole;
    }
}

class ExpressionPrinter {
  public:
    explicit ExpressionPrinter(Model const& model) : model_(model) {}

    std::string print(ExpressionId id, Tightness wanted) const {
        if (id < 0 || static_cast<std::size_t>(id) >= model_.expressions.size()) return "?";
        auto const& node = model_.expressions[static_cast<std::size_t>(id)].node;
        if (auto const* number = std::get_if<Number>(&node)) return number_text(*number, wanted);
        if (auto const* date = std::get_if<DateLiteral>(&node))
            return "date(" + print_day(date->date) + ")";
        if (auto const* name = std::get_if<Name>(&node)) return name_text(*name);
        if (auto const* aggregate = std::get_if<Aggregate>(&node))
            return aggregate_text(*aggregate);
        auto const& apply = std::get<Apply>(node);
        std::string const text = apply_text(apply);
        return tightness_of(apply.operation) < wanted ? "(" + text + ")" : text;
    }

  private:
    static std::string number_text(Number const& number, Tightness wanted) {
        if (!number.written.empty()) return number.written;
        char digits[40];
        std::snprintf(digits, sizeof digits, "%.15g", number.value / number.unit.factor);
        if (std::strtod(digits, nullptr) < number.value / number.unit.factor ||
            std::strtod(digits, nullptr) > number.value / number.unit.factor)
            std::snprintf(digits, sizeof digits, "%.17g", number.value / number.unit.factor);
        std::string text = digits;
        if (!number.unit.plain()) text += " " + print_dimension(number.unit);
        return text[0] == '-' && wanted > signed_ ? "(" + text + ")" : text;
    }

    static std::string name_text(Name const& name) {
        std::string text;
        for (auto const& part : name.parts) text += (text.empty() ? "" : ".") + part;
        if (name.lag > 0) text += "[-" + std::to_string(name.lag) + "]";
        return text;
    }

    std::string aggregate_text(Aggregate const& aggregate) const {
        std::string text(grammar::name_of(aggregate.gather));
        text += aggregate.all ? "(all " : "(";
        for (std::size_t i = 0; i < aggregate.over.size(); ++i)
            text += (i > 0 ? "." : "") + aggregate.over[i];
        if (aggregate.filter >= 0) text += "[" + print(aggregate.filter, loosest) + "]";
        if (aggregate.body >= 0) {
            auto const& body = model_.expressions[static_cast<std::size_t>(aggregate.body)].node;
            std::string const inner = print(aggregate.body, loosest);
            text += std::holds_alternative<Name>(body) ? "." + inner : ".(" + inner + ")";
        }
        if (aggregate.otherwise >= 0) text += ", " + print(aggregate.otherwise, loosest);
        return text + ")";
    }

    std::string apply_text(Apply const& apply) const {
        Tightness const own = tightness_of(apply.operation);
        std::string const word(grammar::name_of(apply.operation));
        auto const argument = [&](std::size_t i, Tightness wanted) {
            return print(apply.arguments[i], wanted);
        };
        if (apply.operation == Operation::choose)
            return "if " + argument(0, loosest) + " then " + argument(1, loosest) + " else " +
                   argument(2, loosest);
        if (own == negated) return "not " + argument(0, negated);
        if (own == signed_) return "-" + argument(0, signed_);
        if (own == whole) return function_text(apply, word);
        auto const tighter = [](Tightness t) { return static_cast<Tightness>(t + 1); };
        bool const both = own == compared;
        bool const right = own == raised_up; // 2^3^4 is 2^(3^4)
        std::string const left = argument(0, both || right ? tighter(own) : own);
        // the exponent may carry a sign without parentheses
        std::string const tail = argument(1, right ? signed_ : tighter(own));
        return right ? left + "^" + tail : left + " " + word + " " + tail;
    }

    std::string function_text(Apply const& apply, std::string const& word) const {
        std::string text = word + "(";
        for (std::size_t i = 0; i < apply.arguments.size(); ++i)
            text += (i > 0 ? ", " : "") + print(apply.arguments[i], loosest);
        return text + ")";
    }

    Model const& model_;
};

} // namespace

std::string print_expression(Model const& model, ExpressionId expression) {
    return ExpressionPrinter(model).print(expression, loosest);
}

} // namespace perpetuum
