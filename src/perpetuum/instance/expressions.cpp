// Expressions of the language → flat nodes: names become cells, sums over kinds and contracts are
// spelled out.

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
std::optional<double> word_value(Builder const& builder, Name const& name, int block,
                                 std::string const& word) {
    if (name.parts.size() != 1) return std::nullopt;
    Symbol const symbol = find_symbol(builder.model, block, name.parts[0]);
    if (symbol.type != SymbolType::parameter) return std::nullopt;
    auto const& words = builder.model.blocks[static_cast<std::size_t>(symbol.block)]
                            .parameters[static_cast<std::size_t>(symbol.index)]
                            .words;
    auto const found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return std::nullopt;
    return static_cast<double>(found - words.begin());
}

/// Who an aggregate goes over, in the book's order.
std::vector<Owner> members_of(Builder const& builder, int block) {
    std::vector<Owner> members;
    System const& system = builder.system;
    if (builder.model.blocks[static_cast<std::size_t>(block)].type == BlockType::instrument) {
        for (std::size_t i = 0; i < system.contracts.size(); ++i)
            if (system.contracts[i].runs && builder.model.is_a(system.contracts[i].block, block))
                members.push_back({-1, static_cast<int>(i)});
    } else {
        for (std::size_t i = 0; i < system.entities.size(); ++i)
            if (system.entities[i].block >= 0 &&
                builder.model.is_a(system.entities[i].block, block))
                members.push_back({static_cast<int>(i), -1});
    }
    return members;
}

struct Member {
    NodeId mask = -1; ///< 1 where it counts
    NodeId body = -1;
};

NodeId gather(Builder& b, Aggregate const& aggregate, std::vector<Member> const& members,
              NodeId otherwise) {
    std::vector<NodeId> masks, terms;
    for (Member const& member : members) {
        masks.push_back(member.mask);
        if (member.body < 0) continue;
        // Not mask × body: where it does not count, it may be anything, even not a number.
        terms.push_back(b.make(NodeOp::choose, member.mask, member.body, b.constant(0)));
    }
    NodeId const count = b.sum(masks);
    switch (aggregate.gather) {
    case Gather::count:
        return count;
    case Gather::sum:
        return b.sum(terms);
    case Gather::mean: {
        NodeId const some = b.make(NodeOp::greater, count, b.constant(0));
        NodeId const divisor = b.make(NodeOp::maximum, count, b.constant(1));
        return b.make(NodeOp::choose, some, b.make(NodeOp::divide, b.sum(terms), divisor),
                      otherwise);
    }
    case Gather::minimum:
    case Gather::maximum: {
        auto const op = aggregate.gather == Gather::minimum ? NodeOp::minimum : NodeOp::maximum;
        NodeId best = otherwise, any = b.constant(0);
        for (Member const& member : members) {
            NodeId const better =
                b.make(NodeOp::choose, any, b.make(op, best, member.body), member.body);
            best = b.make(NodeOp::choose, member.mask, better, best);
            any = b.make(NodeOp::disjunction, any, member.mask);
        }
        return best;
    }
    }
    return otherwise;
}

} // namespace

NodeId Builder::compile_aggregate(Aggregate const& aggregate, Span where, Scope const& scope) {
    NodeId const otherwise =
        aggregate.otherwise >= 0 ? compile(aggregate.otherwise, scope) : constant(0);
    std::vector<Member> members;
    auto const add = [&](Scope const& inner, NodeId live) {
        Member member;
        member.mask = live;
        if (aggregate.filter >= 0) {
            NodeId const chosen = compile(aggregate.filter, inner);
            Node const& node = system.nodes[static_cast<std::size_t>(chosen)];
            if (node.op == NodeOp::constant && node.value == 0) return; // decided by names alone
            member.mask = make(NodeOp::conjunction, chosen, live);
            if (node.op == NodeOp::constant) member.mask = live;
        }
        if (aggregate.body >= 0) member.body = compile(aggregate.body, inner);
        members.push_back(member);
    };
    int const block = aggregate.over.size() == 1 ? model.block(aggregate.over[0]) : -1;
    if (block > 0) {
        for (Owner const owner : members_of(*this, block)) {
            NodeId live = constant(1);
            if (!aggregate.all) {
                Name const name{{"live"}, 0, {}};
                live = look_up(name, Scope{owner, block_of(owner), nullptr, -1, -1, -1}).node;
            }
            add(Scope{owner, block_of(owner), &scope, -1, -1, -1}, live);
        }
        return gather(*this, aggregate, members, otherwise);
    }
    Meaning const table = look_up(Name{aggregate.over, 0, {}}, scope);
    if (table.is != Meaning::Is::table) {
        diagnostics.error(where, "this sum goes over nothing known",
                          "name a kind, an instrument, or a table parameter");
        return constant(0);
    }
    for (int row = 0; row < rows_of(table.owner, table.block, table.index); ++row)
        add(Scope{table.owner, block_of(table.owner), &scope, table.index, table.block, row},
            constant(1));
    return gather(*this, aggregate, members, otherwise);
}

