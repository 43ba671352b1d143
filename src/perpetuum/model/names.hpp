#pragma once
// Finding names fast while a whole model is checked; the door's find_symbol looks through the
// declarations instead.

#include <perpetuum/model.hpp>

#include <unordered_map>

namespace perpetuum::grammar {

constexpr int longest_descent = 50; ///< how often extends may follow extends

/// "did you mean", for the first faults only: each reads all names.
class Suggestions {
  public:
    /// `candidates` is only asked while hints are left.
    template <class Candidates>
    std::string hint(std::string_view name, Candidates candidates, std::string otherwise = {}) {
        if (left_ <= 0) return otherwise;
        --left_;
        auto const near = nearest(name, candidates());
        return near ? "did you mean '" + *near + "'?" : otherwise;
    }

  private:
    int left_ = 50;
};
template <class Items>
std::vector<std::string> names_of_all(Items const& items) {
    std::vector<std::string> names;
    for (auto const& item : items)
        if (!item.name.empty()) names.push_back(item.name);
    return names;
}

/// A block's own or inherited member, its built-ins, accounts, self; nothing of `model`.
class Names {
  public:
    /// With an index a look-up costs the length of the descent; without, all declarations of the
    /// blocks.
    Names(Model const& model, bool indexed);

    Symbol member(int block, std::string_view name) const;
    /// member, else of `model`, else a sector.
    Symbol find(int block, std::string_view name) const;
    int block(std::string_view name) const;
    int account(std::string_view name) const;
    int transaction(std::string_view name) const;
    int sector(std::string_view name) const;
    Model const& model() const { return model_; }
    /// How many different names the own members of a block have; of an index only.
    std::size_t own_names(int block) const { return own_names_[static_cast<std::size_t>(block)]; }
    /// Every name that could be meant in a block, for "did you mean".
    std::vector<std::string> candidates(int block, bool with_model) const;

  private:
    Symbol own(int block, std::string_view name, std::size_t hash) const;
    void index_members();
    void put(Symbol const& symbol, std::string_view name);
    /// The slot of a block's own member, or the free one where it would stand.
    std::size_t slot_of(int block, std::string_view name, std::size_t hash) const;
    static std::size_t hash_of(std::string_view name) {
        return std::hash<std::string_view>{}(name);
    }

    template <class Value>
    using Index = std::unordered_map<std::string_view, Value>; ///< the names are the model's

    Model const& model_;
    bool indexed_;
    /// The own members of all blocks in one table with open addressing: a name is hashed once for
    /// all blocks of a descent.
    struct Member {
        std::size_t hash = 0;
        std::string_view name;
        Symbol symbol;
    };
    std::vector<Member> members_;
    std::vector<int> slots_; ///< numbers of members; -1: free
    std::vector<std::size_t> own_names_;
    Index<int> blocks_, accounts_, transactions_, sectors_;
};

} // namespace perpetuum::grammar
