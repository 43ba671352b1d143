// Lines that declare: accounts, transactions, sectors, blocks, parameters, variables, shocks.

#include <perpetuum/model/parser.hpp>

#include <algorithm>

namespace perpetuum::grammar {

namespace {

constexpr int most_declarations = 20'000;
constexpr std::size_t most_members = 100; ///< roles, fields of a table, words of a parameter

struct DistributionWord {
    std::string_view name;
    Shape shape;
    std::size_t least, most;
    std::string_view usage;
};
constexpr DistributionWord distribution_words[] = {
    {"normal", Shape::normal, 2, 2, "normal(mean, standard deviation)"},
    {"lognormal", Shape::lognormal, 2, 2, "lognormal(median, 90 % quantile)"},
    {"uniform", Shape::uniform, 2, 2, "uniform(lowest, highest)"},
    {"triangular", Shape::triangular, 3, 3, "triangular(lowest, mode, highest)"},
    {"pert", Shape::pert, 3, 3, "pert(lowest, mode, highest)"},
    {"bernoulli", Shape::bernoulli, 1, 1, "bernoulli(probability)"},
    {"discrete", Shape::discrete, 2, 200, "discrete(value, weight, value, weight, …)"},
};

/// What is wrong with a distribution's parameters; empty when nothing is.
std::string distribution_fault(Distribution const& d) {
    auto const& p = d.parameters;
    switch (d.shape) {
    case Shape::normal:
        return p[1] >= 0 ? "" : "a standard deviation below zero";
    case Shape::lognormal:
        return p[0] > 0 && p[1] >= p[0]
                   ? ""
                   : "the median must be above zero and below the 90 % quantile";
    case Shape::uniform:
        return p[0] <= p[1] ? "" : "the lowest value is above the highest";
    case Shape::triangular:
    case Shape::pert:
        return p[0] <= p[1] && p[1] <= p[2] ? "" : "lowest, mode and highest are not in order";
    case Shape::bernoulli:
        return p[0] >= 0 && p[0] <= 1 ? "" : "a probability is from 0 to 1";
    case Shape::discrete: {
        if (p.size() % 2 != 0) return "values and weights come in pairs";
        double sum = 0;
        for (std::size_t i = 1; i < p.size(); i += 2) {
            if (p[i] < 0) return "a weight below zero";
            sum += p[i];
        }
        return sum > 0 ? "" : "all weights are zero";
    }
    default:
        return "";
    }
}

std::optional<AccountClass> account_class(std::string_view word) {
    if (word == "asset") return AccountClass::asset;
    if (word == "liability") return AccountClass::liability;
    if (word == "equity") return AccountClass::equity;
    if (word == "income") return AccountClass::income;
    if (word == "expense") return AccountClass::expense;
    return {};
}

} // namespace

ExpressionId LineParser::expression() {
    return ExpressionParser(cursor_, model_, draft_.known).read();
}

std::string LineParser::phrase() {
    return cursor_.next_is(TokenType::string) ? cursor_.take_string() : std::string{};
}

/// The string behind a declaration, and the end of its line.
void LineParser::finish(std::string& phrase) {
    phrase = this->phrase();
    phrase_ = &phrase;
    cursor_.expect_end();
}

Block& LineParser::block() { return model_.blocks[static_cast<std::size_t>(block_)]; }

void LineParser::count_declaration(Span where) {
    if (++draft_.declarations == most_declarations + 1)
        cursor_.complain(where, "more than 20000 declarations", "split the model");
    if (draft_.declarations > most_declarations) throw StatementFault{};
}

void LineParser::documentation_line() {
    Span const where = cursor_.where();
    std::string const text = cursor_.take_string();
    cursor_.expect_end();
    if (phrase_ == nullptr)
        cursor_.fail(where, "this string documents nothing",
                     "it belongs behind a declaration or on the line after it");
    *phrase_ += (phrase_->empty() ? "" : " ") + text;
}

void LineParser::account() {
    block_ = -1;
    cursor_.skip();
    Account account;
    account.where = cursor_.where();
    account.name = cursor_.take_name("the name of an account", "write 'account NAME : asset'");
    cursor_.expect(":", "write 'account NAME : asset'");
    model_.accounts.push_back(account); // known even when the rest of the line is wrong
    auto const type = account_class(cursor_.peek());
    if (!type)
        cursor_.fail(cursor_.where(), "expected a class of account, found " + cursor_.found(),
                     "asset, liability, equity, income or expense");
    cursor_.skip();
    model_.accounts.back().type = *type;
    finish(model_.accounts.back().phrase);
}

void LineParser::transaction() {
    block_ = -1;
    std::string_view const usage =
        "write 'transaction NAME payer debits A payee credits B'; one that moves no cash names all "
        "four: payer debits A credits B payee debits C credits D";
    cursor_.skip();
    Transaction transaction;
    TransactionNames accounts;
    transaction.where = cursor_.where();
    transaction.name = cursor_.take_any_name("the name of a transaction", usage);
    auto const take_account = [&](std::size_t i) {
        accounts.wheres[i] = cursor_.where();
        accounts.names[i] = cursor_.take_name("the name of an account", usage);
    };
    cursor_.expect("payer", usage);
    cursor_.expect("debits", usage);
    take_account(0);
    transaction.moves_cash = !cursor_.accept("credits");
    if (!transaction.moves_cash) take_account(1);
    cursor_.expect("payee", usage);
    if (!transaction.moves_cash) {
        cursor_.expect("debits", usage);
        take_account(2);
    }
    cursor_.expect("credits", usage);
    take_account(3);
    model_.transactions.push_back(transaction);
    draft_.transactions.push_back(accounts);
    finish(model_.transactions.back().phrase);
}

void LineParser::sector() {
    block_ = -1;
    cursor_.skip();
    Sector sector;
    sector.where = cursor_.where();
    sector.name = cursor_.take_name("the name of a sector", "write 'sector NAME'");
    model_.sectors.push_back(sector);
    finish(model_.sectors.back().phrase);
}

/// Opens a block at its name, so that what follows lands there even when the rest of the header is
/// wrong.
void LineParser::kind() {
    cursor_.skip();
    Block block;
    block.type = BlockType::kind;
    block.where = cursor_.where();
    block_ = -1;
    block.name =
        cursor_.take_name("the name of a kind", "write 'kind NAME', or 'kind NAME extends KIND'");
    model_.blocks.push_back(std::move(block));
    block_ = static_cast<int>(model_.blocks.size()) - 1;
    Block& open = this->block();
    extends(open);
    open.conduit = cursor_.accept("conduit");
    finish(open.phrase);
}

void LineParser::instrument() {
    cursor_.skip();
    Block block;
    block.type = BlockType::instrument;
    block.where = cursor_.where();
    block_ = -1;
    block.name = cursor_.take_name("the name of an instrument",
                                   "write 'instrument NAME (role: KIND, role: KIND)'");
    model_.blocks.push_back(std::move(block));
    block_ = static_cast<int>(model_.blocks.size()) - 1;
    Block& open = this->block();
    if (cursor_.peek() == "(") roles(open);
    extends(open);
    if (open.roles.empty() && open.extends_name.empty())
        cursor_.complain(open.where, "instrument " + quoted(open.name) + " has no roles",
                         "say who takes part: instrument NAME (lender: firm, borrower: firm)");
    finish(open.phrase);
}

void LineParser::extends(Block& block) {
    if (!cursor_.accept("extends")) return;
    block.extends_where = cursor_.where();
    block.extends_name = cursor_.take_name("the name of what is extended");
}

void LineParser::roles(Block& block) {
    std::string_view const usage = "write 'instrument NAME (role: KIND, role: KIND)'";
    cursor_.skip();
    if (cursor_.accept(")")) return;
    do {
        Role role;
        role.where = cursor_.where();
        role.name = cursor_.take_name("the name of a role", usage);
        cursor_.expect(":", usage);
        role.kind_where = cursor_.where();
        role.kind = cursor_.take_name("the kind of a role", usage);
        block.roles.push_back(role);
        if (block.roles.size() > most_members)
            cursor_.fail(role.where, "more than 100 roles", "split the instrument");
    } while (cursor_.accept(","));
    cursor_.expect(")", usage);
}

void LineParser::model_block() {
    block_ = 0;
    if (block().where.text < 0) block().where = cursor_.where();
    cursor_.skip();
    std::string text;
    text = phrase();
    phrase_ = &block().phrase;
    if (!text.empty()) *phrase_ += (phrase_->empty() ? "" : " ") + text;
    cursor_.expect_end();
}

void LineParser::parameter() {
    cursor_.skip();
    Parameter parameter;
    parameter.where = cursor_.where();
    parameter.name =
        cursor_.take_name("the name of a parameter", "write 'param NAME : unit = default'");
    // Declared before the rest is read: a fault there makes no unknown name elsewhere.
    block().parameters.push_back(std::move(parameter));
    Parameter& declared = block().parameters.back();
    if (cursor_.accept("[")) {
        cursor_.expect("]", "a table is written 'param NAME[] : {field: unit, …}'");
        table(declared);
    } else {
        if (cursor_.accept(":")) parameter_type(declared);
        if (cursor_.accept("=")) declared.fallback = expression();
    }
    finish(declared.phrase);
}

/// A unit, `date`, or the words it may hold.
void LineParser::parameter_type(Parameter& parameter) {
    if (cursor_.accept("date")) {
        parameter.is_date = true;
    } else if (cursor_.next_is(TokenType::word) && cursor_.peek(1) == "|") {
        words(parameter);
    } else {
        parameter.unit = take_declared_unit(cursor_, model_.units);
    }
}

void LineParser::words(Parameter& parameter) {
    do {
        Span const where = cursor_.where();
        std::string const word = cursor_.take_name("a word of a parameter");
        for (auto const& known : parameter.words)
            if (known == word)
                cursor_.fail(where, "the word " + quoted(word) + " stands here twice");
        parameter.words.push_back(word);
        if (parameter.words.size() > most_members)
            cursor_.fail(where, "more than 100 words", "split the parameter");
    } while (cursor_.accept("|"));
}

void LineParser::table(Parameter& parameter) {
    std::string_view const usage = "write 'param NAME[] : {field: unit, field: unit}'";
    parameter.is_table = true;
    cursor_.expect(":", usage);
    cursor_.expect("{", usage);
    do {
        Parameter field;
        field.where = cursor_.where();
        field.name = cursor_.take_name("the name of a field", usage);
        for (auto const& known : parameter.fields)
            if (known.name == field.name)
                cursor_.fail(field.where, "the field " + quoted(field.name) + " stands here twice");
        if (cursor_.accept(":")) parameter_type(field);
        if (cursor_.accept("=")) field.fallback = expression();
        parameter.fields.push_back(field);
        if (parameter.fields.size() > most_members)
            cursor_.fail(field.where, "more than 100 fields", "split the table");
    } while (cursor_.accept(","));
    cursor_.expect("}", usage);
}

void LineParser::shock() {
    cursor_.skip();
    Variable variable;
    variable.is_shock = true;
    variable.where = cursor_.where();
    variable.name = cursor_.take_name("the name of a shock",
                                      "write 'shock NAME ~ normal(mean, standard deviation)'");
    block().variables.push_back(std::move(variable));
    Variable& declared = block().variables.back();
    if (cursor_.accept(":")) declared.unit = take_declared_unit(cursor_, model_.units);
    cursor_.expect("~", "write 'shock NAME ~ normal(mean, standard deviation)'");
    distribution(declared);
    finish(declared.phrase);
}

void LineParser::distribution(Variable& variable) {
    Span const at = cursor_.where();
    auto const* word = std::find_if(std::begin(distribution_words), std::end(distribution_words),
                                    [&](auto const& row) { return row.name == cursor_.peek(); });
    if (word == std::end(distribution_words))
        cursor_.fail(at, "expected a distribution, found " + cursor_.found(),
                     "normal lognormal uniform triangular pert bernoulli discrete");
    std::string const usage = "write " + std::string(word->usage);
    cursor_.skip();
    cursor_.expect("(", usage);
    Distribution result{word->shape, {}};
    std::optional<Unit> unit = variable.unit;
    if (word->shape == Shape::bernoulli && !unit) unit = Unit{};
    do {
        Span const where = cursor_.where();
        Number const number = ExpressionParser(cursor_, model_, draft_.known).read_signed_number();
        bool const weight = word->shape == Shape::discrete && result.parameters.size() % 2 == 1;
        bool const plain = weight || word->shape == Shape::bernoulli;
        bool const zero = number.bare && !(number.value < 0) && !(number.value > 0);
        if (!plain && !zero && !unit) unit = Unit{number.unit.powers, 1};
        Unit const wanted = plain || !unit ? Unit{} : *unit;
        if (!zero && model_.declares_units && !number.unit.same_dimension(wanted))
            cursor_.fail(cursor_.from(where), "this is " + quoted(print_dimension(number.unit)) +
                                                  " where " + quoted(print_dimension(wanted)) +
                                                  " is wanted");
        result.parameters.push_back(number.value);
        if (result.parameters.size() > word->most) break;
    } while (cursor_.accept(","));
    if (result.parameters.size() < word->least || result.parameters.size() > word->most)
        cursor_.fail(at, "wrong number of values for " + quoted(word->name), usage);
    cursor_.expect(")", usage);
    if (std::string const fault = distribution_fault(result); !fault.empty())
        cursor_.fail(cursor_.from(at), fault, usage);
    variable.shock = result;
    if (!variable.unit) variable.unit = unit.value_or(Unit{});
}

/// `NAME [: unit] = expression [, start expression]`.
void LineParser::variable(bool replaces) {
    if (replaces) cursor_.skip();
    Variable variable;
    variable.replaces = replaces;
    variable.where = cursor_.where();
    variable.name = cursor_.take_name("the name of a variable");
    block().variables.push_back(std::move(variable));
    Variable& declared = block().variables.back();
    if (cursor_.accept(":")) {
        if (cursor_.accept("date"))
            declared.unit = Unit{{{"date", 1}}, 1};
        else
            declared.unit = take_declared_unit(cursor_, model_.units);
    }
    cursor_.expect("=", "a variable is written 'NAME = expression'");
    declared.value = expression();
    if (cursor_.accept(",")) {
        cursor_.expect("start",
                       "behind a comma stands 'start' and the value before the first step");
        declared.start = expression();
    }
    finish(declared.phrase);
}

} // namespace perpetuum::grammar
