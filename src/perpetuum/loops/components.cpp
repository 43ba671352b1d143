/// Strongly connected components by Tarjan's walk, with the call stack kept in arrays: a chain of a
/// million firms must not end ours.

#include <perpetuum/loops.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

/// The walk of one network: nodes get an order of discovery and the earliest node that they can get
/// back to.
class TarjanWalk {
  public:
    explicit TarjanWalk(Network const& network) : network_(network) {
        std::size_t const nodes = network.nodes.size();
        first_edge_.assign(nodes + 1, 0);
        for (Network::Edge const& edge : network.edges) ++first_edge_[at(edge.from) + 1];
        for (std::size_t node = 0; node < nodes; ++node) first_edge_[node + 1] += first_edge_[node];
        next_edge_ = first_edge_;
        found_.assign(nodes, 0);
        earliest_.assign(nodes, 0);
        component_.assign(nodes, -1);
    }

    std::vector<int> run() {
        for (std::size_t node = 0; node < found_.size(); ++node)
            if (found_[node] == 0) walk_from(static_cast<int>(node));
        // Tarjan closes the components that others lead to first; turned round, edges lead upwards.
        for (int& number : component_) number = components_ - 1 - number;
        return component_;
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
            if (next_edge_[at(node)] < first_edge_[at(node) + 1]) {
                int const to = network_.edges[next_edge_[at(node)]++].to;
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

    Network const& network_;
    std::vector<std::size_t> first_edge_, next_edge_;
    std::vector<int> found_, earliest_, component_, path_, open_;
    int clock_ = 0, components_ = 0;
};

} // namespace

std::vector<int> components(Network const& network) {
    check_network(network);
    return TarjanWalk(network).run();
}

} // namespace perpetuum
