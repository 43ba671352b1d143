// instantiate: the stages in order.

#include "builder.hpp"

#include <cmath>

namespace perpetuum {

namespace {

using instancing::Builder;
using instancing::Owner;

std::vector<Owner> all_owners(System const& system) {
    std::vector<Owner> owners{Owner{}};
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (system.entities[e].block >= 0) owners.push_back({static_cast<int>(e), -1});
    for (std::size_t c = 0; c < system.contracts.size(); ++c)
        owners.push_back({-1, static_cast<int>(c)});
    return owners;
}

bool runs(System const& system, Owner owner) {
    return owner.contract < 0 || system.contracts[static_cast<std::size_t>(owner.contract)].runs;
}

/// Lagged variables without a start begin at 0: said once, where they are defined.
void warn_of_missing_starts(System const& system, Diagnostics& diagnostics) {
    std::set<std::pair<int, std::uint32_t>> said;
    for (Cell const& cell : system.cells) {
        if (cell.type != CellType::variable || cell.start >= 0 || (cell.lags == 0 && !cell.history))
            continue;
        if (!said.emplace(cell.where.text, cell.where.begin).second) continue;
        auto const name = cell.name.substr(cell.name.rfind('.') + 1);
        diagnostics.warning(cell.where,
                            quoted(name) +
                                " is looked at one step back and has no start: it begins at 0",
                            "add ',  start …'");
    }
}

} // namespace

System instantiate(Book const& book, Model const& model, InstanceOptions const& options,
                   Diagnostics& diagnostics) {
    Builder builder(book, model, options, diagnostics);
    System& system = builder.system;
    system.step_months = options.step_months;
    system.start = book.start;
    system.steps =
        options.steps > 0
            ? options.steps
            : std::max(1,
                       static_cast<int>(std::lround((date_of(2036, 1).months - book.start.months) /
                                                    options.step_months)));
    system.coin = model.coin;
    system.has_money = !model.money.empty();
    system.accounts = model.accounts;
    system.transactions = model.transactions;
    for (Scenario const& scenario : book.scenarios)
        if (scenario.id == options.scenario) builder.failing = scenario.fail;

    builder.add_entities();
    builder.add_contracts();
    auto const owners = all_owners(system);
    builder.declare_states();
    builder.open_accounts();
    for (Owner const owner : owners) builder.add_parameters(owner);
    for (Owner const owner : owners)
        if (runs(system, owner)) builder.declare_variables(owner);
    for (Owner const owner : owners) builder.declare_statements(owner);
    for (Owner const owner : owners) builder.declare_guarantees(owner);
    for (Owner const owner : owners) builder.define_variables(owner);
    for (Owner const owner : owners) builder.define_statements(owner);
    builder.declare_shortfalls();
    builder.define_states();
    builder.close_accounts();
    if (!diagnostics.failed()) warn_of_missing_starts(system, diagnostics);
    return std::move(builder.system);
}

namespace instancing {

void Builder::declare_states() {
    auto const state = [&](std::string name, int entity, int contract, CellType type) {
        Cell cell;
        cell.name = std::move(name);
        cell.type = type;
        cell.entity = entity;
        cell.contract = contract;
        return add_cell(std::move(cell));
    };
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        if (system.entities[e].outside) continue;
        auto const& id = system.entities[e].id;
        int const entity = static_cast<int>(e);
        entity_estate[e] = state("#estate." + id, entity, -1, CellType::state);
        entity_breach[e] = state("#breach." + id, entity, -1, CellType::state);
        entity_defaulted[e] = system.defaulted[e] =
            state(id + ".defaulted", entity, -1, CellType::state);
    }
    for (std::size_t c = 0; c < system.contracts.size(); ++c) {
        if (!system.contracts[c].runs) continue;
        auto const& id = system.contracts[c].id;
        int const contract = static_cast<int>(c);
        contract_live[c] = state(id + ".live", -1, contract, CellType::state);
        contract_ended[c] = state("#ended." + id, -1, contract, CellType::state);
        contract_life[c] = state("#life." + id, -1, contract, CellType::series);
        contract_begun[c] = state("#begun." + id, -1, contract, CellType::series);
    }
}

void Builder::declare_shortfalls() {
    for (SystemFlow const& flow : system.flows) {
        bool const owes = flow.type == StatementType::due || flow.type == StatementType::guarantee;
        if (!owes || flow.payer < 0) continue;
        auto const payer = static_cast<std::size_t>(flow.payer);
        if (system.entities[payer].outside || system.short_of[payer] >= 0) continue;
        Cell cell;
        cell.name = "#short." + system.entities[payer].id;
        cell.type = CellType::short_of;
        cell.coins = true;
        cell.entity = flow.payer;
        system.short_of[payer] = add_cell(std::move(cell));
    }
}

} // namespace instancing

} // namespace perpetuum
