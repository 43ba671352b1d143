#include "dated_graph.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::uint32_t no_place = std::numeric_limits<std::uint32_t>::max();

/// Places of the parties with payments, by falling number of them.
std::vector<std::uint32_t> dated_places(PaymentList const& list,
                                        std::vector<std::uint32_t> const& payments,
                                        std::vector<int>& node_at) {
    std::vector<std::uint32_t> degree(list.parties.size()), place(list.parties.size(), no_place);
    for (std::uint32_t const k : payments) {
        ++degree[static_cast<std::size_t>(list.from[k])];
        ++degree[static_cast<std::size_t>(list.to[k])];
    }
    for (std::size_t party = 0; party < degree.size(); ++party)
        if (degree[party] > 0) node_at.push_back(static_cast<int>(party));
    std::stable_sort(node_at.begin(), node_at.end(), [&](int a, int b) {
        return degree[static_cast<std::size_t>(a)] > degree[static_cast<std::size_t>(b)];
    });
    for (std::size_t k = 0; k < node_at.size(); ++k)
        place[static_cast<std::size_t>(node_at[k])] = static_cast<std::uint32_t>(k);
    return place;
}

/// For each rank, the last rank whose time is at most reach(rank); reach never falls.
template <class Reach>
std::vector<std::uint32_t> last_within(std::vector<std::int64_t> const& times, Reach reach) {
    std::vector<std::uint32_t> last(times.size());
    std::size_t at = 0;
    for (std::size_t rank = 1; rank < times.size(); ++rank) {
        std::int64_t const most = reach(times[rank]);
        while (at + 1 < times.size() && times[at + 1] <= most) ++at;
        last[rank] = static_cast<std::uint32_t>(at);
    }
    return last;
}

void fill_windows(std::vector<std::int64_t> const& times, TemporalRules const& rules,
                  DatedGraph& graph) {
    std::int64_t const latest = times.back();
    auto const end = [&](std::int64_t time) { return std::min(later(time, rules.window), latest); };
    graph.window_end = last_within(times, end);
    graph.window_half =
        last_within(times, [&](std::int64_t time) { return time + (end(time) - time) / 2; });
    if (rules.gap < rules.window)
        graph.gap_end =
            last_within(times, [&](std::int64_t time) { return later(time, rules.gap); });
}

} // namespace

DatedGraph dated_graph(PaymentList const& list, LoopQuery const& query, TemporalRules const& rules,
                       int threads) {
    auto const payments = payments_on_loops(list, query, rules.window, threads);
    DatedGraph graph;
    if (payments.empty()) return graph;
    auto const place = dated_places(list, payments, graph.node_at);
    std::vector<std::int64_t> times(1, std::numeric_limits<std::int64_t>::min());
    std::vector<std::uint32_t> rank;
    rank.reserve(payments.size());
    for (std::uint32_t const k : payments) {
        if (list.time[k] != times.back()) times.push_back(list.time[k]);
        rank.push_back(static_cast<std::uint32_t>(times.size() - 1));
    }
    fill_windows(times, rules, graph);
    graph.out_begin.assign(graph.node_at.size() + 1, 0);
    graph.in_begin.assign(graph.node_at.size() + 1, 0);
    auto const from = [&](std::uint32_t k) {
        return place[static_cast<std::size_t>(list.from[k])];
    };
    auto const to = [&](std::uint32_t k) { return place[static_cast<std::size_t>(list.to[k])]; };
    for (std::uint32_t const k : payments) {
        ++graph.out_begin[from(k) + 1];
        ++graph.in_begin[to(k) + 1];
    }
    for (std::size_t k = 0; k < graph.node_at.size(); ++k) {
        graph.out_begin[k + 1] += graph.out_begin[k];
        graph.in_begin[k + 1] += graph.in_begin[k];
    }
    graph.out.resize(payments.size());
    graph.in.resize(payments.size());
    graph.payment.resize(payments.size());
    auto next_out = graph.out_begin, next_in = graph.in_begin;
    for (std::size_t p = 0; p < payments.size(); ++p) {
        std::uint32_t const k = payments[p], x = from(k), y = to(k);
        graph.payment[next_out[x]] = k;
        graph.out[next_out[x]++] = {y, rank[p]};
        graph.in[next_in[y]++] = {x, rank[p]};
    }
    return graph;
}

} // namespace perpetuum
