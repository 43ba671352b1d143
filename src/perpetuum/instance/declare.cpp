// Declaring: every variable, flow and booking of every instance gets its cell before any equation is compiled, so that the
// order of texts does not matter.

#include "builder.hpp"

namespace perpetuum::instancing {

namespace {

/// The four accounts of a flow; a contract may name another for one role (`account.investor =
/// "associates"`).
std::array<int, 4> accounts_of(Builder const& builder, Statement const& statement, Owner owner) {
    int const number = builder.catalog.transaction(statement.transaction);
    if (number < 0) return {-1, -1, -1, -1};
    Transaction const& t = builder.model.transactions[static_cast<std::size_t>(number)];
    auto const or_cash = [](int account) { return account < 0 ? 0 : account; };
    std::array<int, 4> accounts{t.payer_debits, or_cash(t.payer_credits), or_cash(t.payee_debits),
                                t.payee_credits};
    if (owner.contract < 0 || !t.moves_cash) return accounts;
    Deal const& deal = builder.deal_of(owner.contract);
    auto const replace = [&](Party const& party, int& account) {
        if (party.parts.size() != 1) return;
        auto const found = deal.account.find(party.parts[0]);
        if (found == deal.account.end()) return;
        if (int const other = builder.catalog.account(found->second); other >= 0) account = other;
    };
    replace(statement.from, accounts[0]);
    replace(statement.to, accounts[3]);
    return accounts;
}

Cell coin_cell(CellType type, std::string name, Owner owner, Statement const& statement) {
    Cell cell;
    cell.name = std::move(name);
    cell.phrase = statement.phrase;
    cell.type = type;
    cell.coins = true;
    cell.entity = owner.entity;
    cell.contract = owner.contract;
    cell.where = statement.where;
    cell.unit.powers = {{"USD", 1}};
    return cell;
}

} // namespace

int Builder::till_number(std::string const& name) {
    auto const [place, fresh] = tills_.try_emplace(name, static_cast<int>(system.tills.size()));
    if (fresh) system.tills.push_back(name);
    return place->second;
}

void Builder::add_flow(MemberKey key, SystemFlow flow) {
    auto const number = static_cast<int>(system.flows.size());
    flows[key] = number;
    flows_between[{flow.contract, flow.transaction, flow.payer, flow.payee}].push_back(number);
    system.flows.push_back(std::move(flow));
}

void Builder::declare_variables(Owner owner) {
    auto const prefix = owner.model() ? std::string() : owner_name(owner) + ".";
    for (auto const& [block, index] : catalog.variables(block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Variable const& variable = model.blocks[static_cast<std::size_t>(block)]
                                       .variables[static_cast<std::size_t>(index)];
        Cell cell;
        cell.name = prefix + variable.name;
        cell.phrase = variable.phrase;
        cell.entity = owner.entity;
        cell.contract = owner.contract;
        cell.where = variable.where;
        cell.unit = catalog.unit_of_variable(block, index);
        if (variable.is_scheduled) {
            count_given(1);
            cell.type = CellType::series;
            cell.steps.assign(static_cast<std::size_t>(system.steps), 0);
        }
        if (variable.is_shock) { // on the central path: its median
            cell.type = CellType::parameter;
            cell.drawn = cell.each_step = true;
            cell.draw = variable.shock;
        }
        variables[member_key(owner, block, index)] = add_cell(std::move(cell));
    }
}

void Builder::declare_statements(Owner owner) {
    bool const runs = owner_runs(owner);
    for (auto const& [block, index] : catalog.statements(block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Told const told = statement_of(owner, block, index);
        switch (told.statement.type) {
        case StatementType::commit:
            declare_commit(told);
            break;
        case StatementType::transfer:
        case StatementType::due:
        case StatementType::exchange:
        case StatementType::default_loses:
            if (runs) declare_flow(told);
            break;
        case StatementType::guarantee:
            if (runs) declare_guarantee(told);
            break;
        case StatementType::entry:
        case StatementType::mark:
            if (runs) declare_booking(told);
            break;
        default:
            break;
        }
    }
}

void Builder::declare_commit(Told const& told) {
    Statement const& statement = told.statement;
    SystemPromise promise;
    promise.from = entity_of(statement.from, told.scope);
    promise.to = entity_of(statement.to, told.scope);
    promise.transaction = catalog.transaction(statement.transaction);
    promise.contract = told.owner.contract;
    if (promise.from < 0 || promise.to < 0) return;
    auto const accounts = accounts_of(*this, statement, told.owner);
    note_touch(told.owner.contract, promise.from, accounts[0]);
    note_touch(told.owner.contract, promise.to, accounts[3]);
    if (owner_runs(told.owner))
        promise.remaining = add_cell(coin_cell(
            CellType::total, statement.name.empty() ? "" : told.name, told.owner, statement));
    commits[told.key] = static_cast<int>(system.promises.size());
    system.promises.push_back(promise);
}

void Builder::declare_flow(Told const& told) {
    Statement const& statement = told.statement;
    SystemFlow flow;
    flow.type = statement.type;
    flow.payer = entity_of(statement.from, told.scope);
    flow.payee = entity_of(statement.to, told.scope);
    if (flow.payer < 0 || flow.payee < 0) return;
    if (flow.payer == flow.payee) return; // money from the left pocket into the right
    flow.transaction = catalog.transaction(statement.transaction);
    flow.contract = told.owner.contract;
    flow.rank = statement.rank;
    flow.till = statement.till.empty() ? 0 : till_number(statement.till);
    flow.name = told.name;
    flow.accounts = accounts_of(*this, statement, told.owner);
    for (std::size_t side = 0; side < 4; ++side)
        note_touch(told.owner.contract, side < 2 ? flow.payer : flow.payee, flow.accounts[side]);
    bool const loses = statement.type == StatementType::default_loses;
    bool const named = !statement.name.empty();
    auto const nameless = [&](CellId cell, std::string text) {
        system.cells[static_cast<std::size_t>(cell)].name = std::move(text);
        return cell;
    };
    // Only a flow that has a name is found by it; all have one for readers.
    flow.owed = nameless(add_cell(coin_cell(loses ? CellType::cost_share : CellType::owed, "",
                                            told.owner, statement)),
                         told.name + " (owed)");
    system.cells[static_cast<std::size_t>(flow.owed)].coins = !loses;
    flow.paid = flow.owed;
    if (statement.type != StatementType::exchange)
        flow.paid = nameless(
            add_cell(coin_cell(loses ? CellType::lost : CellType::paid, "", told.owner, statement)),
            told.name);
    if (named) system.names.emplace(told.name, flow.paid);
    add_flow(told.key, flow);
}

void Builder::declare_guarantee(Told const& told) {
    SystemFlow flow;
    flow.type = told.statement.type;
    flow.contract = told.owner.contract;
    flow.name = told.name;
    flow.transaction = catalog.transaction(told.statement.transaction);
    flow.rank = told.statement.rank;
    flow.payer = entity_of(told.statement.from, told.scope);
    flow.accounts = accounts_of(*this, told.statement, told.owner);
    flow.owed =
        add_cell(coin_cell(CellType::cover, told.name + " (cover)", told.owner, told.statement));
    flow.paid = add_cell(coin_cell(CellType::called, told.name, told.owner, told.statement));
    add_flow(told.key, flow);
}

void Builder::declare_booking(Told const& told) {
    Statement const& statement = told.statement;
    int const entity = entity_of(statement.from, told.scope);
    note_touch(told.owner.contract, entity, catalog.account(statement.debits));
    note_touch(told.owner.contract, entity, catalog.account(statement.credits));
    Cell cell = coin_cell(CellType::posting, "", told.owner, statement);
    CellId const id = add_cell(std::move(cell));
    system.cells[static_cast<std::size_t>(id)].name =
        statement.name.empty() ? told.name + statement.debits : told.name;
    if (!statement.name.empty()) system.names.emplace(told.name, id);
    bookings[told.key] = id;
}

} // namespace perpetuum::instancing
