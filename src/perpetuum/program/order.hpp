#pragma once
/// Order among cells: strongly connected components and tearing.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace perpetuum::ordering {

using Graph = std::vector<std::vector<int>>; ///< vertex → what it needs first

/// Strongly connected components of whatever the vertices [0, roots) of `vertices` need, so that
/// what is needed stands first (Tarjan 1972, without recursion). `next(vertex, place)` gives what a
/// vertex needs, one after another, from place 0 on, which it moves; −1: no more. `found` is given a
/// span of each component's vertices, in order of number, and whether any of them needs another one
/// that is marked; it says whether they are marked themselves.
/// cost  linear
template <class Next, class Found>
void each_component(std::size_t vertices, std::size_t roots, Next next, Found found) {
    struct Walk {
        int vertex, place;
        int low; ///< the first reached of those that it leads back to
        bool marked_need;
    };
    constexpr int marked = std::numeric_limits<int>::max(), plain = marked - 1;
    std::vector<int> reached(vertices, -1), stack; // when; plain, marked: its component is found
    std::vector<Walk> walk;
    int clock = 0;
    auto const reach = [&](int vertex) {
        reached[static_cast<std::size_t>(vertex)] = clock;
        stack.push_back(vertex);
        walk.push_back({vertex, 0, clock++, false});
    };
    auto const close = [&](int vertex, bool marked_need) {
        std::size_t first = stack.size() - 1;
        while (stack[first] != vertex) --first;
        std::span<int> const members(stack.data() + first, stack.size() - first);
        if (members.size() > 1) std::sort(members.begin(), members.end());
        int const now = found(std::span<int const>(members), marked_need) ? marked : plain;
        for (; stack.size() > first; stack.pop_back())
            reached[static_cast<std::size_t>(stack.back())] = now;
        return now == marked;
    };
    for (std::size_t root = 0; root < roots; ++root) {
        if (reached[root] >= 0) continue;
        reach(static_cast<int>(root));
        while (!walk.empty()) {
            Walk& top = walk.back();
            int const need = next(top.vertex, top.place);
            if (need >= 0) {
                int const then = reached[static_cast<std::size_t>(need)];
                if (then < 0) {
                    reach(need);
                } else {
                    top.low = std::min(top.low, then);
                    top.marked_need |= then == marked;
                }
                continue;
            }
            Walk done = top;
            walk.pop_back();
            if (done.low == reached[static_cast<std::size_t>(done.vertex)])
                done.marked_need = close(done.vertex, done.marked_need);
            else
                walk.back().low = std::min(walk.back().low, done.low);
            if (!walk.empty()) walk.back().marked_need |= done.marked_need;
        }
    }
}

/// The same of a whole graph.
std::vector<std::vector<int>> components(Graph const& graph);

/// Few vertices of a component without which it has no cycle left (greedy: the busiest first), in
/// order of number.
std::vector<int> torn(Graph const& graph, std::vector<int> const& component);

/// A shortest cycle through `vertex` among the first `vertices` of a graph that is asked as above,
/// inside `component`, starting with it; empty when there is none.
template <class Next>
std::vector<int> cycle_through(std::size_t vertices, Next next, std::span<int const> component,
                               int vertex) {
    std::vector<int> from(vertices, -2), queue{vertex};
    from[static_cast<std::size_t>(vertex)] = -1;
    for (std::size_t head = 0; head < queue.size(); ++head) {
        int const v = queue[head];
        int place = 0;
        for (int w = next(v, place); w >= 0; w = next(v, place)) {
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
