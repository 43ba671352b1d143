#pragma once
/// model: the language in which the behaviour of firms and contracts is written: tokens, grammar,
/// names, units.

#include <perpetuum/base.hpp>
#include <perpetuum/text.hpp>

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace perpetuum {

// ---- expressions
// ----------------------------------------------------------------------------------------------------------

using ExpressionId = int; ///< index into Model::expressions; -1 = none

/// Everything that is applied to arguments. `condition` operators give 1 or 0.
enum class Operation {
    negate,
    add,
    subtract,
    multiply,
    divide,
    power, // arithmetic
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal, // conditions
    conjunction,
    disjunction,
    negation,
    choose, // if c then a else b: (c, a, b)
    minimum,
    maximum, // two or more
    absolute,
    exponential,
    logarithm,
    square_root,
    round_down,
    clip, // clip(x, lo, hi)
    since,
    ramp_up, // since(date), ramp_up(begin, length): means over the step
    delay,
    sum_over,
    smooth,
    latched,
    straight_line, // memory
};

/// A number with its unit, already in base units: `3 %` is 0.03, `4.5 %/year` is 0.00375 a month.
struct Number {
    double value = 0;
    Unit unit;
    bool bare = true; ///< no unit was written; a bare 0 fits any unit
    std::string
        written{}; ///< as it stands in the text, for printing; also the word of a word parameter
};
struct DateLiteral {
    Date date;
};
/// `a`, `issuer.deployed`, `self.x`, `it.x`, `openai.users`, `paid.unpaid`, with a lag: `x[-1]` has
/// lag 1.
struct Name {
    std::vector<std::string> parts;
    int lag = 0;
    std::vector<Span> wheres; ///< one a part
};
struct Apply {
    Operation operation = Operation::add;
    std::vector<ExpressionId> arguments;
    Span operator_where;
};
enum class Gather { sum, mean, maximum, minimum, count };
/// `sum(all KIND[filter].body, otherwise)`; `over` is a kind, an instrument, or a table
/// (`tranches`, `role.tranches`). `body` is an expression in the scope of the selected one; -1 for
/// count(...).
struct Aggregate {
    Gather gather = Gather::sum;
    bool all = false;
    std::vector<std::string> over;
    Span over_where;
    ExpressionId filter = -1, body = -1, otherwise = -1;
};
using ExpressionNode = std::variant<Aggregate, Apply, DateLiteral, Name, Number>;
struct Expression {
    ExpressionNode node;
    Span where;
};

// ---- declarations
// -----------------------------------------------------------------------------------------------------------

enum class AccountClass { asset, liability, equity, income, expense };
struct Account {
    std::string name, phrase;
    AccountClass type = AccountClass::asset;
    Span where;
};
/// How both sides of a payment book it. For one that moves cash: payer debits A credits cash, payee
/// debits cash credits B. Indices into Model::accounts.
struct Transaction {
    std::string name, phrase;
    int payer_debits = -1, payer_credits = -1, payee_debits = -1, payee_credits = -1;
    bool moves_cash = true; ///< false: all four accounts are named
    Span where;
};

struct Parameter {
    std::string name, phrase;
    std::optional<Unit> unit; ///< as written after ':'; none = inferred from the default, or plain
    bool is_date = false;     ///< `: date`; its unit is then the pseudo unit "date"
    ExpressionId fallback = -1; ///< the default
    bool is_table = false;      ///< NAME[] : {…}
    std::vector<Parameter> fields;
    std::vector<std::string> words; ///< `: cash | contract`: the value is the word's number from 0
    Span where;
};
struct Variable {
    std::string name, phrase;
    std::optional<Unit> unit;
    ExpressionId value = -1, start = -1;
    bool replaces = false; ///< `replace NAME = …`
    bool is_shock = false; ///< `shock NAME ~ distribution`
    Distribution shock;
    bool is_scheduled = false; ///< one of a schedule's series, called NAME.SERIES; no value
    Span where;
};

/// What an argument of `loan(…)` is.
enum class LoanTermType { date, time, rate, share, cycle, word };
/// An argument of `loan(…)`; which of the last two holds something depends on its type.
struct LoanTerm {
    std::string name;
    LoanTermType type = LoanTermType::date;
    ExpressionId value = -1;
    std::string word;
    Span where; ///< of its value
};
/// What is read of a schedule, each per dollar of the loan; `debt` is what is owed at a step's end.
inline constexpr std::array<std::string_view, 3> schedule_series{"interest", "principal", "debt"};
/// `schedule NAME = loan(…)`: cash flows of a loan whose terms are certain.
struct LoanSchedule {
    std::string name, phrase;
    std::vector<LoanTerm> terms;
    int first_variable = -1; ///< its series are variables of the block, from this one on
    Span where;
};

/// Who pays, gets or books: `self`, a role, `role.role`, a sector, an entity of the book.
struct Party {
    std::vector<std::string> parts;
    Span where;
};
enum class StatementType {
    commit,
    transfer,
    due,
    exchange,
    guarantee, // flows
    entry,
    mark, // one entity's own bookings
    ends_when,
    default_when,
    default_loses, // life and death
    expect,
};
/// A statement; which fields hold something depends on its type.
struct Statement {
    StatementType type = StatementType::transfer;
    std::string name, phrase; ///< of a named flow, else empty
    Party from, to;           ///< flows; `from` also: entity of entry, mark, default; guarantor
    Party covers;             ///< guarantee: the flow's name, by parts (`covered.payment`)
    ExpressionId amount =
        -1; ///< of flows and bookings; the condition of ends, default, expect; the share lost
    std::string transaction; ///< flows and default_loses
    std::string debits,
        credits; ///< entry; mark: debits = the account marked, credits = the one against
    Span transaction_where, debits_where, credits_where;
    int rank = 5;
    std::string till; ///< `till NAME`: a sub-till that is spent on its own purposes first
    std::optional<Party> on_default_of; ///< a remedy: acts once, in the step after that default
    Span where;
};

struct Role {
    std::string name, kind; ///< a kind of entity, or an instrument
    Span where, kind_where;
};
enum class BlockType { model, kind, instrument };
/// A `kind`, an `instrument`, or the `model` block (always number 0; several in the texts are
/// joined).
struct Block {
    BlockType type = BlockType::model;
    std::string name, phrase;
    int extends = -1; ///< the parent's number; kinds end at `entity`
    std::string extends_name;
    Span extends_where;
    bool conduit =
        false; ///< `kind NAME extends KIND conduit`: looked through when money is traced; inherited
    std::vector<Role> roles; ///< own ones
    std::vector<Parameter> parameters;
    std::vector<Variable> variables;
    std::vector<Statement> statements;
    std::vector<LoanSchedule> schedules; ///< of instruments
    Span where;
};
struct Sector {
    std::string name, phrase;
    Span where;
};

/// What a book calls one of its entities or deals (hyphens as underscores), and its kind or
/// instrument.
struct KnownId {
    std::string id, kind;
};

/// A model's texts, parsed, names resolved, units checked.
struct Model {
    std::string money;           ///< empty: a plain model without money
    double coin = 0.01;          ///< money moves in whole coins of this size
    Units units;                 ///< built in and declared
    bool declares_units = false; ///< no `unit` and no `money`: nothing is checked
    std::vector<Account>
        accounts; ///< built in: 0 cash (asset), 1 retained (equity), 2 other (asset)
    std::vector<Transaction> transactions;
    std::vector<Sector> sectors;
    std::vector<Block> blocks; ///< 0 is `model`, 1 the kind `entity`, 2 the kind `outside`
    std::vector<Expression> expressions;
    std::vector<KnownId> ids; ///< of the book that the texts were read with

    int account(std::string_view name) const; ///< -1 when unknown
    int transaction(std::string_view name) const;
    int block(std::string_view name) const;
    bool is_a(int block, int ancestor) const; ///< a block is its own ancestor
};

// ---- names
// --------------------------------------------------------------------------------------------------------------------

enum class SymbolType {
    nothing,
    parameter,
    table,
    variable,
    flow,
    role,
    account,
    sector,
    built_in, ///< live defaulted dues_in dues_out assets liabilities net_worth profit (entities);
              ///< live paid_before outstanding_before (contracts); step time
    self,
    it,
    schedule,
};
/// What a bare name means inside a block: its own, inherited, or the model's.
struct Symbol {
    SymbolType type = SymbolType::nothing;
    int block = -1; ///< where it is declared
    int index = -1; ///< in that block's parameters, variables, statements, roles, schedules; in
                    ///< Model::accounts or sectors
};
/// Own first, then inherited, then of block 0. A `replace` in a descendant wins. `block` may be -1:
/// model only.
Symbol find_symbol(Model const& model, int block, std::string_view name);
/// Own and inherited members in order of declaration, ancestors first; a replaced variable once, in
/// its old place.
std::vector<std::pair<int, int>> all_roles(Model const& model, int block); ///< (block, index)
std::vector<std::pair<int, int>> all_parameters(Model const& model, int block);
std::vector<std::pair<int, int>> all_variables(Model const& model, int block);
std::vector<std::pair<int, int>> all_statements(Model const& model, int block);

// ---- reading
// --------------------------------------------------------------------------------------------------------------------

/// Parses texts (already in `diagnostics`) as one model, resolves names and checks units.
/// `entity_ids`: what the book calls its entities and deals (hyphens as underscores), with their
/// kind or instrument, for names like `openai.users`. Limits: 1 MB a text, nesting 200, 20,000
/// declarations, names 100 bytes.
Model parse_model(std::vector<int> const& texts, std::vector<KnownId> const& ids,
                  Diagnostics& diagnostics);
/// Whether texts of one model keep to the grammar; names and units are not looked at. Errors have
/// their places.
bool check_model_texts(std::vector<int> const& texts, Diagnostics& diagnostics);
/// An expression by itself (of `--set`, of an expectation): grammar only, names are left to the
/// caller; -1 on error. `where` is the part of a text that holds it; ids with digits and
/// underscores are single names.
ExpressionId parse_expression(Model& model, Span where, Diagnostics& diagnostics);
/// The unit of an expression in the scope of a block, if it can be told.
std::optional<Unit> unit_of(Model const& model, ExpressionId expression, int block);
/// The unit of a variable or parameter after inference.
std::optional<Unit> unit_of_variable(Model const& model, int block, int index);
std::optional<Unit> unit_of_parameter(Model const& model, int block, int index);
/// An expression as text again, for `explain`.
std::string print_expression(Model const& model, ExpressionId expression);
/// A model's text laid out: headers in the first column, a block's lines by 2, what goes on inside
/// brackets by 6; blanks within lines and all comments stay. Laying out twice changes nothing; a
/// text with faults is laid out too.
std::string format_model(std::string_view text);

} // namespace perpetuum
