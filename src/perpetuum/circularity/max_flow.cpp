/// Dinic: levels counted backwards from the sink, so that only nodes able to reach it are ever
/// entered; no recursion.

#include "max_flow.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

std::size_t arc_index(int arc) { return static_cast<std::size_t>(arc); }

} // namespace

MaxFlow::MaxFlow(int nodes) : nodes_(nodes) {}

int MaxFlow::add_edge(int from, int to, std::int64_t capacity) {
    from_.push_back(from);
    to_.push_back(to);
    capacity_.push_back(capacity);
    first_.clear(); // the index is stale
    return static_cast<int>(capacity_.size()) - 1;
}

void MaxFlow::set_capacity(int edge, std::int64_t capacity) {
    if (first_.empty()) index_edges();
    left_[arc_index(2 * edge)] += capacity - capacity_[arc_index(edge)];
    capacity_[arc_index(edge)] = capacity;
}

void MaxFlow::index_edges() {
    first_.assign(arc_index(nodes_) + 1, 0);
    for (std::size_t k = 0; k < capacity_.size(); ++k) {
        ++first_[arc_index(from_[k]) + 1];
        ++first_[arc_index(to_[k]) + 1];
    }
    for (std::size_t node = 0; node + 1 < first_.size(); ++node) first_[node + 1] += first_[node];
    arcs_.resize(2 * capacity_.size());
    next_.assign(first_.begin(), first_.end() - 1);
    for (std::size_t k = 0; k < capacity_.size(); ++k) {
        arcs_[arc_index(next_[arc_index(from_[k])]++)] = static_cast<int>(2 * k);
        arcs_[arc_index(next_[arc_index(to_[k])]++)] = static_cast<int>(2 * k + 1);
    }
    reset();
}

void MaxFlow::reset() {
    left_.assign(2 * capacity_.size(), 0);
    for (std::size_t k = 0; k < capacity_.size(); ++k) left_[2 * k] = capacity_[k];
}

std::int64_t MaxFlow::flow(int edge) const {
    return left_.empty() ? 0 : left_[arc_index(2 * edge + 1)];
}

bool MaxFlow::spend(std::uint64_t arcs) {
    effort_ -= std::min(effort_, arcs);
    return effort_ > 0;
}

bool MaxFlow::level_from_sink(int source, int sink) {
    level_.assign(arc_index(nodes_), -1);
    queue_.assign(1, sink);
    level_[arc_index(sink)] = 0;
    for (std::size_t k = 0; k < queue_.size(); ++k) {
        int const node = queue_[k];
        if (level_[arc_index(source)] >= 0 && level_[arc_index(node)] >= level_[arc_index(source)])
            break;
        if (!spend(arc_index(first_[arc_index(node) + 1] - first_[arc_index(node)]) + 1))
            return false;
        for (int a = first_[arc_index(node)]; a < first_[arc_index(node) + 1]; ++a) {
            int const arc = arcs_[arc_index(a)];
            if (left_[arc_index(arc ^ 1)] == 0) continue;
            int const before = arc % 2 == 0 ? to_[arc_index(arc / 2)] : from_[arc_index(arc / 2)];
            if (level_[arc_index(before)] >= 0) continue;
            level_[arc_index(before)] = level_[arc_index(node)] + 1;
            queue_.push_back(before);
        }
    }
    return level_[arc_index(source)] >= 0;
}

std::int64_t MaxFlow::block(int source, int sink) {
    next_.assign(first_.begin(), first_.end() - 1);
    std::int64_t total = 0;
    path_.clear();
    for (int node = source;;) {
        if (!spend(1)) return total;
        if (node == sink) {
            if (!spend(path_.size())) return total;
            std::int64_t room = left_[arc_index(path_.front())];
            for (int const arc : path_) room = std::min(room, left_[arc_index(arc)]);
            for (int const arc : path_) {
                left_[arc_index(arc)] -= room;
                left_[arc_index(arc ^ 1)] += room;
            }
            total += room;
            std::size_t full = 0; // back to the first arc that is used up
            while (left_[arc_index(path_[full])] > 0) ++full;
            int const arc = path_[full];
            node = arc % 2 == 0 ? from_[arc_index(arc / 2)] : to_[arc_index(arc / 2)];
            path_.resize(full);
            continue;
        }
        int& a = next_[arc_index(node)];
        int const end = first_[arc_index(node) + 1];
        for (; a < end; ++a) {
            int const arc = arcs_[arc_index(a)];
            int const to = arc % 2 == 0 ? to_[arc_index(arc / 2)] : from_[arc_index(arc / 2)];
            if (left_[arc_index(arc)] > 0 && level_[arc_index(to)] >= 0 &&
                level_[arc_index(to)] == level_[arc_index(node)] - 1)
                break;
        }
        if (a < end) {
            int const arc = arcs_[arc_index(a)];
            path_.push_back(arc);
            node = arc % 2 == 0 ? to_[arc_index(arc / 2)] : from_[arc_index(arc / 2)];
        } else { // a dead end: one back, and never here again
            if (path_.empty()) return total;
            int const arc = path_.back();
            path_.pop_back();
            node = arc % 2 == 0 ? from_[arc_index(arc / 2)] : to_[arc_index(arc / 2)];
            ++next_[arc_index(node)];
        }
    }
}

std::int64_t MaxFlow::augment(int source, int sink) {
    if (first_.empty()) index_edges();
    std::int64_t total = 0;
    while (level_from_sink(source, sink)) total += block(source, sink);
    return total;
}

} // namespace perpetuum
