// Expressions of the language → flat nodes: names become cells, functions of time hidden cells.

#include "builder.hpp"

#include <algorithm>

namespace perpetuum::instancing {

namespace {

std::optional<NodeOp> plain_operation(Operation operation) {
    switch (operation) {
    case Operation::negate:
        return NodeOp::negate;
    case Operation::add:
        return NodeOp::add;
    case Operation::subtract:
        return NodeOp::subtract;
    case Operation::multiply:
        return NodeOp::multiply;
    case Operation::divide:
        return NodeOp::divide;
    case Operation::power:
        return NodeOp::power;
    case Operation::equal:
        return NodeOp::equal;
    case Operation::unequal:
        return NodeOp::unequal;
    case Operation::less:
        return NodeOp::less;
    case Operation::less_equal:
        return NodeOp::less_equal;
    case Operation::greater:
        return NodeOp::greater;
    case Operation::greater_equal:
        return NodeOp::greater_equal;
    case Operation::conjunction:
        return NodeOp::conjunction;
    case Operation::disjunction:
        return NodeOp::disjunction;
    case Operation::negation:
        return NodeOp::negation;
    case Operation::choose:
        return NodeOp::choose;
    case Operation::minimum:
        return NodeOp::minimum;
    case Operation::maximum:
        return NodeOp::maximum;
    case Operation::absolute:
        return NodeOp::absolute;
    case Operation::exponential:
        return NodeOp::exponential;
    case Operation::logarithm:
        return NodeOp::logarithm;
    case Operation::square_root:
        return NodeOp::square_root;
    case Operation::round_down:
        return NodeOp::round_down;
    case Operation::since:
        return NodeOp::since;
    case Operation::ramp_up:
        return NodeOp::ramp_up;
    default:
        return std::nullopt;
    }
}

/// The index of a word among those of a word parameter that the other side of a comparison names.
std::optional<double> word_value(Builder& builder, Path const& path, int block, Word word) {
    if (path.parts != 1) return std::nullopt;
    Symbol const symbol = builder.catalog.symbol(block, builder.catalog.words.part(path, 0));
    if (symbol.type != SymbolType::parameter) return std::nullopt;
    auto const& words = builder.model.blocks[static_cast<std::size_t>(symbol.block)]
                            .parameters[static_cast<std::size_t>(symbol.index)]
                            .words;
    auto const found = std::find(words.begin(), words.end(), builder.catalog.words.text(word));
    if (found == words.end()) return std::nullopt;
    return static_cast<double>(found - words.begin());
}

/// Two parties, or a word parameter and one of its words, are told apart by name; −1: neither.
NodeId compile_comparison(Builder& b, Apply const& apply, Scope const& scope) {
    auto const is_name = [&](ExpressionId id) {
        return std::holds_alternative<Name>(b.model.expressions[static_cast<std::size_t>(id)].node);
    };
    if (!is_name(apply.arguments[0]) || !is_name(apply.arguments[1])) return -1;
    bool const equal = apply.operation == Operation::equal;
    NodeOp const op = equal ? NodeOp::equal : NodeOp::unequal;
    Path const left = b.catalog.words.of(apply.arguments[0]),
               right = b.catalog.words.of(apply.arguments[1]);
    Meaning const x = b.look_up(left, scope), y = b.look_up(right, scope);
    auto const is_party = [](Meaning const& meaning) {
        return meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract;
    };
    if (is_party(x) && is_party(y)) return b.constant((x.owner == y.owner) == equal ? 1 : 0);
    bool const numbers[] = {x.is == Meaning::Is::number, y.is == Meaning::Is::number};
    if (y.is == Meaning::Is::word && numbers[0])
        if (auto const value = word_value(b, left, scope.block, y.word))
            return b.make(op, x.node, b.constant(*value));
    if (x.is == Meaning::Is::word && numbers[1])
        if (auto const value = word_value(b, right, scope.block, x.word))
            return b.make(op, y.node, b.constant(*value));
    if (numbers[0] && numbers[1] && x.node >= 0 && y.node >= 0) return b.make(op, x.node, y.node);
    return -1;
}

} // namespace

NodeId Builder::compile(ExpressionId id, Scope const& scope) {
    if (++work_ > options.limits.work)
        throw TooLarge{doing,
                       "expressions are read more than " + with_commas(options.limits.work) +
                           " times, for each entity, contract and member of a sum",
                       "who selects by its own figures looks at everybody: sum up once, in 'model' "
                       "or by role"};
    Expression const& expression = model.expressions[static_cast<std::size_t>(id)];
    if (auto const* number = std::get_if<Number>(&expression.node)) {
        NodeId& known = numbers_[static_cast<std::size_t>(id)];
        if (known < 0) known = constant(number->value);
        return known;
    }
    if (auto const* date = std::get_if<DateLiteral>(&expression.node))
        return constant(date->date.months);
    if (std::holds_alternative<Aggregate>(expression.node))
        return compile_aggregate(id, expression.where, scope);
    if (auto const* name = std::get_if<Name>(&expression.node)) {
        Meaning const meaning = look_up(catalog.words.of(id), scope);
        if (meaning.is == Meaning::Is::number && meaning.node >= 0) return meaning.node;
        std::string text;
        for (auto const& part : name->parts) text += (text.empty() ? "" : ".") + part;
        if (warned.emplace(Owner{-2, id}, text).second)
            diagnostics.error(expression.where, quoted(text) + " is no number here");
        return constant(0);
    }
    auto const& apply = std::get<Apply>(expression.node);
    auto const operation = plain_operation(apply.operation);
    if (apply.operation == Operation::equal || apply.operation == Operation::unequal)
        if (NodeId const told = compile_comparison(*this, apply, scope); told >= 0) return told;
    if (apply.operation == Operation::clip) {
        NodeId const x = compile(apply.arguments[0], scope),
                     low = compile(apply.arguments[1], scope),
                     high = compile(apply.arguments[2], scope);
        return make(NodeOp::minimum, make(NodeOp::maximum, x, low), high);
    }
    if (!operation) return compile_memory(apply, id, scope);
    if (*operation == NodeOp::minimum || *operation == NodeOp::maximum)
        return compile_extreme(*operation, apply, scope);
    std::array<NodeId, 3> arguments{-1, -1, -1};
    for (std::size_t i = 0; i < std::min<std::size_t>(3, apply.arguments.size()); ++i)
        arguments[i] = compile(apply.arguments[i], scope);
    return make(before_the_end(*operation, arguments[0], arguments[1]), arguments[0], arguments[1],
                arguments[2]);
}

/// The least or greatest of two or more: all are read before any are compared.
NodeId Builder::compile_extreme(NodeOp op, Apply const& apply, Scope const& scope) {
    std::size_t const first = operands_.size();
    for (ExpressionId const argument : apply.arguments) {
        NodeId const operand = compile(argument, scope);
        operands_.push_back(operand);
    }
    NodeId result = operands_[first];
    for (std::size_t i = first + 1; i < operands_.size(); ++i)
        result = make(op, result, operands_[i]);
    operands_.resize(first);
    return result;
}

/// A step's end is the beginning of the next: beside a date `time` is the last moment before it, so
/// that a day that begins as the step ends has not come.
NodeOp Builder::before_the_end(NodeOp comparison, NodeId left, NodeId right) const {
    auto const is_time = [&](NodeId id) {
        return id >= 0 && system.nodes[static_cast<std::size_t>(id)].op == NodeOp::time;
    };
    if (is_time(left) == is_time(right)) return comparison;
    switch (comparison) {
    case NodeOp::greater_equal:
        return is_time(left) ? NodeOp::greater : comparison;
    case NodeOp::less:
        return is_time(left) ? NodeOp::less_equal : comparison;
    case NodeOp::less_equal:
        return is_time(right) ? NodeOp::less : comparison;
    case NodeOp::greater:
        return is_time(right) ? NodeOp::greater_equal : comparison;
    default:
        return comparison;
    }
}

/// What was bought before would be written off anew, twice or never, by another life.
void Builder::refuse_changing_life(NodeId life) {
    std::vector<NodeId> ask{life};
    for (std::size_t next = 0; next < ask.size() && ask.size() < 1000; ++next) {
        Node const& node = system.nodes[static_cast<std::size_t>(ask[next])];
        for (NodeId const argument : node.arguments)
            if (argument >= 0) ask.push_back(argument);
        if (node.cell < 0) continue;
        Cell const& cell = system.cells[static_cast<std::size_t>(node.cell)];
        if (cell.type == CellType::series) {
            diagnostics.error(doing,
                              "a life of what is written off is one for the whole run, and " +
                                  quoted(cell.name) + " is given by step",
                              "change it from the start: leave 'from' out");
            return;
        }
        if (cell.type == CellType::parameter && cell.value >= 0) ask.push_back(cell.value);
    }
}

NodeId Builder::compile_memory(Apply const& apply, ExpressionId, Scope const& scope) {
    NodeId const x = compile(apply.arguments[0], scope);
    NodeId const time = apply.arguments.size() > 1 ? compile(apply.arguments[1], scope) : -1;
    double const step = system.step_months;
    // Hidden cells are named by the node they remember, so that equal memories are one.
    auto const hidden = [&](char const* what, NodeId key, auto const& define) {
        auto name = std::string("#") + what + std::to_string(key) + ":" + std::to_string(time);
        if (auto const known_cell = cell_named(name)) return *known_cell;
        add_cell(std::move(name), CellType::hidden);
        CellId const id = last_cell();
        define(id);
        return id;
    };
    auto const set = [&](CellId cell, NodeId value, NodeId start) {
        system.cells[static_cast<std::size_t>(cell)].value = value;
        system.cells[static_cast<std::size_t>(cell)].start = start;
    };
    switch (apply.operation) {
    case Operation::delay: {
        CellId const kept = hidden("delay", x, [&](CellId cell) { set(cell, x, x); });
        return make_past(NodeOp::past, kept, time);
    }
    case Operation::smooth: {
        CellId const kept = hidden("smooth", x, [&](CellId cell) {
            NodeId const before = of_cell(cell, 1);
            NodeId const speed =
                make(NodeOp::minimum, constant(1), make(NodeOp::divide, constant(step), time));
            set(cell,
                make(NodeOp::add, before,
                     make(NodeOp::multiply, make(NodeOp::subtract, x, before), speed)),
                x);
        });
        return of_cell(kept);
    }
    case Operation::latched: {
        CellId const kept = hidden("latched", x, [&](CellId cell) {
            set(cell, make(NodeOp::disjunction, of_cell(cell, 1), x), constant(0));
        });
        return of_cell(kept);
    }
    case Operation::sum_over: {
        bool const rate = catalog.per_time(apply.arguments[0], scope.block);
        NodeId const each = rate ? make(NodeOp::multiply, x, constant(step)) : x;
        CellId const running = hidden("sum", each, [&](CellId cell) {
            set(cell, make(NodeOp::add, of_cell(cell, 1), each), constant(0));
        });
        if (time < 0) return of_cell(running);
        CellId const before = hidden("before", each, [&](CellId cell) { set(cell, -1, each); });
        system.cells[static_cast<std::size_t>(before)].type = CellType::parameter;
        return make(NodeOp::subtract, of_cell(running),
                    make_past(NodeOp::past_sum, running, time, of_cell(before)));
    }
    case Operation::straight_line: {
        // Bought in mid-step: half of a step's purchases count in the step itself. (X − X a life
        // ago) / life.
        CellId const before = hidden("before", x, [&](CellId cell) { set(cell, -1, x); });
        system.cells[static_cast<std::size_t>(before)].type = CellType::parameter;
        CellId const running = hidden("sum", x, [&](CellId cell) {
            set(cell, make(NodeOp::add, of_cell(cell, 1), x), constant(0));
        });
        CellId const middle = hidden("middle", x, [&](CellId cell) {
            NodeId const half = make(NodeOp::multiply, constant(0.5), x);
            set(cell, make(NodeOp::add, of_cell(running, 1), half),
                make(NodeOp::multiply, constant(-0.5), x));
        });
        refuse_changing_life(time);
        NodeId const life = make(NodeOp::maximum, time, constant(step / 1000));
        NodeId const written = make(NodeOp::subtract, of_cell(middle),
                                    make_past(NodeOp::past_sum, middle, life, of_cell(before)));
        return make(NodeOp::divide, make(NodeOp::multiply, written, constant(step)), life);
    }
    default:
        break;
    }
    return constant(0);
}

NodeId Builder::compile_amount(ExpressionId expression, Scope const& scope) {
    NodeId const amount = compile(expression, scope);
    return catalog.per_time(expression, scope.block)
               ? make(NodeOp::multiply, amount, constant(system.step_months))
               : amount;
}

} // namespace perpetuum::instancing
