#pragma once
// Statements: each line of a text into its declaration. Names are kept as text; link.cpp turns them
// into numbers.

#include <perpetuum/model/expressions.hpp>

namespace perpetuum::grammar {

/// A transaction's accounts by name, in the order payer debits, payer credits, payee debits, payee
/// credits.
struct TransactionNames {
    std::array<std::string, 4> names;
    std::array<Span, 4> wheres;
};
/// What is only needed until names are linked.
struct Draft {
    std::vector<TransactionNames> transactions; ///< parallel to Model::transactions
    KnownWords known;
    bool money_declared = false;
    int declarations = 0;
};

/// `money` and `unit` lines of all texts, wherever they stand; names of kinds, instruments and
/// tables.
void read_headers(std::vector<TokenizedText> const& texts, Model& model, Draft& draft,
                  Diagnostics& diagnostics);
/// Everything else of one text, appended to the model.
void read_text(TokenizedText const& text, Model& model, Draft& draft, Diagnostics& diagnostics);

class LineParser {
  public:
    LineParser(Cursor& cursor, Model& model, Draft& draft, int& block, std::string*& phrase)
        : cursor_(cursor), model_(model), draft_(draft), block_(block), phrase_(phrase) {}
    void read();

  private:
    // declarations.cpp
    void documentation_line();
    void account();
    void transaction();
    void sector();
    void kind();
    void instrument();
    void model_block();
    void extends(Block& block);
    void roles(Block& block);
    void parameter();
    void parameter_type(Parameter& parameter);
    void words(Parameter& parameter);
    void table(Parameter& parameter);
    void shock();
    void distribution(Variable& variable);
    void variable(bool replaces);

    // schedules.cpp
    void schedule();
    void loan_terms(LoanSchedule& schedule);
    void loan_term(LoanSchedule& schedule);
    LoanTerm take_loan_term(std::size_t place);
    void take_loan_word(LoanTerm& term, std::vector<std::string_view> const& words);

    // statements.cpp
    void named_or_variable();
    void statement();
    void statement_body(Statement& statement);
    void flow(Statement& statement, StatementType type);
    void guarantee(Statement& statement);
    void entry(Statement& statement);
    void mark(Statement& statement);
    void ends(Statement& statement);
    void default_rule(Statement& statement);
    void remedy(Statement& statement);
    void expectation(Statement& statement);
    void flow_tail(Statement& statement);
    Party party(std::string_view what, std::string_view usage);
    std::string transaction_name();

    ExpressionId expression();
    std::string phrase();
    void finish(std::string& phrase);
    Block& block();
    void count_declaration(Span where);

    Cursor& cursor_;
    Model& model_;
    Draft& draft_;
    int& block_;           ///< the block that is open; -1 before the first
    std::string*& phrase_; ///< of the last declaration: a line of its own with a string goes there
};

} // namespace perpetuum::grammar
