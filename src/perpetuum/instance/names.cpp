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

Meaning contract_built_in(Builder& builder, int contract, Word name, int lag) {
    if (name == word_live) return number(builder.lives({-1, contract}, lag));
    auto const cell = builder.cell_named(
        builder.prefix_of({-1, contract}).append(builder.catalog.words.text(name)));
    return number(cell ? builder.of_cell(*cell) : builder.constant(0));
}

Meaning entity_built_in(Builder& builder, int entity, Word name, int lag) {
    auto const i = static_cast<std::size_t>(entity);
    bool const outside = builder.system.entities[i].outside;
    if (name == word_live) return number(builder.lives({entity, -1}, lag));
    if (name == word_defaulted)
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
    if (int const commit = builder.commits.find(key); commit >= 0) {
        CellId const left = builder.system.promises[static_cast<std::size_t>(commit)].remaining;
        return number(left < 0 ? builder.constant(0) : builder.usd(left, lag));
    }
    int const found = builder.flows.find(key);
    if (found < 0) { // a contract that does not run pays and books nothing
        CellId const booking = builder.bookings.find(key);
        return number(booking < 0 ? builder.constant(0) : builder.usd(booking, lag));
    }
    SystemFlow const& flow = builder.system.flows[static_cast<std::size_t>(found)];
    if (!unpaid) return number(builder.usd(flow.paid, lag));
    return number(
        builder.make(NodeOp::subtract, builder.usd(flow.owed, lag), builder.usd(flow.paid, lag)));
}

