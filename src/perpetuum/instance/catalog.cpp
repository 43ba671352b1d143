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

std::uint64_t pair_key(int high, int low) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(high)) << 32 |
           static_cast<std::uint32_t>(low);
}

/// A list of places for a block's items, all of them when one is asked for first.
template <class Items>
std::optional<Unit>& unit_place(std::vector<std::optional<Unit>>& units, Items const& items,
                                int index) {
    if (units.empty()) units.resize(items.size());
    return units[static_cast<std::size_t>(index)];
}

} // namespace

Catalog::Catalog(Book const& book, Model const& model)
    : words(model), model_(model), members_(model.blocks.size()),
      accounts_(numbered(model.accounts, 0)), transactions_(numbered(model.transactions, 0)),
      blocks_(numbered(model.blocks, 1)), // the model block has no name
      variable_units_(model.blocks.size()), parameter_units_(model.blocks.size()) {
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

Symbol Catalog::symbol(int block, Word name) {
    if (block < 0) return find_symbol(model_, block, words.text(name));
    std::uint64_t const key = pair_key(block, name);
    int number = symbol_numbers_.find(key);
    if (number < 0) {
        number = static_cast<int>(symbols_.size());
        symbol_numbers_.put(key, number);
        symbols_.push_back(find_symbol(model_, block, words.text(name)));
    }
    return symbols_[static_cast<std::size_t>(number)];
}

int Catalog::account(std::string_view name) const { return found_or(accounts_, name, -1); }
int Catalog::transaction(std::string_view name) const { return found_or(transactions_, name, -1); }
int Catalog::block(std::string_view name) const { return found_or(blocks_, name, -1); }

bool Catalog::per_time(ExpressionId expression, int block) {
    auto const [answer, fresh] = per_time_.try_emplace(pair_key(expression, block), 0);
    if (fresh)
        if (auto const unit = unit_of(model_, expression, block))
            for (auto const& [name, exponent] : unit->powers)
                if (name == "month" && exponent == -1) answer = 1;
    return answer == 1;
}

std::string const& Catalog::text(ExpressionId expression) {
    auto const [place, fresh] = texts_.try_emplace(expression);
    if (fresh) place->second = print_expression(model_, expression);
    return place->second;
}

Unit const& Catalog::unit_of_variable(int block, int index) {
    auto const b = static_cast<std::size_t>(block);
    auto& unit = unit_place(variable_units_[b], model_.blocks[b].variables, index);
    if (!unit) unit = perpetuum::unit_of_variable(model_, block, index).value_or(Unit{});
    return *unit;
}

Unit const& Catalog::unit_of_parameter(int block, int index) {
    auto const b = static_cast<std::size_t>(block);
    auto& unit = unit_place(parameter_units_[b], model_.blocks[b].parameters, index);
    if (!unit) unit = perpetuum::unit_of_parameter(model_, block, index).value_or(Unit{});
    return *unit;
}

Entity const* Catalog::entity(std::string_view id) const {
    return found_or(entities_, id, nullptr);
}
Deal const* Catalog::deal(std::string_view id) const { return found_or(deals_, id, nullptr); }

} // namespace perpetuum::instancing
