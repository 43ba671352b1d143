/// What clearing costs: a block of lanes of a system as large as the shipped books, and one large
/// system. Static networks: ./go bench networks.

#include <perpetuum/clearing.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace perpetuum {
namespace {

struct BenchDraws {
    std::uint64_t state = 1;
    std::uint64_t next() {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return state >> 33;
    }
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
};

ClearingSystem bench_system(int firms, int payments, BenchDraws& draws) {
    ClearingSystem system;
    system.entities = firms + 1;
    system.unlimited.assign(static_cast<std::size_t>(firms) + 1, false);
    system.unlimited.back() = true;
    for (int p = 0; p < payments; ++p)
        system.payments.push_back(
            {draws.below(firms), draws.below(firms + 1), draws.below(3) > 0, 1 + draws.below(5)});
    return system;
}

struct BenchResult {
    double seconds = 0;
    double paid_share = 0;
    int short_entities = 0;
};

/// Mean time of one call, and of what was owed how much was paid in it.
BenchResult measure(ClearingSystem const& system, int lanes, double cash_each, int repeats,
                    BenchDraws& draws) {
    auto const n = static_cast<std::size_t>(lanes);
    std::vector<double> cash(system.unlimited.size() * n, cash_each), owed, paid,
        short_of(cash.size());
    for (std::size_t i = 0; i < system.payments.size() * n; ++i)
        owed.push_back(draws.below(1'000'000'000));
    paid.resize(owed.size());
    Clearing clearing(system);
    auto const once = [&] {
        clearing.clear({lanes, cash.data(), owed.data(), nullptr, nullptr},
                       {paid.data(), nullptr, nullptr, short_of.data()});
    };
    once();
    std::clock_t const begin = std::clock(); // of this process: others may be at work
    for (int i = 0; i < repeats; ++i) once();
    BenchResult result;
    result.seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / repeats;
    double all_owed = 0, all_paid = 0;
    for (std::size_t i = 0; i < owed.size(); ++i) {
        all_owed += owed[i];
        all_paid += paid[i];
    }
    result.paid_share = all_paid / all_owed;
    for (double missing : short_of) result.short_entities += missing > 100;
    return result;
}

void require(bool fine, char const* what) {
    if (fine) return;
    std::printf("wrong answer: %s\n", what);
    std::exit(1);
}

} // namespace
} // namespace perpetuum

int main() {
    using namespace perpetuum;
    BenchDraws draws;
    ClearingSystem const book = bench_system(20, 150, draws);
    BenchResult const rich = measure(book, 64, 1e11, 2000, draws);
    require(rich.paid_share == 1 && rich.short_entities == 0, "all can pay");
    std::printf("20 firms, 150 payments, all can pay:       %8.3f us a lane\n",
                rich.seconds / 64 * 1e6);
    BenchResult const poor = measure(book, 64, 1e8, 100, draws);
    require(poor.paid_share < 1 && poor.short_entities > 0, "not all can pay");
    std::printf("20 firms, 150 payments, %2.0f %% unpaid:       %8.3f us a lane\n",
                100 * (1 - poor.paid_share), poor.seconds / 64 * 1e6);
    ClearingSystem const network = bench_system(100'000, 1'000'000, draws);
    BenchResult const large = measure(network, 1, 1e9, 1, draws);
    require(large.short_entities > 0, "somebody defaults");
    std::printf("100,000 firms, 10^6 debts, %d short:    %8.3f s\n", large.short_entities,
                large.seconds);
}
