#include "nodes.hpp"

#include <algorithm>

namespace perpetuum::stressing {

NodeId add_node(System& system, NodeOp op, NodeId a, NodeId b, NodeId c) {
    Node node;
    node.op = op;
    node.arguments = {a, b, c};
    system.nodes.push_back(node);
    return static_cast<NodeId>(system.nodes.size()) - 1;
}

NodeId add_constant(System& system, double value) {
    NodeId const made = add_node(system, NodeOp::constant);
    system.nodes[index(made)].value = value;
    return made;
}

NodeId add_cell_node(System& system, CellId cell, int lag) {
    NodeId const made = add_node(system, NodeOp::cell);
    system.nodes[index(made)].cell = cell;
    system.nodes[index(made)].lag = lag;
    int& lags = system.cells[index(cell)].lags;
    lags = std::max(lags, lag);
    return made;
}

CellId add_cell(System& system, Cell cell) {
    system.cells.push_back(std::move(cell));
    return static_cast<CellId>(system.cells.size()) - 1;
}

CellId add_series(System& system, std::string const& name, std::vector<double> steps) {
    Cell given;
    given.name = name + ".given";
    given.type = CellType::series;
    given.steps = std::move(steps);
    CellId const source = add_cell(system, std::move(given));
    // A series starts as its first step; what is put here does not hold before it.
    Cell cell;
    cell.name = name;
    cell.value = add_cell_node(system, source);
    cell.start = add_constant(system, 0);
    return add_cell(system, std::move(cell));
}

std::vector<int> parties_of(System const& system, int contract) {
    std::vector<int> parties, work{contract}, seen;
    while (!work.empty()) {
        int const at = work.back();
        work.pop_back();
        if (at < 0 || std::find(seen.begin(), seen.end(), at) != seen.end()) continue;
        seen.push_back(at);
        for (auto const& [role, entity] : system.contracts[index(at)].entities)
            if (entity >= 0 && !system.entities[index(entity)].outside) parties.push_back(entity);
        for (auto const& [role, other] : system.contracts[index(at)].contracts)
            work.push_back(other);
    }
    std::sort(parties.begin(), parties.end());
    parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
    return parties;
}

Program compiled(System const& system, std::vector<CellId> wanted) {
    CompileOptions options;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    options.wanted = std::move(wanted);
    Diagnostics diagnostics;
    Program program = compile(system, diagnostics, options);
    if (diagnostics.failed()) throw BadInput{diagnostics.render()};
    return program;
}

} // namespace perpetuum::stressing
