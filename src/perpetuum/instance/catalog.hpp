#pragma once
/// What is looked up again and again while a book and a model become a system, found once: the
/// model's names and members, the book's ids. Everything else would be searched once an instance,
/// which is quadratic.

#include <perpetuum/book.hpp>
#include <perpetuum/model.hpp>

#include "numbers.hpp"
#include "words.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace perpetuum::instancing {

/// Own and inherited members of a block, as (block, index), ancestors first.
using MemberList = std::vector<std::pair<int, int>>;

class Catalog {
  public:
    /// The book and the model must outlive it.
    Catalog(Book const& book, Model const& model);

    Words words;
    MemberList const& parameters(int block);
    MemberList const& variables(int block);
    MemberList const& statements(int block);
    /// What a bare name means in a block: find_symbol, remembered.
    Symbol symbol(int block, Word name);
    int account(std::string_view name) const;     ///< -1 when unknown
    int transaction(std::string_view name) const; ///< -1 when unknown
    int block(std::string_view name) const;       ///< -1 when unknown
    /// Whether what is paid under this expression is an amount per time.
    bool per_time(ExpressionId expression, int block);
    /// The expression as text again.
    std::string const& text(ExpressionId expression);
    Unit const& unit_of_variable(int block, int index);
    Unit const& unit_of_parameter(int block, int index);

    Entity const* entity(std::string_view id) const; ///< null when unknown
    Deal const* deal(std::string_view id) const;     ///< null when unknown

  private:
    struct Members {
        std::optional<MemberList> parameters, variables, statements;
    };
    Model const& model_;
    std::vector<Members> members_;
    Numbers<std::uint64_t> symbol_numbers_; ///< into symbols_, by block and word
    std::vector<Symbol> symbols_;
    std::unordered_map<std::string_view, int> accounts_, transactions_, blocks_;
    std::unordered_map<std::string_view, Entity const*> entities_;
    std::unordered_map<std::string_view, Deal const*> deals_;
    Numbers<std::uint64_t> per_time_; ///< by expression and block: 1 if it is
    std::unordered_map<ExpressionId, std::string> texts_;
    /// By block and index.
    std::vector<std::vector<std::optional<Unit>>> variable_units_, parameter_units_;
};

} // namespace perpetuum::instancing
