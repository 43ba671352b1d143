// Sums over a selection. What means the same for all who ask is built once, as a tree of pairs that
// they share; who leaves itself out takes the rest of that tree; who asks by role looks at its own.

#include "builder.hpp"

#include <algorithm>
#include <utility>

namespace perpetuum::instancing {

namespace {

/// Who an asker's brackets are about.
struct Chosen {
    SharedTrees::Key key;                ///< who stands in the roles asked for
    bool all = true;                     ///< all that are selected: `members` is empty
    std::vector<std::size_t> members;    ///< else their places among the selected, rising
    std::vector<std::size_t> left_out;   ///< which of these, by place, rising
    std::vector<ExpressionId> undecided; ///< conditions that the roles do not decide after all

    std::size_t member(std::size_t i) const { return all ? i : members[i]; }
};

void keep_common(std::vector<std::size_t>& members, std::vector<std::size_t> const& others) {
    std::vector<std::size_t> common;
    std::set_intersection(members.begin(), members.end(), others.begin(), others.end(),
                          std::back_inserter(common));
    members = std::move(common);
}

/// Of those that are left out, the places among the members.
void find_left_out(Chosen& chosen, std::vector<std::size_t> without) {
    std::sort(without.begin(), without.end());
    without.erase(std::unique(without.begin(), without.end()), without.end());
    if (chosen.all) {
        chosen.left_out = std::move(without);
        return;
    }
    for (std::size_t const member : without) {
        auto const place = std::lower_bound(chosen.members.begin(), chosen.members.end(), member);
        if (place != chosen.members.end() && *place == member)
            chosen.left_out.push_back(static_cast<std::size_t>(place - chosen.members.begin()));
    }
}

Chosen chosen_by(Builder& b, Selector const& selector, Scope const& scope) {
    Chosen chosen;
    std::vector<std::size_t> without;
    static std::vector<std::size_t> const nobody;
    for (Tie const& tie : selector.ties) {
        Meaning const party = b.look_up(tie.outer, scope);
        if (party.is != Meaning::Is::entity && party.is != Meaning::Is::contract) {
            chosen.undecided.push_back(tie.condition);
            continue;
        }
        auto const& index = tie.inner->members;
        auto const found = index.find(owner_code(party.owner));
        auto const& members = found == index.end() ? nobody : found->second;
        if (!tie.equal) {
            without.insert(without.end(), members.begin(), members.end());
            continue;
        }
        chosen.key.push_back(owner_code(party.owner));
        if (std::exchange(chosen.all, false))
            chosen.members = members;
        else
            keep_common(chosen.members, members);
    }
    find_left_out(chosen, std::move(without));
    return chosen;
}

/// What one of the selected comes to; nobody where a condition fails by names alone.
Gathered member_of(Builder& b, Aggregate const& aggregate,
                   std::vector<ExpressionId> const& conditions, NodeId live, Scope const& inner) {
    NodeId holds = -1;
    for (ExpressionId const condition : conditions) {
        NodeId const one = b.compile(condition, inner);
        Node const& node = b.system.nodes[static_cast<std::size_t>(one)];
        if (node.op == NodeOp::constant && node.value == 0) return {};
        if (node.op == NodeOp::constant) continue;
        holds = holds < 0 ? one : b.make(NodeOp::conjunction, holds, one);
    }
    NodeId const mask = holds < 0 ? live : b.make(NodeOp::conjunction, holds, live);
    NodeId const body = aggregate.body >= 0 ? b.compile(aggregate.body, inner) : -1;
    return gathered_member(b, aggregate.gather, mask, body);
}

} // namespace

Gathered Builder::aggregate_all(ExpressionId id, Aggregate const& aggregate, Scope const& scope) {
    int const block = catalog.block(aggregate.over[0]);
    Selector const& conditions = selector(id, block);
    Chosen chosen = chosen_by(*this, conditions, scope);
    auto const answer = [&](GatherTree& tree) {
        if (chosen.left_out.empty()) return tree.all();
        return chosen.left_out.size() == 1 ? tree.without(*this, chosen.left_out[0])
                                           : tree.without(*this, chosen.left_out);
    };
    bool const may_share = chosen.undecided.empty() && !unshared_.contains(id);
    if (may_share)
        if (GatherTree* const known = shared_.find(id, chosen.key)) return answer(*known);

    std::vector<ExpressionId> rest = conditions.rest;
    rest.insert(rest.end(), chosen.undecided.begin(), chosen.undecided.end());
    auto const& owners = selected(block);
    std::vector<Gathered> members(chosen.all ? owners.size() : chosen.members.size());
    int const before = std::exchange(touched, untouched);
    for (std::size_t i = 0, out = 0; i < members.size(); ++i) {
        bool const left_out = out < chosen.left_out.size() && chosen.left_out[out] == i;
        out += left_out;
        if (left_out && !may_share) continue;
        Owner const owner = owners[chosen.member(i)];
        Scope inner = scope_of(owner, block);
        inner.outer = &scope;
        inner.depth = scope.depth + 1;
        NodeId const live = aggregate.all ? constant(1) : lives(owner);
        members[i] = member_of(*this, aggregate, rest, live, inner);
    }
    bool const same_for_all = touched > scope.depth;
    touched = std::min(before, touched);
    if (may_share && same_for_all) {
        GatherTree tree(*this, aggregate.gather, std::move(members));
        return answer(shared_.add(id, std::move(chosen.key), std::move(tree)));
    }
    if (!same_for_all) unshared_.insert(id);
    for (std::size_t const place : chosen.left_out) members[place] = {};
    return GatherTree(*this, aggregate.gather, std::move(members)).all();
}

NodeId Builder::aggregate_rows(ExpressionId id, Span where, Scope const& scope) {
    auto const& aggregate =
        std::get<Aggregate>(model.expressions[static_cast<std::size_t>(id)].node);
    Meaning const table = look_up(catalog.words.of(id), scope);
    if (table.is != Meaning::Is::table) {
        diagnostics.error(where, "this sum goes over nothing known",
                          "name a kind, an instrument, or a table parameter");
        return -1;
    }
    std::vector<ExpressionId> conditions;
    if (aggregate.filter >= 0) conditions.push_back(aggregate.filter);
    std::vector<Gathered> members;
    for (int row = 0; row < rows_of(table.owner, table.block, table.index); ++row) {
        Scope inner = scope_of(table.owner, table.block);
        inner.outer = &scope;
        inner.depth = scope.depth + 1;
        inner.table_index = table.index;
        inner.table_block = table.block;
        inner.row = row;
        members.push_back(member_of(*this, aggregate, conditions, constant(1), inner));
    }
    NodeId const otherwise =
        aggregate.otherwise >= 0 ? compile(aggregate.otherwise, scope) : constant(0);
    GatherTree const tree(*this, aggregate.gather, std::move(members));
    return gathered_answer(*this, aggregate.gather, tree.all(), otherwise);
}

NodeId Builder::compile_aggregate(ExpressionId id, Span where, Scope const& scope) {
    auto const& aggregate =
        std::get<Aggregate>(model.expressions[static_cast<std::size_t>(id)].node);
    bool const of_kind = aggregate.over.size() == 1 && catalog.block(aggregate.over[0]) > 0;
    if (!of_kind) {
        NodeId const rows = aggregate_rows(id, where, scope);
        return rows < 0 ? constant(0) : rows;
    }
    NodeId const otherwise =
        aggregate.otherwise >= 0 ? compile(aggregate.otherwise, scope) : constant(0);
    return gathered_answer(*this, aggregate.gather, aggregate_all(id, aggregate, scope), otherwise);
}

} // namespace perpetuum::instancing
