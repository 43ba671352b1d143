// Strongly connected components (Tarjan 1972, iterative), greedy tearing, shortest cycles (breadth
// first).

#include "order.hpp"

#include <algorithm>

namespace perpetuum::ordering {

namespace {

struct Walk {
    int vertex;
    std::size_t next;
};

template <class Needs>
Parts components_of(Needs const& graph) {
    auto const count = graph.size();
    std::vector<int> index(count, -1), low(count, 0), stack;
    std::vector<char> on_stack(count, 0);
    Parts found;
    std::vector<Walk> walk;
    int clock = 0;
    for (std::size_t root = 0; root < count; ++root) {
        if (index[root] >= 0) continue;
        walk.push_back({static_cast<int>(root), 0});
        while (!walk.empty()) {
            auto const v = static_cast<std::size_t>(walk.back().vertex);
            if (walk.back().next == 0 && index[v] < 0) {
                index[v] = low[v] = clock++;
                stack.push_back(static_cast<int>(v));
                on_stack[v] = 1;
            }
            if (walk.back().next < graph[v].size()) {
                auto const w = static_cast<std::size_t>(graph[v][walk.back().next++]);
                if (index[w] < 0)
                    walk.push_back({static_cast<int>(w), 0});
                else if (on_stack[w])
                    low[v] = std::min(low[v], index[w]);
                continue;
            }
            if (low[v] == index[v]) {
                int member = -1;
                do {
                    member = stack.back();
                    stack.pop_back();
                    on_stack[static_cast<std::size_t>(member)] = 0;
                    found.put(member);
                } while (member != static_cast<int>(v));
                found.next();
            }
            walk.pop_back();
            if (!walk.empty()) {
                auto const parent = static_cast<std::size_t>(walk.back().vertex);
                low[parent] = std::min(low[parent], low[v]);
            }
        }
    }
    return found;
}

} // namespace

void Parts::next() {
    if (members_.size() - first_.back() > 1)
        std::sort(members_.begin() + static_cast<std::ptrdiff_t>(first_.back()), members_.end());
    first_.push_back(members_.size());
}

std::vector<std::vector<int>> components(Graph const& graph) {
    Parts const parts = components_of(graph);
    std::vector<std::vector<int>> lists;
    for (std::size_t p = 0; p < parts.size(); ++p)
        lists.emplace_back(parts[p].begin(), parts[p].end());
    return lists;
}
Parts components(Arrows const& graph) { return components_of(graph); }

std::vector<int> torn(Graph const& graph, std::vector<int> const& component) {
    std::vector<int> removed;
    std::vector<std::vector<int>> work{component};
    while (!work.empty()) {
        auto const part = std::move(work.back());
        work.pop_back();
        // The part's own graph, renumbered; then its components, each cyclic one loses its busiest
        // vertex.
        Graph local(part.size());
        std::vector<int> busy(part.size(), 0);
        for (std::size_t i = 0; i < part.size(); ++i)
            for (int const need : graph[static_cast<std::size_t>(part[i])]) {
                auto const place = std::lower_bound(part.begin(), part.end(), need);
                if (place == part.end() || *place != need) continue;
                auto const j = static_cast<std::size_t>(place - part.begin());
                local[i].push_back(static_cast<int>(j));
            }
        std::vector<int> in(part.size(), 0);
        for (auto const& needs : local)
            for (int const need : needs) ++in[static_cast<std::size_t>(need)];
        for (auto const& piece : components(local)) {
            bool const loop =
                piece.size() == 1 &&
                std::find(local[static_cast<std::size_t>(piece[0])].begin(),
                          local[static_cast<std::size_t>(piece[0])].end(),
                          piece[0]) != local[static_cast<std::size_t>(piece[0])].end();
            if (piece.size() == 1 && !loop) continue;
            int best = piece[0];
            for (int const v : piece)
                if (in[static_cast<std::size_t>(v)] > in[static_cast<std::size_t>(best)]) best = v;
            removed.push_back(part[static_cast<std::size_t>(best)]);
            std::vector<int> rest;
            for (int const v : piece)
                if (v != best) rest.push_back(part[static_cast<std::size_t>(v)]);
            if (!rest.empty()) work.push_back(std::move(rest));
        }
    }
    std::sort(removed.begin(), removed.end());
    return removed;
}

std::vector<int> cycle_through(Arrows const& graph, std::span<int const> component, int vertex) {
    std::vector<int> from(graph.size(), -2), queue{vertex};
    from[static_cast<std::size_t>(vertex)] = -1;
    for (std::size_t head = 0; head < queue.size(); ++head) {
        int const v = queue[head];
        for (int const w : graph[static_cast<std::size_t>(v)]) {
            if (w == vertex) {
                std::vector<int> cycle;
                for (int at = v; at >= 0; at = from[static_cast<std::size_t>(at)])
                    cycle.push_back(at);
                std::reverse(cycle.begin(), cycle.end());
                return cycle;
            }
            bool const inside = std::binary_search(component.begin(), component.end(), w);
            if (!inside || from[static_cast<std::size_t>(w)] != -2) continue;
            from[static_cast<std::size_t>(w)] = v;
            queue.push_back(w);
        }
    }
    return {};
}

} // namespace perpetuum::ordering
