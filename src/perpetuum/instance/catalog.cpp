// Each list and each meaning is asked of the model once and kept.

#include "catalog.hpp"

namespace perpetuum::instancing {

namespace {

template <class Items>
std::unordered_map<std::string_view, int> numbered(Items const& items, std::size_t first) {
    std::unordered_map<std::string_view, int> numbers;
    for (std::size_t i = first; i < items.size(); ++i)
        numbers.try_emplace(items[i].name, static_cast<int>(i));
    return numbers;
}

template <class Found>
auto found_or(Found const& map, std::string_view name, typename Found::mapped_type otherwise) {
    auto const found = map.find(name);
    return found == map.end() ? otherwise : found->second;
}

} // namespace

Catalog::Catalog(Book const& book, Model const& model)
    : model_(model), members_(model.blocks.size()), symbols_(model.blocks.size()),
      accounts_(numbered(model.accounts, 0)), transactions_(numbered(model.transactions, 0)),
      blocks_(numbered(model.blocks, 1)) { // the model block has no name
    for (Entity const& entity : book.entities) entities_.try_emplace(entity.id, &entity);
    for (Deal const& deal : book.deals) deals_.try_emplace(deal.id, &deal);
}

MemberList const& Catalog::parameters(int block) {
    auto& list = members_[static_cast<std::size_t>(block)].parameters;
    if (!list) list = all_parameters(model_, block);
    return *list;
}

MemberList const& Catalog::variables(int block) {
    auto& list = members_[static_cast<std::size_t>(block)].variables;
    if (!list) list = all_variables(model_, block);
    return *list;
}

MemberList const& Catalog::statements(int block) {
    auto& list = members_[static_cast<std::size_t>(block)].statements;
    if (!list) list = all_statements(model_, block);
    return *list;
}

Symbol Catalog::symbol(int block, std::string_view name) {
    if (block < 0) return find_symbol(model_, block, name);
    auto& known = symbols_[static_cast<std::size_t>(block)];
    auto const found = known.find(name);
    if (found != known.end()) return found->second;
    return known.emplace(name, find_symbol(model_, block, name)).first->second;
}

int Catalog::account(std::string_view name) const { return found_or(accounts_, name, -1); }
int Catalog::transaction(std::string_view name) const { return found_or(transactions_, name, -1); }
int Catalog::block(std::string_view name) const { return found_or(blocks_, name, -1); }

bool Catalog::per_time(ExpressionId expression, int block) {
    auto const [place, fresh] = per_time_.try_emplace({expression, block}, false);
    if (fresh)
        if (auto const unit = unit_of(model_, expression, block))
            for (auto const& [name, exponent] : unit->powers)
                place->second |= name == "month" && exponent == -1;
    return place->second;
}

Unit const& Catalog::unit_of_variable(int block, int index) {
    auto const [place, fresh] = variable_units_.try_emplace({block, index});
    if (fresh) place->second = perpetuum::unit_of_variable(model_, block, index).value_or(Unit{});
    return place->second;
}

Unit const& Catalog::unit_of_parameter(int block, int index) {
    auto const [place, fresh] = parameter_units_.try_emplace({block, index});
    if (fresh) place->second = perpetuum::unit_of_parameter(model_, block, index).value_or(Unit{});
    return place->second;
}

Entity const* Catalog::entity(std::string_view id) const {
    return found_or(entities_, id, nullptr);
}
Deal const* Catalog::deal(std::string_view id) const { return found_or(deals_, id, nullptr); }

} // namespace perpetuum::instancing
