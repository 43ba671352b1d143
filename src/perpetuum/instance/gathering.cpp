// A tree of pairs by levels. "All but me" goes from the top down: what is outside a pair, joined with
// its other half, is what is outside each half. Nothing is ever subtracted, so nothing cancels, and
// least and greatest work alike.

#include "gathering.hpp"

#include "builder.hpp"

#include <utility>

namespace perpetuum::instancing {

namespace {

Gathered joined(Builder& b, Gather how, Gathered left, Gathered right) {
    if (left.nobody()) return right;
    if (right.nobody()) return left;
    auto const add = [&](NodeId a, NodeId c) { return b.make(NodeOp::add, a, c); };
    switch (how) {
    case Gather::count:
        return {add(left.count, right.count), -1};
    case Gather::sum:
        return {-1, add(left.value, right.value)};
    case Gather::mean:
        return {add(left.count, right.count), add(left.value, right.value)};
    case Gather::minimum:
    case Gather::maximum:
        break;
    }
    auto const op = how == Gather::minimum ? NodeOp::minimum : NodeOp::maximum;
    NodeId const better = b.make(op, left.value, right.value);
    NodeId const value =
        b.make(NodeOp::choose, left.count, b.make(NodeOp::choose, right.count, better, left.value),
               right.value);
    return {b.make(NodeOp::disjunction, left.count, right.count), value};
}

} // namespace

Gathered gathered_member(Builder& b, Gather how, NodeId mask, NodeId body) {
    bool const counts = how != Gather::sum, adds = how == Gather::sum || how == Gather::mean;
    Gathered member;
    if (counts) member.count = mask;
    // Not mask × body: where it does not count, it may be anything, even not a number.
    if (adds) member.value = b.make(NodeOp::choose, mask, body, b.constant(0));
    if (how == Gather::minimum || how == Gather::maximum) member.value = body;
    return member;
}

NodeId gathered_answer(Builder& b, Gather how, Gathered all, NodeId otherwise) {
    if (all.nobody()) return how == Gather::sum || how == Gather::count ? b.constant(0) : otherwise;
    if (how == Gather::count) return all.count;
    if (how == Gather::sum) return all.value;
    if (how != Gather::mean) return b.make(NodeOp::choose, all.count, all.value, otherwise);
    NodeId const some = b.make(NodeOp::greater, all.count, b.constant(0));
    NodeId const divisor = b.make(NodeOp::maximum, all.count, b.constant(1));
    return b.make(NodeOp::choose, some, b.make(NodeOp::divide, all.value, divisor), otherwise);
}

GatherTree::GatherTree(Builder& b, Gather how, std::vector<Gathered> members)
    : how_(how), places_(std::move(members)) {
    if (places_.empty()) places_.emplace_back();
    members_ = places_.size();
    places_.reserve(2 * members_ + 32); // odd levels have a place more
    std::size_t begin = 0;
    for (std::size_t size = members_; size > 1; size = (size + 1) / 2) {
        for (std::size_t i = begin; i < begin + size; i += 2)
            places_.push_back(i + 1 < begin + size ? joined(b, how_, places_[i], places_[i + 1])
                                                   : places_[i]);
        begin += size;
    }
}

Gathered GatherTree::rest(Builder& b, std::size_t begin, std::size_t size, std::size_t place) {
    if (size <= 1) return {};
    if (rests_[begin + place].known) return rests_[begin + place].of;
    Gathered result = rest(b, begin + size, (size + 1) / 2, place / 2);
    std::size_t const other = place ^ 1;
    if (other < size) result = joined(b, how_, result, places_[begin + other]);
    rests_[begin + place] = {true, result};
    return result;
}

Gathered GatherTree::without(Builder& b, std::size_t member) {
    rests_.resize(places_.size());
    return rest(b, 0, members_, member);
}

Gathered GatherTree::without(Builder& b, std::vector<std::size_t> const& members) const {
    std::vector<std::pair<std::size_t, Gathered>> holes, next;
    for (std::size_t const member : members) holes.emplace_back(member, Gathered{});
    std::size_t begin = 0;
    for (std::size_t size = members_; size > 1; size = (size + 1) / 2) {
        next.clear();
        for (std::size_t i = 0; i < holes.size(); ++i) {
            auto const& [place, value] = holes[i];
            std::size_t const left = place & ~std::size_t{1}, right = left + 1;
            Gathered pair[2] = {places_[begin + left],
                                right < size ? places_[begin + right] : Gathered{}};
            pair[place - left] = value;
            if (place == left && i + 1 < holes.size() && holes[i + 1].first == right)
                pair[1] = holes[++i].second;
            next.emplace_back(left / 2, joined(b, how_, pair[0], pair[1]));
        }
        std::swap(holes, next);
        begin += size;
    }
    return holes.empty() ? all() : holes[0].second;
}

std::uint64_t SharedTrees::hash_of(ExpressionId sum, Key const& key) {
    std::uint64_t hash = spread(static_cast<std::uint64_t>(sum));
    for (std::uint64_t const code : key) hash = spread(hash ^ code);
    return hash;
}

GatherTree* SharedTrees::find(ExpressionId sum, Key const& key) {
    for (int at = first_.find(hash_of(sum, key)); at >= 0;
         at = trees_[static_cast<std::size_t>(at)].next) {
        Shared& shared = trees_[static_cast<std::size_t>(at)];
        if (shared.sum == sum && shared.key == key) return &shared.tree;
    }
    return nullptr;
}

GatherTree& SharedTrees::add(ExpressionId sum, Key key, GatherTree tree) {
    int const number = static_cast<int>(trees_.size());
    auto const [first, fresh] = first_.try_emplace(hash_of(sum, key), number);
    int const next = fresh ? -1 : std::exchange(first, number);
    return trees_.emplace_back(Shared{sum, std::move(key), std::move(tree), next}).tree;
}

} // namespace perpetuum::instancing
