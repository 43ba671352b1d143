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

GatherTree::GatherTree(Builder& b, Gather how, std::vector<Gathered> members) : how_(how) {
    if (members.empty()) members.emplace_back();
    levels_.push_back(std::move(members));
    while (levels_.back().size() > 1) {
        auto const& below = levels_.back();
        std::vector<Gathered> level;
        level.reserve((below.size() + 1) / 2);
        for (std::size_t i = 0; i < below.size(); i += 2)
            level.push_back(i + 1 < below.size() ? joined(b, how_, below[i], below[i + 1])
                                                 : below[i]);
        levels_.push_back(std::move(level));
    }
}

Gathered GatherTree::rest(Builder& b, std::size_t level, std::size_t place) {
    if (level + 1 >= levels_.size()) return {};
    Rest& kept = rests_[level][place];
    if (kept.known) return kept.of;
    Gathered result = rest(b, level + 1, place / 2);
    std::size_t const other = place ^ 1;
    if (other < levels_[level].size()) result = joined(b, how_, result, levels_[level][other]);
    kept = {true, result};
    return result;
}

Gathered GatherTree::without(Builder& b, std::size_t member) {
    if (rests_.empty())
        for (auto const& level : levels_) rests_.emplace_back(level.size());
    return rest(b, 0, member);
}

Gathered GatherTree::without(Builder& b, std::vector<std::size_t> const& members) const {
    std::vector<std::pair<std::size_t, Gathered>> holes, next;
    for (std::size_t const member : members) holes.emplace_back(member, Gathered{});
    for (std::size_t level = 0; level + 1 < levels_.size(); ++level) {
        auto const& row = levels_[level];
        next.clear();
        for (std::size_t i = 0; i < holes.size(); ++i) {
            auto const& [place, value] = holes[i];
            std::size_t const left = place & ~std::size_t{1}, right = left + 1;
            Gathered pair[2] = {row[left], right < row.size() ? row[right] : Gathered{}};
            pair[place - left] = value;
            if (place == left && i + 1 < holes.size() && holes[i + 1].first == right)
                pair[1] = holes[++i].second;
            next.emplace_back(left / 2, joined(b, how_, pair[0], pair[1]));
        }
        std::swap(holes, next);
    }
    return holes.empty() ? all() : holes[0].second;
}

} // namespace perpetuum::instancing
