#pragma once
/// The graphs that reference counts exist for, made again from their seeds; for tests and
/// measurements.

#include <perpetuum/network.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <string>
#include <unordered_set>
#include <vector>

namespace perpetuum::reference {

__extension__ using Wide = unsigned __int128;

/// splitmix64.
struct Draws {
    std::uint64_t state;
    std::uint64_t next() {
        std::uint64_t z = (state += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
    }
};

/// Pareto-like: twice as large half as often, from 64 on.
inline std::uint64_t draw_amount(Draws& draws) {
    std::uint64_t const draw = draws.next();
    int const size = draw == 0 ? 0 : std::min(std::countr_zero(draw), 14);
    std::uint64_t const base = std::uint64_t{64} << size;
    return base + draws.below(base);
}

/// Low ranks are drawn more often: each draw goes to the lower half with this chance in a hundred.
inline std::uint64_t draw_endpoint(Draws& draws, std::uint64_t nodes, unsigned chance) {
    std::uint64_t most = nodes;
    while (most > 1 && draws.below(100) < chance) most = (most + 1) / 2;
    return draws.below(most);
}

/// So that ranks are not names.
inline std::uint64_t shuffled(std::uint64_t rank, std::uint64_t nodes, std::uint64_t salt) {
    std::uint64_t factor = std::max<std::uint64_t>(2, (salt | 1U) % nodes);
    while (std::gcd(factor, nodes) != 1) ++factor;
    return static_cast<std::uint64_t>((static_cast<Wide>(rank) * (factor % nodes) + salt % nodes) %
                                      nodes);
}

struct Payment {
    std::uint32_t from, to;
    std::int64_t amount, time;
};

/// Scale-free, each pair at most once, no times.
inline std::vector<Payment> scale_free(std::uint64_t nodes, std::size_t edges, unsigned chance,
                                       std::uint64_t seed) {
    Draws draws{seed};
    std::uint64_t const salt = draws.next();
    std::unordered_set<std::uint64_t> seen;
    std::vector<Payment> payments;
    while (payments.size() < edges) {
        std::uint64_t const from = shuffled(draw_endpoint(draws, nodes, chance), nodes, salt);
        std::uint64_t const to = shuffled(draw_endpoint(draws, nodes, chance), nodes, salt);
        if (from == to || !seen.insert(from * nodes + to).second) continue;
        payments.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to),
                            static_cast<std::int64_t>(draw_amount(draws)), 0});
    }
    return payments;
}

/// A ring of three to eight payments in a row, each 2 % smaller than the one before.
inline void plant_ring(Draws& draws, std::uint64_t nodes, std::uint64_t span,
                       std::vector<Payment>& payments) {
    std::uint64_t const length = 3 + draws.below(6);
    std::uint64_t time = 1 + draws.below(span - 4000), amount = draw_amount(draws) + 1000;
    std::vector<std::uint32_t> ring;
    while (ring.size() < length) {
        auto const node = static_cast<std::uint32_t>(draws.below(nodes));
        if (std::find(ring.begin(), ring.end(), node) == ring.end()) ring.push_back(node);
    }
    for (std::size_t k = 0; k < length; ++k) {
        payments.push_back({ring[k], ring[(k + 1) % length], static_cast<std::int64_t>(amount),
                            static_cast<std::int64_t>(time)});
        time += 1 + draws.below(400);
        amount -= amount / 50;
    }
}

/// Scale-free payments at any time until there are enough; then all by time.
inline void fill_dated(Draws& draws, std::uint64_t salt, std::uint64_t nodes, std::size_t edges,
                       unsigned chance, std::uint64_t span, std::vector<Payment>& payments) {
    while (payments.size() < edges) {
        std::uint64_t const from = shuffled(draw_endpoint(draws, nodes, chance), nodes, salt);
        std::uint64_t const to = shuffled(draw_endpoint(draws, nodes, chance), nodes, salt);
        if (from == to) continue;
        auto const amount = static_cast<std::int64_t>(draw_amount(draws));
        payments.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to),
                            amount, static_cast<std::int64_t>(1 + draws.below(span))});
    }
    std::stable_sort(payments.begin(), payments.end(),
                     [](Payment const& a, Payment const& b) { return a.time < b.time; });
}

/// Dated payments, scale-free, with planted rings; by time.
inline std::vector<Payment> dated(std::uint64_t nodes, std::size_t edges, unsigned chance,
                                  std::uint64_t span, std::uint64_t rings, std::uint64_t seed) {
    Draws draws{seed};
    std::uint64_t const salt = draws.next();
    std::vector<Payment> payments;
    payments.reserve(edges);
    for (std::uint64_t k = 0; k < rings && edges - payments.size() > 16; ++k)
        plant_ring(draws, nodes, span, payments);
    fill_dated(draws, salt, nodes, edges, chance, span, payments);
    return payments;
}

/// A group of five to eight that pay each other at random, eight payments each within two hours:
/// many ways round, so that there are far more loops than payments.
inline void plant_burst(Draws& draws, std::uint64_t nodes, std::uint64_t span,
                        std::vector<Payment>& payments) {
    std::uint64_t const size = 5 + draws.below(4), begin = 1 + draws.below(span - 7200);
    std::vector<std::uint32_t> group;
    while (group.size() < size) {
        auto const node = static_cast<std::uint32_t>(draws.below(nodes));
        if (std::find(group.begin(), group.end(), node) == group.end()) group.push_back(node);
    }
    for (std::uint64_t k = 0; k < 8 * size; ++k) {
        std::uint64_t const from = draws.below(size);
        std::uint64_t const to = (from + 1 + draws.below(size - 1)) % size;
        auto const amount = static_cast<std::int64_t>(draw_amount(draws));
        payments.push_back(
            {group[from], group[to], amount, static_cast<std::int64_t>(begin + draws.below(7200))});
    }
}

/// As `dated`, with bursts instead of rings: the denser family.
inline std::vector<Payment> dense_dated(std::uint64_t nodes, std::size_t edges, unsigned chance,
                                        std::uint64_t span, std::uint64_t bursts,
                                        std::uint64_t seed) {
    Draws draws{seed};
    std::uint64_t const salt = draws.next();
    std::vector<Payment> payments;
    payments.reserve(edges);
    for (std::uint64_t k = 0; k < bursts && edges - payments.size() > 64; ++k)
        plant_burst(draws, nodes, span, payments);
    fill_dated(draws, salt, nodes, edges, chance, span, payments);
    return payments;
}

inline std::vector<std::string> numbered_names(std::uint64_t nodes) {
    std::vector<std::string> names;
    for (std::uint64_t k = 0; k < nodes; ++k) names.push_back(std::to_string(k));
    return names;
}

inline Network as_network(std::uint64_t nodes, std::vector<Payment> const& payments) {
    std::vector<Network::Edge> edges;
    for (Payment const& payment : payments)
        edges.push_back(
            {static_cast<int>(payment.from), static_cast<int>(payment.to), payment.amount});
    return network_from(numbered_names(nodes), std::move(edges), 1);
}

inline PaymentList as_list(std::uint64_t nodes, std::vector<Payment> const& payments) {
    PaymentList list;
    list.parties = numbered_names(nodes);
    list.time_form = TimeForm::integer;
    for (Payment const& payment : payments) {
        list.from.push_back(static_cast<int>(payment.from));
        list.to.push_back(static_cast<int>(payment.to));
        list.amount.push_back(payment.amount);
        list.time.push_back(payment.time);
    }
    return list;
}

} // namespace perpetuum::reference
