#pragma once
// Networks of debts for tests and measurements: the reference generator's, and random small ones.

#include <perpetuum/clearing.hpp>

#include <bit>
#include <cstdint>
#include <unordered_set>

namespace perpetuum {

/// splitmix64.
struct NetworkDraws {
    std::uint64_t state;
    std::uint64_t next() {
        std::uint64_t z = (state += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t n) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * n) >> 64);
    }
    double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    std::uint64_t amount() {
        std::uint64_t const x = next();
        int const k = x != 0 ? std::countr_zero(x) : 0;
        std::uint64_t const base = std::uint64_t{64} << (k > 14 ? 14 : k);
        return base + below(base);
    }
};

/// `gen cp FIRMS CORE EACH SEED SHOCK LEAK` of the reference data, word for word: a core and a
/// periphery, shocked; each firm's debt to outside is its last.
inline DebtNetwork core_periphery(std::uint64_t firms, std::uint64_t core, std::uint64_t each,
                                  std::uint64_t seed, std::uint64_t shock, std::uint64_t leak) {
    NetworkDraws draws{seed};
    DebtNetwork network;
    network.firms = static_cast<int>(firms);
    std::vector<std::uint64_t> out(firms), in(firms);
    std::unordered_set<std::uint64_t> seen;
    seen.reserve((firms + 1) * each * 2);
    auto const add = [&](std::uint64_t x, std::uint64_t y, std::uint64_t w) {
        if (x == y || !seen.insert(x * firms + y).second) return;
        network.debts.push_back({static_cast<int>(x), static_cast<int>(y), static_cast<double>(w)});
        out[x] += w;
        in[y] += w;
    };
    std::uint64_t const core_each = core - 1 < 4 * each ? core - 1 : 4 * each;
    for (std::uint64_t i = 0; i < core; ++i)
        for (std::uint64_t j = 0; j < core_each; ++j) {
            // As g++ evaluates the reference's call: the amount is drawn before the creditor.
            std::uint64_t const w = 8 * draws.amount();
            add(i, draws.below(core), w);
        }
    for (std::uint64_t i = core; i < firms; ++i)
        for (std::uint64_t j = 0; j < each; ++j) {
            bool const to_core = draws.below(100) < 80;
            std::uint64_t const y = to_core ? draws.below(core) : core + draws.below(firms - core);
            bool const owes = draws.below(2) != 0;
            std::uint64_t const w = draws.amount();
            owes ? add(i, y, w) : add(y, i, w);
        }
    for (std::uint64_t i = 0; i < firms; ++i) {
        std::uint64_t const outside = leak * (out[i] + in[i]) / 100 + 100, debt = out[i] + outside;
        std::uint64_t const need = debt + debt * (4 + draws.below(9)) / 100;
        std::uint64_t cash = need > in[i] ? need - in[i] : 0;
        if (shock > 100)
            cash = cash * (200 - shock) / 100;
        else if (draws.below(10) == 0)
            cash -= cash * shock / 100;
        network.cash.push_back(static_cast<double>(cash));
        network.debts.push_back(
            {static_cast<int>(i), DebtNetwork::outside, static_cast<double>(outside)});
    }
    return network;
}

struct SmallNetworkKinds {
    bool ranks = false, costs = false, holdings = false, outside = true;
};
/// Three to nine firms with whole amounts, often in trouble, often at the edge of it.
inline DebtNetwork small_network(NetworkDraws& draws, SmallNetworkKinds kinds) {
    DebtNetwork network;
    network.firms = 3 + static_cast<int>(draws.below(7));
    auto const n = static_cast<std::uint64_t>(network.firms);
    auto const firm = [&] { return static_cast<int>(draws.below(n)); };
    std::uint64_t const debts = n + draws.below(3 * n);
    for (std::uint64_t k = 0; k < debts; ++k) {
        int const debtor = firm();
        int creditor = firm();
        if (creditor == debtor) creditor = (debtor + 1) % network.firms;
        if (kinds.outside && draws.below(4) == 0) creditor = DebtNetwork::outside;
        network.debts.push_back({debtor, creditor, static_cast<double>(1 + draws.below(100))});
        if (kinds.ranks) network.ranks.push_back(1 + static_cast<int>(draws.below(3)));
    }
    for (std::uint64_t i = 0; i < n; ++i) {
        network.cash.push_back(static_cast<double>(draws.below(3) == 0 ? 0 : draws.below(100)));
        if (!kinds.costs) continue;
        network.kept_cash.push_back(0.5 + 0.5 * draws.unit());
        network.kept_income.push_back(0.5 + 0.5 * draws.unit());
    }
    if (!kinds.holdings) return network;
    for (int i = 0; i < network.firms; ++i)
        for (int k = 0; k < 2; ++k) {
            int const owner = firm();
            if (owner != i) network.holdings.push_back({owner, i, 0.4 * draws.unit()});
        }
    return network;
}

} // namespace perpetuum