NodeId Builder::compile(ExpressionId id, Scope const& scope) {
    Expression const& expression = model.expressions[static_cast<std::size_t>(id)];
    if (auto const* number = std::get_if<Number>(&expression.node)) return constant(number->value);
    if (auto const* date = std::get_if<DateLiteral>(&expression.node))
        return constant(date->date.months);
    if (auto const* aggregate = std::get_if<Aggregate>(&expression.node))
        return compile_aggregate(*aggregate, expression.where, scope);
    if (auto const* name = std::get_if<Name>(&expression.node)) {
        Meaning const meaning = look_up(*name, scope);
        if (meaning.is == Meaning::Is::number && meaning.node >= 0) return meaning.node;
        std::string text;
        for (auto const& part : name->parts) text += (text.empty() ? "" : ".") + part;
        if (warned.emplace(Owner{-2, id}, text).second)
            diagnostics.error(expression.where, quoted(text) + " is no number here");
        return constant(0);
    }
    auto const& apply = std::get<Apply>(expression.node);
    auto const operation = plain_operation(apply.operation);
    if (apply.operation == Operation::equal || apply.operation == Operation::unequal) {
        // Two parties, or a word parameter and one of its words, are told apart by name.
        auto const* left = std::get_if<Name>(
            &model.expressions[static_cast<std::size_t>(apply.arguments[0])].node);
        auto const* right = std::get_if<Name>(
            &model.expressions[static_cast<std::size_t>(apply.arguments[1])].node);
        if (left && right) {
            Meaning const a = look_up(*left, scope), b = look_up(*right, scope);
            bool const parties = (a.is == Meaning::Is::entity || a.is == Meaning::Is::contract) &&
                                 (b.is == Meaning::Is::entity || b.is == Meaning::Is::contract);
            if (parties)
                return constant((a.owner == b.owner) == (apply.operation == Operation::equal) ? 1
                                                                                              : 0);
            if (b.is == Meaning::Is::word && a.is == Meaning::Is::number)
                if (auto const value = word_value(*this, *left, scope.block, b.word))
                    return make(*operation, a.node, constant(*value));
            if (a.is == Meaning::Is::word && b.is == Meaning::Is::number)
                if (auto const value = word_value(*this, *right, scope.block, a.word))
                    return make(*operation, b.node, constant(*value));
        }
    }
    if (apply.operation == Operation::clip) {
        NodeId const x = compile(apply.arguments[0], scope),
                     low = compile(apply.arguments[1], scope),
                     high = compile(apply.arguments[2], scope);
        return make(NodeOp::minimum, make(NodeOp::maximum, x, low), high);
    }
    if (!operation) return compile_memory(apply, id, scope);
    std::vector<NodeId> arguments;
    for (ExpressionId const argument : apply.arguments)
        arguments.push_back(compile(argument, scope));
    if (*operation == NodeOp::minimum || *operation == NodeOp::maximum) {
        NodeId result = arguments[0];
        for (std::size_t i = 1; i < arguments.size(); ++i)
            result = make(*operation, result, arguments[i]);
        return result;
    }
    arguments.resize(3, -1);
    return make(*operation, arguments[0], arguments[1], arguments[2]);
}

NodeId Builder::compile_memory(Apply const& apply, ExpressionId, Scope const& scope) {
    NodeId const x = compile(apply.arguments[0], scope);
    NodeId const time = apply.arguments.size() > 1 ? compile(apply.arguments[1], scope) : -1;
    double const step = system.step_months;
    // Hidden cells are named by the node they remember, so that equal memories are one.
    auto const hidden = [&](char const* what, NodeId key, auto const& define) {
        auto const name =
            std::string("#") + what + std::to_string(key) + ":" + std::to_string(time);
        if (auto const known_cell = system.names.find(name); known_cell != system.names.end())
            return known_cell->second;
        Cell cell;
        cell.name = name;
        cell.type = CellType::hidden;
        CellId const id = add_cell(std::move(cell));
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
        auto const unit = unit_of(model, apply.arguments[0], scope.block);
        bool rate = false;
        if (unit)
            for (auto const& [name, exponent] : unit->powers)
                rate |= name == "month" && exponent == -1;
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
    auto const unit = unit_of(model, expression, scope.block);
    bool per_time = false;
    if (unit)
        for (auto const& [name, exponent] : unit->powers)
            per_time |= name == "month" && exponent == -1;
    return per_time ? make(NodeOp::multiply, amount, constant(system.step_months)) : amount;
}

} // namespace perpetuum::instancing
