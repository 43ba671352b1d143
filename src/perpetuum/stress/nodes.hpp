#pragma once
/// Putting new nodes and cells into a system that stands, and compiling it.

#include <perpetuum/program.hpp>

#include <string>
#include <vector>

namespace perpetuum::stressing {

inline std::size_t index(int id) { return static_cast<std::size_t>(id); }

NodeId add_node(System& system, NodeOp op, NodeId a = -1, NodeId b = -1, NodeId c = -1);
NodeId add_constant(System& system, double value);
NodeId add_cell_node(System& system, CellId cell, int lag = 0);
CellId add_cell(System& system, Cell cell);
/// Values by step, from the first; before the first step 0.
CellId add_series(System& system, std::string const& name, std::vector<double> steps);

/// Firms that stand in a contract's roles, through the contracts in its roles too; rising.
std::vector<int> parties_of(System const& system, int contract);

/// A program that keeps these cells.
/// throws  BadInput when the system does not compile
Program compiled(System const& system, std::vector<CellId> wanted);

} // namespace perpetuum::stressing
