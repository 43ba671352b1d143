// Defining: equations and amounts become nodes over the cells that were declared.

#include "builder.hpp"

#include <algorithm>
#include <limits>

namespace perpetuum::instancing {

namespace {

NodeId both(Builder& b, NodeId a, NodeId c) { return b.make(NodeOp::conjunction, a, c); }

/// What the sides of `A = B` add up, where they are sums: rounding is as large as the terms are, so
/// `A - B = 0` must hold no more exactly than `A = B`. The ledger measures gaps alike.
std::vector<ExpressionId> terms_of_sides(Model const& model, Apply const& equal) {
    std::vector<ExpressionId> terms, open(equal.arguments.rbegin(), equal.arguments.rend());
    while (!open.empty()) {
        ExpressionId const id = open.back();
        open.pop_back();
        auto const* apply =
            std::get_if<Apply>(&model.expressions[static_cast<std::size_t>(id)].node);
        bool const sum = apply && (apply->operation == Operation::add ||
                                   apply->operation == Operation::subtract ||
                                   apply->operation == Operation::negate);
        if (sum)
            open.insert(open.end(), apply->arguments.rbegin(), apply->arguments.rend());
        else if (id != equal.arguments[0] && id != equal.arguments[1])
            terms.push_back(id);
    }
    return terms;
}

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
                   : both(b, mask, b.has_begun(static_cast<std::size_t>(owner.contract)));
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

/// The flow that a guarantee covers: `covered.payment`, or the name of a flow of its own block; −1
/// with an error.
int covered_flow(Builder& b, Statement const& statement, Scope const& scope) {
    auto parts = statement.covers.parts;
    if (parts.empty()) return -1;
    std::string const flow = parts.back();
    parts.pop_back();
    Owner owner = scope.owner;
    if (!parts.empty()) {
        Path const path = b.catalog.words.enter(parts);
        Meaning const meaning = b.look_up(path, scope);
        b.catalog.words.leave(path);
        if (meaning.is != Meaning::Is::contract && meaning.is != Meaning::Is::entity) return -1;
        owner = meaning.owner;
    }
    Symbol const symbol = b.catalog.symbol(b.block_of(owner), b.catalog.words.number(flow));
    int const found = b.flows.find(member_key(owner, symbol.block, symbol.index));
    if (found < 0 || b.system.flows[static_cast<std::size_t>(found)].type != StatementType::due) {
        b.diagnostics.error(statement.covers.where, quoted(flow) + " is no named due there",
                            "a guarantee covers a due, by its name");
        return -1;
    }
    return found;
}

} // namespace

void Builder::define_variables(Owner owner) {
    for (auto const& [block, index] : catalog.parameters(block_of(owner))) {
        CellId const number = parameters.find(member_key(owner, block, index));
        if (number < 0) continue;
        Parameter const& parameter = model.blocks[static_cast<std::size_t>(block)]
                                         .parameters[static_cast<std::size_t>(index)];
        Cell const& cell = system.cells[static_cast<std::size_t>(number)];
        if (cell.drawn || cell.value >= 0 || cell.type == CellType::series) continue;
        Scope const scope = scope_of(owner, block);
        doing = parameter.where;
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
        system.cells[static_cast<std::size_t>(number)].value = value;
    }
    for (auto const& [block, index] : catalog.variables(block_of(owner))) {
        CellId const number = variables.find(member_key(owner, block, index));
        if (number < 0) continue;
        Variable const& variable = model.blocks[static_cast<std::size_t>(block)]
                                       .variables[static_cast<std::size_t>(index)];
        if (variable.is_shock || variable.is_scheduled) continue;
        Scope const scope = scope_of(owner, block);
        doing = variable.where;
        NodeId const value = compile(variable.value, scope);
        NodeId const start = variable.start >= 0 ? compile(variable.start, scope) : -1;
        Cell& cell = system.cells[static_cast<std::size_t>(number)];
        cell.value = value;
        cell.start = start;
    }
}

void Builder::define_statements(Owner owner) {
    bool const runs = owner_runs(owner);
    for (auto const& [block, index] : catalog.statements(block_of(owner))) {
        if (!owner.model() && block == 0) continue;
        Told const told = statement_of(owner, block, index);
        if (!runs && told.statement.type != StatementType::commit) continue;
        doing = told.statement.where;
        switch (told.statement.type) {
        case StatementType::commit:
            define_commit(told);
            break;
        case StatementType::transfer:
        case StatementType::due:
        case StatementType::exchange:
        case StatementType::default_loses:
            define_flow(told);
            break;
        case StatementType::guarantee:
            define_guarantee(told);
            break;
        case StatementType::entry:
        case StatementType::mark:
            define_booking(told);
            break;
        case StatementType::ends_when:
            if (owner.contract >= 0)
                end_terms[static_cast<std::size_t>(owner.contract)].push_back(
                    compile(told.statement.amount, told.scope));
            break;
        case StatementType::default_when:
            define_breach(told);
            break;
        case StatementType::expect:
            define_check(told);
            break;
        }
    }
}

void Builder::define_commit(Told const& told) {
    int const number = commits.find(told.key);
    if (number < 0) return;
    NodeId const amount = compile_amount(told.statement.amount, told.scope);
    auto& promise = system.promises[static_cast<std::size_t>(number)];
    promise.amount = fold(amount).value_or(std::numeric_limits<double>::quiet_NaN());
    if (promise.remaining < 0) return;
    // What is left: the amount less what this contract has paid as this transaction.
    std::vector<NodeId> paid;
    for (int flow = last_flow_between.find(
             {told.owner.contract, promise.transaction, promise.from, promise.to});
         flow >= 0; flow = flow_before[static_cast<std::size_t>(flow)])
        paid.push_back(flow);
    std::reverse(paid.begin(), paid.end()); // as the texts have them
    for (int& flow : paid) flow = of_cell(system.flows[static_cast<std::size_t>(flow)].paid);
    NodeId all = make(NodeOp::to_coins, amount);
    if (auto const before = cell_named(owner_name(told.owner) + ".paid_before"))
        all = make(NodeOp::subtract, all, make(NodeOp::to_coins, of_cell(*before)));
    NodeId const left = make(NodeOp::subtract, of_cell(promise.remaining, 1), sum(paid));
    set_cell(promise.remaining, make(NodeOp::maximum, constant(0), left),
             make(NodeOp::maximum, constant(0), all));
}

void Builder::define_flow(Told const& told) {
    int const number = flows.find(told.key);
    if (number < 0) return;
    SystemFlow const& flow = system.flows[static_cast<std::size_t>(number)];
    Statement const& statement = told.statement;
    if (statement.type == StatementType::default_loses) {
        NodeId const share = compile(statement.amount, told.scope);
        set_cell(flow.owed,
                 make(NodeOp::minimum, constant(1), make(NodeOp::maximum, constant(0), share)));
        return;
    }
    NodeId const mask = acts(*this, statement, told.owner, told.scope, flow.payer, flow.payee);
    set_cell(flow.owed, in_coins(*this, compile_amount(statement.amount, told.scope), mask));
}

void Builder::define_guarantee(Told const& told) {
    SystemFlow& flow = system.flows[static_cast<std::size_t>(flows.find(told.key))];
    flow.covers = covered_flow(*this, told.statement, told.scope);
    if (flow.covers < 0 || flow.payer < 0) {
        flow.payer = -1;
        return;
    }
    flow.payee = system.flows[static_cast<std::size_t>(flow.covers)].payee;
    CellId const cover = flow.owed;
    NodeId const mask = acts(*this, told.statement, told.owner, told.scope, flow.payer, flow.payee);
    NodeId const most =
        make(NodeOp::maximum, constant(0), compile_amount(told.statement.amount, told.scope));
    set_cell(cover, in_coins(*this, most, mask));
}

void Builder::define_booking(Told const& told) {
    Statement const& statement = told.statement;
    int const entity = entity_of(statement.from, told.scope);
    int const debits = catalog.account(statement.debits);
    int const credits = catalog.account(statement.credits);
    if (entity < 0 || debits < 0 || credits < 0) return;
    int const contract = told.owner.contract;
    CellId const cell = bookings.find(told.key);
    // Entries and marks go on when a contract has ended; before it was signed there is nothing to book.
    NodeId mask = contract < 0 ? constant(1) : has_begun(static_cast<std::size_t>(contract));
    if (statement.on_default_of) mask = acts(*this, statement, told.owner, told.scope, entity, -1);
    if (statement.type == StatementType::mark) {
        if (contract >= 0) part(contract, entity, debits);
        marks.push_back({cell, entity, debits, credits, contract, mask,
                         make(NodeOp::to_coins, compile(statement.amount, told.scope))});
        return;
    }
    set_cell(cell, in_coins(*this, compile_amount(statement.amount, told.scope), mask));
    post(cell, true, entity, debits, contract, -1);
    post(cell, false, entity, credits, contract, -1);
}

void Builder::define_breach(Told const& told) {
    int const entity = entity_of(told.statement.from, told.scope);
    if (entity < 0 || system.entities[static_cast<std::size_t>(entity)].outside) return;
    NodeId condition = compile(told.statement.amount, told.scope);
    if (told.owner.contract >= 0)
        condition =
            both(*this, of_cell(contract_live[static_cast<std::size_t>(told.owner.contract)]),
                 condition);
    breach_terms[static_cast<std::size_t>(entity)].push_back(condition);
}

void Builder::define_check(Told const& told) {
    Expression const& condition =
        model.expressions[static_cast<std::size_t>(told.statement.amount)];
    auto const* apply = std::get_if<Apply>(&condition.node);
    NodeId holds = -1;
    if (apply && apply->operation == Operation::equal) { // to 1e-9 of the largest term
        NodeId const a = compile(apply->arguments[0], told.scope);
        NodeId const b = compile(apply->arguments[1], told.scope);
        NodeId const gap = make(NodeOp::absolute, make(NodeOp::subtract, a, b));
        NodeId size = make(NodeOp::maximum, make(NodeOp::absolute, a), make(NodeOp::absolute, b));
        for (ExpressionId const term : terms_of_sides(model, *apply))
            size = make(NodeOp::maximum, size, make(NodeOp::absolute, compile(term, told.scope)));
        holds = make(NodeOp::less_equal, gap, make(NodeOp::multiply, constant(1e-9), size));
    } else {
        holds = compile(told.statement.amount, told.scope);
    }
    NodeId const at_start = constant(1);
    Cell& cell = add_cell("#expect" + std::to_string(system.checks.size()), CellType::check, {},
                          told.statement.where);
    cell.value = holds;
    cell.start = at_start;
    system.checks.push_back(
        {last_cell(), catalog.text(told.statement.amount), told.statement.where});
}

} // namespace perpetuum::instancing
