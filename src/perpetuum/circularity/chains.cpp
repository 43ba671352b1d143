/// Component by component, in the order in which they need each other.

#include "chains.hpp"

#include "members.hpp"
#include "sparse_elimination.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace perpetuum {

namespace {

constexpr std::size_t most_solved_at_once = 1'000;
constexpr double nearly_at_rest = 1e-12, chain_at_rest = 1e-16; // of the sum
constexpr double certain_to = 1e-9;                             // of the largest, or of the sum
constexpr double rounding = 4e-16;
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

/// Rises from zero by sweeps; terms are by the node that they say something of.
class Sweeps {
  public:
    Sweeps(std::vector<ChainTerm> terms, std::vector<double> constant, ChainWay way)
        : terms_(std::move(terms)), constant_(std::move(constant)), way_(way),
          x_(constant_.size(), 0) {
        std::stable_sort(terms_.begin(), terms_.end(),
                         [&](auto const& a, auto const& b) { return taker(a) < taker(b); });
    }

    std::vector<double> const& x() const { return x_; }
    /// By how much nodes have moved, over the sum.
    double sweep() {
        double moved = 0, sum = 0;
        each([&](std::size_t node, double comes) {
            moved += std::abs(comes - x_[node]);
            sum += comes;
            x_[node] = comes;
        });
        return sum > 0 ? moved / sum : 0;
    }
    /// By node: by how much its equation is not met, or could be for all that rounding lets one see.
    std::vector<double> gaps() const {
        std::vector<double> gap(x_.size());
        each([&](std::size_t node, double comes) {
            gap[node] = std::abs(comes - x_[node]) + rounding * (comes + x_[node]);
        });
        return gap;
    }

  private:
    std::size_t taker(ChainTerm const& term) const {
        return cell(way_ == ChainWay::gathering ? term.row : term.column);
    }
    template <class Take>
    void each(Take take) const {
        std::size_t at = 0;
        for (std::size_t node = 0; node < x_.size(); ++node) {
            double comes = constant_[node];
            for (; at < terms_.size() && taker(terms_[at]) == node; ++at)
                comes += terms_[at].weight *
                         x_[cell(way_ == ChainWay::gathering ? terms_[at].column : terms_[at].row)];
            take(node, comes);
        }
    }

    std::vector<ChainTerm> terms_;
    std::vector<double> constant_;
    ChainWay way_;
    std::vector<double> x_;
};

/// By node, at least half of what a dollar put in there causes in all (P h ≤ h − ½): how far a gap
/// reaches. Empty when that is not found in so many sweeps; where money hardly leaves, sweeps come to
/// rest long before they are at the end.
std::vector<double> reach(ChainPiece const& piece, int most) {
    Sweeps sweeps(piece.terms, std::vector<double>(piece.nodes, 1), ChainWay::gathering);
    for (int sweep = 1; sweep <= most; ++sweep) {
        sweeps.sweep();
        if (sweep % 8 != 0) continue;
        std::vector<double> const gap = sweeps.gaps();
        if (*std::max_element(gap.begin(), gap.end()) <= 0.5) return sweeps.x();
    }
    return {};
}

/// By sweeps; NaN when they take too long or nothing says that what they came to is near. What is left
/// to come is at most the inverse times the gaps, and the inverse times anything at most twice the
/// reach times its largest part.
std::vector<double> swept_upwards(ChainPiece const& piece, ChainWay way) {
    std::vector<double> const not_known(piece.nodes, std::numeric_limits<double>::quiet_NaN());
    auto const most =
        static_cast<int>(most_swept_terms / (static_cast<double>(piece.terms.size()) + 1) / 2);
    std::vector<double> const far = reach(piece, most / 16); // sooner than the rest, or never
    if (far.empty()) return not_known;
    auto const largest = [](std::vector<double> const& values) {
        return *std::max_element(values.begin(), values.end());
    };
    Sweeps sweeps(piece.terms, piece.constant, way);
    double next = nearly_at_rest;
    for (int sweep = 0; sweep < most && next > chain_at_rest; ++sweep) {
        double const moved = sweeps.sweep();
        if (moved > next) continue;
        std::vector<double> const gap = sweeps.gaps();
        std::vector<double> const& x = sweeps.x();
        bool const gathering = way == ChainWay::gathering;
        double const lacks =
            2 * (gathering ? largest(gap) * largest(far)
                           : std::inner_product(gap.begin(), gap.end(), far.begin(), 0.0));
        double const whole = gathering ? largest(x) : std::accumulate(x.begin(), x.end(), 0.0);
        if (lacks <= certain_to * whole) return x;
        next = moved / 10;
    }
    return not_known;
}

std::vector<double> solve_piece(ChainPiece piece, ChainWay way) {
    auto const none = [](std::vector<double> const& values) {
        return std::all_of(values.begin(), values.end(), [](double value) { return value == 0; });
    };
    if (none(piece.constant)) return std::vector<double>(piece.nodes, 0);
    if (none(piece.leak))
        return std::vector<double>(piece.nodes, std::numeric_limits<double>::infinity());
    if (piece.nodes > most_solved_at_once) {
        auto const factors = eliminate_sparse(piece.nodes, piece.terms, piece.leak);
        if (!factors) return swept_upwards(piece, way);
        return way == ChainWay::gathering ? gathered(*factors, piece.constant)
                                          : carried(*factors, piece.constant);
    }
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
        std::vector<double> const solved = solve_piece(std::move(piece), way);
        for (std::size_t k = 0; k < solved.size(); ++k)
            x[cell(members.nodes[number][k])] = solved[k];
    }
    return x;
}

} // namespace perpetuum
