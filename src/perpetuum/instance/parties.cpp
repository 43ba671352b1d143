// Entities and contracts of the book as instances of the model's blocks; which contracts run.

#include "builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum::instancing {

namespace {

/// A hyphen in an id of the book is an underscore in the model.
std::string as_name(std::string id) {
    std::replace(id.begin(), id.end(), '-', '_');
    return id;
}

/// Why a deal is in the map but not in the run; empty when it runs.
std::string why_not_drawn(Deal const& deal, Book const& book, bool draw_chances) {
    if (deal.ended && deal.ended->holds == Figure::Holds::period &&
        deal.ended->period.end <= book.start)
        return "ended before the start";
    if (!deal.firm() && !deal.with.empty()) return {}; // the other deal decides
    if (!deal.firm()) {
        if (!deal.chance) return "not binding, and no chance given";
        auto const chance = deal.chance->spread.shape == Shape::point ? deal.chance->value
                                                                      : median(deal.chance->spread);
        if (!draw_chances && chance < 0.5) return "not binding, and less likely than not";
    }
    return {};
}

TooLarge too_many(Span where, std::size_t limit) {
    return {where, "more than " + with_commas(limit) + " entities and contracts", "split the book"};
}

} // namespace

void Builder::add_entity(std::string id, std::string name, std::string const& kind,
                         Entity const* written, bool outside) {
    if (system.entities.size() + system.contracts.size() >= options.limits.instances)
        throw too_many(written ? written->where : Span{}, options.limits.instances);
    int const number = static_cast<int>(system.entities.size()), block = catalog.block(kind);
    entity_numbers_.try_emplace(id, number);
    owner_of_name.try_emplace(as_name(id), Owner{number, -1});
    bool conduit = false;
    for (int b = block; b >= 0; b = model.blocks[static_cast<std::size_t>(b)].extends)
        conduit |= model.blocks[static_cast<std::size_t>(b)].conduit;
    system.entities.push_back({std::move(id), std::move(name), kind, block, outside, conduit});
    entities_.push_back(written);
}

void Builder::add_entities() {
    std::unordered_map<std::string, Entity const*> by_name; // the last of a name, as it was read
    for (Entity const& entity : book.entities) by_name[as_name(entity.id)] = &entity;
    for (Sector const& sector : model.sectors) {
        auto const found = by_name.find(sector.name);
        Entity const* declared = found == by_name.end() ? nullptr : found->second;
        add_entity(declared ? declared->id : sector.name,
                   declared && !declared->name.empty() ? declared->name : sector.name, "outside",
                   declared, true);
    }
    for (Entity const& entity : book.entities) {
        if (entity_numbers_.contains(entity.id)) continue;
        int const block = catalog.block(entity.kind);
        add_entity(entity.id, entity.name.empty() ? entity.id : entity.name, entity.kind, &entity,
                   block >= 0 && model.is_a(block, 2));
    }
    auto const count = system.entities.size();
    if (count * system.accounts.size() > options.limits.sheets)
        throw TooLarge{{},
                       "entities times accounts are more than " +
                           with_commas(options.limits.sheets),
                       "let the model have fewer accounts, or the book fewer entities"};
    entity_estate.assign(count, -1);
    entity_breach.assign(count, -1);
    entity_defaulted.assign(count, -1);
    breach_terms.resize(count);
    system.balances.assign(count * system.accounts.size(), -1);
    system.defaulted.assign(count, -1);
    system.short_of.assign(count, -1);
}

