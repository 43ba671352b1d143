// Flat expressions: equal nodes are shared (hash consing), constants folded as they arise.

#include "builder.hpp"

#include <bit>
#include <cmath>
#include <limits>

namespace perpetuum::instancing {

namespace {

double constant_result(NodeOp op, double a, double b, double c) {
    switch (op) {
    case NodeOp::negate:
        return -a;
    case NodeOp::add:
        return a + b;
    case NodeOp::subtract:
        return a - b;
    case NodeOp::multiply:
        return a * b;
    case NodeOp::divide:
        return a / b;
    case NodeOp::minimum:
        return b < a ? b : a;
    case NodeOp::maximum:
        return b > a ? b : a;
    case NodeOp::equal:
        return a == b;
    case NodeOp::unequal:
        return a != b;
    case NodeOp::less:
        return a < b;
    case NodeOp::less_equal:
        return a <= b;
    case NodeOp::greater:
        return a > b;
    case NodeOp::greater_equal:
        return a >= b;
    case NodeOp::conjunction:
        return a != 0 && b != 0;
    case NodeOp::disjunction:
        return a != 0 || b != 0;
    case NodeOp::negation:
        return a == 0;
    case NodeOp::choose:
        return a != 0 ? b : c;
    case NodeOp::absolute:
        return std::abs(a);
    case NodeOp::round_down:
        return std::floor(a);
    case NodeOp::square_root:
        return std::sqrt(a);
    default:
        return std::numeric_limits<double>::quiet_NaN();
    }
}

bool folds(NodeOp op) {
    switch (op) {
    case NodeOp::constant:
    case NodeOp::cell:
    case NodeOp::time:
    case NodeOp::since:
    case NodeOp::ramp_up:
    case NodeOp::to_coins:
    case NodeOp::past:
    case NodeOp::past_sum:
    // The transcendental functions have one source, the kernels, so that folding changes no bit.
    case NodeOp::power:
    case NodeOp::exponential:
    case NodeOp::logarithm:
        return false;
    default:
        return true;
    }
}

} // namespace

std::size_t NodeHash::operator()(Node const& node) const {
    std::uint64_t hash = 1469598103934665603ULL;
    auto const mix = [&hash](std::uint64_t word) { hash = (hash ^ word) * 1099511628211ULL; };
    mix(static_cast<std::uint64_t>(node.op));
    mix(std::bit_cast<std::uint64_t>(node.value));
    mix(static_cast<std::uint64_t>(node.cell + 1));
    mix(static_cast<std::uint64_t>(node.lag));
    for (NodeId const argument : node.arguments) mix(static_cast<std::uint64_t>(argument + 1));
    return static_cast<std::size_t>(hash ^ (hash >> 29));
}

NodeId Builder::constant(double value) {
    Node node;
    node.value = value == 0 ? 0 : value; // one zero
    auto const [place, fresh] = known_.try_emplace(node, static_cast<NodeId>(system.nodes.size()));
    if (fresh) system.nodes.push_back(node);
    return place->second;
}

NodeId Builder::of_cell(CellId cell, int lag) {
    auto& target = system.cells[static_cast<std::size_t>(cell)];
    target.lags = std::max(target.lags, lag);
    Node node{NodeOp::cell, 0, cell, lag, {-1, -1, -1}};
    auto const [place, fresh] = known_.try_emplace(node, static_cast<NodeId>(system.nodes.size()));
    if (fresh) system.nodes.push_back(node);
    return place->second;
}

NodeId Builder::make(NodeOp op, NodeId a, NodeId b, NodeId c) {
    auto const& nodes = system.nodes;
    auto const is_constant = [&](NodeId id) {
        return id < 0 || nodes[static_cast<std::size_t>(id)].op == NodeOp::constant;
    };
    auto const value = [&](NodeId id) {
        return id < 0 ? 0.0 : nodes[static_cast<std::size_t>(id)].value;
    };
    if (folds(op) && is_constant(a) && is_constant(b) && is_constant(c))
        return constant(constant_result(op, value(a), value(b), value(c)));
    auto const equals = [&](NodeId id, double number) {
        return id >= 0 && nodes[static_cast<std::size_t>(id)].op == NodeOp::constant &&
               value(id) == number;
    };
    if (op == NodeOp::add && equals(a, 0)) return b;
    if ((op == NodeOp::add || op == NodeOp::subtract) && equals(b, 0)) return a;
    if (op == NodeOp::multiply && equals(a, 1)) return b;
    if ((op == NodeOp::multiply || op == NodeOp::divide) && equals(b, 1)) return a;
    if (op == NodeOp::choose && is_constant(a)) return value(a) != 0 ? b : c;
    Node const node{op, 0, -1, 0, {a, b, c}};
    auto const [place, fresh] = known_.try_emplace(node, static_cast<NodeId>(system.nodes.size()));
    if (fresh) system.nodes.push_back(node);
    return place->second;
}

NodeId Builder::make_past(NodeOp op, CellId cell, NodeId time, NodeId before) {
    system.cells[static_cast<std::size_t>(cell)].history = true;
    Node const node{op, 0, cell, 0, {time, before, -1}};
    auto const [place, fresh] = known_.try_emplace(node, static_cast<NodeId>(system.nodes.size()));
    if (fresh) system.nodes.push_back(node);
    return place->second;
}

NodeId Builder::sum(std::vector<NodeId> const& terms) {
    if (terms.empty()) return constant(0);
    NodeId result = terms[0];
    for (std::size_t i = 1; i < terms.size(); ++i) result = make(NodeOp::add, result, terms[i]);
    return result;
}

std::optional<double> Builder::fold(NodeId id, int depth) const {
    if (id < 0 || depth > 200) return std::nullopt;
    Node const& node = system.nodes[static_cast<std::size_t>(id)];
    if (node.op == NodeOp::constant) return node.value;
    if (node.op == NodeOp::cell) {
        Cell const& cell = system.cells[static_cast<std::size_t>(node.cell)];
        if (cell.written) return *cell.written;
        if (cell.drawn) return median(cell.draw);
        if (cell.type == CellType::parameter || (cell.type == CellType::variable && node.lag == 0))
            return fold(cell.value, depth + 1);
        return std::nullopt;
    }
    if (!folds(node.op)) return std::nullopt;
    std::array<double, 3> values{};
    for (std::size_t i = 0; i < 3; ++i) {
        if (node.arguments[i] < 0) continue;
        auto const value = fold(node.arguments[i], depth + 1);
        if (!value || std::isnan(*value))
            return value; // what is not known makes all that rests on it so
        values[i] = *value;
    }
    return constant_result(node.op, values[0], values[1], values[2]);
}

CellId Builder::add_cell(Cell cell) {
    auto const id = static_cast<CellId>(system.cells.size());
    if (!cell.name.empty()) system.names.emplace(cell.name, id);
    system.cells.push_back(std::move(cell));
    return id;
}

NodeId Builder::usd(CellId coins, int lag) {
    return make(NodeOp::multiply, of_cell(coins, lag), constant(system.coin));
}

void Builder::set_cell(CellId cell, NodeId value, NodeId start) {
    system.cells[static_cast<std::size_t>(cell)].value = value;
    if (start >= 0) system.cells[static_cast<std::size_t>(cell)].start = start;
}

bool Builder::owner_runs(Owner owner) const {
    return owner.contract < 0 || system.contracts[static_cast<std::size_t>(owner.contract)].runs;
}

Builder::Told Builder::statement_of(Owner owner, int block, int index) const {
    Statement const& statement =
        model.blocks[static_cast<std::size_t>(block)].statements[static_cast<std::size_t>(index)];
    return {statement,
            owner,
            Scope{owner, block_of(owner), nullptr, -1, -1, -1},
            {owner, block, index},
            owner_name(owner) + "." +
                (statement.name.empty() ? statement.transaction : statement.name)};
}

std::string Builder::owner_name(Owner owner) const {
    if (owner.contract >= 0) return system.contracts[static_cast<std::size_t>(owner.contract)].id;
    if (owner.entity >= 0) return system.entities[static_cast<std::size_t>(owner.entity)].id;
    return {};
}

} // namespace perpetuum::instancing
