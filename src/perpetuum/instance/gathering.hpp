#pragma once
/// What a selection comes to: a sum, count, mean, least or greatest over its members, built once and
/// shared by all who ask, also by those who leave somebody out.
///
/// Members are joined in pairs in the book's order, pairs in pairs, and so on: rounding grows with
/// the logarithm of their number, and the order rests on nothing but the book.

#include <perpetuum/instance.hpp>

#include "numbers.hpp"

#include <cstdint>
#include <vector>

namespace perpetuum::instancing {

class Builder;

/// What some of the members come to. Both −1: nobody.
struct Gathered {
    NodeId count = -1; ///< how many count (mean, count); whether any does (min, max)
    NodeId value = -1; ///< their sum, least or greatest
    bool nobody() const { return count < 0 && value < 0; }
};

/// One member: `mask` is 1 where it counts, `body` what is asked of it (−1 for count).
Gathered gathered_member(Builder& builder, Gather how, NodeId mask, NodeId body);
/// The answer; `otherwise` is that of nobody.
NodeId gathered_answer(Builder& builder, Gather how, Gathered all, NodeId otherwise);

class GatherTree {
  public:
    GatherTree(Builder& builder, Gather how, std::vector<Gathered> members);

    Gathered all() const { return places_.back(); }
    /// All but one; in all, over every member, about two joinings a member.
    Gathered without(Builder& builder, std::size_t member);
    /// All but some, in rising order; each costs about the logarithm of the number of members.
    Gathered without(Builder& builder, std::vector<std::size_t> const& members) const;

  private:
    struct Rest {
        bool known = false;
        Gathered of; ///< of all members but those below a place
    };
    /// `begin` and `size` of the level that the place is in.
    Gathered rest(Builder& builder, std::size_t begin, std::size_t size, std::size_t place);

    Gather how_;
    std::size_t members_ = 0;
    std::vector<Gathered> places_; ///< members, pairs, …, all, level after level; never empty
    std::vector<Rest> rests_;      ///< as places_, made when first asked for
};

/// Trees by the sum that they are of and by who stands in the roles it asks for.
class SharedTrees {
  public:
    using Key = std::vector<std::uint64_t>; ///< owner codes
    /// Null where there is none; good until the next is added.
    GatherTree* find(ExpressionId sum, Key const& key);
    GatherTree& add(ExpressionId sum, Key key, GatherTree tree);

  private:
    struct Shared {
        ExpressionId sum = -1;
        Key key;
        GatherTree tree;
        int next = -1; ///< of the same hash
    };
    static std::uint64_t hash_of(ExpressionId sum, Key const& key);

    std::vector<Shared> trees_;
    Numbers<std::uint64_t> first_; ///< by hash
};

} // namespace perpetuum::instancing