/// A split role makes one contract a party; splits of two roles multiply.
std::vector<SystemContract> Builder::contracts_of(Deal const& deal, int block) {
    std::vector<SystemContract> made(1);
    made[0].id = made[0].deal = deal.id;
    made[0].block = block;
    for (auto const& [role_block, role_index] : all_roles(model, block)) {
        Role const& role = model.blocks[static_cast<std::size_t>(role_block)]
                               .roles[static_cast<std::size_t>(role_index)];
        auto const found = deal.roles.find(role.name);
        if (found == deal.roles.end()) continue;
        int const role_kind = catalog.block(role.kind);
        bool const is_deal =
            role_kind >= 0 &&
            model.blocks[static_cast<std::size_t>(role_kind)].type == BlockType::instrument;
        if (made.size() * found->second.size() > options.limits.instances)
            throw TooLarge{deal.where,
                           "the split roles of this deal make more than " +
                               with_commas(options.limits.instances) + " contracts",
                           "split one of its roles only"};
        std::vector<SystemContract> next;
        for (SystemContract const& contract : made)
            for (RoleHolder const& holder : found->second) {
                SystemContract one = contract;
                if (found->second.size() > 1) one.id += "@" + holder.id;
                one.share *= holder.share;
                auto const entity = entity_numbers_.find(holder.id);
                if (is_deal)
                    one.contracts.emplace_back(role.name, -1); // resolved when all are there
                else
                    one.entities.emplace_back(
                        role.name, entity == entity_numbers_.end() ? -1 : entity->second);
                next.push_back(std::move(one));
            }
        made = std::move(next);
    }
    return made;
}

std::string Builder::why_not(Deal const& deal, int block) {
    std::string why = why_not_drawn(deal, book, options.draw_chances);
    if (why.empty() && !deal.firm() && !deal.with.empty()) {
        Deal const* leader = catalog.deal(deal.drawn_with);
        if (!leader)
            why = "comes true with " + deal.with + ", which was not known";
        else if (ended_deals_.contains(leader->id))
            why = "comes true with " + leader->id + ": ended by the scenario";
        else if (std::string const its = why_not_drawn(*leader, book, options.draw_chances);
                 !leader->firm() && !its.empty())
            why = "comes true with " + leader->id + ": " + its;
    }
    if (ended_deals_.contains(deal.id)) why = "ended by the scenario";
    if (!deal.superseded_by.empty()) {
        Deal const* newer = catalog.deal(deal.superseded_by);
        if (newer && newer->signed_on && newer->signed_on->end <= book.start)
            why = "superseded by " + newer->id;
    }
    std::string missing;
    if (why.empty() && !has_all_parameters(deal, block, missing))
        why = missing + " is not disclosed";
    return why;
}

void Builder::add_contract(SystemContract contract, Deal const& deal) {
    if (system.entities.size() + system.contracts.size() >= options.limits.instances)
        throw too_many(deal.where, options.limits.instances);
    int const number = static_cast<int>(system.contracts.size());
    contract_numbers_.try_emplace(contract.id, number);
    owner_of_name.try_emplace(as_name(contract.id), Owner{-1, number});
    deals_.push_back(&deal);
    system.contracts.push_back(std::move(contract));
}

/// Roles that are deals: a contract whose deal does not run does not run either.
void Builder::resolve_deal_roles() {
    std::vector<std::vector<std::pair<int, std::string const*>>> asked_by(system.contracts.size());
    std::vector<int> stopped;
    auto const stop = [&](int number, std::string const& role) {
        SystemContract& contract = system.contracts[static_cast<std::size_t>(number)];
        if (!contract.runs) return;
        contract.runs = false;
        contract.why_not = "the deal in its role '" + role + "' does not run";
        stopped.push_back(number);
    };
    for (std::size_t c = 0; c < system.contracts.size(); ++c) {
        int const number = static_cast<int>(c);
        for (auto& [role, target] : system.contracts[c].contracts) {
            auto const found = deals_[c]->roles.find(role);
            bool const named = found != deals_[c]->roles.end() && !found->second.empty();
            auto const place =
                named ? contract_numbers_.find(found->second[0].id) : contract_numbers_.end();
            target = place == contract_numbers_.end() ? -1 : place->second;
            if (target >= 0) asked_by[static_cast<std::size_t>(target)].emplace_back(number, &role);
            if (target < 0 || !system.contracts[static_cast<std::size_t>(target)].runs)
                stop(number, role);
        }
    }
    for (std::size_t i = 0; i < stopped.size(); ++i)
        for (auto const& [number, role] : asked_by[static_cast<std::size_t>(stopped[i])])
            stop(number, *role);
}

