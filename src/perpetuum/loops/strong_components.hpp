#pragma once
/// Tarjan's walk (1972) with the call stack kept in arrays: a chain of a million firms must not end
/// ours. Inside the room only.

#include <algorithm>
#include <cstddef>
#include <vector>

namespace perpetuum {

/// edges_begin  nodes + 1: the edges of a node are edges_begin[node] … edges_begin[node + 1]
/// to           of an edge, the node it leads to
template <class Offset, class To>
class StrongComponents {
  public:
    StrongComponents(std::vector<Offset> const& edges_begin, To to)
        : edges_begin_(edges_begin), to_(to), next_edge_(edges_begin) {
        std::size_t const nodes = edges_begin.size() - 1;
        found_.assign(nodes, 0);
        earliest_.assign(nodes, 0);
        component_.assign(nodes, -1);
    }

    /// A number for each node; edges between components lead from the smaller to the larger.
    std::vector<int> run() {
        for (std::size_t node = 0; node < found_.size(); ++node)
            if (found_[node] == 0) walk_from(static_cast<int>(node));
        // Tarjan closes the components that others lead to first; turned round, edges lead upwards.
        for (int& number : component_) number = components_ - 1 - number;
        return std::move(component_);
    }

  private:
    static std::size_t at(int node) { return static_cast<std::size_t>(node); }

    void enter(int node) {
        found_[at(node)] = earliest_[at(node)] = ++clock_;
        path_.push_back(node);
        open_.push_back(node);
    }

    void walk_from(int root) {
        enter(root);
        while (!path_.empty()) {
            int const node = path_.back();
            if (next_edge_[at(node)] < edges_begin_[at(node) + 1]) {
                int const to = to_(next_edge_[at(node)]++);
                if (found_[at(to)] == 0)
                    enter(to);
                else if (component_[at(to)] < 0)
                    earliest_[at(node)] = std::min(earliest_[at(node)], found_[at(to)]);
            } else {
                leave(node);
            }
        }
    }

    void leave(int node) {
        path_.pop_back();
        if (!path_.empty())
            earliest_[at(path_.back())] =
                std::min(earliest_[at(path_.back())], earliest_[at(node)]);
        if (earliest_[at(node)] != found_[at(node)]) return;
        int member = -1;
        while (member != node) {
            member = open_.back();
            open_.pop_back();
            component_[at(member)] = components_;
        }
        ++components_;
    }

    std::vector<Offset> const& edges_begin_;
    To to_;
    std::vector<Offset> next_edge_;
    std::vector<int> found_, earliest_, component_, path_, open_;
    int clock_ = 0, components_ = 0;
};

} // namespace perpetuum
