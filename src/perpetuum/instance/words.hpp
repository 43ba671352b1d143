#pragma once
/// The words of a model's names as numbers, so that a name that is read for every instance is found
/// without looking at its letters again.

#include <perpetuum/model.hpp>

#include "numbers.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace perpetuum::instancing {

using Word = int;

/// Words that mean something by themselves; totals are in the order of their letters.
enum KnownWord : Word {
    word_assets,
    word_dues_in,
    word_dues_out,
    word_liabilities,
    word_net_worth,
    word_profit,
    word_self,
    word_it,
    word_unpaid,
    word_step,
    word_time,
    word_live,
    word_defaulted,
};

/// A name of the texts: `parts` words from the place `first` of the list of all paths on.
struct Path {
    int first = 0, parts = 0, lag = 0;
    Span where; ///< of its first part
};

class Words {
  public:
    /// Numbers all names of the model's expressions; the model must outlive it.
    explicit Words(Model const& model);

    Word number(std::string_view text);
    /// Good until the next new word.
    std::string_view text(Word word) const { return texts_[static_cast<std::size_t>(word)]; }
    Word part(Path const& path, int i) const {
        return parts_[static_cast<std::size_t>(path.first + i)];
    }
    Word last(Path const& path) const { return part(path, path.parts - 1); }
    /// Of an expression that is a name, or a sum (over what it goes).
    Path const& of(ExpressionId expression) const {
        return paths_[static_cast<std::size_t>(path_of_[static_cast<std::size_t>(expression)])];
    }
    /// A path for the time being; paths are left in the reverse order in which they were entered.
    Path enter(std::vector<std::string> const& parts);
    void leave(Path const& path) { parts_.resize(static_cast<std::size_t>(path.first)); }

  private:
    std::vector<std::string> texts_;
    std::vector<int> places_; ///< open addressing over texts_; a power of two, −1 free
    std::vector<Word> parts_; ///< of all paths, one after another
    std::vector<Path> paths_;
    std::vector<int> path_of_; ///< by expression; −1: no name
};

} // namespace perpetuum::instancing
