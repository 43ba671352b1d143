// What a name means: the owner's own, the selected one's inside brackets, the model's, the book's
// ids.

#include "builder.hpp"

#include <algorithm>

namespace perpetuum::instancing {

namespace {

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
    if (name == "live") return number(builder.lives({-1, contract}, lag));
    auto const cell = builder.cell_named(made.id + "." + name);
    return number(cell ? builder.of_cell(*cell) : builder.constant(0));
}

Meaning entity_built_in(Builder& builder, int entity, std::string const& name, int lag) {
    auto const i = static_cast<std::size_t>(entity);
    bool const outside = builder.system.entities[i].outside;
    if (name == "live") return number(builder.lives({entity, -1}, lag));
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
    MemberKey const key = member_key(owner, symbol.block, symbol.index);
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
        auto const found = table.find(member_key(holder, symbol.block, symbol.index));
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

/// One of a schedule's series: a variable of the same block.
Symbol series_symbol(Model const& model, Symbol const& schedule, std::string const& series) {
    auto const found = std::find(schedule_series.begin(), schedule_series.end(), series);
    if (found == schedule_series.end()) return {};
    LoanSchedule const& named = model.blocks[static_cast<std::size_t>(schedule.block)]
                                    .schedules[static_cast<std::size_t>(schedule.index)];
    return {SymbolType::variable, schedule.block,
            named.first_variable + static_cast<int>(found - schedule_series.begin())};
}

/// Follows `.name.name` from an entity or contract.
Meaning follow(Builder& builder, Meaning meaning, std::vector<std::string> const& parts,
               std::size_t next, int lag, Span where) {
    while (next < parts.size() &&
           (meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract)) {
        int const block = builder.block_of(meaning.owner);
        Symbol const symbol = builder.catalog.symbol(block, parts[next]);
        if (symbol.type == SymbolType::schedule) {
            if (next + 2 != parts.size()) return {};
            return member(builder, meaning.owner, where,
                          series_symbol(builder.model, symbol, parts.back()), parts.back(), 0,
                          false);
        }
        bool const last_but_one = next + 2 == parts.size() && parts.back() == "unpaid";
        bool const last = next + 1 == parts.size() || last_but_one;
        meaning = member(builder, meaning.owner, where, symbol, parts[next], last ? lag : 0,
                         last_but_one);
        next += last_but_one ? 2 : 1;
    }
    return next == parts.size() ? meaning : Meaning{};
}

/// A name that means the same for everybody: of the model, or `step` and `time`.
bool is_global(Symbol const& symbol, std::string const& name) {
    return symbol.block == 0 || symbol.type == SymbolType::sector ||
           (symbol.type == SymbolType::built_in && (name == "step" || name == "time"));
}

} // namespace

NodeId Builder::lives(Owner owner, int lag) {
    if (owner.contract >= 0) {
        auto const c = static_cast<std::size_t>(owner.contract);
        return system.contracts[c].runs ? of_cell(contract_live[c], lag) : constant(0);
    }
    auto const e = static_cast<std::size_t>(owner.entity);
    if (system.entities[e].outside) return constant(1);
    return make(NodeOp::negation, of_cell(entity_estate[e], lag));
}

Meaning Builder::look_up(Name const& name, Scope const& scope) {
    auto const& first = name.parts.front();
    Span const where = name.wheres.empty() ? Span{} : name.wheres.front();
    auto const followed = [&](Meaning const& from) {
        return name.parts.size() == 1 ? from : follow(*this, from, name.parts, 1, name.lag, where);
    };
    auto const field = [&](Scope const& s, std::string const& part) -> std::optional<Meaning> {
        if (s.row < 0) return std::nullopt;
        int const found = field_of(model.blocks[static_cast<std::size_t>(s.table_block)]
                                       .parameters[static_cast<std::size_t>(s.table_index)],
                                   part);
        if (found < 0) return std::nullopt;
        return number(row_field(s.owner, s.table_block, s.table_index, s.row, found));
    };
    if (first == "self") {
        Scope const* root = &scope;
        while (root->outer) root = root->outer;
        touched = 0;
        return followed(party(root->owner));
    }
    if (first == "it") {
        if (name.parts.size() == 2)
            if (auto const found = field(scope, name.parts[1])) return *found;
        touched = std::min(touched, scope.depth);
        return followed(party(scope.owner));
    }
    bool const unpaid = name.parts.size() == 2 && name.parts[1] == "unpaid";
    bool const whole = name.parts.size() == 1 || unpaid;
    for (Scope const* s = &scope; s; s = s->outer) {
        if (name.parts.size() == 1)
            if (auto const found = field(*s, first)) return *found;
        if (s->row >= 0) continue; // a row has its fields and no more
        Symbol symbol = catalog.symbol(s->declared, first);
        if (symbol.type == SymbolType::nothing || symbol.type == SymbolType::it) continue;
        bool const global = is_global(symbol, first);
        // Brackets have the selected one's names; what everybody has is found outside them all.
        if (s->outer && global) continue;
        if (symbol.type == SymbolType::account && s->owner.model()) continue;
        if (!global) {
            // As the text says it, in what the owner has in its place: `replace`.
            if (s->block != s->declared) symbol = catalog.symbol(s->block, first);
            touched = std::min(touched, s->depth);
        }
        if (symbol.type == SymbolType::schedule)
            return name.parts.size() == 2
                       ? member(*this, s->owner, where, series_symbol(model, symbol, name.parts[1]),
                                name.parts[1], 0, false)
                       : Meaning{};
        Meaning const meaning =
            member(*this, s->owner, where, symbol, first, whole ? name.lag : 0, unpaid);
        return whole ? meaning : follow(*this, meaning, name.parts, 1, name.lag, where);
    }
    if (auto const known = owner_of_name.find(first); known != owner_of_name.end())
        return followed(party(known->second));
    Meaning word;
    word.is = Meaning::Is::word;
    word.word = first;
    return word;
}

} // namespace perpetuum::instancing
