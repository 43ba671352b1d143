// Dimensions from the leaves up. A fault is said where it arises and silences what is above it.

#include <perpetuum/model/evaluate.hpp>
#include <perpetuum/model/words.hpp>

namespace perpetuum::grammar {

namespace {

bool is_comparison(Operation operation) {
    return operation == Operation::equal || operation == Operation::unequal;
}
bool bare_zero(Number const& number) {
    return number.bare && !(number.value < 0) && !(number.value > 0);
}

} // namespace

Dimension Evaluator::dimension(ExpressionId id, Scope const& scope) {
    if (id < 0) return fault_dimension;
    auto const& node = model_.expressions[static_cast<std::size_t>(id)].node;
    if (auto const* number = std::get_if<Number>(&node))
        return bare_zero(*number) ? any_dimension : table_.of(number->unit);
    if (std::holds_alternative<DateLiteral>(node)) return table_.date;
    if (auto const* name = std::get_if<Name>(&node))
        return dimension_of_name(meaning_of_(id, *name, scope), model_, cells_, table_);
    if (auto const* aggregate = std::get_if<Aggregate>(&node))
        return of_aggregate(*aggregate, scope);
    return of_apply(id, std::get<Apply>(node), scope);
}

bool Evaluator::compares_parties(Apply const& apply, Scope const& scope) {
    for (auto const argument : apply.arguments) {
        if (argument < 0) continue;
        auto const* name =
            std::get_if<Name>(&model_.expressions[static_cast<std::size_t>(argument)].node);
        if (name == nullptr) continue;
        Meaning const meaning = meaning_of_(argument, *name, scope);
        if (meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract ||
            meaning.is == Meaning::Is::row || meaning.is == Meaning::Is::word)
            return true;
    }
    return false;
}

Dimension Evaluator::of_apply(ExpressionId id, Apply const& apply, Scope const& scope) {
    if (is_comparison(apply.operation) && compares_parties(apply, scope)) return table_.plain;
    std::size_t const first = arguments_.size();
    for (auto const argument : apply.arguments) {
        Dimension const of_argument = dimension(argument, scope);
        arguments_.push_back(of_argument);
    }
    std::optional<int> exponent;
    if (apply.operation == Operation::power) exponent = whole_exponent(model_, apply.arguments[1]);
    DimensionFault fault;
    Dimension const result = dimension_of(apply.operation, std::span(arguments_).subspan(first),
                                          exponent, table_, &fault);
    arguments_.resize(first);
    if (!fault.message.empty()) {
        Span place = apply.operator_where;
        if (fault.argument >= 0)
            place = where(apply.arguments[static_cast<std::size_t>(fault.argument)]);
        say_(place.text >= 0 ? place : where(id), fault.message, fault.hint);
    }
    return result;
}

Dimension Evaluator::of_aggregate(Aggregate const& aggregate, Scope const& scope) {
    Frame frame;
    if (frame_of_) frame = frame_of_(aggregate, scope);
    Scope const inner{scope.block, frame_of_ ? &frame : scope.frame};
    if (aggregate.filter >= 0) {
        Dimension const filter = dimension(aggregate.filter, inner);
        if (!agree(filter, table_.plain))
            say_(where(aggregate.filter),
                 "a selection needs a condition, this is " + table_.name(filter), "");
    }
    Dimension const body = aggregate.gather == Gather::count ? table_.plain
                           : aggregate.body < 0              ? fault_dimension
                                                             : dimension(aggregate.body, inner);
    if (body == table_.date && aggregate.gather == Gather::sum) {
        say_(where(aggregate.body), "dates cannot be added up", "min and max can be taken of them");
        return fault_dimension;
    }
    if (aggregate.otherwise < 0) return body;
    Dimension const otherwise = dimension(aggregate.otherwise, scope);
    if (!agree(body, otherwise)) {
        say_(where(aggregate.otherwise),
             "the answer when there is none is " + table_.name(otherwise) + ", the values are " +
                 table_.name(body),
             "");
        return fault_dimension;
    }
    return body >= 0 ? body : otherwise;
}

} // namespace perpetuum::grammar
