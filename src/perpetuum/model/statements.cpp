// Lines that act: flows, bookings, life and death; and which line is read by whom.

#include <perpetuum/model/parser.hpp>

#include <algorithm>
#include <charconv>

namespace perpetuum::grammar {

namespace {

constexpr int most_faults = 200; ///< a text with more is not read on

constexpr std::string_view statement_begins[] = {"commit",    "transfer", "due",   "exchange",
                                                 "guarantee", "entry",    "mark",  "ends",
                                                 "default",   "on",       "expect"};

bool is_statement_word(std::string_view word) {
    return std::find(std::begin(statement_begins), std::end(statement_begins), word) !=
           std::end(statement_begins);
}

} // namespace

void LineParser::read() {
    if (cursor_.next_is(TokenType::string)) return documentation_line();
    if (!cursor_.next_is(TokenType::word))
        cursor_.fail(cursor_.where(), "a statement cannot begin with " + cursor_.found());
    std::string_view const word = cursor_.peek();
    if (is_header(word)) phrase_ = nullptr;
    count_declaration(cursor_.where());
    if (word == "money" || word == "unit") return void(block_ = -1); // read before
    if (word == "account") return account();
    if (word == "transaction") return transaction();
    if (word == "sector") return sector();
    if (word == "kind") return kind();
    if (word == "instrument") return instrument();
    if (word == "model") return model_block();
    if (block_ < 0)
        cursor_.fail(cursor_.where(), "this stands outside of any block",
                     "open one before it: kind NAME, instrument NAME (role: KIND) or model");
    if (word == "param") return parameter();
    if (word == "shock") return shock();
    if (word == "schedule") return schedule();
    if (word == "replace") return variable(true);
    if (is_statement_word(word) && (word != "on" || cursor_.peek(1) == "default"))
        return statement();
    named_or_variable();
}

void LineParser::named_or_variable() {
    bool const names_flow = cursor_.peek(1) == ":" && is_statement_word(cursor_.peek(2)) &&
                            (cursor_.peek(2) != "on" || cursor_.peek(3) == "default");
    if (names_flow) return statement();
    if (cursor_.peek() == "if" || (cursor_.peek(1) == ":" && cursor_.peek(2) == "if"))
        cursor_.fail(cursor_.where(), "a statement holds in every step",
                     "let its amount be none: transfer a -> b : if … then … else 0 as …");
    if (cursor_.peek(1) != "=" && cursor_.peek(1) != ":" && !is_reserved(cursor_.peek())) {
        std::string hint = "a variable is written 'NAME = expression'";
        auto const near =
            nearest(cursor_.peek(),
                    {"param", "shock", "replace", "commit", "transfer", "due", "exchange",
                     "guarantee", "entry", "mark", "ends", "default", "on", "expect", "schedule"});
        if (near && cursor_.next_is(TokenType::word, 1)) hint = "did you mean '" + *near + "'?";
        cursor_.fail(cursor_.where(),
                     quoted(printable(cursor_.peek(), 40)) + " begins no statement", hint);
    }
    variable(false);
}

void LineParser::statement() {
    Statement statement;
    Span const begin = cursor_.where();
    if (cursor_.peek(1) == ":") {
        statement.name = cursor_.take_name("the name of a flow");
        cursor_.skip();
        if (!is_flow_word(cursor_.peek()))
            cursor_.fail(begin, quoted(cursor_.peek()) + " has no name",
                         "only commit, transfer, due, exchange and guarantee are named");
    }
    statement.where = begin;
    try {
        statement_body(statement);
    } catch (StatementFault const&) {
        // Its name stays known, so that its uses are no faults of their own.
        statement.where = begin;
        if (!statement.name.empty()) block().statements.push_back(statement);
        throw;
    }
    statement.where = cursor_.from(begin);
    statement.phrase = phrase();
    cursor_.expect_end();
    block().statements.push_back(std::move(statement));
    phrase_ = &block().statements.back().phrase;
}

void LineParser::statement_body(Statement& statement) {
    std::string_view const word = cursor_.take();
    if (word == "commit") return flow(statement, StatementType::commit);
    if (word == "transfer") return flow(statement, StatementType::transfer);
    if (word == "due") return flow(statement, StatementType::due);
    if (word == "exchange") return flow(statement, StatementType::exchange);
    if (word == "guarantee") return guarantee(statement);
    if (word == "entry") return entry(statement);
    if (word == "mark") return mark(statement);
    if (word == "ends") return ends(statement);
    if (word == "default") return default_rule(statement);
    if (word == "on") return remedy(statement);
    expectation(statement);
}

/// `A -> B : amount as T [rank N] [till NAME]`.
void LineParser::flow(Statement& statement, StatementType type) {
    std::string_view const usage = "write 'transfer A -> B : amount as TRANSACTION'";
    statement.type = type;
    statement.from = party("who pays", usage);
    cursor_.expect("->", usage);
    statement.to = party("who is paid", usage);
    cursor_.expect(":", usage);
    statement.amount = expression();
    flow_tail(statement);
}

void LineParser::flow_tail(Statement& statement) {
    cursor_.expect("as", "say what it is booked as: amount as TRANSACTION");
    statement.transaction_where = cursor_.where();
    statement.transaction = transaction_name();
    Span const where = cursor_.where();
    bool const cash = statement.type == StatementType::transfer ||
                      statement.type == StatementType::due ||
                      statement.type == StatementType::guarantee;
    if (cursor_.accept("rank")) {
        if (!cash) cursor_.fail(where, "only what moves cash has a rank", "leave it away");
        Span const at = cursor_.where();
        std::string_view const digits = cursor_.next_is(TokenType::number) ? cursor_.take() : "";
        int rank = 0;
        auto const [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), rank);
        if (error != std::errc{} || end != digits.data() + digits.size() || rank < 1 || rank > 99)
            cursor_.fail(at, "a rank is a whole number from 1 to 99", "1 is served first");
        statement.rank = rank;
    }
    Span const till = cursor_.where();
    if (cursor_.accept("till")) {
        if (!cash || statement.type == StatementType::guarantee)
            cursor_.fail(till, "only a transfer or a due goes through a till", "leave it away");
        statement.till = cursor_.take_any_name(
            "the name of a till", "till NAME: what comes in there is spent from there first");
    }
}

