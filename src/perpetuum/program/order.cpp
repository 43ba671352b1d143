// Greedy tearing.

#include "order.hpp"

#include <algorithm>

namespace perpetuum::ordering {

std::vector<std::vector<int>> components(Graph const& graph) {
    std::vector<std::vector<int>> lists;
    auto const next = [&](int vertex, int& place) {
        auto const& needs = graph[static_cast<std::size_t>(vertex)];
        auto const at = static_cast<std::size_t>(place++);
        return at < needs.size() ? needs[at] : -1;
    };
    each_component(graph.size(), graph.size(), next, [&](std::span<int const> component, bool) {
        lists.emplace_back(component.begin(), component.end());
        return false;
    });
    return lists;
}

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

} // namespace perpetuum::ordering
