// Every equation, start value, default, amount and condition against the unit that its place wants.

#include <perpetuum/model/evaluate.hpp>
#include <perpetuum/model/words.hpp>

namespace perpetuum::grammar {

namespace {

constexpr int most_unit_faults = 200;

class UnitCheck {
  public:
    UnitCheck(Model const& model, std::vector<Meaning> const& meanings, Cells const& cells,
              Dimensions& table, Diagnostics& diagnostics)
        : model_(model), cells_(cells), table_(table), diagnostics_(diagnostics),
          evaluator_(
              model, &cells, table,
              [&meanings](ExpressionId id, Name const&, Scope const&) {
                  return meanings[static_cast<std::size_t>(id)];
              },
              nullptr,
              [this](Span where, std::string message, std::string hint) {
                  say(where, std::move(message), std::move(hint));
              }) {
        money_ = model.money.empty() ? table.plain : table.of(Unit{{{model.money, 1}}, 1});
    }

    void run() {
        for (std::size_t b = 0; b < model_.blocks.size(); ++b) {
            Block const& block = model_.blocks[b];
            Scope const scope{static_cast<int>(b), nullptr};
            for (std::size_t i = 0; i < block.parameters.size(); ++i)
                check_parameter(b, i, block.parameters[i], scope);
            for (std::size_t i = 0; i < block.variables.size(); ++i) {
                auto const& variable = block.variables[i];
                int const cell = cells_.variables[b][i];
                check_value(variable.value, cell, {"the value of ", variable.name}, scope);
                check_value(variable.start, cell, {"the start of ", variable.name}, scope);
                check_replacement(variable, block, cell);
            }
            for (auto const& schedule : block.schedules)
                for (auto const& term : schedule.terms) check_term(term, scope);
            for (auto const& statement : block.statements) check_statement(statement, scope);
        }
    }

  private:
    void say(Span where, std::string message, std::string hint) {
        if (++faults_ <= most_unit_faults)
            diagnostics_.error(where, std::move(message), std::move(hint));
    }

    void check_parameter(std::size_t b, std::size_t i, Parameter const& parameter,
                         Scope const& scope) {
        if (parameter.words.empty())
            check_value(parameter.fallback, cells_.parameters[b][i],
                        {"the default of ", parameter.name}, scope);
        for (std::size_t f = 0; f < parameter.fields.size(); ++f)
            if (parameter.fields[f].words.empty())
                check_value(parameter.fields[f].fallback, cells_.fields[b][i][f],
                            {"the default of ", parameter.fields[f].name}, scope);
    }

    void check_term(LoanTerm const& term, Scope const& scope) {
        if (term.value < 0) return;
        Dimension const found = evaluator_.dimension(term.value, scope);
        bool const time = term.type == LoanTermType::time || term.type == LoanTermType::cycle;
        Dimension const wanted = term.type == LoanTermType::date ? table_.date
                                 : time                          ? table_.time
                                 : term.type == LoanTermType::rate
                                     ? table_.times(table_.plain, table_.time, -1)
                                     : table_.plain;
        if (agree(found, wanted)) return;
        say(place_of(term.value),
            quoted(term.name) + " is " + table_.name(found) + " where " + table_.name(wanted) +
                " is wanted",
            term.type == LoanTermType::date   ? "a date is written date(2026-07)"
            : time                            ? "write for instance 4 quarter"
            : term.type == LoanTermType::rate ? "write for instance 6 %/year"
                                              : "");
    }

    /// "the value of 'x'", put together only where it is said.
    struct Part {
        char const* what;
        std::string const& name;
    };

    void check_value(ExpressionId value, int cell, Part const& part, Scope const& scope) {
        if (value < 0) return;
        Dimension const found = evaluator_.dimension(value, scope);
        Dimension const wanted = cells_.dimensions[static_cast<std::size_t>(cell)];
        if (!agree(found, wanted))
            say(place_of(value),
                part.what + quoted(part.name) + " is " + table_.name(found) + " where " +
                    table_.name(wanted) + " is wanted",
                wanted == table_.date ? "a date is written date(2026-07)"
                : is_bare(value)      ? "write the unit behind the number"
                                      : rate_hint(found, wanted));
    }

    bool is_bare(ExpressionId id) const {
        auto const* number =
            std::get_if<Number>(&model_.expressions[static_cast<std::size_t>(id)].node);
        return number != nullptr && number->bare;
    }

