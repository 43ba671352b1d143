// Walks all expressions and statements of a model; every name gets its meaning, words of parameters
// become their numbers.

#include <perpetuum/model/memory.hpp>
#include <perpetuum/model/resolve.hpp>
#include <perpetuum/model/statement_check.hpp>
#include <perpetuum/model/words.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

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
          diagnostics_(diagnostics), meanings_(model.expressions.size()),
          statements_(names, resolver_) {}

    std::vector<Meaning> run() {
        for (std::size_t b = 0; b < model_.blocks.size(); ++b) {
            Block& block = model_.blocks[b];
            int const number = static_cast<int>(b);
            for (auto const& role : block.roles) check_role(role);
            for (auto& parameter : block.parameters) check_parameter(parameter, number);
            for (auto const& variable : block.variables) {
                walk(variable.value, {number, nullptr});
                in_start_ = true;
                walk(variable.start, {number, nullptr});
                in_start_ = false;
            }
            for (auto const& schedule : block.schedules) check_schedule(schedule, number);
            for (auto const& statement : block.statements) {
                statements_.check(statement, number);
                walk(statement.amount, {number, nullptr});
            }
        }
        check_starts(model_, names_, looked_back_, diagnostics_);
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
        if (auto const* number = std::get_if<Number>(&node)) walk_number(id, *number, scope);
        if (auto const* aggregate = std::get_if<Aggregate>(&node))
            walk_aggregate(id, *aggregate, scope);
        if (auto const* apply = std::get_if<Apply>(&node)) walk_apply(id, *apply, scope);
    }

    /// `2 y` and `3 k` are an amount; where `y` or `k` is a name, somebody may have meant a product.
    void walk_number(ExpressionId id, Number const& number, Scope const& scope) {
        std::string_view const written = number.written;
        if (written.empty() || !std::isalpha(static_cast<unsigned char>(written.back()))) return;
        std::size_t begin = written.size();
        while (begin > 0 && std::isalpha(static_cast<unsigned char>(written[begin - 1]))) --begin;
        std::string const word(written.substr(begin));
        if (begin == 0 || word.size() != 1 || !(is_short_unit(word) || magnitude_of(word) > 0))
            return;
        Name name;
        name.parts = {word};
        name.wheres = {at(id).where};
        if (resolver_.try_name(name, at(id).where, scope).symbol.type == SymbolType::nothing)
            return;
        std::string const number_alone(
            written.substr(0, written.find_last_not_of(' ', begin - 1) + 1));
        bool const unit = is_short_unit(word);
        std::string const time = word == "y" ? " year" : word == "q" ? " quarter" : " day";
        resolver_.error(at(id).where,
                        quoted(written) + " would be " + (unit ? "a time" : "one number") +
                            ", but " + quoted(word) + " is also a name here",
                        "a product is written " + number_alone + " * " + word +
                            (unit ? ", a time " + number_alone + time : ", such a number in full"));
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
        if (found.symbol.type == SymbolType::variable) note_past(name, found);
        if (in_default_ && !in_loan_ && found.is == Meaning::Is::cell && found.key.is_parameter &&
            found.key.field < 0)
            rests_on_[default_of_].emplace_back(found.key.block, found.key.index);
        if (in_default_ && found.is != Meaning::Is::fault &&
            (found.symbol.type != SymbolType::parameter || name.lag > 0)) {
            resolver_.error(where, only_certain(),
                            quoted(name.parts.back()) + " changes while the model runs" +
                                (in_loan_ ? ": write the loan as equations" : ""));
            found = {};
        }
        if (found.symbol.type == SymbolType::account)
            statements_.check_account_of_contract(name, where, found);
        meaning(id) = found;
    }

    /// Who asks for what a variable was before the first step.
    void note_past(Name const& name, Meaning const& found) {
        std::set<MemberKey>* const asked = name.lag > 0 ? &looked_back_.lagged
                                           : in_memory_ ? &looked_back_.remembered
                                           : in_start_  ? &looked_back_.starting
                                                        : nullptr;
        if (asked) asked->insert(root_of(model_, names_, {found.key.block, found.key.index}));
    }

    void walk_apply(ExpressionId id, Apply const& apply, Scope const& scope) {
        if (in_default_ && remembers(apply.operation))
            resolver_.error(at(id).where, only_certain(),
                            in_loan_ ? "write the loan as equations" : "write it as a variable");
        // Words may be put in the place of names below; the operation itself stays.
        auto const& arguments = apply.arguments;
        if (apply.operation == Operation::equal || apply.operation == Operation::unequal) {
            if (compare(arguments[0], arguments[1], apply.operator_where, scope)) return;
        }
        // What is remembered begins as it is before the first step; sums begin at nothing.
        bool const begins_as_it_was =
            apply.operation == Operation::delay || apply.operation == Operation::smooth;
        bool const outside = std::exchange(in_memory_, in_memory_ || begins_as_it_was);
        for (auto const argument : arguments) {
            walk(argument, scope);
            in_memory_ = outside; // a time is that of the step
        }
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
            resolver_.error(aggregate.over_where, only_certain(),
                            in_loan_ ? "write the loan as equations" : "write it as a variable");
        Frame const frame = resolver_.select(aggregate, scope);
        Scope const inner{scope.block, &frame};
        walk(aggregate.filter, inner);
        if (check_body(aggregate, frame, scope)) walk(aggregate.body, inner);
        walk(aggregate.otherwise, scope);
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

    /// What is computed before the run: the terms of a loan are as certain as a default.
    void check_schedule(LoanSchedule const& schedule, int block) {
        in_default_ = in_loan_ = true;
        for (auto const& term : schedule.terms) walk(term.value, {block, nullptr});
        in_default_ = in_loan_ = false;
    }

    std::string only_certain() const {
        return in_loan_ ? "the terms of a loan are certain: numbers and parameters only"
                        : "a default rests on numbers and other parameters only";
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

    Model& model_;
    Names const& names_;
    Resolver resolver_;
    Suggestions suggestions_;
    Diagnostics& diagnostics_;
    std::vector<Meaning> meanings_;
    StatementCheck statements_;
    LookedBack looked_back_;
    std::map<MemberKey, std::vector<MemberKey>> rests_on_; ///< defaults on other parameters
    MemberKey default_of_;
    bool in_default_ = false, in_loan_ = false, in_start_ = false, in_memory_ = false;
};

} // namespace

std::vector<Meaning> resolve_model(Model& model, Names const& names,
                                   std::vector<KnownId> const& ids, Diagnostics& diagnostics) {
    return ModelWalker(model, names, ids, diagnostics).run();
}

} // namespace perpetuum::grammar
