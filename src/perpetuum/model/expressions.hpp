#pragma once
// Expressions: recursive descent over the grammar of the handbook, one function a level of
// precedence.

#include <perpetuum/model.hpp>
#include <perpetuum/model/cursor.hpp>
#include <perpetuum/model/words.hpp>

#include <set>

namespace perpetuum::grammar {

/// What has to be known of the whole model before one expression can be read.
struct KnownWords {
    std::set<std::string, std::less<>> selectable; ///< kinds and instruments
    std::set<std::string, std::less<>> tables;     ///< parameters declared with []
};

class ExpressionParser {
  public:
    ExpressionParser(Cursor& cursor, Model& model, KnownWords const& known)
        : cursor_(cursor), model_(model), known_(known), first_(model.expressions.size()) {}

    ExpressionId read();
    /// A number with sign, magnitude and unit, as in the arguments of a distribution.
    Number read_signed_number();

  private:
    ExpressionId disjunction();
    ExpressionId conjunction();
    ExpressionId negation();
    ExpressionId comparison();
    ExpressionId sum();
    ExpressionId product();
    ExpressionId sign();
    ExpressionId power();
    ExpressionId primary();
    ExpressionId parenthesis();
    ExpressionId choice();
    ExpressionId date();
    ExpressionId number();
    ExpressionId function(FunctionWord const& word);
    void refuse_negative(ExpressionId time, FunctionWord const& word);
    ExpressionId name();
    int lag();

    bool aggregate_ahead() const;
    ExpressionId aggregate(Gather gather);
    void selection(Aggregate& aggregate);
    ExpressionId body();

    Number take_number();
    double take_value();
    bool unit_ahead() const;

    /// Counts brackets and the like for as long as it lives.
    struct Nested {
        explicit Nested(ExpressionParser& owner);
        ~Nested();
        Nested(Nested const&) = delete;
        Nested& operator=(Nested const&) = delete;
        ExpressionParser& parser;
    };
    ExpressionId add(ExpressionNode&& node, Span where, int depth);
    ExpressionId apply(Operation operation, std::vector<ExpressionId> arguments, Span where,
                       Span operator_where);
    int depth_of(ExpressionId id) const;
    Span where_of(ExpressionId id) const {
        return model_.expressions[static_cast<std::size_t>(id)].where;
    }

    Cursor& cursor_;
    Model& model_;
    KnownWords const& known_;
    std::size_t first_;
    std::vector<int> depths_; ///< of model_.expressions[first_ …]
    int nesting_ = 0;
};

/// The unit that begins here (after ':' or a number), by adjacent tokens.
std::string_view take_unit_text(Cursor& cursor, Units const& units);
/// The unit of a declaration; fails where it is none.
Unit take_declared_unit(Cursor& cursor, Units const& units);

} // namespace perpetuum::grammar
