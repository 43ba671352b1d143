// Selections by kind are lists made once; selections by role go through an index on each role.

#include "builder.hpp"

#include <algorithm>
#include <utility>

namespace perpetuum::instancing {

namespace {

/// Whether a name is a party of the selected one: `it`, or a path that begins with a role of its
/// kind; `outside` whether it can only be somebody else's.
enum class Side { selected, outside, neither };

Side side_of(Builder& b, Path const& path, int block) {
    Word const first = b.catalog.words.part(path, 0);
    if (path.lag > 0) return Side::neither;
    if (first == word_it) return Side::selected;
    if (first == word_self) return Side::outside;
    switch (b.catalog.symbol(block, first).type) {
    case SymbolType::role:
        return Side::selected;
    case SymbolType::nothing:
    case SymbolType::sector:
        return Side::outside;
    default:
        return Side::neither;
    }
}

bool is_party(Meaning const& meaning) {
    return meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract;
}

/// `a and b and c` → a, b, c.
void flatten(Model const& model, ExpressionId id, std::vector<ExpressionId>& conditions) {
    auto const* apply = std::get_if<Apply>(&model.expressions[static_cast<std::size_t>(id)].node);
    if (apply && apply->operation == Operation::conjunction)
        for (ExpressionId const argument : apply->arguments) flatten(model, argument, conditions);
    else
        conditions.push_back(id);
}

std::optional<Tie> tie_of(Builder& b, ExpressionId condition, int block) {
    auto const node = [&](ExpressionId id) -> ExpressionNode const& {
        return b.model.expressions[static_cast<std::size_t>(id)].node;
    };
    auto const* apply = std::get_if<Apply>(&node(condition));
    bool const compares =
        apply && (apply->operation == Operation::equal || apply->operation == Operation::unequal);
    if (!compares) return std::nullopt;
    bool const names = std::holds_alternative<Name>(node(apply->arguments[0])) &&
                       std::holds_alternative<Name>(node(apply->arguments[1]));
    if (!names) return std::nullopt;
    Path left = b.catalog.words.of(apply->arguments[0]),
         right = b.catalog.words.of(apply->arguments[1]);
    if (side_of(b, left, block) != Side::selected) std::swap(left, right);
    if (side_of(b, left, block) != Side::selected || side_of(b, right, block) != Side::outside)
        return std::nullopt;
    PartyIndex const& index = b.party_index(left, block);
    if (!index.usable) return std::nullopt;
    return Tie{apply->operation == Operation::equal, &index, right, condition};
}

} // namespace

void Builder::list_selected() {
    selected_.resize(model.blocks.size());
    auto const add = [&](int block, Owner owner) {
        std::size_t depth = 0; // at most 50 blocks extend each other
        for (int at = block; at >= 0 && depth < 64;
             at = model.blocks[static_cast<std::size_t>(at)].extends, ++depth)
            selected_[static_cast<std::size_t>(at)].push_back(owner);
    };
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        add(system.entities[e].block, {static_cast<int>(e), -1});
    for (std::size_t c = 0; c < system.contracts.size(); ++c)
        if (system.contracts[c].runs) add(system.contracts[c].block, {-1, static_cast<int>(c)});
}

std::vector<Owner> const& Builder::selected(int block) const {
    return selected_[static_cast<std::size_t>(block)];
}

PartyIndex const& Builder::party_index(Path const& path, int block) {
    std::vector<Word> words;
    for (int i = 0; i < path.parts; ++i) words.push_back(catalog.words.part(path, i));
    auto const [place, fresh] = party_indices_.try_emplace({block, std::move(words)});
    PartyIndex& index = place->second;
    if (!fresh) return index;
    int const before = touched; // a member's own party touches nobody who asks
    auto const& members = selected(block);
    for (std::size_t i = 0; i < members.size() && index.usable; ++i) {
        Meaning const party = look_up(path, scope_of(members[i], block));
        index.usable = is_party(party);
        index.of_member.push_back(party.owner);
        index.members[owner_code(party.owner)].push_back(i);
    }
    touched = before;
    return index;
}

Selector const& Builder::selector(ExpressionId id, int block) {
    auto const [place, fresh] = selectors_.try_emplace(id);
    if (!fresh) return place->second;
    auto const& aggregate =
        std::get<Aggregate>(model.expressions[static_cast<std::size_t>(id)].node);
    std::vector<ExpressionId> conditions;
    if (aggregate.filter >= 0) flatten(model, aggregate.filter, conditions);
    Selector made;
    for (ExpressionId const condition : conditions)
        if (auto const tie = tie_of(*this, condition, block))
            made.ties.push_back(*tie);
        else
            made.rest.push_back(condition);
    return place->second = std::move(made);
}

} // namespace perpetuum::instancing
