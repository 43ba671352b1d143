// Walks all expressions and statements of a model; every name gets its meaning, words of parameters
// become their numbers.

#include <perpetuum/model/memory.hpp>
#include <perpetuum/model/resolve.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace perpetuum::grammar {

namespace {

bool is_body(Meaning const& meaning) {
    return meaning.is == Meaning::Is::entity || meaning.is == Meaning::Is::contract ||
           meaning.is == Meaning::Is::row;
}

std::string listed(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

bool remembers(Operation operation) {
    switch (operation) {
    case Operation::delay:
    case Operation::sum_over:
    case Operation::smooth:
    case Operation::latched:
    case Operation::straight_line:
    case Operation::since:
    case Operation::ramp_up:
        return true;
    default:
        return false;
    }
}

class ModelWalker {
  public:
    ModelWalker(Model& model, Names const& names, std::vector<KnownId> const& ids,
                Diagnostics& diagnostics)
        : model_(model), names_(names), resolver_(names, ids, &diagnostics),
          diagnostics_(diagnostics), meanings_(model.expressions.size()) {}

    std::vector<Meaning> run() {
        for (std::size_t b = 0; b < model_.blocks.size(); ++b) {
            Block& block = model_.blocks[b];
            int const number = static_cast<int>(b);
            for (auto const& role : block.roles) check_role(role);
            for (auto& parameter : block.parameters) check_parameter(parameter, number);
            for (auto const& variable : block.variables) {
                walk(variable.value, {number, nullptr});
                walk(variable.start, {number, nullptr});
            }
            for (auto const& statement : block.statements) check_statement(statement, number);
        }
        check_starts(model_, names_, lagged_, diagnostics_);
        check_circles(model_, rests_on_, diagnostics_);
        return std::move(meanings_);
    }

  private:
    Expression& at(ExpressionId id) { return model_.expressions[static_cast<std::size_t>(id)]; }
    Meaning& meaning(ExpressionId id) { return meanings_[static_cast<std::size_t>(id)]; }

    // ---- expressions

    void walk(ExpressionId id, Scope const& scope) {
        if (id < 0) return;
        auto& node = at(id).node;
        if (auto const* name = std::get_if<Name>(&node)) walk_name(id, *name, scope);
        if (auto const* aggregate = std::get_if<Aggregate>(&node))
            walk_aggregate(id, *aggregate, scope);
        if (auto const* apply = std::get_if<Apply>(&node)) walk_apply(id, *apply, scope);
    }

    void walk_name(ExpressionId id, Name const& name, Scope const& scope) {
        Span const where = at(id).where;
        Meaning found = resolver_.name(name, where, scope);
        if (is_body(found)) {
            resolver_.error(where, quoted(name.parts.back()) + " is no number",
                            "it can be compared with another one by = and !=; its figures are " +
                                name.parts.back() + ".NAME");
            found = {};
        }
        if (found.is == Meaning::Is::word) {
            resolver_.error(where, quoted(name.parts.back()) + " holds a word, not a number",
                            "compare it with one of its words: " + listed(words_of(found)));
            found = {};
        }
        if (name.lag > 0 && found.symbol.type == SymbolType::variable)
            lagged_.insert(root_of(model_, names_, {found.key.block, found.key.index}));
        if (in_default_ && found.is == Meaning::Is::cell && found.key.is_parameter &&
            found.key.field < 0)
            rests_on_[default_of_].emplace_back(found.key.block, found.key.index);
        if (in_default_ && found.is != Meaning::Is::fault &&
            (found.symbol.type != SymbolType::parameter || name.lag > 0)) {
            resolver_.error(where, "a default rests on numbers and other parameters only",
                            quoted(name.parts.back()) + " changes while the model runs");
            found = {};
        }
        if (found.symbol.type == SymbolType::account) check_booked_by_one(name, where, found);
        meaning(id) = found;
    }

    void walk_apply(ExpressionId id, Apply const& apply, Scope const& scope) {
        if (in_default_ && remembers(apply.operation))
            resolver_.error(at(id).where, "a default rests on numbers and other parameters only",
                            "write it as a variable");
        auto const arguments = apply.arguments; // words may be put in the place of names below
        if (apply.operation == Operation::equal || apply.operation == Operation::unequal) {
            if (compare(arguments[0], arguments[1], apply.operator_where, scope)) return;
        }
        for (auto const argument : arguments) walk(argument, scope);
    }

    /// Entities with entities, words with words; false when it is an ordinary comparison.
    bool compare(ExpressionId left, ExpressionId right, Span operator_where, Scope const& scope) {
        Meaning const a = try_meaning(left, scope), b = try_meaning(right, scope);
        if (a.is == Meaning::Is::word || b.is == Meaning::Is::word) {
            meaning(left) = a;
            meaning(right) = b;
            bool const holds_left = a.is == Meaning::Is::word;
            if (!put_word(holds_left ? a : b, holds_left ? right : left) &&
                !(a.is == Meaning::Is::word && b.is == Meaning::Is::word))
                resolver_.error(at(holds_left ? right : left).where,
                                "this is none of the words that the parameter may hold",
                                "one of " + listed(words_of(holds_left ? a : b)));
            return true;
        }
        if (!is_body(a) && !is_body(b)) return false;
        bool const comparable = is_body(a) && is_body(b);
        if (comparable) {
            meaning(left) = a;
            meaning(right) = b;
        } else {
            ExpressionId const other = is_body(a) ? right : left;
            walk(other, scope);
            bool const told = std::holds_alternative<Name>(at(other).node) &&
                              meaning(other).is == Meaning::Is::fault;
            if (!told)
                resolver_.error(operator_where, "an entity or contract is compared with a number",
                                "compare two of a kind: seller = self");
            meaning(left) = meaning(right) = {};
        }
        return true;
    }

    Meaning try_meaning(ExpressionId id, Scope const& scope) {
        auto const* name = std::get_if<Name>(&at(id).node);
        return name == nullptr ? Meaning{} : resolver_.try_name(*name, at(id).where, scope);
    }

    std::vector<std::string> const& words_of(Meaning const& found) const {
        auto const& parameter = model_.blocks[static_cast<std::size_t>(found.key.block)]
                                    .parameters[static_cast<std::size_t>(found.key.index)];
        if (found.key.field < 0) return parameter.words;
        return parameter.fields[static_cast<std::size_t>(found.key.field)].words;
    }

    /// A bare name that is a word of the parameter becomes the word's number.
    bool put_word(Meaning const& parameter, ExpressionId id) {
        return put_word(words_of(parameter), id);
    }
    bool put_word(std::vector<std::string> const& words, ExpressionId id) {
        auto const* name = std::get_if<Name>(&at(id).node);
        if (name == nullptr || name->parts.size() != 1 || name->lag > 0) return false;
        auto const found = std::find(words.begin(), words.end(), name->parts[0]);
        if (found == words.end()) return false;
        Number number;
        number.value = static_cast<double>(found - words.begin());
        number.written = *found;
        at(id).node = number;
        meaning(id) = {};
        return true;
    }

    void walk_aggregate(ExpressionId, Aggregate const& aggregate, Scope const& scope) {
        if (in_default_)
            resolver_.error(aggregate.over_where,
                            "a default rests on numbers and other parameters only",
                            "write it as a variable");
        Aggregate const copy = aggregate;
        Frame const frame = resolver_.select(copy, scope);
        Scope const inner{scope.block, &frame};
        walk(copy.filter, inner);
        if (check_body(copy, frame, scope)) walk(copy.body, inner);
        walk(copy.otherwise, scope);
    }

    /// `sum(lab.x)` asks for the lab's own x, never for one outside the brackets.
    bool check_body(Aggregate const& aggregate, Frame const& frame, Scope const& scope) {
        if (aggregate.body < 0) return true;
        auto const* name = std::get_if<Name>(&at(aggregate.body).node);
        if (name == nullptr || !frame.known || name->parts[0] == "it" || name->parts[0] == "self")
            return true;
        Frame alone = frame;
        alone.outer = nullptr;
        Name it = *name;
        it.parts.insert(it.parts.begin(), "it");
        it.wheres.insert(it.wheres.begin(), aggregate.over_where);
        it.lag = 0;
        Name first = it;
        first.parts.resize(2);
        first.wheres.resize(2);
        if (resolver_.try_name(first, at(aggregate.body).where, {scope.block, &alone})
                .symbol.type != SymbolType::nothing)
            return true;
        if (frame.block >= 0) {
            std::string const& kind = model_.blocks[static_cast<std::size_t>(frame.block)].name;
            resolver_.error(name->wheres[0], quoted(kind) + " has no " + quoted(name->parts[0]),
                            suggestions_.hint(name->parts[0], [&] {
                                return names_.candidates(frame.block, false);
                            }));
        } else {
            resolver_.error(name->wheres[0], "the table has no field " + quoted(name->parts[0]));
        }
        return false;
    }

    // ---- declarations

    void check_role(Role const& role) {
        if (names_.block(role.kind) >= 0) return;
        resolver_.error(role.kind_where, "unknown kind " + quoted(role.kind),
                        suggestions_.hint(
                            role.kind, [&] { return names_of_all(model_.blocks); },
                            "declare it: kind " + role.kind + ", or let the role be any entity"));
    }

    void check_parameter(Parameter& parameter, int block) {
        default_of_ = {
            block,
            static_cast<int>(&parameter -
                             model_.blocks[static_cast<std::size_t>(block)].parameters.data())};
        for (auto& field : parameter.fields) check_default(field, block);
        check_default(parameter, block);
    }

    void check_default(Parameter& parameter, int block) {
        if (parameter.fallback < 0) return;
        if (!parameter.words.empty()) {
            if (!put_word(parameter.words, parameter.fallback))
                resolver_.error(at(parameter.fallback).where,
                                "the default is none of the words of " + quoted(parameter.name),
                                "one of " + listed(parameter.words));
            return;
        }
        in_default_ = true;
        walk(parameter.fallback, {block, nullptr});
        in_default_ = false;
    }

    // ---- statements

    void check_statement(Statement const& statement, int block) {
        if (statement.on_default_of) resolver_.party(*statement.on_default_of, block);
        check_money(statement);
        walk(statement.amount, {block, nullptr});
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
    void check_money(Statement const& statement) {
        bool const condition = statement.type == StatementType::ends_when ||
                               statement.type == StatementType::default_when ||
                               statement.type == StatementType::expect;
        if (condition || !model_.money.empty() || std::exchange(said_no_money_, true)) return;
        resolver_.error(statement.where, "money moves here, but the model has no currency",
                        "write 'money USD' at the top");
    }

    void check_flow(Statement const& statement, int block) {
        resolver_.party(statement.from, block);
        resolver_.party(statement.to, block);
        if (!statement.from.parts.empty() && statement.from.parts == statement.to.parts)
            resolver_.error(statement.to.where,
                            quoted(statement.to.parts.back()) + " would pay itself",
                            "name two parties");
        check_transaction(statement);
    }

    void check_guarantee(Statement const& statement, int block) {
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

    void check_transaction(Statement const& statement) {
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

    void check_booking(Statement const& statement, int block) {
        resolver_.party(statement.from, block);
        check_account(statement.debits, statement.debits_where);
        check_account(statement.credits, statement.credits_where);
    }

    void check_account(std::string const& account, Span where) {
        if (account.empty()) return;
        if (account == "cash")
            resolver_.error(where, "cash moves only by payments", "book it by transfer or due");
        if (names_.account(account) >= 0) return;
        resolver_.error(where, "unknown account " + quoted(account),
                        suggestions_.hint(
                            account, [&] { return names_of_all(model_.accounts); },
                            "declare it: account " + account + " : asset"));
    }

    void check_loses(Statement const& statement, int block) {
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
    void check_booked_by_one(Name const& name, Span where, Meaning const& account) {
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

    std::map<int, std::set<std::string>> const& bookers_of_new(int block) {
        auto& accounts = bookers_[block];
        auto const add = [&](Party const& party, int account) {
            std::string text;
            for (auto const& part : party.parts) text += (text.empty() ? "" : ".") + part;
            if (account >= 0) accounts[account].insert(text);
        };
        for (auto const& [at, index] : all_statements(model_, block)) {
            auto const& s = model_.blocks[static_cast<std::size_t>(at)]
                                .statements[static_cast<std::size_t>(index)];
            if (s.type == StatementType::entry || s.type == StatementType::mark) {
                add(s.from, names_.account(s.debits));
                add(s.from, names_.account(s.credits));
            }
            int const number = names_.transaction(s.transaction);
            if (number < 0 || s.transaction.empty() || s.type == StatementType::default_loses)
                continue;
            auto const& t = model_.transactions[static_cast<std::size_t>(number)];
            add(s.from, t.payer_debits);
            add(s.from, t.payer_credits);
            if (s.type == StatementType::guarantee) continue;
            add(s.to, t.payee_debits);
            add(s.to, t.payee_credits);
        }
        return accounts;
    }
    std::map<int, std::set<std::string>>& bookers(int block) {
        if (!bookers_.contains(block)) bookers_of_new(block);
        return bookers_[block];
    }

    Model& model_;
    Names const& names_;
    Resolver resolver_;
    Suggestions suggestions_;
    Diagnostics& diagnostics_;
    std::vector<Meaning> meanings_;
    std::map<int, std::map<int, std::set<std::string>>> bookers_;
    std::set<MemberKey>
        lagged_; ///< variables read with a lag, by the first of those that replace each other
    std::map<MemberKey, std::vector<MemberKey>> rests_on_; ///< defaults on other parameters
    MemberKey default_of_;
    bool in_default_ = false, said_no_money_ = false;
};

} // namespace

std::vector<Meaning> resolve_model(Model& model, Names const& names,
                                   std::vector<KnownId> const& ids, Diagnostics& diagnostics) {
    return ModelWalker(model, names, ids, diagnostics).run();
}

} // namespace perpetuum::grammar