Meaning member(Builder& builder, Owner owner, Span where, Symbol const& symbol, Word name, int lag,
               bool unpaid) {
    switch (symbol.type) {
    case SymbolType::parameter:
    case SymbolType::variable: {
        Owner const holder = symbol.block == 0 ? Owner{} : owner;
        auto const& table =
            symbol.type == SymbolType::parameter ? builder.parameters : builder.variables;
        CellId const cell = table.find(member_key(holder, symbol.block, symbol.index));
        if (cell < 0) return number(builder.constant(0)); // of a contract that does not run
        // Of a parameter too: what it rests on may change by step, and a shock is drawn in each.
        return number(builder.of_cell(cell, lag));
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
    case SymbolType::role:
        return builder.in_role(owner.contract, name);
    case SymbolType::account: {
        CellId const cell = owner.contract >= 0
                                ? builder.bare_account(owner.contract, symbol.index, where)
                                : builder.balance(owner.entity, symbol.index);
        return number(cell < 0 ? builder.constant(0) : builder.usd(cell, lag));
    }
    case SymbolType::built_in:
        if (name == word_step) return number(builder.constant(builder.system.step_months));
        if (name == word_time) return number(builder.make(NodeOp::time));
        return owner.contract >= 0 ? contract_built_in(builder, owner.contract, name, lag)
                                   : entity_built_in(builder, owner.entity, name, lag);
    case SymbolType::sector:
        return party({builder.system.entity(builder.catalog.words.text(name)), -1});
    default:
        break;
    }
    return {};
}

/// One of a schedule's series: a variable of the same block.
Meaning series_value(Builder& builder, Owner owner, Span where, Symbol const& schedule,
                     Word series) {
    auto const found = std::find(schedule_series.begin(), schedule_series.end(),
                                 builder.catalog.words.text(series));
    if (found == schedule_series.end()) return {};
    LoanSchedule const& named = builder.model.blocks[static_cast<std::size_t>(schedule.block)]
                                    .schedules[static_cast<std::size_t>(schedule.index)];
    Symbol const variable{SymbolType::variable, schedule.block,
                          named.first_variable + static_cast<int>(found - schedule_series.begin())};
    return member(builder, owner, where, variable, series, 0, false);
}

/// Follows `.name.name` from an entity or contract.
Meaning follow(Builder& builder, Meaning meaning, Path const& path, int next) {
    Words const& words = builder.catalog.words;
    while (next < path.parts &&
           (meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract)) {
        Word const part = words.part(path, next);
        Symbol const symbol = builder.catalog.symbol(builder.block_of(meaning.owner), part);
        if (symbol.type == SymbolType::schedule) {
            if (next + 2 != path.parts) return {};
            return series_value(builder, meaning.owner, path.where, symbol, words.last(path));
        }
        bool const last_but_one = next + 2 == path.parts && words.last(path) == word_unpaid;
        bool const last = next + 1 == path.parts || last_but_one;
        meaning = member(builder, meaning.owner, path.where, symbol, part, last ? path.lag : 0,
                         last_but_one);
        next += last_but_one ? 2 : 1;
    }
    return next == path.parts ? meaning : Meaning{};
}

/// A name that means the same for everybody: of the model, or `step` and `time`.
bool is_global(Symbol const& symbol, Word name) {
    return symbol.block == 0 || symbol.type == SymbolType::sector ||
           (symbol.type == SymbolType::built_in && (name == word_step || name == word_time));
}

/// What a figure was: a default, which may rest on what changes by step, gets a cell that remembers.
NodeId figure_before(Builder& builder, NodeId figure, int lag) {
    Node const node = builder.system.nodes[static_cast<std::size_t>(figure)];
    if (lag == 0 || node.op == NodeOp::constant) return figure;
    if (node.op == NodeOp::cell) return builder.of_cell(node.cell, lag);
    auto name = "#figure" + std::to_string(figure);
    auto const known = builder.cell_named(name);
    if (known) return builder.of_cell(*known, lag);
    builder.add_cell(std::move(name), CellType::parameter).value = figure;
    return builder.of_cell(builder.last_cell(), lag);
}

/// A field of the row that a scope stands in; nothing where it stands in none.
Meaning field(Builder& builder, Scope const& scope, Word name, int lag) {
    if (scope.row < 0) return {};
    Parameter const& table = builder.model.blocks[static_cast<std::size_t>(scope.table_block)]
                                 .parameters[static_cast<std::size_t>(scope.table_index)];
    int const found = field_of(table, builder.catalog.words.text(name));
    if (found < 0) return {};
    return number(figure_before(
        builder,
        builder.row_field(scope.owner, scope.table_block, scope.table_index, scope.row, found),
        lag));
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

Meaning Builder::in_role(int contract, Word role) const {
    auto const c = static_cast<std::size_t>(contract);
    for (std::size_t i = role_starts_[c]; i < role_starts_[c + 1]; ++i)
        if (roles_[i].role == role) return party(roles_[i].who);
    return {};
}

Meaning Builder::look_up(Path const& path, Scope const& scope) {
    Words const& words = catalog.words;
    Word const first = words.part(path, 0);
    auto const followed = [&](Meaning const& from) {
        return path.parts == 1 ? from : follow(*this, from, path, 1);
    };
    if (first == word_self) {
        Scope const* root = &scope;
        while (root->outer) root = root->outer;
        touched = 0;
        return followed(party(root->owner));
    }
    if (first == word_it) {
        if (path.parts == 2) {
            Meaning const found = field(*this, scope, words.part(path, 1), path.lag);
            if (found.is == Meaning::Is::number) return found;
        }
        touched = std::min(touched, scope.depth);
        return followed(party(scope.owner));
    }
    bool const unpaid = path.parts == 2 && words.part(path, 1) == word_unpaid;
    bool const whole = path.parts == 1 || unpaid;
    for (Scope const* s = &scope; s; s = s->outer) {
        if (path.parts == 1 && s->row >= 0) {
            Meaning const found = field(*this, *s, first, path.lag);
            if (found.is == Meaning::Is::number) return found;
        }
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
            return path.parts == 2
                       ? series_value(*this, s->owner, path.where, symbol, words.part(path, 1))
                       : Meaning{};
        Meaning const meaning =
            member(*this, s->owner, path.where, symbol, first, whole ? path.lag : 0, unpaid);
        return whole ? meaning : follow(*this, meaning, path, 1);
    }
    if (auto const known = owner_of_name.find(std::string(words.text(first)));
        known != owner_of_name.end())
        return followed(party(known->second));
    Meaning word;
    word.is = Meaning::Is::word;
    word.word = first;
    return word;
}

} // namespace perpetuum::instancing
