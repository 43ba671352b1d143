// One name at a time: inside a selection's brackets the selected one's names come first, then those
// outside, then the model's, last the book's ids.

#include <perpetuum/model/resolve.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>

namespace perpetuum::grammar {

namespace {

constexpr int most_name_faults = 200;

} // namespace

Resolver::Resolver(Names const& names, std::vector<KnownId> const& ids, Diagnostics* diagnostics)
    : names_(names), model_(names.model()), diagnostics_(diagnostics) {
    for (auto const& id : ids) ids_.try_emplace(id.id, &id);
}

void Resolver::error(Span where, std::string message, std::string hint) {
    if (diagnostics_ == nullptr || ++faults_ > most_name_faults) return;
    diagnostics_->error(where, std::move(message), std::move(hint));
}

Meaning Resolver::of_symbol(Symbol const& symbol, std::string const& name) {
    Meaning meaning;
    meaning.symbol = symbol;
    meaning.key = {symbol.block, symbol.index, -1, false};
    auto const block = [&]() -> Block const& {
        return model_.blocks[static_cast<std::size_t>(symbol.block)];
    };
    switch (symbol.type) {
    case SymbolType::variable:
        meaning.is = Meaning::Is::cell;
        break;
    case SymbolType::parameter: {
        auto const& parameter = block().parameters[static_cast<std::size_t>(symbol.index)];
        meaning.is = parameter.words.empty() ? Meaning::Is::cell : Meaning::Is::word;
        meaning.key.is_parameter = true;
        break;
    }
    case SymbolType::table:
        meaning.is = Meaning::Is::table;
        meaning.key.is_parameter = true;
        break;
    case SymbolType::flow:
        meaning.is = Meaning::Is::flow;
        break;
    case SymbolType::schedule:
        meaning.is = Meaning::Is::schedule;
        break;
    case SymbolType::account:
        meaning.is = Meaning::Is::money;
        break;
    case SymbolType::role: {
        meaning.block = names_.block(block().roles[static_cast<std::size_t>(symbol.index)].kind);
        bool const contract =
            meaning.block >= 0 &&
            model_.blocks[static_cast<std::size_t>(meaning.block)].type == BlockType::instrument;
        if (meaning.block >= 0) meaning.is = contract ? Meaning::Is::contract : Meaning::Is::entity;
        break;
    }
    case SymbolType::sector:
        meaning.is = Meaning::Is::entity;
        meaning.block = 2;
        break;
    case SymbolType::built_in:
        meaning.is = name == "step"                          ? Meaning::Is::time
                     : name == "time"                        ? Meaning::Is::date
                     : name == "live" || name == "defaulted" ? Meaning::Is::plain
                                                             : Meaning::Is::money;
        break;
    default:
        break;
    }
    return meaning;
}

Parameter const& Resolver::table_at(CellKey const& key) const {
    return model_.blocks[static_cast<std::size_t>(key.block)]
        .parameters[static_cast<std::size_t>(key.index)];
}

Meaning Resolver::of_member(int block, std::string const& name) {
    Meaning meaning = of_symbol(names_.member(block, name), name);
    if (meaning.symbol.type == SymbolType::account) meaning.block = block;
    return meaning;
}

Meaning Resolver::in_frame(Frame const& frame, std::string const& part) {
    if (frame.block >= 0) return of_member(frame.block, part);
    if (!frame.known) return {};
    auto const& table = table_at(frame.table);
    for (std::size_t i = 0; i < table.fields.size(); ++i) {
        if (table.fields[i].name != part) continue;
        Meaning meaning;
        meaning.is = table.fields[i].words.empty() ? Meaning::Is::cell : Meaning::Is::word;
        meaning.key = frame.table;
        meaning.key.field = static_cast<int>(i);
        meaning.symbol.type = SymbolType::parameter;
        return meaning;
    }
    return {};
}

/// An entity or deal of the book: allowed, with a warning once.
Meaning Resolver::of_id(std::string const& part, Span where) {
    auto const found = ids_.find(part);
    if (found == ids_.end()) return {};
    if (diagnostics_ != nullptr && !std::exchange(warned_[part], true))
        diagnostics_->warning(where, quoted(part) + " is a name of this book",
                              "the model now fits no other book; a sector or a role would");
    Meaning meaning;
    meaning.block = names_.block(found->second->kind);
    meaning.symbol.type = SymbolType::role; // found, even when its kind is not known
    if (meaning.block < 0) return meaning;
    meaning.is = model_.blocks[static_cast<std::size_t>(meaning.block)].type == BlockType::kind
                     ? Meaning::Is::entity
                     : Meaning::Is::contract;
    return meaning;
}

Meaning Resolver::unknown(std::string const& part, Span where, Scope const& scope) {
    for (Frame const* frame = scope.frame; frame != nullptr; frame = frame->outer)
        if (!frame->known) return {}; // it may be one of theirs
    std::string otherwise;
    if (names_.block(part) >= 0)
        otherwise = "a kind or instrument is only named inside sum, mean, max, min and count";
    if (model_.units.known(part)) otherwise = "a unit stands only behind a number: 1 " + part;
    auto const candidates = [&] {
        auto names = names_.candidates(scope.block, true);
        for (Frame const* frame = scope.frame; frame != nullptr; frame = frame->outer) {
            auto const more = frame->block >= 0 ? names_.candidates(frame->block, false)
                                                : names_of_all(table_at(frame->table).fields);
            names.insert(names.end(), more.begin(), more.end());
        }
        return names;
    };
    if (diagnostics_ != nullptr)
        error(where, "unknown name " + quoted(part),
              suggestions_.hint(part, candidates, otherwise));
    return {};
}

Meaning Resolver::first_part(std::string const& part, Span where, Scope const& scope) {
    if (part == "self") {
        Meaning meaning;
        meaning.block = scope.block;
        bool const entity =
            model_.blocks[static_cast<std::size_t>(scope.block)].type == BlockType::kind;
        if (scope.block == 0)
            error(where, "the model block is nobody's: there is no 'self' in it");
        else
            meaning.is = entity ? Meaning::Is::entity : Meaning::Is::contract;
        return meaning;
    }
    if (part == "it") {
        Meaning meaning;
        if (scope.frame == nullptr) {
            error(where, "'it' is the selected one: it stands only inside a selection",
                  "write 'self' for the entity or contract itself");
            return meaning;
        }
        meaning.block = scope.frame->block;
        meaning.key = scope.frame->table;
        if (!scope.frame->known) return meaning;
        meaning.is =
            meaning.block < 0 ? Meaning::Is::row
            : model_.blocks[static_cast<std::size_t>(meaning.block)].type == BlockType::kind
                ? Meaning::Is::entity
                : Meaning::Is::contract;
        return meaning;
    }
    for (Frame const* frame = scope.frame; frame != nullptr; frame = frame->outer) {
        Meaning const meaning = in_frame(*frame, part);
        if (meaning.symbol.type != SymbolType::nothing) return meaning;
    }
    Symbol const symbol = names_.find(scope.block, part);
    if (symbol.type == SymbolType::account && scope.block == 0) {
        error(where, "an account belongs to an entity",
              "write for instance sum(firm." + part + ")");
        return {};
    }
    if (symbol.type == SymbolType::account) return of_member(scope.block, part);
    if (symbol.type != SymbolType::nothing) return of_symbol(symbol, part);
    Meaning const id = of_id(part, where);
    return id.symbol.type != SymbolType::nothing ? id : unknown(part, where, scope);
}

Meaning Resolver::next_part(Meaning const& from, std::string const& owner, std::string const& part,
                            Span where) {
    if (from.is == Meaning::Is::entity || from.is == Meaning::Is::contract) {
        Meaning const meaning = of_member(from.block, part);
        if (meaning.symbol.type != SymbolType::nothing) return meaning;
        std::string const& kind = model_.blocks[static_cast<std::size_t>(from.block)].name;
        if (diagnostics_ != nullptr)
            error(where,
                  quoted(owner) + " is of the kind " + quoted(kind) + ", which has no " +
                      quoted(part),
                  suggestions_.hint(
                      part, [&] { return names_.candidates(from.block, false); },
                      "declare it in " + kind + " or in what it extends"));
        return {};
    }
    if (from.is == Meaning::Is::row) {
        Frame row;
        row.table = from.key;
        Meaning const meaning = in_frame(row, part);
        if (meaning.symbol.type != SymbolType::nothing) return meaning;
        error(where, "the table has no field " + quoted(part));
        return {};
    }
    if (from.is == Meaning::Is::flow && part == "unpaid") {
        Meaning meaning;
        meaning.is = Meaning::Is::money;
        auto const& flow = model_.blocks[static_cast<std::size_t>(from.symbol.block)]
                               .statements[static_cast<std::size_t>(from.symbol.index)];
        if (flow.type == StatementType::commit || flow.type == StatementType::exchange)
            error(where, quoted(owner) + " is no payment: nothing of it is left unpaid",
                  "transfer, due and guarantee have '.unpaid'");
        return meaning;
    }
    if (from.is == Meaning::Is::schedule) return of_series(from, part, where);
    if (from.is == Meaning::Is::fault) return {};
    if (from.is == Meaning::Is::flow)
        error(where, "a flow has no " + quoted(part), "what was not paid is " + owner + ".unpaid");
    else if (from.is == Meaning::Is::table)
        error(where, quoted(owner) + " is a table",
              "write for instance sum(" + owner + "." + part + ")");
    else
        error(where, quoted(owner) + " is a number and has no " + quoted(part),
              "a dot reaches through a role, an entity or a contract");
    return {};
}

Meaning Resolver::of_series(Meaning const& from, std::string const& part, Span where) {
    auto const found = std::find(schedule_series.begin(), schedule_series.end(), part);
    if (found == schedule_series.end()) {
        error(where, "a schedule has no " + quoted(part), "it has interest, principal and debt");
        return {};
    }
    LoanSchedule const& schedule = model_.blocks[static_cast<std::size_t>(from.symbol.block)]
                                       .schedules[static_cast<std::size_t>(from.symbol.index)];
    int const index = schedule.first_variable + static_cast<int>(found - schedule_series.begin());
    return of_symbol({SymbolType::variable, from.symbol.block, index}, part);
}

Meaning Resolver::path(std::vector<std::string> const& parts, std::vector<Span> const& wheres,
                       Scope const& scope) {
    Meaning meaning = first_part(parts[0], wheres[0], scope);
    for (std::size_t i = 1; i < parts.size(); ++i)
        meaning = next_part(meaning, parts[i - 1], parts[i], wheres[i]);
    return meaning;
}

bool Resolver::is_scheduled(Meaning const& meaning) const {
    return meaning.symbol.type == SymbolType::variable &&
           model_.blocks[static_cast<std::size_t>(meaning.key.block)]
               .variables[static_cast<std::size_t>(meaning.key.index)]
               .is_scheduled;
}

Meaning Resolver::name(Name const& name, Span where, Scope const& scope) {
    Meaning meaning = path(name.parts, name.wheres, scope);
    if (meaning.is == Meaning::Is::flow) meaning.is = Meaning::Is::money;
    if (meaning.is == Meaning::Is::table) {
        error(where, quoted(name.parts.back()) + " is a table, not a value",
              "write for instance sum(" + name.parts.back() + ".field)");
        return {};
    }
    if (meaning.is == Meaning::Is::schedule) {
        std::string const& schedule = name.parts.back();
        error(where, quoted(schedule) + " is a schedule, not a value",
              "write " + schedule + ".interest, " + schedule + ".principal or " + schedule +
                  ".debt");
        return {};
    }
    if (name.lag > 0) {
        if (is_scheduled(meaning)) {
            error(where, "what a loan pays is read for this step: it has no lag",
                  "a loan that begins a step later has it");
            return {};
        }
        if (meaning.is == Meaning::Is::time || meaning.is == Meaning::Is::date)
            error(where, quoted(name.parts.back()) + " has no lag", "write time - step");
        if (meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract) {
            error(where, quoted(name.parts.back()) + " is no number: it has no lag");
            return {};
        }
    }
    return meaning;
}

Meaning Resolver::try_name(Name const& name, Span where, Scope const& scope) {
    Diagnostics* const heard = std::exchange(diagnostics_, nullptr);
    int const faults = std::exchange(faults_, most_name_faults + 1);
    Meaning const meaning = this->name(name, where, scope);
    diagnostics_ = heard;
    faults_ = faults;
    return meaning;
}

Frame Resolver::select(Aggregate const& aggregate, Scope const& scope) {
    Frame frame;
    frame.outer = scope.frame;
    auto const& over = aggregate.over;
    if (over.size() == 1)
        if (int const block = names_.block(over[0]); block >= 0) {
            frame.block = block;
            return frame;
        }
    std::vector<Span> const wheres(over.size(), aggregate.over_where);
    if (over.size() == 1 && names_.find(scope.block, over[0]).type == SymbolType::nothing &&
        (scope.frame == nullptr || in_frame(*scope.frame, over[0]).is != Meaning::Is::table)) {
        auto const candidates = [&] {
            auto all = names_.candidates(scope.block, false);
            auto const blocks = names_of_all(model_.blocks);
            all.insert(all.end(), blocks.begin(), blocks.end());
            return all;
        };
        if (diagnostics_ != nullptr)
            error(aggregate.over_where, "unknown kind, instrument or table " + quoted(over[0]),
                  suggestions_.hint(over[0], candidates));
    } else if (Meaning const table = path(over, wheres, scope); table.is == Meaning::Is::table) {
        frame.table = table.key;
        return frame;
    } else if (table.is != Meaning::Is::fault) {
        error(aggregate.over_where, quoted(over.back()) + " is no kind, instrument or table",
              "a sum goes over one of these: sum(firm.cash)");
    }
    frame.known = false;
    return frame;
}

Meaning Resolver::party(Party const& party, int block, bool may_be_flow) {
    if (party.parts.empty()) return {};
    std::vector<Span> const wheres(party.parts.size(), party.where);
    Meaning const meaning = path(party.parts, wheres, {block, nullptr});
    if (may_be_flow || meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::fault)
        return meaning;
    std::string const& last = party.parts.back();
    if (meaning.is == Meaning::Is::contract)
        error(party.where, quoted(last) + " is a contract, not an entity",
              last == "self" ? "name a role of the instrument"
                             : "name one of its roles: " + last + ".role");
    else
        error(party.where, quoted(last) + " is no entity",
              "a party is self, a role, a role of a role or a sector");
    return {};
}

} // namespace perpetuum::grammar