    /// A replacement that writes a unit of its own must write the same one.
    void check_replacement(Variable const& variable, Block const& block, int cell) {
        if (!variable.replaces || !variable.unit || block.extends < 0) return;
        for (auto const& [at, index] : all_variables(model_, block.extends)) {
            auto const& above = model_.blocks[static_cast<std::size_t>(at)]
                                    .variables[static_cast<std::size_t>(index)];
            if (above.name != variable.name) continue;
            Dimension const own = cells_.dimensions[static_cast<std::size_t>(cell)];
            Dimension const replaced = cells_.dimensions[static_cast<std::size_t>(
                cells_.variables[static_cast<std::size_t>(at)][static_cast<std::size_t>(index)])];
            if (!agree(own, replaced))
                say(variable.where,
                    quoted(variable.name) + " is " + table_.name(own) +
                        ", but what it replaces is " + table_.name(replaced),
                    "leave the unit away");
        }
    }

    /// The operator of an expression, where there is one: that is where its unit comes from.
    Span place_of(ExpressionId id) const {
        auto const& expression = model_.expressions[static_cast<std::size_t>(id)];
        auto const* apply = std::get_if<Apply>(&expression.node);
        return apply != nullptr && apply->arguments.size() == 2 && apply->operator_where.text >= 0
                   ? apply->operator_where
                   : expression.where;
    }

    std::string rate_hint(Dimension found, Dimension wanted) {
        if (found < 0 || wanted < 0 || found == table_.date || wanted == table_.date) return {};
        if (table_.times(found, table_.time, 1) == wanted)
            return "a rate becomes an amount by step: step * rate";
        if (table_.times(wanted, table_.time, 1) == found)
            return "an amount of one step becomes a rate by step: amount / step";
        return {};
    }

    void check_statement(Statement const& statement, Scope const& scope) {
        if (statement.amount < 0) return;
        Dimension const found = evaluator_.dimension(statement.amount, scope);
        switch (statement.type) {
        case StatementType::ends_when:
        case StatementType::default_when:
        case StatementType::expect:
            return want(statement, found, table_.plain, "a condition");
        case StatementType::default_loses:
            return want(statement, found, table_.plain, "a share");
        case StatementType::commit:
            return want(statement, found, money_, "what is promised");
        case StatementType::mark:
            return want(statement, found, money_, "the balance");
        default:
            break;
        }
        Dimension const rate = table_.times(money_, table_.time, -1);
        if (found != rate) want(statement, found, money_, "an amount");
    }

    void want(Statement const& statement, Dimension found, Dimension wanted,
              std::string_view what) {
        if (agree(found, wanted)) return;
        bool const flow = what == "an amount";
        say(place_of(statement.amount),
            std::string(what) + " must be " + table_.name(wanted) +
                (flow ? ", or that per time" : "") + ", this is " + table_.name(found),
            flow ? "" : rate_hint(found, wanted));
    }

    Model const& model_;
    Cells const& cells_;
    Dimensions& table_;
    Diagnostics& diagnostics_;
    Evaluator evaluator_;
    Dimension money_ = 0;
    int faults_ = 0;
};

} // namespace

void check_units(Model const& model, std::vector<Meaning> const& meanings, Cells const& cells,
                 Dimensions& table, Diagnostics& diagnostics) {
    UnitCheck(model, meanings, cells, table, diagnostics).run();
}

} // namespace perpetuum::grammar

namespace perpetuum {

std::optional<Unit> unit_of(Model const& model, ExpressionId expression, int block) {
    if (!model.declares_units || expression < 0) return {};
    grammar::Names const names(model, false);
    grammar::Resolver resolver(names, model.ids, nullptr);
    grammar::Dimensions table;
    grammar::Evaluator evaluator(
        model, nullptr, table,
        [&](ExpressionId id, Name const& name, grammar::Scope const& scope) {
            return resolver.name(name, model.expressions[static_cast<std::size_t>(id)].where,
                                 scope);
        },
        [&](Aggregate const& aggregate, grammar::Scope const& scope) {
            return resolver.select(aggregate, scope);
        },
        [](Span, std::string const&, std::string const&) {});
    grammar::Dimension const found =
        evaluator.dimension(expression, {block < 0 ? 0 : block, nullptr});
    if (found == grammar::any_dimension) return Unit{};
    if (found < 0) return {};
    return table.unit(found);
}

std::optional<Unit> unit_of_variable(Model const& model, int block, int index) {
    return model.blocks[static_cast<std::size_t>(block)]
        .variables[static_cast<std::size_t>(index)]
        .unit;
}

std::optional<Unit> unit_of_parameter(Model const& model, int block, int index) {
    auto const& parameter =
        model.blocks[static_cast<std::size_t>(block)].parameters[static_cast<std::size_t>(index)];
    if (parameter.is_table) return {};
    if (parameter.is_date) return Unit{{{"date", 1}}, 1};
    return parameter.unit;
}

} // namespace perpetuum
