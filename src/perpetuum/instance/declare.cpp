// Declaring: every variable, flow and booking of every instance gets its cell before any equation is compiled, so that the
// order of texts does not matter.

#include "builder.hpp"

#include <utility>

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

} // namespace

int Builder::till_number(std::string const& name) {
    auto const [place, fresh] = tills_.try_emplace(name, static_cast<int>(system.tills.size()));
    if (fresh) system.tills.push_back(name);
    return place->second;
}

void Builder::add_flow(MemberKey key, SystemFlow flow) {
    auto const number = static_cast<int>(system.flows.size());
    flows.put(key, number);
    auto const [last, fresh] = last_flow_between.try_emplace(
        {flow.contract, flow.transaction, flow.payer, flow.payee}, number);
    flow_before.push_back(fresh ? -1 : std::exchange(last, number));
    system.flows.push_back(std::move(flow));
}

CellId Builder::add_coins(CellType type, std::string name, Told const& told) {
    Cell& cell = add_cell(std::move(name), type, told.owner, told.statement.where);
    cell.phrase = told.statement.phrase;
    cell.coins = true;
    cell.unit.powers = {{"USD", 1}};
    return last_cell();
}

void Builder::declare_variables(Owner owner) {
    auto const prefix = prefix_of(owner);
    for (auto const& [block, index] : catalog.variables(block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Variable const& variable = model.blocks[static_cast<std::size_t>(block)]
                                       .variables[static_cast<std::size_t>(index)];
        Cell& cell = add_cell(prefix + variable.name, CellType::variable, owner, variable.where);
        cell.phrase = variable.phrase;
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
        variables.put(member_key(owner, block, index), last_cell());
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
        promise.remaining =
            add_coins(CellType::total, statement.name.empty() ? "" : name_of(told), told);
    commits.put(told.key, static_cast<int>(system.promises.size()));
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
    flow.name = name_of(told);
    flow.accounts = accounts_of(*this, statement, told.owner);
    for (std::size_t side = 0; side < 4; ++side)
        note_touch(told.owner.contract, side < 2 ? flow.payer : flow.payee, flow.accounts[side]);
    bool const loses = statement.type == StatementType::default_loses;
    // Only a flow that has a name is found by it; all have one for readers.
    auto const nameless = [&](CellType type, std::string text) {
        CellId const cell = add_coins(type, "", told);
        system.cells[static_cast<std::size_t>(cell)].name = std::move(text);
        return cell;
    };
    flow.owed = nameless(loses ? CellType::cost_share : CellType::owed, flow.name + " (owed)");
    system.cells[static_cast<std::size_t>(flow.owed)].coins = !loses;
    flow.paid = flow.owed;
    if (statement.type != StatementType::exchange)
        flow.paid = nameless(loses ? CellType::lost : CellType::paid, flow.name);
    if (!statement.name.empty()) system.names.emplace(flow.name, flow.paid);
    add_flow(told.key, std::move(flow));
}

void Builder::declare_guarantee(Told const& told) {
    SystemFlow flow;
    flow.type = told.statement.type;
    flow.contract = told.owner.contract;
    flow.name = name_of(told);
    flow.transaction = catalog.transaction(told.statement.transaction);
    flow.rank = told.statement.rank;
    flow.payer = entity_of(told.statement.from, told.scope);
    flow.accounts = accounts_of(*this, told.statement, told.owner);
    flow.owed = add_coins(CellType::cover, flow.name + " (cover)", told);
    flow.paid = add_coins(CellType::called, flow.name, told);
    add_flow(told.key, std::move(flow));
}

void Builder::declare_booking(Told const& told) {
    Statement const& statement = told.statement;
    int const entity = entity_of(statement.from, told.scope);
    note_touch(told.owner.contract, entity, catalog.account(statement.debits));
    note_touch(told.owner.contract, entity, catalog.account(statement.credits));
    auto name = name_of(told);
    CellId const id = add_coins(CellType::posting, "", told);
    if (!statement.name.empty()) system.names.emplace(name, id);
    if (statement.name.empty()) name += statement.debits;
    system.cells[static_cast<std::size_t>(id)].name = std::move(name);
    bookings.put(told.key, id);
}

} // namespace perpetuum::instancing
