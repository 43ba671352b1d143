// Flat expressions: equal nodes are shared (hash consing), constants folded as they arise.

#include "builder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

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
    case NodeOp::minimum: // no number where either is none, as in the kernels
        return b < a || b != b ? b : a;
    case NodeOp::maximum:
        return b > a || b != b ? b : a;
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

/// Of all of a node. Its words are put together from its members: reading it in larger pieces than it
/// was just written in would have to wait for the memory.
std::uint32_t hash_of(Node const& node) {
    auto const word = [](int low, int high) {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(low)) |
               static_cast<std::uint64_t>(static_cast<std::uint32_t>(high)) << 32;
    };
    auto const value = std::bit_cast<std::uint64_t>(node.value);
    auto const& [a, b, c] = node.arguments;
    std::uint64_t const sum = word(node.cell, static_cast<int>(node.op)) * 0x9e3779b97f4a7c15ULL +
                              (value ^ value >> 32) * 0xc2b2ae3d27d4eb4fULL +
                              word(b, node.lag) * 0xff51afd7ed558ccdULL +
                              word(a, c) * 0x87c37b91114253d5ULL;
    return static_cast<std::uint32_t>((sum ^ sum >> 32) * 0x9e3779b97f4a7c15ULL >> 32);
}

} // namespace

/// A node's number: the one it has, or the next. One that is not a number equals none.
NodeId Builder::keep(Node const& node) {
    if (4 * (places_taken_ + 1) > 3 * places_.size())
        widen(std::max<std::size_t>(1024, 2 * places_.size()));
    std::size_t const mask = places_.size() - 1;
    std::uint32_t const hash = hash_of(node);
    std::size_t at = hash & mask;
    for (; places_[at].node >= 0; at = (at + 1) & mask)
        if (places_[at].hash == hash &&
            system.nodes[static_cast<std::size_t>(places_[at].node)] == node)
            return places_[at].node;
    places_[at] = {hash, static_cast<NodeId>(system.nodes.size())};
    ++places_taken_;
    return append(node);
}

/// The next node.
NodeId Builder::append(Node const& node) {
    if (system.nodes.size() >= options.limits.nodes)
        throw TooLarge{doing,
                       "this makes more than " + with_commas(options.limits.nodes) +
                           " operations of the whole",
                       "who selects by its own figures looks at everybody: sum up once, in 'model' "
                       "or by role"};
    system.nodes.push_back(node);
    return static_cast<NodeId>(system.nodes.size()) - 1;
}

void Builder::widen(std::size_t places) {
    auto const before = std::exchange(places_, std::vector<NodePlace>(places));
    std::size_t const mask = places - 1;
    for (NodePlace const& kept : before) {
        if (kept.node < 0) continue;
        std::size_t at = kept.hash & mask;
        while (places_[at].node >= 0) at = (at + 1) & mask;
        places_[at] = kept;
    }
}

NodeId Builder::constant(double value) {
    Node node;
    node.value = value == 0 ? 0 : value; // one zero
    return keep(node);
}

NodeId Builder::of_cell(CellId cell, int lag) {
    auto const c = static_cast<std::size_t>(cell);
    auto const steps = static_cast<std::size_t>(lag);
    Node const node{NodeOp::cell, cell, 0, lag, {-1, -1, -1}};
    if (steps >= near_nodes) {
        system.cells[c].lags = std::max(system.cells[c].lags, lag);
        return keep(node);
    }
    // Most of what is read is a cell's value of this step or the last.
    if (c >= cell_nodes_.size()) cell_nodes_.resize(system.cells.capacity(), {-1, -1});
    NodeId& known = cell_nodes_[c][steps];
    if (known >= 0) return known;
    if (lag > 0) // else the cell need not be fetched
        system.cells[c].lags = std::max(system.cells[c].lags, lag);
    return known = append(node);
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
    // A condition that holds whatever the other does.
    if (op == NodeOp::disjunction &&
        ((is_constant(a) && value(a) != 0) || (is_constant(b) && value(b) != 0)))
        return constant(1);
    if (op == NodeOp::conjunction && (equals(a, 0) || equals(b, 0))) return constant(0);
    return keep({op, -1, 0, 0, {a, b, c}});
}

NodeId Builder::make_past(NodeOp op, CellId cell, NodeId time, NodeId before) {
    system.cells[static_cast<std::size_t>(cell)].history = true;
    return keep({op, cell, 0, 0, {time, before, -1}});
}

NodeId Builder::sum(std::vector<NodeId> terms) {
    if (terms.empty()) return constant(0);
    while (terms.size() > 1) {
        std::size_t const pairs = terms.size() / 2;
        for (std::size_t i = 0; i < pairs; ++i)
            terms[i] = make(NodeOp::add, terms[2 * i], terms[2 * i + 1]);
        if (terms.size() % 2 == 1) terms[pairs] = terms.back();
        terms.resize((terms.size() + 1) / 2);
    }
    return terms[0];
}

namespace {

/// What is known of a node's value before the run.
enum FoldState : signed char { not_asked, being_asked, known_value, no_value };

/// The node behind a cell that is computed before the run or in the step itself; −1: none.
NodeId definition_of(Cell const& cell, int lag) {
    bool const followed =
        cell.type == CellType::parameter || (cell.type == CellType::variable && lag == 0);
    return followed ? cell.value : -1;
}

} // namespace