void Builder::add_contracts() {
    ended_deals_.insert(options.ended_deals.begin(), options.ended_deals.end());
    for (Deal const& deal : book.deals) {
        int const block = catalog.block(deal.kind);
        if (block < 0) continue;
        std::string const why = why_not(deal, block);
        for (SystemContract& contract : contracts_of(deal, block)) {
            bool const whole = std::all_of(contract.entities.begin(), contract.entities.end(),
                                           [](auto const& role) { return role.second >= 0; });
            contract.why_not = whole ? why : "a party is missing";
            contract.runs = contract.why_not.empty();
            add_contract(std::move(contract), deal);
        }
    }
    resolve_deal_roles();
    auto const count = system.contracts.size();
    for (SystemContract const& contract : system.contracts)
        if (contract.runs) count_given(2);
    contract_live.assign(count, -1);
    contract_begun.assign(count, -1);
    contract_ended.assign(count, -1);
    contract_life.assign(count, -1);
    end_terms.resize(count);
    list_roles();
    list_selected();
}

void Builder::list_roles() {
    for (SystemContract const& contract : system.contracts) {
        role_starts_.push_back(roles_.size());
        for (auto const& [role, entity] : contract.entities)
            roles_.push_back({catalog.words.number(role), {entity, -1}});
        for (auto const& [role, target] : contract.contracts)
            roles_.push_back({catalog.words.number(role), {-1, target}});
    }
    role_starts_.push_back(roles_.size());
}

void Builder::count_given(std::size_t series) {
    given_ += series * static_cast<std::size_t>(system.steps);
    if (given_ > options.limits.given)
        throw TooLarge{{},
                       "contracts and series of figures times steps are more than " +
                           with_commas(options.limits.given) + " numbers",
                       "run fewer steps"};
}

Scope Builder::scope_of(Owner owner, int declared) const {
    Scope scope;
    scope.owner = owner;
    scope.block = block_of(owner);
    scope.declared = declared;
    return scope;
}

Deal const& Builder::deal_of(int contract) const {
    return *deals_[static_cast<std::size_t>(contract)];
}

Entity const* Builder::written_entity(int entity) const {
    return entities_[static_cast<std::size_t>(entity)];
}

int Builder::block_of(Owner owner) const {
    if (owner.contract >= 0)
        return system.contracts[static_cast<std::size_t>(owner.contract)].block;
    if (owner.entity >= 0) return system.entities[static_cast<std::size_t>(owner.entity)].block;
    return 0;
}

int Builder::entity_of(Party const& party, Scope const& scope) {
    Path const path = catalog.words.enter(party.parts);
    Meaning const meaning = look_up(path, scope);
    catalog.words.leave(path);
    if (meaning.is == Meaning::Is::entity) return meaning.owner.entity;
    std::string text;
    for (auto const& part : party.parts) text += (text.empty() ? "" : ".") + part;
    diagnostics.error(party.where, quoted(text) + " is no entity here",
                      "name a role, 'self', a sector, or an entity of the book");
    return -1;
}

} // namespace perpetuum::instancing

namespace perpetuum {

int System::entity(std::string_view id) const {
    for (std::size_t i = 0; i < entities.size(); ++i)
        if (entities[i].id == id) return static_cast<int>(i);
    return -1;
}

int System::contract(std::string_view id) const {
    for (std::size_t i = 0; i < contracts.size(); ++i)
        if (contracts[i].id == id) return static_cast<int>(i);
    return -1;
}

std::vector<KnownId> known_ids(Book const& book) {
    std::vector<KnownId> ids;
    auto const name = [](std::string id) {
        std::replace(id.begin(), id.end(), '-', '_');
        return id;
    };
    for (Entity const& entity : book.entities) ids.push_back({name(entity.id), entity.kind});
    for (Deal const& deal : book.deals) ids.push_back({name(deal.id), deal.kind});
    return ids;
}

} // namespace perpetuum
