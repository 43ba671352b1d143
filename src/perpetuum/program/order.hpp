#pragma once
/// Order among cells: strongly connected components and tearing.

#include <cstddef>
#include <span>
#include <vector>

namespace perpetuum::ordering {

using Graph = std::vector<std::vector<int>>; ///< vertex → what it needs first

/// The same of very many vertices in two lists, written vertex after vertex.
class Arrows {
  public:
    std::size_t size() const { return first_.size() - 1; }
    std::span<int const> operator[](std::size_t vertex) const {
        return {to_.data() + first_[vertex], to_.data() + first_[vertex + 1]};
    }
    void need(int vertex) { to_.push_back(vertex); } ///< of the vertex being written
    void next() { first_.push_back(to_.size()); }    ///< it is written

  private:
    std::vector<std::size_t> first_{0};
    std::vector<int> to_;
};

/// Lists of vertices, one after another in one array.
class Parts {
  public:
    std::size_t size() const { return first_.size() - 1; }
    std::span<int const> operator[](std::size_t part) const {
        return {members_.data() + first_[part], members_.data() + first_[part + 1]};
    }
    void put(int vertex) { members_.push_back(vertex); } ///< into the part being written
    void next();                                         ///< it is written: in order of number

  private:
    std::vector<std::size_t> first_{0};
    std::vector<int> members_;
};

/// Components so that what is needed stands first (Tarjan 1972, without recursion); vertices within
/// one in order of number. Cost: linear.
std::vector<std::vector<int>> components(Graph const& graph);
Parts components(Arrows const& graph);

/// Few vertices of a component without which it has no cycle left (greedy: the busiest first), in
/// order of number.
std::vector<int> torn(Graph const& graph, std::vector<int> const& component);

/// A shortest cycle through `vertex` inside `component`, starting with it; empty when there is
/// none.
std::vector<int> cycle_through(Arrows const& graph, std::span<int const> component, int vertex);

} // namespace perpetuum::ordering