std::optional<double> Builder::fold(NodeId root) {
    if (root < 0) return std::nullopt;
    fold_state_.resize(system.nodes.size(), not_asked);
    fold_value_.resize(system.nodes.size(), 0);
    auto const state = [&](NodeId id) -> signed char& {
        return fold_state_[static_cast<std::size_t>(id)];
    };
    auto const settle = [&](NodeId id, std::optional<double> value) {
        state(id) = value ? known_value : no_value;
        fold_value_[static_cast<std::size_t>(id)] = value.value_or(0);
    };
    std::vector<NodeId> work{root};
    while (!work.empty()) {
        NodeId const id = work.back();
        Node const& node = system.nodes[static_cast<std::size_t>(id)];
        std::array<NodeId, 3> needs = node.arguments;
        if (node.op == NodeOp::constant) settle(id, node.value);
        if (node.op == NodeOp::cell) {
            Cell const& cell = system.cells[static_cast<std::size_t>(node.cell)];
            needs = {definition_of(cell, node.lag), -1, -1};
            if (cell.written)
                settle(id, *cell.written);
            else if (cell.drawn)
                settle(id, median(cell.draw));
            else if (needs[0] < 0)
                settle(id, std::nullopt);
        } else if (!folds(node.op) && node.op != NodeOp::constant) {
            settle(id, std::nullopt);
        }
        if (state(id) == not_asked) { // what it needs first; one that needs itself has no value
            state(id) = being_asked;
            for (NodeId const need : needs)
                if (need >= 0 && state(need) == not_asked) work.push_back(need);
            continue;
        }
        work.pop_back();
        if (state(id) != being_asked) continue;
        std::array<double, 3> values{};
        std::optional<double> early; // what is not known makes all that rests on it so
        bool whole = true;
        for (std::size_t i = 0; i < 3 && whole; ++i) {
            if (needs[i] < 0) continue;
            bool const known = state(needs[i]) == known_value;
            values[i] = fold_value_[static_cast<std::size_t>(needs[i])];
            whole = known && !std::isnan(values[i]);
            if (known && !whole) early = values[i];
        }
        if (!whole)
            settle(id, early);
        else if (node.op == NodeOp::cell)
            settle(id, values[0]);
        else
            settle(id, constant_result(node.op, values[0], values[1], values[2]));
    }
    if (state(root) != known_value) return std::nullopt;
    return fold_value_[static_cast<std::size_t>(root)];
}

Cell& Builder::add_cell(std::string name, CellType type, Owner owner, Span where) {
    if (system.cells.size() >= options.limits.cells)
        throw TooLarge{where,
                       "entities and contracts have more than " +
                           with_commas(options.limits.cells) + " quantities",
                       "split the book, or let the model say less of each"};
    if (!name.empty()) system.names.emplace(name, static_cast<CellId>(system.cells.size()));
    Cell& cell = system.cells.emplace_back();
    cell.name = std::move(name);
    cell.type = type;
    cell.entity = owner.entity;
    cell.contract = owner.contract;
    cell.where = where;
    return cell;
}

std::optional<CellId> Builder::cell_named(std::string_view name) const {
    auto const found = system.names.find(name);
    if (found == system.names.end()) return std::nullopt;
    return found->second;
}

void Builder::reserve(std::vector<Owner> const& owners) {
    // The model's own members come first in every list, and count once.
    auto const size = [&](MemberList const& list) {
        return static_cast<std::size_t>(std::count_if(
            list.begin(), list.end(), [](auto const& member) { return member.first > 0; }));
    };
    std::size_t cells = 8 * (system.entities.size() + system.contracts.size()) +
                        catalog.parameters(0).size() + catalog.variables(0).size();
    for (Owner const owner : owners) {
        int const block = block_of(owner);
        cells += size(catalog.parameters(block));
        if (owner_runs(owner))
            cells += size(catalog.variables(block)) + 2 * size(catalog.statements(block));
    }
    cells = std::min(cells, options.limits.cells);
    std::size_t const nodes = std::min(4 * cells, options.limits.nodes);
    system.flows.reserve(cells / 8);
    system.postings.reserve(cells / 2);
    system.cells.reserve(cells);
    system.names.reserve(cells);
    system.nodes.reserve(nodes);
    widen(std::bit_ceil(nodes / 2));
}

std::string with_commas(std::size_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
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
    return {statement, owner, scope_of(owner, block), member_key(owner, block, index)};
}

std::string Builder::name_of(Told const& told) const {
    Statement const& statement = told.statement;
    return owner_name(told.owner) + "." +
           (statement.name.empty() ? statement.transaction : statement.name);
}

std::string const& Builder::owner_name(Owner owner) const {
    static std::string const none;
    if (owner.contract >= 0) return system.contracts[static_cast<std::size_t>(owner.contract)].id;
    if (owner.entity >= 0) return system.entities[static_cast<std::size_t>(owner.entity)].id;
    return none;
}

std::string Builder::prefix_of(Owner owner) const {
    return owner.model() ? std::string() : owner_name(owner) + ".";
}

} // namespace perpetuum::instancing
