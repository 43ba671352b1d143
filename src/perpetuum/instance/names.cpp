// What a name means: the owner's own, the selected one's inside brackets, the model's, the book's
// ids.

#include "builder.hpp"

#include <algorithm>

namespace perpetuum::instancing {

namespace {

std::string model_name(std::string id) {
    std::replace(id.begin(), id.end(), '-', '_');
    return id;
}

Meaning number(NodeId node) {
    Meaning meaning;
    meaning.is = Meaning::Is::number;
    meaning.node = node;
    return meaning;
}

Meaning party(Owner owner) {
    Meaning meaning;
    meaning.is = owner.contract >= 0 ? Meaning::Is::contract : Meaning::Is::entity;
    meaning.owner = owner;
    return meaning;
}

int field_of(Parameter const& table, std::string_view name) {
    for (std::size_t i = 0; i < table.fields.size(); ++i)
        if (table.fields[i].name == name) return static_cast<int>(i);
    return -1;
}

Meaning contract_built_in(Builder& builder, int contract, std::string const& name, int lag) {
    SystemContract const& made = builder.system.contracts[static_cast<std::size_t>(contract)];
    if (name == "live") {
        if (!made.runs) return number(builder.constant(0));
        return number(
            builder.of_cell(builder.contract_live[static_cast<std::size_t>(contract)], lag));
    }
    auto const cell = builder.system.names.find(made.id + "." + name);
    return number(cell == builder.system.names.end() ? builder.constant(0)
                                                     : builder.of_cell(cell->second));
}

Meaning entity_built_in(Builder& builder, int entity, std::string const& name, int lag) {
    auto const i = static_cast<std::size_t>(entity);
    bool const outside = builder.system.entities[i].outside;
    if (name == "live") {
        if (outside) return number(builder.constant(1));
        return number(
            builder.make(NodeOp::negation, builder.of_cell(builder.entity_estate[i], lag)));
    }
    if (name == "defaulted")
        return number(outside ? builder.constant(0)
                              : builder.of_cell(builder.entity_defaulted[i], lag));
    NodeId const total = builder.total(entity, name);
    if (lag == 0 || total < 0) return number(total);
    Node const& node = builder.system.nodes[static_cast<std::size_t>(total)];
    return number(node.op == NodeOp::cell ? builder.of_cell(node.cell, lag) : total);
}

/// A flow's name: what was really paid; `.unpaid` what was not; a commitment: what is left of it.
Meaning flow_value(Builder& builder, Owner owner, Symbol const& symbol, bool unpaid, int lag) {
    std::tuple const key{owner, symbol.block, symbol.index};
    if (auto const commit = builder.commits.find(key); commit != builder.commits.end()) {
        CellId const left =
            builder.system.promises[static_cast<std::size_t>(commit->second)].remaining;
        return number(left < 0 ? builder.constant(0) : builder.usd(left, lag));
    }
    auto const found = builder.flows.find(key);
    if (found == builder.flows.end()) {
        if (auto const booking = builder.bookings.find(key); booking != builder.bookings.end())
            return number(builder.usd(booking->second, lag));
        return number(builder.constant(0)); // a contract that does not run pays nothing
    }
    SystemFlow const& flow = builder.system.flows[static_cast<std::size_t>(found->second)];
    if (!unpaid) return number(builder.usd(flow.paid, lag));
    return number(
        builder.make(NodeOp::subtract, builder.usd(flow.owed, lag), builder.usd(flow.paid, lag)));
}

Meaning member(Builder& builder, Owner owner, Span where, Symbol const& symbol,
               std::string const& name, int lag, bool unpaid) {
    switch (symbol.type) {
    case SymbolType::parameter:
    case SymbolType::variable: {
        Owner const holder = symbol.block == 0 ? Owner{} : owner;
        auto const& table =
            symbol.type == SymbolType::parameter ? builder.parameters : builder.variables;
        auto const found = table.find({holder, symbol.block, symbol.index});
        if (found == table.end())
            return number(builder.constant(0)); // of a contract that does not run
        bool const fixed = builder.system.cells[static_cast<std::size_t>(found->second)].type ==
                           CellType::parameter;
        return number(builder.of_cell(found->second, fixed ? 0 : lag));
    }
    case SymbolType::table: {
        Meaning meaning;
        meaning.is = Meaning::Is::table;
        meaning.owner = owner;
        meaning.block = symbol.block;
        meaning.index = symbol.index;
        return meaning;
    }
    case SymbolType::flow:
        return flow_value(builder, owner, symbol, unpaid, lag);
    case SymbolType::role: {
        SystemContract const& contract =
            builder.system.contracts[static_cast<std::size_t>(owner.contract)];
        for (auto const& [role, entity] : contract.entities)
            if (role == name) return party({entity, -1});
        for (auto const& [role, target] : contract.contracts)
            if (role == name) return party({-1, target});
        return {};
    }
    case SymbolType::account: {
        CellId const cell = owner.contract >= 0
                                ? builder.bare_account(owner.contract, symbol.index, where)
                                : builder.balance(owner.entity, symbol.index);
        return number(cell < 0 ? builder.constant(0) : builder.usd(cell, lag));
    }
    case SymbolType::built_in:
        if (name == "step") return number(builder.constant(builder.system.step_months));
        if (name == "time") return number(builder.make(NodeOp::time));
        return owner.contract >= 0 ? contract_built_in(builder, owner.contract, name, lag)
                                   : entity_built_in(builder, owner.entity, name, lag);
    case SymbolType::sector:
        return party({builder.system.entity(name), -1});
    default:
        break;
    }
    return {};
}

/// Follows `.name.name` from an entity or contract.
Meaning follow(Builder& builder, Meaning meaning, std::vector<std::string> const& parts,
               std::size_t next, int lag, Span where) {
    while (next < parts.size() &&
           (meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract)) {
        int const block = builder.block_of(meaning.owner);
        Symbol const symbol = find_symbol(builder.model, block, parts[next]);
        bool const last_but_one = next + 2 == parts.size() && parts.back() == "unpaid";
        bool const last = next + 1 == parts.size() || last_but_one;
        meaning = member(builder, meaning.owner, where, symbol, parts[next], last ? lag : 0,
                         last_but_one);
        next += last_but_one ? 2 : 1;
    }
    return next == parts.size() ? meaning : Meaning{};
}

} // namespace

Meaning Builder::look_up(Name const& name, Scope const& scope) {
    auto const& first = name.parts.front();
    Span const where = name.wheres.empty() ? Span{} : name.wheres.front();
    Scope const* root = &scope;
    while (root->outer) root = root->outer;
    if (first == "self") {
        Meaning const self = party(root->owner);
        return name.parts.size() == 1 ? self : follow(*this, self, name.parts, 1, name.lag, where);
    }
    if (first == "it") {
        Meaning const it = party(scope.owner);
        return name.parts.size() == 1 ? it : follow(*this, it, name.parts, 1, name.lag, where);
    }
    bool const unpaid = name.parts.size() == 2 && name.parts[1] == "unpaid";
    for (Scope const* s = &scope; s; s = s->outer) {
        if (s->row >= 0) {
            Parameter const& table = model.blocks[static_cast<std::size_t>(s->table_block)]
                                         .parameters[static_cast<std::size_t>(s->table_index)];
            int const field = field_of(table, first);
            if (field >= 0 && name.parts.size() == 1)
                return number(row_field(s->owner, s->table_block, s->table_index, s->row, field));
        }
        Symbol const symbol = find_symbol(model, s->block, first);
        if (symbol.type == SymbolType::nothing || symbol.type == SymbolType::it) continue;
        if (symbol.type == SymbolType::account && s->owner.model()) continue;
        Meaning const meaning = member(*this, s->owner, where, symbol, first,
                                       name.parts.size() == 1 || unpaid ? name.lag : 0, unpaid);
        if (name.parts.size() == 1 || unpaid) return meaning;
        return follow(*this, meaning, name.parts, 1, name.lag, where);
    }
    for (std::size_t i = 0; i < system.entities.size(); ++i)
        if (model_name(system.entities[i].id) == first)
            return follow(*this, party({static_cast<int>(i), -1}), name.parts, 1, name.lag, where);
    for (std::size_t i = 0; i < system.contracts.size(); ++i)
        if (model_name(system.contracts[i].id) == first)
            return follow(*this, party({-1, static_cast<int>(i)}), name.parts, 1, name.lag, where);
    Meaning word;
    word.is = Meaning::Is::word;
    word.word = first;
    return word;
}

} // namespace perpetuum::instancing
