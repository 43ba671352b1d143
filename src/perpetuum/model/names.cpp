// What a name means: own, inherited, of the model.

#include <perpetuum/model/names.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>
#include <bit>
#include <set>

namespace perpetuum {

namespace {

Block const& block_at(Model const& model, int block) {
    return model.blocks[static_cast<std::size_t>(block)];
}

template <class Items>
int index_of(Items const& items, std::string_view name) {
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].name == name) return static_cast<int>(i);
    return -1;
}

/// A block and its ancestors, the oldest first.
std::vector<int> line_of_descent(Model const& model, int block) {
    std::vector<int> line;
    for (int at = block; at >= 0 && line.size() <= grammar::longest_descent;
         at = block_at(model, at).extends)
        line.push_back(at);
    std::reverse(line.begin(), line.end());
    return line;
}

template <class Members>
std::vector<std::pair<int, int>> all_members(Model const& model, int block,
                                             Members Block::*members) {
    std::vector<std::pair<int, int>> all;
    for (int const at : line_of_descent(model, block))
        for (std::size_t i = 0; i < (block_at(model, at).*members).size(); ++i)
            all.emplace_back(at, static_cast<int>(i));
    return all;
}

Symbol symbol_in(Block const& block, int number, std::string_view name) {
    if (int const i = index_of(block.variables, name); i >= 0)
        return {SymbolType::variable, number, i};
    if (int const i = index_of(block.parameters, name); i >= 0)
        return {block.parameters[static_cast<std::size_t>(i)].is_table ? SymbolType::table
                                                                       : SymbolType::parameter,
                number, i};
    if (int const i = index_of(block.roles, name); i >= 0) return {SymbolType::role, number, i};
    if (name.empty()) return {};
    if (int const i = index_of(block.statements, name); i >= 0)
        return {SymbolType::flow, number, i};
    if (int const i = index_of(block.schedules, name); i >= 0)
        return {SymbolType::schedule, number, i};
    return {};
}

} // namespace

int Model::account(std::string_view name) const { return index_of(accounts, name); }
int Model::transaction(std::string_view name) const { return index_of(transactions, name); }
int Model::block(std::string_view name) const {
    for (std::size_t i = 1; i < blocks.size(); ++i) // the model block has no name
        if (blocks[i].name == name) return static_cast<int>(i);
    return -1;
}

bool Model::is_a(int block, int ancestor) const {
    for (int at = block, left = grammar::longest_descent + 1; at >= 0 && left >= 0;
         at = block_at(*this, at).extends, --left)
        if (at == ancestor) return true;
    return false;
}

Symbol find_symbol(Model const& model, int block, std::string_view name) {
    return grammar::Names(model, false).find(block, name);
}

std::vector<std::pair<int, int>> all_roles(Model const& model, int block) {
    return all_members(model, block, &Block::roles);
}
std::vector<std::pair<int, int>> all_parameters(Model const& model, int block) {
    return all_members(model, block, &Block::parameters);
}
std::vector<std::pair<int, int>> all_statements(Model const& model, int block) {
    return all_members(model, block, &Block::statements);
}

std::vector<std::pair<int, int>> all_variables(Model const& model, int block) {
    auto const all = all_members(model, block, &Block::variables);
    std::vector<std::pair<int, int>> kept;
    std::unordered_map<std::string_view, std::size_t> place;
    for (auto const& [at, index] : all) {
        auto const& variable = block_at(model, at).variables[static_cast<std::size_t>(index)];
        auto const [known, fresh] = place.try_emplace(variable.name, kept.size());
        if (fresh)
            kept.emplace_back(at, index);
        else if (variable.replaces)
            kept[known->second] = {at, index};
    }
    return kept;
}

