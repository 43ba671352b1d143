#pragma once
/// Words of an output or a variation, with their places, and what they name.

#include <perpetuum/study.hpp>

#include <perpetuum/book.hpp>
#include <perpetuum/ledger.hpp>

namespace perpetuum {

/// A text of the command line, word by word.
class Words {
  public:
    Words(std::string const& option, std::string const& text, Diagnostics& diagnostics);
    std::size_t count() const { return words_.size(); }
    std::string const& operator[](std::size_t i) const { return words_[i]; }
    bool is(std::size_t i, char const* word) const { return i < count() && words_[i] == word; }
    /// From word i to the end of word j.
    Span span(std::size_t i, std::size_t j) const;
    std::string text(std::size_t i, std::size_t j) const; ///< words [i, j), joined by blanks
    /// Adds an error at words [i, j); always false.
    bool refuse(std::size_t i, std::size_t j, std::string message, std::string hint = {}) const;
    Diagnostics& diagnostics() const { return diagnostics_; }

  private:
    Diagnostics& diagnostics_;
    int number_;
    std::vector<std::string> words_;
    std::vector<std::uint32_t> begins_;
};

/// A number with its unit, in base units: words [i, j). Nothing with an error.
std::optional<Figure> figure_of(Words const& words, std::size_t i, std::size_t j);
/// Steps of a period, or one step by its number. False with an error.
bool steps_named(System const& system, Words const& words, std::size_t i, int& first, int& last);

} // namespace perpetuum
