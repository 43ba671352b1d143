/// Grassmann, Taksar & Heyman (1985) on rows that are mostly empty: a pivot is what still leaves its
/// row, so nothing is subtracted. First who is connected when his turn comes, then the numbers.

#include "sparse_elimination.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>
#include <utility>

namespace perpetuum {

namespace {

constexpr std::size_t most_pairs = 12'000'000;

std::size_t cell(int index) { return static_cast<std::size_t>(index); }

/// Turns, and by turn the nodes connected then; false when it fills up.
bool choose_order(std::size_t nodes, std::vector<ChainTerm> const& terms,
                  std::vector<std::size_t>& order, std::vector<std::vector<int>>& partners) {
    std::vector<std::unordered_set<int>> near(nodes);
    for (ChainTerm const& term : terms) {
        near[cell(term.row)].insert(term.column);
        near[cell(term.column)].insert(term.row);
    }
    std::set<std::pair<std::size_t, int>> waiting; // fewest partners, then by number
    for (std::size_t node = 0; node < nodes; ++node)
        waiting.emplace(near[node].size(), static_cast<int>(node));
    std::size_t pairs = 0;
    while (!waiting.empty()) {
        int const node = waiting.begin()->second;
        waiting.erase(waiting.begin());
        std::vector<int> group(near[cell(node)].begin(), near[cell(node)].end());
        std::sort(group.begin(), group.end());
        // Whoever goes next has at most one partner less.
        std::size_t const to_come = group.size() * group.size() * group.size() / 3;
        pairs += group.size() * group.size();
        if (pairs + to_come > most_pairs) return false;
        for (int const one : group) {
            std::unordered_set<int>& set = near[cell(one)];
            std::size_t const before = set.size();
            set.erase(node);
            for (int const other : group)
                if (other != one) set.insert(other);
            if (set.size() == before) continue;
            waiting.erase({before, one});
            waiting.emplace(set.size(), one);
        }
        near[cell(node)] = {};
        order.push_back(cell(node));
        partners.push_back(std::move(group));
    }
    return true;
}

SparseLink& link_of(std::vector<SparseLink>& links, std::size_t later) {
    return *std::lower_bound(
        links.begin(), links.end(), later,
        [](SparseLink const& link, std::size_t turn) { return link.later < turn; });
}

void factor(SparseElimination& factors, std::vector<double> leak) {
    std::size_t const nodes = factors.links.size();
    factors.pivot.resize(nodes);
    factors.own.assign(nodes, 0);
    for (std::size_t k = 0; k < nodes; ++k) {
        std::vector<SparseLink>& links = factors.links[k];
        double leaving = leak[k];
        for (SparseLink const& link : links) leaving += link.upper;
        factors.pivot[k] = leaving;
        for (SparseLink& from : links) {
            if (from.lower == 0) continue;
            from.lower /= leaving;
            factors.own[from.later] += from.lower * from.upper;
            leak[from.later] += from.lower * leak[k];
            for (SparseLink const& to : links) {
                if (to.later == from.later || to.upper == 0) continue;
                double const more = from.lower * to.upper;
                if (from.later < to.later)
                    link_of(factors.links[from.later], to.later).upper += more;
                else
                    link_of(factors.links[to.later], from.later).lower += more;
            }
        }
    }
}

} // namespace

std::optional<SparseElimination>
eliminate_sparse(std::size_t nodes, std::vector<ChainTerm> const& terms, std::vector<double> leak) {
    SparseElimination factors;
    std::vector<std::vector<int>> partners;
    if (!choose_order(nodes, terms, factors.order, partners)) return std::nullopt;
    std::vector<std::size_t> turn(nodes);
    for (std::size_t k = 0; k < nodes; ++k) turn[factors.order[k]] = k;
    factors.links.resize(nodes);
    for (std::size_t k = 0; k < nodes; ++k) {
        for (int const partner : partners[k])
            factors.links[k].push_back({turn[cell(partner)], 0, 0});
        std::sort(factors.links[k].begin(), factors.links[k].end(),
                  [](SparseLink const& a, SparseLink const& b) { return a.later < b.later; });
    }
    for (ChainTerm const& term : terms) {
        std::size_t const row = turn[cell(term.row)], column = turn[cell(term.column)];
        if (row < column)
            link_of(factors.links[row], column).upper = term.weight;
        else
            link_of(factors.links[column], row).lower = term.weight;
    }
    std::vector<double> leaks;
    for (std::size_t const node : factors.order) leaks.push_back(leak[node]);
    factor(factors, std::move(leaks));
    return factors;
}

namespace {

std::vector<double> by_turn(SparseElimination const& factors, std::vector<double> const& x) {
    std::vector<double> turned;
    for (std::size_t const node : factors.order) turned.push_back(x[node]);
    return turned;
}

std::vector<double> by_node(SparseElimination const& factors, std::vector<double> const& turned) {
    std::vector<double> x(turned.size());
    for (std::size_t k = 0; k < turned.size(); ++k) x[factors.order[k]] = turned[k];
    return x;
}

} // namespace

std::vector<double> gathered(SparseElimination const& factors,
                             std::vector<double> const& constant) {
    std::vector<double> x = by_turn(factors, constant);
    for (std::size_t k = 0; k < x.size(); ++k)
        for (SparseLink const& link : factors.links[k]) x[link.later] += link.lower * x[k];
    for (std::size_t k = x.size(); k-- > 0;) {
        for (SparseLink const& link : factors.links[k]) x[k] += link.upper * x[link.later];
        x[k] /= factors.pivot[k];
    }
    return by_node(factors, x);
}

std::vector<double> carried(SparseElimination const& factors, std::vector<double> const& constant) {
    std::vector<double> x = by_turn(factors, constant);
    for (std::size_t k = 0; k < x.size(); ++k) {
        x[k] /= factors.pivot[k];
        for (SparseLink const& link : factors.links[k]) x[link.later] += link.upper * x[k];
    }
    for (std::size_t k = x.size(); k-- > 0;)
        for (SparseLink const& link : factors.links[k]) x[k] += link.lower * x[link.later];
    return by_node(factors, x);
}

std::vector<double> returns(SparseElimination const& factors) {
    std::size_t const nodes = factors.links.size();
    std::vector<double> excess(nodes);
    // Of the inverse only what lies where the factors are not empty: upper rows, lower columns.
    std::vector<std::vector<SparseLink>> inverse = factors.links;
    auto const at = [&](std::size_t row, std::size_t column) {
        if (row == column) return 1 + excess[row];
        return row < column ? link_of(inverse[row], column).upper
                            : link_of(inverse[column], row).lower;
    };
    for (std::size_t k = nodes; k-- > 0;) {
        std::vector<SparseLink> const& links = factors.links[k];
        double const pivot = factors.pivot[k];
        for (SparseLink& part : inverse[k]) {
            part.upper = part.lower = 0;
            for (SparseLink const& link : links) {
                if (link.upper > 0) part.upper += link.upper / pivot * at(link.later, part.later);
                if (link.lower > 0) part.lower += at(part.later, link.later) * link.lower;
            }
        }
        excess[k] = factors.own[k] / pivot;
        for (std::size_t m = 0; m < links.size(); ++m)
            excess[k] += links[m].upper / pivot * inverse[k][m].lower;
    }
    return by_node(factors, excess);
}

} // namespace perpetuum
