/// What clearing of large networks and of many scenarios costs, beside the plain way in the same run.

#include <perpetuum/clearing/network_bench.hpp>
#include <perpetuum/clearing/networks_for_tests.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace perpetuum {
namespace {

struct Clocks {
    double wall = 0, cpu = 0;
};
template <class Work>
Clocks best_of(int times, Work&& work) {
    Clocks best{1e300, 1e300};
    for (int k = 0; k < times; ++k) {
        std::clock_t const cpu = std::clock();
        auto const wall = std::chrono::steady_clock::now();
        work();
        best.wall = std::min(
            best.wall,
            std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count());
        best.cpu = std::min(best.cpu, static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
    }
    return best;
}

void require_answer(bool fine, char const* what) {
    if (fine) return;
    std::printf("wrong answer: %s\n", what);
    std::exit(1);
}

bool near(double value, double expected) { return std::fabs(value / expected - 1) < 1e-8; }

/// The prototype's way: whole sweeps over all debts by creditor, from above, until nothing changes
/// by more than 10^-12.
struct PlainSweeps {
    std::vector<std::size_t> first;
    std::vector<int> debtor;
    std::vector<double> share, owed, paid;

    explicit PlainSweeps(DebtNetwork const& network) {
        auto const n = static_cast<std::size_t>(network.firms);
        owed.assign(n, 0.0);
        first.assign(n + 1, 0);
        for (auto const& debt : network.debts) {
            owed[static_cast<std::size_t>(debt.debtor)] += debt.amount;
            if (debt.creditor >= 0) ++first[static_cast<std::size_t>(debt.creditor) + 1];
        }
        for (std::size_t i = 0; i < n; ++i) first[i + 1] += first[i];
        auto next = first;
        debtor.resize(first.back());
        share.resize(first.back());
        for (auto const& debt : network.debts) {
            if (debt.creditor < 0) continue;
            std::size_t const k = next[static_cast<std::size_t>(debt.creditor)]++;
            debtor[k] = debt.debtor;
            share[k] = debt.amount / owed[static_cast<std::size_t>(debt.debtor)];
        }
    }
    int clear(std::vector<double> const& cash) {
        paid = owed;
        std::vector<double> next(paid);
        for (int sweep = 1;; ++sweep) {
            double worst = 0;
            for (std::size_t i = 0; i < paid.size(); ++i) {
                double has = cash[i];
                for (std::size_t k = first[i]; k < first[i + 1]; ++k)
                    has += share[k] * paid[static_cast<std::size_t>(debtor[k])];
                next[i] = std::min(owed[i], has);
                worst = std::max(worst, (paid[i] - next[i]) / std::max(owed[i], 1.0));
            }
            paid.swap(next);
            if (worst <= 1e-12) return sweep;
        }
    }
};

struct LargeNetwork {
    char const* name;
    std::uint64_t firms, core, each, seed, shock, leak;
    int defaults;
    double paid, shortfall; ///< expected.json of the reference data
};
constexpr LargeNetwork large_networks[] = {
    {"cp5", 100'000, 300, 6, 34, 60, 50, 12791, 1036401271.0, 37754276.19},
    {"cq5", 100'000, 300, 6, 44, 190, 1, 86774, 98753949.86, 427830803.1},
    {"cp6", 1'000'000, 1000, 8, 35, 60, 50, 130996, 12531087820.0, 510780936.9},
    {"cq6", 1'000'000, 1000, 8, 45, 190, 1, 890720, 1194592543.0, 5297856327.0},
};

void bench_large(LargeNetwork const& large) {
    DebtNetwork const network =
        core_periphery(large.firms, large.core, large.each, large.seed, large.shock, large.leak);
    std::clock_t const begin = std::clock();
    NetworkClearing const clearing(network);
    double const prepare = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    ClearedNetwork found;
    Clocks const time = best_of(3, [&] { found = clearing.greatest(network.cash); });
    double paid = 0, shortfall = 0;
    int defaults = 0;
    for (std::size_t i = 0; i < found.paid.size(); ++i) {
        paid += found.paid[i];
        shortfall += found.owed[i] - found.paid[i];
        defaults += found.paid[i] < found.owed[i] * (1 - 1e-9);
    }
    require_answer(defaults == large.defaults && near(paid, large.paid) &&
                       near(shortfall, large.shortfall),
                   large.name);
    ClearingCertificate certificate;
    Clocks const check = best_of(1, [&] { certificate = clearing.certify(network.cash, found); });
    require_answer(certificate.residual < 1e-11 && certificate.off_by < 1e-10, large.name);
    PlainSweeps plain(network);
    int sweeps = 0;
    Clocks const old = best_of(1, [&] { sweeps = plain.clear(network.cash); });
    std::printf(
        "%s: %zu debts, %d fail in %d waves: prepare %.3f s, clear %.3f s (wall %.3f), certify "
        "%.3f s; %d plain sweeps %.3f s: %.1f times as long; %.0f %% of the plain claims read\n",
        large.name, network.debts.size(), defaults, found.waves, prepare, time.cpu, time.wall,
        check.cpu, sweeps, old.cpu, old.cpu / time.cpu,
        100.0 * static_cast<double>(found.looks) /
            (static_cast<double>(sweeps) * static_cast<double>(plain.share.size())));
}

void bench_scenarios(std::size_t count, int threads) {
    DebtNetwork const network = core_periphery(500, 25, 5, 36, 60, 50);
    NetworkClearing const clearing(network);
    ClearingScenarios scenarios;
    scenarios.count = count;
    scenarios.threads = threads;
    ClearedScenarios all;
    Clocks const time = best_of(2, [&] { all = clearing.all(scenarios); });
    // Checked: a scenario by itself, and how many fail on average in all.
    double failing = 0;
    for (int const fails : all.failing) failing += fails;
    double by_firm = 0;
    for (auto const fails : all.failures) by_firm += static_cast<double>(fails);
    require_answer(failing == by_firm && all.single == 0, "scenarios");
    scenarios.count = 16;
    auto const few = clearing.all(scenarios, true);
    require_answer(std::fabs(few.shortfall[0] - all.shortfall[0]) == 0, "the first scenario");
    std::printf("500 banks, %zu scenarios, %d threads: %.2f s of processors, %.2f s; %.1f fail on "
                "average\n",
                count, threads, time.cpu, time.wall, failing / static_cast<double>(count));
}

} // namespace

void bench_networks() {
    for (LargeNetwork const& large : large_networks) bench_large(large);
    bench_scenarios(1'000'000, 1);
    bench_scenarios(1'000'000, 2);
}

} // namespace perpetuum
