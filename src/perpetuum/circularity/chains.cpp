/// Component by component, in the order in which they need each other.

#include "chains.hpp"

#include "members.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t most_solved_at_once = 1'000;
constexpr double chain_at_rest = 1e-15; // of the sum
constexpr double most_swept_terms = 2e9;

/// One component, its nodes numbered from 0.
struct ChainPiece {
    std::size_t nodes = 0;
    std::vector<ChainTerm> terms; ///< inside it
    std::vector<double> constant, leak;
};

std::size_t cell(int index) { return static_cast<std::size_t>(index); }

/// I − P as lower times upper half, a pivot being what still leaves its row: nothing is subtracted.
struct Eliminated {
    std::size_t n;
    std::vector<double> matrix, pivot; ///< above the diagonal: rows; below: multiples taken

    explicit Eliminated(ChainPiece const& piece)
        : n(piece.nodes), matrix(n * n), pivot(piece.leak) {
        for (ChainTerm const& term : piece.terms)
            matrix[cell(term.row) * n + cell(term.column)] = term.weight;
        std::vector<double> leak = piece.leak;
        for (std::size_t k = 0; k < n; ++k) {
            double const* row = &matrix[k * n];
            pivot[k] = leak[k] + std::accumulate(row + k + 1, row + n, 0.0);
            for (std::size_t i = k + 1; i < n; ++i) {
                double* below = &matrix[i * n];
                if (below[k] == 0) continue;
                below[k] /= pivot[k];
                for (std::size_t j = k + 1; j < n; ++j)
                    if (j != i) below[j] += below[k] * row[j];
                leak[i] += below[k] * leak[k];
            }
        }
    }
    double at(std::size_t row, std::size_t column) const { return matrix[row * n + column]; }
};

std::vector<double> gathered(Eliminated const& lu, std::vector<double> x) {
    for (std::size_t k = 0; k < lu.n; ++k)
        for (std::size_t j = 0; j < k; ++j) x[k] += lu.at(k, j) * x[j];
    for (std::size_t k = lu.n; k-- > 0;) {
        for (std::size_t j = k + 1; j < lu.n; ++j) x[k] += lu.at(k, j) * x[j];
        x[k] /= lu.pivot[k];
    }
    return x;
}

std::vector<double> carried(Eliminated const& lu, std::vector<double> x) {
    for (std::size_t k = 0; k < lu.n; ++k) {
        x[k] /= lu.pivot[k];
        for (std::size_t j = k + 1; j < lu.n; ++j) x[j] += lu.at(k, j) * x[k];
    }
    for (std::size_t k = lu.n; k-- > 0;)
        for (std::size_t j = 0; j < k; ++j) x[j] += lu.at(k, j) * x[k];
    return x;
}

/// From zero upwards; NaN when it takes too long. Terms are by the node that they say something of.
std::vector<double> swept_upwards(ChainPiece const& piece, ChainWay way) {
    std::vector<double> x(piece.nodes, 0);
    auto const most =
        static_cast<int>(most_swept_terms / (static_cast<double>(piece.terms.size()) + 1));
    bool const gathering = way == ChainWay::gathering;
    for (int sweep = 0; sweep < most; ++sweep) {
        double moved = 0, sum = 0;
        std::size_t at = 0;
        for (std::size_t node = 0; node < piece.nodes; ++node) {
            double comes = piece.constant[node];
            for (; at < piece.terms.size(); ++at) {
                ChainTerm const& term = piece.terms[at];
                if (cell(gathering ? term.row : term.column) != node) break;
                comes += term.weight * x[cell(gathering ? term.column : term.row)];
            }
            moved += std::abs(comes - x[node]);
            sum += comes;
            x[node] = comes;
        }
        if (moved <= chain_at_rest * sum) return x;
    }
    return std::vector<double>(piece.nodes, std::numeric_limits<double>::quiet_NaN());
}

std::vector<double> solve_piece(ChainPiece piece, ChainWay way) {
    auto const none = [](std::vector<double> const& values) {
        return std::all_of(values.begin(), values.end(), [](double value) { return value == 0; });
    };
    if (none(piece.constant)) return std::vector<double>(piece.nodes, 0);
    if (none(piece.leak))
        return std::vector<double>(piece.nodes, std::numeric_limits<double>::infinity());
    if (piece.nodes > most_solved_at_once) return swept_upwards(piece, way);
    Eliminated const lu(piece);
    return way == ChainWay::gathering ? gathered(lu, std::move(piece.constant))
                                      : carried(lu, std::move(piece.constant));
}

/// Edges from what is needed to who needs it.
Network needs_of(Chain const& chain, ChainWay way) {
    Network needs;
    needs.nodes.resize(chain.constant.size());
    for (ChainTerm const& term : chain.terms)
        way == ChainWay::gathering ? needs.edges.push_back({term.column, term.row, 1})
                                   : needs.edges.push_back({term.row, term.column, 1});
    std::sort(needs.edges.begin(), needs.edges.end(), [](auto const& a, auto const& b) {
        return std::pair{a.from, a.to} < std::pair{b.from, b.to};
    });
    return needs;
}

} // namespace

std::vector<double> solve_chain(Chain const& chain, ChainWay way) {
    bool const gathering = way == ChainWay::gathering;
    ComponentMembers const members = members_of(needs_of(chain, way));
    std::vector<ChainPiece> pieces(members.nodes.size());
    for (std::size_t number = 0; number < pieces.size(); ++number) {
        pieces[number].nodes = members.nodes[number].size();
        for (int const node : members.nodes[number]) {
            pieces[number].constant.push_back(chain.constant[cell(node)]);
            pieces[number].leak.push_back(chain.leak[cell(node)]);
        }
    }
    std::vector<ChainTerm> between;
    for (ChainTerm const& term : chain.terms) {
        int const number = members.component[cell(term.row)];
        int const row = members.local[cell(term.row)];
        if (members.component[cell(term.column)] == number) {
            pieces[cell(number)].terms.push_back(
                {row, members.local[cell(term.column)], term.weight});
        } else {
            pieces[cell(number)].leak[cell(row)] += term.weight;
            between.push_back(term);
        }
    }
    auto const taker = [&](ChainTerm const& term) { return gathering ? term.row : term.column; };
    auto const giver = [&](ChainTerm const& term) { return gathering ? term.column : term.row; };
    std::stable_sort(between.begin(), between.end(), [&](auto const& a, auto const& b) {
        return members.component[cell(taker(a))] < members.component[cell(taker(b))];
    });
    std::vector<double> x(chain.constant.size());
    std::size_t at = 0;
    for (std::size_t number = 0; number < pieces.size(); ++number) {
        ChainPiece& piece = pieces[number];
        for (; at < between.size() && cell(members.component[cell(taker(between[at]))]) == number;
             ++at)
            piece.constant[cell(members.local[cell(taker(between[at]))])] +=
                between[at].weight * x[cell(giver(between[at]))];
        std::stable_sort(piece.terms.begin(), piece.terms.end(),
                         [&](auto const& a, auto const& b) { return taker(a) < taker(b); });
        std::vector<double> const solved = solve_piece(std::move(piece), way);
        for (std::size_t k = 0; k < solved.size(); ++k)
            x[cell(members.nodes[number][k])] = solved[k];
    }
    return x;
}

} // namespace perpetuum