std::string LineParser::transaction_name() {
    return cursor_.take_any_name("the name of a transaction",
                                 "say what it is booked as: amount as TRANSACTION");
}

/// `guarantee G covers DUE up to amount as T [rank N]`.
void LineParser::guarantee(Statement& statement) {
    std::string_view const usage = "write 'guarantee G covers DUE up to amount as TRANSACTION'";
    statement.type = StatementType::guarantee;
    statement.from = party("who guarantees", usage);
    cursor_.expect("covers", usage);
    statement.covers = party("the due that is covered", usage);
    cursor_.expect("up", usage);
    cursor_.expect("to", usage);
    statement.amount = expression();
    flow_tail(statement);
}

/// `entry E : amount debits A credits B`.
void LineParser::entry(Statement& statement) {
    std::string_view const usage = "write 'entry E : amount debits A credits B'";
    statement.type = StatementType::entry;
    statement.from = party("who books", usage);
    cursor_.expect(":", usage);
    statement.amount = expression();
    cursor_.expect("debits", usage);
    statement.debits_where = cursor_.where();
    statement.debits = cursor_.take_name("the name of an account", usage);
    cursor_.expect("credits", usage);
    statement.credits_where = cursor_.where();
    statement.credits = cursor_.take_name("the name of an account", usage);
}

/// `mark E : A to amount against B`.
void LineParser::mark(Statement& statement) {
    std::string_view const usage = "write 'mark E : ACCOUNT to amount against ACCOUNT'";
    statement.type = StatementType::mark;
    statement.from = party("who books", usage);
    cursor_.expect(":", usage);
    statement.debits_where = cursor_.where();
    statement.debits = cursor_.take_name("the name of an account", usage);
    cursor_.expect("to", usage);
    statement.amount = expression();
    cursor_.expect("against", usage);
    statement.credits_where = cursor_.where();
    statement.credits = cursor_.take_name("the name of an account", usage);
}

void LineParser::ends(Statement& statement) {
    statement.type = StatementType::ends_when;
    cursor_.expect("when", "write 'ends when condition'");
    if (block().type != BlockType::instrument)
        cursor_.complain(statement.where, "only a contract ends", "write this in an instrument");
    statement.amount = expression();
}

/// `default of E when condition`, `default of E loses SHARE to SECTOR as T`.
void LineParser::default_rule(Statement& statement) {
    std::string_view const usage =
        "write 'default of E when condition', or 'default of E loses SHARE "
        "to SECTOR as TRANSACTION'";
    cursor_.expect("of", usage);
    statement.from = party("who defaults", usage);
    if (cursor_.accept("when")) {
        statement.type = StatementType::default_when;
        statement.amount = expression();
        return;
    }
    statement.type = StatementType::default_loses;
    cursor_.expect("loses", usage);
    statement.amount = expression();
    cursor_.expect("to", usage);
    statement.to = party("who gets what is lost", usage);
    cursor_.expect("as", usage);
    statement.transaction_where = cursor_.where();
    statement.transaction = transaction_name();
}

/// `on default of E : statement`.
void LineParser::remedy(Statement& statement) {
    std::string_view const usage = "write 'on default of E : statement'";
    cursor_.expect("default", usage);
    cursor_.expect("of", usage);
    statement.on_default_of = party("whose default is meant", usage);
    cursor_.expect(":", usage);
    std::string_view const word = cursor_.peek();
    bool const books = word == "entry" || word == "mark";
    bool const flows = word == "transfer" || word == "due" || word == "exchange";
    if (!books && !flows)
        cursor_.fail(cursor_.where(), "a remedy cannot be " + cursor_.found(),
                     "transfer, due, exchange, entry or mark");
    if (books && !statement.name.empty())
        cursor_.fail(cursor_.where(), quoted(word) + " has no name", "leave the name away");
    statement_body(statement);
}

void LineParser::expectation(Statement& statement) {
    statement.type = StatementType::expect;
    statement.amount = expression();
}

/// `self`, `issuer`, `covered.buyer`.
Party LineParser::party(std::string_view what, std::string_view usage) {
    Party party;
    Span const begin = cursor_.where();
    do {
        if (party.parts.empty() && cursor_.peek() == "self")
            party.parts.emplace_back(cursor_.take());
        else
            party.parts.push_back(cursor_.take_name(what, usage));
        if (party.parts.size() > 20)
            cursor_.fail(cursor_.from(begin), "a name of more than 20 parts",
                         "a dot reaches through a role; no chain of roles is so long");
    } while (cursor_.accept("."));
    party.where = cursor_.from(begin);
    return party;
}

void read_text(TokenizedText const& text, Model& model, Draft& draft, Diagnostics& diagnostics) {
    int block = -1;
    std::string* phrase = nullptr;
    int const before = diagnostics.errors();
    for (auto const& line : text.lines) {
        Cursor cursor(text, line.first, line.last, line.broken, diagnostics);
        try {
            LineParser(cursor, model, draft, block, phrase).read();
        } catch (StatementFault const&) {
            phrase = nullptr;
        }
        if (diagnostics.errors() - before > most_faults) {
            diagnostics.note(text.span(line.first), "too many errors: the rest is not read");
            return;
        }
    }
}

} // namespace perpetuum::grammar