namespace grammar {

Names::Names(Model const& model, bool indexed) : model_(model), indexed_(indexed) {
    if (!indexed) return;
    auto const put = [](auto& index, auto const& items, std::size_t first) {
        for (std::size_t i = first; i < items.size(); ++i)
            index.try_emplace(items[i].name, static_cast<int>(i));
    };
    put(blocks_, model.blocks, 1);
    put(accounts_, model.accounts, 0);
    put(transactions_, model.transactions, 0);
    put(sectors_, model.sectors, 0);
    index_members();
}

void Names::index_members() {
    std::size_t count = 0;
    for (Block const& block : model_.blocks)
        count += block.variables.size() + block.parameters.size() + block.roles.size() +
                 block.statements.size() + block.schedules.size();
    members_.reserve(count);
    slots_.assign(std::bit_ceil(2 * count + 1), -1);
    own_names_.resize(model_.blocks.size());
    for (std::size_t b = 0; b < model_.blocks.size(); ++b) {
        Block const& block = model_.blocks[b];
        auto const add = [&](auto const& items, auto type_of) {
            for (std::size_t i = 0; i < items.size(); ++i)
                if (!items[i].name.empty())
                    put({type_of(items[i]), static_cast<int>(b), static_cast<int>(i)},
                        items[i].name);
        };
        add(block.variables, [](Variable const&) { return SymbolType::variable; });
        add(block.parameters, [](Parameter const& p) {
            return p.is_table ? SymbolType::table : SymbolType::parameter;
        });
        add(block.roles, [](Role const&) { return SymbolType::role; });
        add(block.statements, [](Statement const&) { return SymbolType::flow; });
        add(block.schedules, [](LoanSchedule const&) { return SymbolType::schedule; });
    }
}

/// The first of a name stays.
void Names::put(Symbol const& symbol, std::string_view name) {
    std::size_t const hash = hash_of(name);
    int& slot = slots_[slot_of(symbol.block, name, hash)];
    if (slot >= 0) return;
    slot = static_cast<int>(members_.size());
    members_.push_back({hash, name, symbol});
    ++own_names_[static_cast<std::size_t>(symbol.block)];
}

std::size_t Names::slot_of(int block, std::string_view name, std::size_t hash) const {
    std::size_t const mask = slots_.size() - 1;
    std::size_t at = (hash ^ (static_cast<std::size_t>(block) * 0x9E3779B97F4A7C15u)) & mask;
    for (; slots_[at] >= 0; at = (at + 1) & mask) {
        Member const& member = members_[static_cast<std::size_t>(slots_[at])];
        if (member.hash == hash && member.symbol.block == block && member.name == name) break;
    }
    return at;
}

Symbol Names::own(int block, std::string_view name, std::size_t hash) const {
    if (!indexed_) return symbol_in(block_at(model_, block), block, name);
    int const found = slots_[slot_of(block, name, hash)];
    return found < 0 ? Symbol{} : members_[static_cast<std::size_t>(found)].symbol;
}

Symbol Names::member(int block, std::string_view name) const {
    if (block < 0) return {};
    int left = longest_descent + 1;
    std::size_t const hash = indexed_ ? hash_of(name) : 0;
    for (int at = block; at >= 0 && left >= 0; at = block_at(model_, at).extends, --left)
        if (Symbol const found = own(at, name, hash); found.type != SymbolType::nothing)
            return found;
    if (block == 0) return {};
    bool const entity = block_at(model_, block).type == BlockType::kind;
    if (entity ? is_entity_built_in(name) : is_contract_built_in(name))
        return {SymbolType::built_in, -1, -1};
    if (int const number = account(name); number >= 0) return {SymbolType::account, -1, number};
    return {};
}

Symbol Names::find(int block, std::string_view name) const {
    if (name == "self") return {SymbolType::self, block, -1};
    if (name == "it") return {SymbolType::it, -1, -1};
    if (name == "step" || name == "time") return {SymbolType::built_in, -1, -1};
    if (Symbol const found = member(block, name); found.type != SymbolType::nothing) return found;
    if (!model_.blocks.empty())
        if (Symbol const found = own(0, name, indexed_ ? hash_of(name) : 0);
            found.type != SymbolType::nothing)
            return found;
    if (int const number = account(name); number >= 0) return {SymbolType::account, -1, number};
    if (int const number = sector(name); number >= 0) return {SymbolType::sector, -1, number};
    return {};
}

int Names::block(std::string_view name) const {
    if (!indexed_) return model_.block(name);
    auto const found = blocks_.find(name);
    return found == blocks_.end() ? -1 : found->second;
}
int Names::account(std::string_view name) const {
    if (!indexed_) return model_.account(name);
    auto const found = accounts_.find(name);
    return found == accounts_.end() ? -1 : found->second;
}
int Names::transaction(std::string_view name) const {
    if (!indexed_) return model_.transaction(name);
    auto const found = transactions_.find(name);
    return found == transactions_.end() ? -1 : found->second;
}
int Names::sector(std::string_view name) const {
    if (!indexed_) return index_of(model_.sectors, name);
    auto const found = sectors_.find(name);
    return found == sectors_.end() ? -1 : found->second;
}

std::vector<std::string> Names::candidates(int block, bool with_model) const {
    std::vector<std::string> all;
    auto const add = [&](int at) {
        Block const& from = block_at(model_, at);
        for (auto const& role : from.roles) all.push_back(role.name);
        for (auto const& parameter : from.parameters) all.push_back(parameter.name);
        for (auto const& variable : from.variables) all.push_back(variable.name);
        for (auto const& statement : from.statements)
            if (!statement.name.empty()) all.push_back(statement.name);
    };
    for (int const at : line_of_descent(model_, block)) add(at);
    if (block > 0) {
        for (auto const& name : built_in_names(block_at(model_, block).type)) all.push_back(name);
        for (auto const& account : model_.accounts) all.push_back(account.name);
    }
    if (with_model && block != 0) {
        add(0);
        for (auto const& sector : model_.sectors) all.push_back(sector.name);
    }
    return all;
}

} // namespace grammar
} // namespace perpetuum
