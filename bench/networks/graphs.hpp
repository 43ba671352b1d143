#pragma once
/// The graphs that are measured, by name: made by the tree's own generator from their seeds.

#include <perpetuum/loops/reference_graphs.hpp>

#include <cstring>

namespace perpetuum::bench {

struct GraphSeed {
    char const* name;
    std::uint64_t nodes;
    std::size_t payments;
    unsigned chance;
    std::uint64_t rings; ///< 0: no times; of `dense`: bursts
    std::uint64_t seed;
};
inline constexpr GraphSeed graph_seeds[] = {
    {"sf3", 1'000, 5'000, 55, 0, 11},           {"sf4", 10'000, 60'000, 55, 0, 12},
    {"sf5", 100'000, 800'000, 55, 0, 13},       {"tt5", 20'000, 100'000, 70, 200, 21},
    {"tt6", 200'000, 1'000'000, 70, 2'000, 22}, {"tt7", 2'000'000, 10'000'000, 70, 20'000, 23},
    {"dense", 20'000, 100'000, 70, 1'000, 77},
};
constexpr std::uint64_t month = 2'592'000;
constexpr std::int64_t day = 86'400;

inline GraphSeed const* seed_of(char const* name) {
    for (GraphSeed const& seed : graph_seeds)
        if (std::strcmp(seed.name, name) == 0) return &seed;
    return nullptr;
}

inline std::vector<reference::Payment> payments_of(GraphSeed const& seed) {
    if (std::strcmp(seed.name, "dense") == 0)
        return reference::dense_dated(seed.nodes, seed.payments, seed.chance, month, seed.rings,
                                      seed.seed);
    if (seed.rings > 0)
        return reference::dated(seed.nodes, seed.payments, seed.chance, month, seed.rings,
                                seed.seed);
    return reference::scale_free(seed.nodes, seed.payments, seed.chance, seed.seed);
}

} // namespace perpetuum::bench
