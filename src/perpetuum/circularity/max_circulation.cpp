/// Maximum circulation: nothing between components can circulate, so each is solved by itself;
/// floors are then stacked.

#include "cost_scaling.hpp"

#include <perpetuum/circularity.hpp>
#include <perpetuum/loops.hpp>

#include <algorithm>
#include <cassert>

namespace perpetuum {

namespace {

__extension__ using Wide = __int128; // a wrong certificate may ask for much more than all money

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// One component with its edges and nodes as numbered in the whole network.
struct Piece {
    UnitCostProblem problem;
    std::vector<std::size_t> edges;
    std::vector<int> nodes;
};

std::vector<Piece> pieces_of(Network const& network, std::vector<int> const& component) {
    int count = 0;
    for (int const number : component) count = std::max(count, number + 1);
    std::vector<Piece> pieces(at(count));
    std::vector<int> local(network.nodes.size());
    for (std::size_t node = 0; node < local.size(); ++node) {
        Piece& piece = pieces[at(component[node])];
        local[node] = piece.problem.nodes++;
        piece.nodes.push_back(static_cast<int>(node));
    }
    for (std::size_t k = 0; k < network.edges.size(); ++k) {
        Network::Edge const& edge = network.edges[k];
        if (component[at(edge.from)] != component[at(edge.to)]) continue;
        Piece& piece = pieces[at(component[at(edge.from)])];
        piece.problem.from.push_back(local[at(edge.from)]);
        piece.problem.to.push_back(local[at(edge.to)]);
        piece.problem.capacity.push_back(edge.amount);
        piece.edges.push_back(k);
    }
    return pieces;
}

/// Raises whole components until every edge between two goes up. Components are numbered along the
/// edges.
void stack_floors(Network const& network, std::vector<int> const& component,
                  std::vector<Piece> const& pieces, std::vector<std::int64_t>& level) {
    std::vector<std::vector<std::size_t>> entering(pieces.size());
    for (std::size_t k = 0; k < network.edges.size(); ++k) {
        Network::Edge const& edge = network.edges[k];
        if (component[at(edge.from)] != component[at(edge.to)])
            entering[at(component[at(edge.to)])].push_back(k);
    }
    for (std::size_t number = 0; number < pieces.size(); ++number) {
        std::int64_t lowest = level[at(pieces[number].nodes.front())];
        for (int const node : pieces[number].nodes) lowest = std::min(lowest, level[at(node)]);
        std::int64_t lift = -lowest;
        for (std::size_t const k : entering[number]) {
            Network::Edge const& edge = network.edges[k];
            lift = std::max(lift, level[at(edge.from)] + 1 - level[at(edge.to)]);
        }
        for (int const node : pieces[number].nodes) level[at(node)] += lift;
    }
}

} // namespace

Circulation max_circulation(Network const& network) {
    std::vector<int> const component = components(network);
    std::vector<Piece> const pieces = pieces_of(network, component);
    Circulation result;
    result.flow.assign(network.edges.size(), 0);
    result.level.assign(network.nodes.size(), 0);
    for (Piece const& piece : pieces) {
        if (piece.edges.empty()) continue;
        UnitCostSolution const solved = largest_circulation(piece.problem);
        for (std::size_t k = 0; k < piece.edges.size(); ++k)
            result.flow[piece.edges[k]] = solved.flow[k];
        for (std::size_t k = 0; k < piece.nodes.size(); ++k)
            result.level[at(piece.nodes[k])] = solved.level[k];
    }
    stack_floors(network, component, pieces, result.level);
    for (std::int64_t const flow : result.flow) result.volume += flow;
    for (Network::Edge const& edge : network.edges) result.gross += edge.amount;
    assert(certified(network, result));
    return result;
}

bool certified(Network const& network, Circulation const& circulation) {
    if (circulation.flow.size() != network.edges.size()) return false;
    if (circulation.level.size() != network.nodes.size()) return false;
    std::vector<std::int64_t> balance(network.nodes.size());
    std::int64_t volume = 0;
    Wide penalty = 0;
    for (std::size_t k = 0; k < network.edges.size(); ++k) {
        Network::Edge const& edge = network.edges[k];
        std::int64_t const flow = circulation.flow[k];
        if (flow < 0 || flow > edge.amount) return false;
        balance[at(edge.from)] -= flow;
        balance[at(edge.to)] += flow;
        volume += flow;
        Wide const up =
            static_cast<Wide>(circulation.level[at(edge.to)]) - circulation.level[at(edge.from)];
        if (up < 1) penalty += (1 - up) * edge.amount;
    }
    bool const conserved =
        std::all_of(balance.begin(), balance.end(), [](std::int64_t rest) { return rest == 0; });
    return conserved && volume == circulation.volume && penalty == volume;
}

} // namespace perpetuum
