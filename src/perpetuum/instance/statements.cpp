// Statements of blocks → flows, bookings and states of instances. Declared first, so that any order
// of texts will do.

#include "builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum::instancing {

namespace {

Statement const& statement_at(Builder const& builder, int block, int index) {
    return builder.model.blocks[static_cast<std::size_t>(block)]
        .statements[static_cast<std::size_t>(index)];
}

int till_number(System& system, std::string const& name) {
    for (std::size_t i = 0; i < system.tills.size(); ++i)
        if (system.tills[i] == name) return static_cast<int>(i);
    system.tills.push_back(name);
    return static_cast<int>(system.tills.size()) - 1;
}

/// The four accounts of a flow; a contract may name another for one role (`account.investor =
/// "associates"`).
std::array<int, 4> accounts_of(Builder const& builder, Statement const& statement, Owner owner) {
    int const number = builder.model.transaction(statement.transaction);
    if (number < 0) return {-1, -1, -1, -1};
    Transaction const& t = builder.model.transactions[static_cast<std::size_t>(number)];
    auto const or_cash = [](int account) { return account < 0 ? 0 : account; };
    std::array<int, 4> accounts{t.payer_debits, or_cash(t.payer_credits), or_cash(t.payee_debits),
                                t.payee_credits};
    if (owner.contract < 0 || !t.moves_cash) return accounts;
    Deal const* deal =
        builder.book.deal(builder.system.contracts[static_cast<std::size_t>(owner.contract)].deal);
    auto const replace = [&](Party const& party, int& account) {
        if (!deal || party.parts.size() != 1) return;
        auto const found = deal->account.find(party.parts[0]);
        if (found == deal->account.end()) return;
        if (int const other = builder.model.account(found->second); other >= 0) account = other;
    };
    replace(statement.from, accounts[0]);
    replace(statement.to, accounts[3]);
    return accounts;
}

NodeId both(Builder& b, NodeId a, NodeId c) { return b.make(NodeOp::conjunction, a, c); }

NodeId entity_lives(Builder& b, int entity) {
    if (b.system.entities[static_cast<std::size_t>(entity)].outside) return b.constant(1);
    return b.make(NodeOp::negation, b.of_cell(b.entity_estate[static_cast<std::size_t>(entity)]));
}

/// 1 in the step after the default of an entity, and never again.
NodeId just_failed(Builder& b, int entity) {
    if (b.system.entities[static_cast<std::size_t>(entity)].outside) return b.constant(0);
    CellId const estate = b.entity_estate[static_cast<std::size_t>(entity)];
    return both(b, b.of_cell(estate), b.make(NodeOp::negation, b.of_cell(estate, 1)));
}

/// Whether a statement acts in this step: its contract lives, for what is chosen also both parties;
/// remedies once.
NodeId acts(Builder& b, Statement const& statement, Owner owner, Scope const& scope, int from,
            int to) {
    NodeId mask = b.constant(1);
    if (statement.on_default_of) {
        int const failed = b.entity_of(*statement.on_default_of, scope);
        if (failed < 0) return b.constant(0);
        mask = just_failed(b, failed);
        return owner.contract < 0
                   ? mask
                   : both(b, mask,
                          b.of_cell(b.contract_begun[static_cast<std::size_t>(owner.contract)]));
    }
    if (owner.contract >= 0)
        mask = b.of_cell(b.contract_live[static_cast<std::size_t>(owner.contract)]);
    if (statement.type == StatementType::transfer || statement.type == StatementType::exchange) {
        mask = both(b, mask, entity_lives(b, from));
        if (to >= 0) mask = both(b, mask, entity_lives(b, to));
    }
    return mask;
}

NodeId in_coins(Builder& b, NodeId usd, NodeId mask) {
    return b.make(NodeOp::to_coins, b.make(NodeOp::choose, mask, usd, b.constant(0)));
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

/// The flow that a guarantee covers: `covered.payment`, or the name of a flow of its own block; −1
/// with an error.
int covered_flow(Builder& b, Statement const& statement, Scope const& scope) {
    auto parts = statement.covers.parts;
    if (parts.empty()) return -1;
    std::string const flow = parts.back();
    parts.pop_back();
    Owner owner = scope.owner;
    if (!parts.empty()) {
        Meaning const meaning = b.look_up(Name{parts, 0, {}}, scope);
        if (meaning.is != Meaning::Is::contract && meaning.is != Meaning::Is::entity) return -1;
        owner = meaning.owner;
    }
    Symbol const symbol = find_symbol(b.model, b.block_of(owner), flow);
    auto const found = b.flows.find({owner, symbol.block, symbol.index});
    if (found == b.flows.end() ||
        b.system.flows[static_cast<std::size_t>(found->second)].type != StatementType::due) {
        b.diagnostics.error(statement.covers.where, quoted(flow) + " is no named due there",
                            "a guarantee covers a due, by its name");
        return -1;
    }
    return found->second;
}

} // namespace

void Builder::declare_variables(Owner owner) {
    auto const prefix = owner.model() ? std::string() : owner_name(owner) + ".";
    for (auto const& [block, index] : all_variables(model, block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Variable const& variable = model.blocks[static_cast<std::size_t>(block)]
                                       .variables[static_cast<std::size_t>(index)];
        Cell cell;
        cell.name = prefix + variable.name;
        cell.phrase = variable.phrase;
        cell.entity = owner.entity;
        cell.contract = owner.contract;
        cell.where = variable.where;
        cell.unit = unit_of_variable(model, block, index).value_or(Unit{});
        if (variable.is_shock) { // on the central path: its median
            cell.type = CellType::parameter;
            cell.drawn = true;
            cell.draw = variable.shock;
        }
        variables[{owner, block, index}] = add_cell(std::move(cell));
    }
}

void Builder::declare_statements(Owner owner) {
    bool const runs =
        owner.contract < 0 || system.contracts[static_cast<std::size_t>(owner.contract)].runs;
    Scope const scope{owner, block_of(owner), nullptr, -1, -1, -1};
    for (auto const& [block, index] : all_statements(model, block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Statement const& statement = statement_at(*this, block, index);
        std::tuple const key{owner, block, index};
        auto const name = owner_name(owner) + "." +
                          (statement.name.empty() ? statement.transaction : statement.name);
        switch (statement.type) {
        case StatementType::commit: {
            SystemPromise promise;
            promise.from = entity_of(statement.from, scope);
            promise.to = entity_of(statement.to, scope);
            promise.transaction = model.transaction(statement.transaction);
            promise.contract = owner.contract;
            if (promise.from < 0 || promise.to < 0) break;
            auto const accounts = accounts_of(*this, statement, owner);
            note_touch(owner.contract, promise.from, accounts[0]);
            note_touch(owner.contract, promise.to, accounts[3]);
            if (runs)
                promise.remaining = add_cell(coin_cell(
                    CellType::total, statement.name.empty() ? "" : name, owner, statement));
            commits[key] = static_cast<int>(system.promises.size());
            system.promises.push_back(promise);
            break;
        }
        case StatementType::transfer:
        case StatementType::due:
        case StatementType::exchange:
        case StatementType::default_loses: {
            if (!runs) break;
            SystemFlow flow;
            flow.type = statement.type;
            flow.payer = entity_of(statement.from, scope);
            flow.payee = entity_of(statement.to, scope);
            if (flow.payer < 0 || flow.payee < 0) break;
            if (flow.payer == flow.payee) break; // money from the left pocket into the right
            flow.transaction = model.transaction(statement.transaction);
            flow.contract = owner.contract;
            flow.rank = statement.rank;
            flow.till = statement.till.empty() ? 0 : till_number(system, statement.till);
            flow.name = name;
            flow.accounts = accounts_of(*this, statement, owner);
            for (std::size_t side = 0; side < 4; ++side)
                note_touch(owner.contract, side < 2 ? flow.payer : flow.payee, flow.accounts[side]);
            bool const loses = statement.type == StatementType::default_loses;
            bool const exchange = statement.type == StatementType::exchange;
            flow.owed = add_cell(
                coin_cell(loses ? CellType::cost_share : CellType::owed, "", owner, statement));
            system.cells[static_cast<std::size_t>(flow.owed)].coins = !loses;
            flow.paid =
                exchange
                    ? flow.owed
                    : add_cell(coin_cell(loses ? CellType::lost : CellType::paid,
                                         statement.name.empty() ? "" : name, owner, statement));
            if (exchange && !statement.name.empty()) system.names.emplace(name, flow.owed);
            system.cells[static_cast<std::size_t>(flow.owed)].name = name + " (owed)";
            if (system.cells[static_cast<std::size_t>(flow.paid)].name.empty())
                system.cells[static_cast<std::size_t>(flow.paid)].name = name;
            flows[key] = static_cast<int>(system.flows.size());
            system.flows.push_back(flow);
            break;
        }
        case StatementType::entry:
        case StatementType::mark:
            if (runs) {
                int const entity = entity_of(statement.from, scope);
                note_touch(owner.contract, entity, model.account(statement.debits));
                note_touch(owner.contract, entity, model.account(statement.credits));
                Cell cell = coin_cell(CellType::posting, statement.name.empty() ? "" : name, owner,
                                      statement);
                if (cell.name.empty()) cell.name = name + statement.debits;
                CellId const id = static_cast<CellId>(system.cells.size());
                system.cells.push_back(std::move(cell));
                if (!statement.name.empty()) system.names.emplace(name, id);
                bookings[key] = id;
            }
            break;
        default:
            break;
        }
    }
    // Guarantees name other flows, so they come when all flows are declared (define_statements).
}

void Builder::define_variables(Owner owner) {
    Scope const scope{owner, block_of(owner), nullptr, -1, -1, -1};
    for (auto const& [block, index] : all_parameters(model, block_of(owner))) {
        auto const found = parameters.find({owner, block, index});
        if (found == parameters.end()) continue;
        Parameter const& parameter = model.blocks[static_cast<std::size_t>(block)]
                                         .parameters[static_cast<std::size_t>(index)];
        Cell const& cell = system.cells[static_cast<std::size_t>(found->second)];
        if (cell.drawn || cell.type == CellType::series) continue;
        NodeId value = -1; // not known: of a contract that is only in the map
        if (!parameter.words.empty()) value = constant(0);
        if (parameter.fallback >= 0) {
            auto const* word = std::get_if<Name>(
                &model.expressions[static_cast<std::size_t>(parameter.fallback)].node);
            value =
                !parameter.words.empty() && word ? constant(0) : compile(parameter.fallback, scope);
            for (std::size_t i = 0; word && i < parameter.words.size(); ++i)
                if (parameter.words[i] == word->parts[0]) value = constant(static_cast<double>(i));
        }
        system.cells[static_cast<std::size_t>(found->second)].value = value;
    }
    for (auto const& [block, index] : all_variables(model, block_of(owner))) {
        auto const found = variables.find({owner, block, index});
        if (found == variables.end()) continue;
        Variable const& variable = model.blocks[static_cast<std::size_t>(block)]
                                       .variables[static_cast<std::size_t>(index)];
        if (variable.is_shock) continue;
        NodeId const value = compile(variable.value, scope);
        NodeId const start = variable.start >= 0 ? compile(variable.start, scope) : -1;
        Cell& cell = system.cells[static_cast<std::size_t>(found->second)];
        cell.value = value;
        cell.start = start;
    }
}

void Builder::define_statements(Owner owner) {
    bool const runs =
        owner.contract < 0 || system.contracts[static_cast<std::size_t>(owner.contract)].runs;
    Scope const scope{owner, block_of(owner), nullptr, -1, -1, -1};
    for (auto const& [block, index] : all_statements(model, block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Statement const& statement = statement_at(*this, block, index);
        std::tuple const key{owner, block, index};
        if (statement.type == StatementType::commit) {
            auto const found = commits.find(key);
            if (found == commits.end()) continue;
            NodeId const amount = compile_amount(statement.amount, scope);
            auto& promise = system.promises[static_cast<std::size_t>(found->second)];
            promise.amount = fold(amount).value_or(std::numeric_limits<double>::quiet_NaN());
            if (promise.remaining < 0) continue;
            // What is left: the amount less what this contract has paid as this transaction.
            std::vector<NodeId> paid;
            for (SystemFlow const& flow : system.flows)
                if (flow.contract == owner.contract && flow.transaction == promise.transaction &&
                    flow.payer == promise.from && flow.payee == promise.to)
                    paid.push_back(of_cell(flow.paid));
            Cell& cell = system.cells[static_cast<std::size_t>(promise.remaining)];
            auto const before = system.names.find(owner_name(owner) + ".paid_before");
            NodeId const all = make(NodeOp::to_coins, amount);
            cell.start = before == system.names.end()
                             ? all
                             : make(NodeOp::maximum, constant(0),
                                    make(NodeOp::subtract, all,
                                         make(NodeOp::to_coins, of_cell(before->second))));
            NodeId const left = make(NodeOp::subtract, of_cell(promise.remaining, 1), sum(paid));
            system.cells[static_cast<std::size_t>(promise.remaining)].value =
                make(NodeOp::maximum, constant(0), left);
            continue;
        }
        if (!runs) continue;
        switch (statement.type) {
        case StatementType::transfer:
        case StatementType::due:
        case StatementType::exchange:
        case StatementType::default_loses: {
            auto const found = flows.find(key);
            if (found == flows.end()) break;
            SystemFlow const flow = system.flows[static_cast<std::size_t>(found->second)];
            NodeId value;
            if (statement.type == StatementType::default_loses) {
                value = make(NodeOp::minimum, constant(1),
                             make(NodeOp::maximum, constant(0), compile(statement.amount, scope)));
            } else {
                NodeId const mask = acts(*this, statement, owner, scope, flow.payer, flow.payee);
                value = in_coins(*this, compile_amount(statement.amount, scope), mask);
            }
            system.cells[static_cast<std::size_t>(flow.owed)].value = value;
            break;
        }
        case StatementType::guarantee: {
            int const covers = covered_flow(*this, statement, scope);
            if (covers < 0) break;
            SystemFlow flow;
            flow.type = statement.type;
            flow.covers = covers;
            flow.payer = entity_of(statement.from, scope);
            flow.payee = system.flows[static_cast<std::size_t>(covers)].payee;
            if (flow.payer < 0) break;
            flow.transaction = model.transaction(statement.transaction);
            flow.contract = owner.contract;
            flow.rank = statement.rank;
            flow.accounts = accounts_of(*this, statement, owner);
            // The cells were declared with the names of flows, see declare_guarantees.
            auto const found = flows.find(key);
            if (found == flows.end()) break;
            SystemFlow& declared = system.flows[static_cast<std::size_t>(found->second)];
            flow.name = declared.name;
            flow.owed = declared.owed;
            flow.paid = declared.paid;
            declared = flow;
            NodeId const mask = acts(*this, statement, owner, scope, flow.payer, flow.payee);
            NodeId const most =
                make(NodeOp::maximum, constant(0), compile_amount(statement.amount, scope));
            system.cells[static_cast<std::size_t>(flow.owed)].value = in_coins(*this, most, mask);
            break;
        }
        case StatementType::entry: {
            int const entity = entity_of(statement.from, scope);
            int const debits = model.account(statement.debits),
                      credits = model.account(statement.credits);
            if (entity < 0 || debits < 0 || credits < 0) break;
            CellId const cell = bookings[key];
            NodeId mask = owner.contract < 0
                              ? constant(1)
                              : of_cell(contract_begun[static_cast<std::size_t>(owner.contract)]);
            if (statement.on_default_of) mask = acts(*this, statement, owner, scope, entity, -1);
            system.cells[static_cast<std::size_t>(cell)].value =
                in_coins(*this, compile_amount(statement.amount, scope), mask);
            post(cell, true, entity, debits, owner.contract, -1);
            post(cell, false, entity, credits, owner.contract, -1);
            break;
        }
        case StatementType::mark: {
            int const entity = entity_of(statement.from, scope);
            int const debits = model.account(statement.debits),
                      credits = model.account(statement.credits);
            if (entity < 0 || debits < 0 || credits < 0) break;
            NodeId mask = owner.contract < 0
                              ? constant(1)
                              : of_cell(contract_begun[static_cast<std::size_t>(owner.contract)]);
            if (statement.on_default_of) mask = acts(*this, statement, owner, scope, entity, -1);
            if (owner.contract >= 0) part(owner.contract, entity, debits);
            marks.push_back({bookings[key], entity, debits, credits, owner.contract, mask,
                             make(NodeOp::to_coins, compile(statement.amount, scope))});
            break;
        }
        case StatementType::ends_when:
            if (owner.contract >= 0)
                end_terms[static_cast<std::size_t>(owner.contract)].push_back(
                    compile(statement.amount, scope));
            break;
        case StatementType::default_when: {
            int const entity = entity_of(statement.from, scope);
            if (entity < 0 || system.entities[static_cast<std::size_t>(entity)].outside) break;
            NodeId condition = compile(statement.amount, scope);
            if (owner.contract >= 0)
                condition =
                    both(*this, of_cell(contract_live[static_cast<std::size_t>(owner.contract)]),
                         condition);
            breach_terms[static_cast<std::size_t>(entity)].push_back(condition);
            break;
        }
        case StatementType::expect: {
            Cell cell;
            cell.type = CellType::check;
            cell.name = "#expect" + std::to_string(system.checks.size());
            cell.where = statement.where;
            Expression const& condition =
                model.expressions[static_cast<std::size_t>(statement.amount)];
            auto const* apply = std::get_if<Apply>(&condition.node);
            if (apply && apply->operation == Operation::equal) {
                NodeId const a = compile(apply->arguments[0], scope),
                             c = compile(apply->arguments[1], scope);
                NodeId const gap = make(NodeOp::absolute, make(NodeOp::subtract, a, c));
                NodeId const size =
                    make(NodeOp::maximum, make(NodeOp::absolute, a), make(NodeOp::absolute, c));
                cell.value =
                    make(NodeOp::less_equal, gap, make(NodeOp::multiply, constant(1e-9), size));
            } else {
                cell.value = compile(statement.amount, scope);
            }
            cell.start = constant(1);
            system.checks.push_back({add_cell(std::move(cell)),
                                     print_expression(model, statement.amount), statement.where});
            break;
        }
        default:
            break;
        }
    }
}

void Builder::declare_guarantees(Owner owner) {
    if (owner.contract >= 0 && !system.contracts[static_cast<std::size_t>(owner.contract)].runs)
        return;
    for (auto const& [block, index] : all_statements(model, block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Statement const& statement = statement_at(*this, block, index);
        if (statement.type != StatementType::guarantee) continue;
        SystemFlow flow;
        flow.type = statement.type;
        flow.contract = owner.contract;
        flow.name = owner_name(owner) + "." +
                    (statement.name.empty() ? statement.transaction : statement.name);
        flow.owed = add_cell(coin_cell(CellType::cover, flow.name + " (cover)", owner, statement));
        flow.paid = add_cell(coin_cell(CellType::called, flow.name, owner, statement));
        flows[{owner, block, index}] = static_cast<int>(system.flows.size());
        system.flows.push_back(flow);
    }
}

void Builder::define_states() {
    double const first = system.start.months, step = system.step_months;
    for (std::size_t c = 0; c < system.contracts.size(); ++c) {
        SystemContract const& contract = system.contracts[c];
        if (!contract.runs) continue;
        auto const set = [&](CellId cell, NodeId value, NodeId start) {
            system.cells[static_cast<std::size_t>(cell)].value = value;
            system.cells[static_cast<std::size_t>(cell)].start = start;
        };
        Deal const& deal = *book.deal(contract.deal);
        double begun = first, ends = std::numeric_limits<double>::infinity();
        if (deal.signed_on) begun = deal.signed_on->begin.months;
        if (deal.ended && deal.ended->holds == Figure::Holds::period)
            ends = deal.ended->period.end.months;
        if (Deal const* newer =
                deal.superseded_by.empty() ? nullptr : book.deal(deal.superseded_by))
            if (newer->signed_on) ends = std::min(ends, newer->signed_on->begin.months);
        auto& life = system.cells[static_cast<std::size_t>(contract_life[c])].steps;
        auto& there = system.cells[static_cast<std::size_t>(contract_begun[c])].steps;
        for (int s = 1; s <= system.steps; ++s) {
            double const opens = first + (s - 1) * step, closes = opens + step;
            bool const started = begun < closes;
            there.push_back(started);
            life.push_back(started && opens < ends);
        }
        NodeId const over = sum(end_terms[c]);
        set(contract_live[c],
            both(*this, of_cell(contract_life[c]),
                 make(NodeOp::negation, of_cell(contract_ended[c], 1))),
            constant(begun < first + step ? 1 : 0));
        set(contract_ended[c],
            make(NodeOp::disjunction, of_cell(contract_ended[c], 1),
                 both(*this, of_cell(contract_live[c]), over)),
            constant(0));
    }
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        if (system.entities[e].outside) continue;
        NodeId any = constant(0);
        for (NodeId const term : breach_terms[e]) any = make(NodeOp::disjunction, any, term);
        bool const fails =
            std::find(failing.begin(), failing.end(), system.entities[e].id) != failing.end();
        auto const breach = of_cell(entity_breach[e], 1), before = of_cell(entity_defaulted[e], 1);
        NodeId unpaid = constant(0);
        if (system.short_of[e] >= 0)
            unpaid = make(NodeOp::greater, of_cell(system.short_of[e]), constant(100));
        auto& cells = system.cells;
        cells[static_cast<std::size_t>(entity_breach[e])].value = any;
        cells[static_cast<std::size_t>(entity_breach[e])].start = constant(fails ? 1 : 0);
        NodeId const estate = make(NodeOp::disjunction, before, breach);
        cells[static_cast<std::size_t>(entity_estate[e])].value = estate;
        cells[static_cast<std::size_t>(entity_estate[e])].start = constant(0);
        NodeId const failed = make(NodeOp::disjunction, estate, unpaid);
        cells[static_cast<std::size_t>(entity_defaulted[e])].value = failed;
        cells[static_cast<std::size_t>(entity_defaulted[e])].start = constant(0);
    }
}

} // namespace perpetuum::instancing
