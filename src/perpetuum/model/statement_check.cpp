// Who pays whom as what: parties, transactions, accounts and dues of statements.

#include <perpetuum/model/statement_check.hpp>

#include <utility>

namespace perpetuum::grammar {

void StatementCheck::check(Statement const& statement, int block) {
    if (statement.on_default_of) resolver_.party(*statement.on_default_of, block);
    check_money(statement);
    switch (statement.type) {
    case StatementType::commit:
        if (model_.blocks[static_cast<std::size_t>(block)].type != BlockType::instrument)
            resolver_.error(statement.where, "only a contract commits to something",
                            "write this in an instrument");
        [[fallthrough]];
    case StatementType::transfer:
    case StatementType::due:
    case StatementType::exchange:
        check_flow(statement, block);
        break;
    case StatementType::guarantee:
        check_guarantee(statement, block);
        break;
    case StatementType::entry:
    case StatementType::mark:
        check_booking(statement, block);
        break;
    case StatementType::default_loses:
        check_loses(statement, block);
        break;
    case StatementType::default_when:
        resolver_.party(statement.from, block);
        break;
    case StatementType::ends_when:
    case StatementType::expect:
        break;
    }
}

/// Whatever moves or books money needs a currency; said once.
void StatementCheck::check_money(Statement const& statement) {
    bool const condition = statement.type == StatementType::ends_when ||
                           statement.type == StatementType::default_when ||
                           statement.type == StatementType::expect;
    if (condition || !model_.money.empty() || std::exchange(said_no_money_, true)) return;
    resolver_.error(statement.where, "money moves here, but the model has no currency",
                    "write 'money USD' at the top");
}

void StatementCheck::check_flow(Statement const& statement, int block) {
    resolver_.party(statement.from, block);
    resolver_.party(statement.to, block);
    if (!statement.from.parts.empty() && statement.from.parts == statement.to.parts)
        resolver_.error(statement.to.where, quoted(statement.to.parts.back()) + " would pay itself",
                        "name two parties");
    check_transaction(statement);
}

void StatementCheck::check_guarantee(Statement const& statement, int block) {
    resolver_.party(statement.from, block);
    Meaning const covered = resolver_.party(statement.covers, block, true);
    if (covered.is == Meaning::Is::flow) {
        auto const& due = model_.blocks[static_cast<std::size_t>(covered.symbol.block)]
                              .statements[static_cast<std::size_t>(covered.symbol.index)];
        if (due.type != StatementType::due)
            resolver_.error(statement.covers.where,
                            quoted(statement.covers.parts.back()) + " is no due",
                            "only what is owed can be guaranteed: make it a 'due'");
    } else if (covered.is != Meaning::Is::fault) {
        resolver_.error(statement.covers.where,
                        quoted(statement.covers.parts.back()) + " is no due",
                        "name a due: 'payment: due A -> B : …', then 'covers role.payment'");
    }
    check_transaction(statement);
}

void StatementCheck::check_transaction(Statement const& statement) {
    int const number = names_.transaction(statement.transaction);
    if (statement.transaction.empty()) return;
    Span const where = statement.transaction_where;
    if (number < 0) {
        resolver_.error(where, "unknown transaction " + quoted(statement.transaction),
                        suggestions_.hint(
                            statement.transaction,
                            [&] { return names_of_all(model_.transactions); },
                            "declare it: transaction " + statement.transaction +
                                " payer debits A payee credits B"));
        return;
    }
    bool const cash = model_.transactions[static_cast<std::size_t>(number)].moves_cash;
    if (statement.type == StatementType::exchange && cash)
        resolver_.error(where,
                        "an exchange moves no cash, but " + quoted(statement.transaction) +
                            " books cash on both sides",
                        "use a transaction that names all four accounts, or a transfer");
    if (statement.type != StatementType::exchange && statement.type != StatementType::commit &&
        !cash)
        resolver_.error(where,
                        "a payment moves cash, but " + quoted(statement.transaction) +
                            " names all four accounts",
                        "use a transaction that names two accounts, or an exchange");
}

void StatementCheck::check_booking(Statement const& statement, int block) {
    resolver_.party(statement.from, block);
    check_account(statement.debits, statement.debits_where);
    check_account(statement.credits, statement.credits_where);
}

void StatementCheck::check_account(std::string const& account, Span where) {
    if (account.empty()) return;
    if (account == "cash")
        resolver_.error(where, "cash moves only by payments", "book it by transfer or due");
    if (names_.account(account) >= 0) return;
    resolver_.error(where, "unknown account " + quoted(account),
                    suggestions_.hint(
                        account, [&] { return names_of_all(model_.accounts); },
                        "declare it: account " + account + " : asset"));
}

void StatementCheck::check_loses(Statement const& statement, int block) {
    resolver_.party(statement.from, block);
    Meaning const to = resolver_.party(statement.to, block);
    if (to.is == Meaning::Is::entity && to.block >= 0 && !model_.is_a(to.block, 2))
        resolver_.error(statement.to.where,
                        "what insolvency eats goes to a sector, and " +
                            quoted(statement.to.parts.back()) + " is none",
                        "declare it: sector NAME");
    check_transaction(statement);
}

/// In an instrument a bare account is what the contract has booked there: of whom, must be
/// clear.
void StatementCheck::check_account_of_contract(Name const& name, Span where,
                                               Meaning const& account) {
    if (account.block < 0) return;
    Block const& block = model_.blocks[static_cast<std::size_t>(account.block)];
    if (block.type != BlockType::instrument) return;
    auto const& who = bookers(account.block)[account.symbol.index];
    if (who.size() < 2) return;
    resolver_.error(where,
                    "more than one party of " + quoted(block.name) + " books in " +
                        quoted(name.parts.back()),
                    "say whose: " + *who.begin() + "." + name.parts.back() + " or " +
                        *who.rbegin() + "." + name.parts.back());
}

std::map<int, std::set<std::string>> const& StatementCheck::bookers_of_new(int block) {
    auto& accounts = bookers_[block];
    auto const add = [&](Party const& party, int account) {
        std::string text;
        for (auto const& part : party.parts) text += (text.empty() ? "" : ".") + part;
        if (account >= 0) accounts[account].insert(text);
    };
    for (auto const& [at, index] : all_statements(model_, block)) {
        auto const& s =
            model_.blocks[static_cast<std::size_t>(at)].statements[static_cast<std::size_t>(index)];
        if (s.type == StatementType::entry || s.type == StatementType::mark) {
            add(s.from, names_.account(s.debits));
            add(s.from, names_.account(s.credits));
        }
        int const number = names_.transaction(s.transaction);
        if (number < 0 || s.transaction.empty() || s.type == StatementType::default_loses) continue;
        auto const& t = model_.transactions[static_cast<std::size_t>(number)];
        add(s.from, t.payer_debits);
        add(s.from, t.payer_credits);
        if (s.type == StatementType::guarantee) continue;
        add(s.to, t.payee_debits);
        add(s.to, t.payee_credits);
    }
    return accounts;
}
std::map<int, std::set<std::string>>& StatementCheck::bookers(int block) {
    if (!bookers_.contains(block)) bookers_of_new(block);
    return bookers_[block];
}

} // namespace perpetuum::grammar
