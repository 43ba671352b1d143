// Life and death: when contracts live and end, who has defaulted, who is an estate.

#include "builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum::instancing {

namespace {

/// The last day of a period, as a point inside it: a coarse date of signing means its last day.
double last_day(Period const& period) {
    return std::max(period.begin.months, period.end.months - 1.0 / 32);
}

struct DatesOfLife {
    double signed_on, ended, replaced; ///< months
};

/// When a deal begins and stops by its dates: signed; ended; a newer deal in its place.
DatesOfLife life_of(Deal const& deal, Catalog const& catalog, Date start) {
    double const never = std::numeric_limits<double>::infinity();
    DatesOfLife life{start.months, never, never};
    if (deal.signed_on) life.signed_on = last_day(*deal.signed_on);
    if (deal.ended && deal.ended->holds == Figure::Holds::period)
        life.ended = deal.ended->period.end.months;
    Deal const* newer = deal.superseded_by.empty() ? nullptr : catalog.deal(deal.superseded_by);
    if (newer && newer->signed_on) life.replaced = last_day(*newer->signed_on);
    return life;
}

} // namespace

void Builder::declare_states() {
    auto const state = [&](std::string name, Owner owner, CellType type = CellType::state) {
        add_cell(std::move(name), type, owner);
        return last_cell();
    };
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        if (system.entities[e].outside) continue;
        auto const& id = system.entities[e].id;
        Owner const entity{static_cast<int>(e), -1};
        entity_estate[e] = state("#estate." + id, entity);
        entity_breach[e] = state("#breach." + id, entity);
        entity_defaulted[e] = system.defaulted[e] = state(id + ".defaulted", entity);
    }
    for (std::size_t c = 0; c < system.contracts.size(); ++c) {
        if (!system.contracts[c].runs) continue;
        auto const& id = system.contracts[c].id;
        Owner const contract{-1, static_cast<int>(c)};
        contract_live[c] = state(id + ".live", contract);
        contract_ended[c] = state("#ended." + id, contract);
        contract_life[c] = state("#life." + id, contract, CellType::series);
        contract_begun[c] = state("#begun." + id, contract, CellType::series);
        if (options.draw_chances) declare_chance(*catalog.deal(system.contracts[c].deal));
    }
}

/// Whether a letter comes true is drawn once a path, for all parties of a split role alike, and for
/// all deals that come true with it.
void Builder::declare_chance(Deal const& deal) {
    if (deal.firm() || deal_comes.count(deal.id) > 0) return;
    if (Deal const* leader = catalog.deal(deal.drawn_with)) {
        declare_chance(*leader);
        auto const found = deal_comes.find(leader->id);
        if (found != deal_comes.end()) deal_comes[deal.id] = found->second;
        return;
    }
    if (!deal.chance) return;
    Distribution const point{Shape::point, {deal.chance->value}};
    NodeId const chance =
        drawn_once(deal.id + ".chance",
                   deal.chance->spread.shape == Shape::point ? point : deal.chance->spread);
    NodeId const luck = drawn_once(deal.id + ".luck", {Shape::uniform, {0, 1}});
    deal_comes[deal.id] = make(NodeOp::less, luck, chance);
}

NodeId Builder::comes(std::size_t contract) {
    auto const found = deal_comes.find(system.contracts[contract].deal);
    return found == deal_comes.end() ? constant(1) : found->second;
}

NodeId Builder::has_begun(std::size_t contract) {
    NodeId const begun = of_cell(contract_begun[contract]);
    auto const found = deal_comes.find(system.contracts[contract].deal);
    return found == deal_comes.end() ? begun : make(NodeOp::conjunction, begun, found->second);
}

void Builder::declare_shortfalls() {
    for (SystemFlow const& flow : system.flows) {
        bool const owes = flow.type == StatementType::due || flow.type == StatementType::guarantee;
        if (!owes || flow.payer < 0) continue;
        auto const payer = static_cast<std::size_t>(flow.payer);
        if (system.entities[payer].outside || system.short_of[payer] >= 0) continue;
        add_cell("#short." + system.entities[payer].id, CellType::short_of, {flow.payer, -1})
            .coins = true;
        system.short_of[payer] = last_cell();
    }
}

void Builder::define_states() {
    for (std::size_t c = 0; c < system.contracts.size(); ++c)
        if (system.contracts[c].runs) define_life(c);
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (!system.entities[e].outside) define_default(e);
}

void Builder::define_life(std::size_t c) {
    auto const [begun, ends, replaced] = life_of(deal_of(static_cast<int>(c)), catalog, book.start);
    double const first = system.start.months, step = system.step_months;
    auto& life = system.cells[static_cast<std::size_t>(contract_life[c])].steps;
    auto& there = system.cells[static_cast<std::size_t>(contract_begun[c])].steps;
    there.reserve(static_cast<std::size_t>(system.steps));
    life.reserve(static_cast<std::size_t>(system.steps));
    for (int s = 1; s <= system.steps; ++s) {
        double const opens = first + (s - 1) * step, closes = opens + step;
        there.push_back(begun < closes);
        // In the step of a change the newer deal acts alone: both would pay it.
        life.push_back(begun < closes && opens < ends && closes <= replaced);
    }
    NodeId const not_ended = make(NodeOp::negation, of_cell(contract_ended[c], 1));
    NodeId lives = make(NodeOp::conjunction, of_cell(contract_life[c]), not_ended);
    NodeId at_start = constant(begun < first + step ? 1 : 0);
    if (deal_comes.count(system.contracts[c].deal) > 0) {
        lives = make(NodeOp::conjunction, lives, comes(c));
        at_start = make(NodeOp::conjunction, at_start, comes(c));
    }
    set_cell(contract_live[c], lives, at_start);
    NodeId const over = make(NodeOp::conjunction, of_cell(contract_live[c]), sum(end_terms[c]));
    set_cell(contract_ended[c], make(NodeOp::disjunction, of_cell(contract_ended[c], 1), over),
             constant(0));
}

void Builder::define_default(std::size_t e) {
    NodeId any = constant(0);
    for (NodeId const term : breach_terms[e]) any = make(NodeOp::disjunction, any, term);
    // A failure that a scenario sets is a covenant broken in the step before.
    NodeId fails_at_once = constant(0);
    for (auto const& [id, from] : failing) {
        if (id != system.entities[e].id) continue;
        int const step =
            static_cast<int>(std::floor((from - system.start.months) / system.step_months)) + 1;
        if (step <= 1) {
            fails_at_once = constant(1);
            continue;
        }
        count_given(1);
        auto& steps = add_cell("#fails." + id + std::to_string(step), CellType::series).steps;
        for (int s = 1; s <= system.steps; ++s) steps.push_back(s >= step - 1);
        any = make(NodeOp::disjunction, any, of_cell(last_cell()));
    }
    set_cell(entity_breach[e], any, fails_at_once);
    NodeId const estate =
        make(NodeOp::disjunction, of_cell(entity_defaulted[e], 1), of_cell(entity_breach[e], 1));
    set_cell(entity_estate[e], estate, constant(0));
    NodeId unpaid = constant(0); // by more than 100 coins: a rounded cent is no default
    if (system.short_of[e] >= 0)
        unpaid = make(NodeOp::greater, of_cell(system.short_of[e]), constant(100));
    set_cell(entity_defaulted[e], make(NodeOp::disjunction, estate, unpaid), constant(0));
}

} // namespace perpetuum::instancing
