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
std::string why_not_drawn(Deal const& deal, Book const& book) {
    if (deal.ended && deal.ended->holds == Figure::Holds::period &&
        deal.ended->period.end <= book.start)
        return "ended before the start";
    if (!deal.firm()) {
        if (!deal.chance) return "not binding, and no chance given";
        auto const chance = deal.chance->spread.shape == Shape::point ? deal.chance->value
                                                                      : median(deal.chance->spread);
        if (chance < 0.5) return "not binding, and less likely than not";
    }
    return {};
}

} // namespace

void Builder::add_entities() {
    auto const add = [&](std::string id, std::string name, std::string const& kind, bool outside) {
        SystemEntity entity{std::move(id),     std::move(name), kind,
                            model.block(kind), outside,         false};
        if (entity.block >= 0)
            for (int b = entity.block; b >= 0;
                 b = model.blocks[static_cast<std::size_t>(b)].extends)
                entity.conduit |= model.blocks[static_cast<std::size_t>(b)].conduit;
        system.entities.push_back(std::move(entity));
    };
    for (Sector const& sector : model.sectors) {
        Entity const* declared = nullptr;
        for (Entity const& entity : book.entities)
            if (as_name(entity.id) == sector.name) declared = &entity;
        add(declared ? declared->id : sector.name,
            declared && !declared->name.empty() ? declared->name : sector.name, "outside", true);
    }
    for (Entity const& entity : book.entities) {
        if (system.entity(entity.id) >= 0) continue;
        int const block = model.block(entity.kind);
        add(entity.id, entity.name.empty() ? entity.id : entity.name, entity.kind,
            block >= 0 && model.is_a(block, 2));
    }
    auto const count = system.entities.size();
    entity_estate.assign(count, -1);
    entity_breach.assign(count, -1);
    entity_defaulted.assign(count, -1);
    breach_terms.resize(count);
    system.balances.assign(count * system.accounts.size(), -1);
    system.defaulted.assign(count, -1);
    system.short_of.assign(count, -1);
}

void Builder::add_contracts() {
    for (Deal const& deal : book.deals) {
        int const block = model.block(deal.kind);
        if (block < 0) continue;
        // A split role makes one contract a party; splits of two roles multiply.
        std::vector<SystemContract> made(1);
        made[0].id = made[0].deal = deal.id;
        made[0].block = block;
        for (auto const& [role_block, role_index] : all_roles(model, block)) {
            Role const& role = model.blocks[static_cast<std::size_t>(role_block)]
                                   .roles[static_cast<std::size_t>(role_index)];
            auto const found = deal.roles.find(role.name);
            if (found == deal.roles.end()) continue;
            int const role_kind = model.block(role.kind);
            bool const is_deal =
                role_kind >= 0 &&
                model.blocks[static_cast<std::size_t>(role_kind)].type == BlockType::instrument;
            std::vector<SystemContract> next;
            for (SystemContract const& contract : made)
                for (RoleHolder const& holder : found->second) {
                    SystemContract one = contract;
                    if (found->second.size() > 1) one.id += "@" + holder.id;
                    one.share *= holder.share;
                    if (is_deal)
                        one.contracts.emplace_back(role.name, -1); // resolved when all are there
                    else
                        one.entities.emplace_back(role.name, system.entity(holder.id));
                    next.push_back(std::move(one));
                }
            made = std::move(next);
        }
        std::string why = why_not_drawn(deal, book);
        if (std::find(options.ended_deals.begin(), options.ended_deals.end(), deal.id) !=
            options.ended_deals.end())
            why = "ended by the scenario";
        if (!deal.superseded_by.empty()) {
            Deal const* newer = book.deal(deal.superseded_by);
            if (newer && newer->signed_on && newer->signed_on->end <= book.start)
                why = "superseded by " + newer->id;
        }
        std::string missing;
        if (why.empty() && !has_all_parameters(deal, block, missing))
            why = missing + " is not disclosed";
        for (SystemContract& contract : made) {
            bool const whole = std::all_of(contract.entities.begin(), contract.entities.end(),
                                           [](auto const& role) { return role.second >= 0; });
            contract.why_not = whole ? why : "a party is missing";
            contract.runs = contract.why_not.empty();
            system.contracts.push_back(std::move(contract));
        }
    }
    // Roles that are deals: a contract whose deal does not run does not run either.
    for (bool changed = true; changed;) {
        changed = false;
        for (SystemContract& contract : system.contracts) {
            Deal const* deal = book.deal(contract.deal);
            for (auto& [role, target] : contract.contracts) {
                auto const found = deal->roles.find(role);
                target = found == deal->roles.end() || found->second.empty()
                             ? -1
                             : system.contract(found->second[0].id);
                if (!contract.runs) continue;
                if (target < 0 || !system.contracts[static_cast<std::size_t>(target)].runs) {
                    contract.runs = false;
                    contract.why_not = "the deal in its role '" + role + "' does not run";
                    changed = true;
                }
            }
        }
    }
    auto const count = system.contracts.size();
    contract_live.assign(count, -1);
    contract_begun.assign(count, -1);
    contract_ended.assign(count, -1);
    contract_life.assign(count, -1);
    end_terms.resize(count);
}

int Builder::block_of(Owner owner) const {
    if (owner.contract >= 0)
        return system.contracts[static_cast<std::size_t>(owner.contract)].block;
    if (owner.entity >= 0) return system.entities[static_cast<std::size_t>(owner.entity)].block;
    return 0;
}

int Builder::entity_of(Party const& party, Scope const& scope) {
    Name const name{party.parts, 0, {}};
    Meaning const meaning = look_up(name, scope);
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
