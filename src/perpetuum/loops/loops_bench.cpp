/// What counting all loops costs on the reference graphs, beside the prototype where the reference
/// data is there. Every count is checked. CPU seconds of all threads, and wall seconds; the least of
/// a few runs. `loops_bench all` takes the large graphs too (2 GB, minutes).

#include "reference_graphs.hpp"

#include <perpetuum/loops.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <vector>

#ifndef PERPETUUM_SHARED
#define PERPETUUM_SHARED PERPETUUM_SOURCE "/../shared"
#endif

namespace perpetuum {
namespace {

struct BenchTimes {
    double wall = 1e9, processor = 1e9;
};

template <class Work>
BenchTimes least_times(int runs, Work work) {
    BenchTimes least;
    for (int k = 0; k < runs; ++k) {
        auto const begin = std::chrono::steady_clock::now();
        std::clock_t const processor = std::clock();
        work();
        std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - begin;
        least.wall = std::min(least.wall, wall.count());
        least.processor = std::min(least.processor,
                                   static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC);
    }
    return least;
}

void require_count(LoopTally const& tally, std::uint64_t expected) {
    if (tally.complete && tally.count == expected) return;
    std::printf("wrong answer: %llu loops, expected %llu\n",
                static_cast<unsigned long long>(tally.count),
                static_cast<unsigned long long>(expected));
    std::exit(1);
}

/// The prototype of the reference data, compiled into a folder of its own; empty without them.
class Prototype {
  public:
    Prototype() {
        std::string const source = PERPETUUM_SHARED "/prototypes/net/cyc.cpp";
        if (!std::filesystem::exists(source)) return;
        std::string name = (std::filesystem::temp_directory_path() / "loops-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) return;
        folder_ = name;
        std::string const compile =
            "c++ -O3 -march=native -std=c++20 -pthread -o '" + name + "/cyc' '" + source + "'";
        there_ = std::system(compile.c_str()) == 0;
    }
    Prototype(Prototype const&) = delete;
    Prototype& operator=(Prototype const&) = delete;
    ~Prototype() {
        if (!folder_.empty()) std::filesystem::remove_all(folder_);
    }

    void write(std::vector<reference::Payment> const& payments) const {
        if (!there_) return;
        std::FILE* file = std::fopen((folder_ + "/graph").c_str(), "wb");
        for (reference::Payment const& payment : payments)
            std::fprintf(file, "%u %u %lld %lld\n", payment.from, payment.to,
                         static_cast<long long>(payment.amount),
                         static_cast<long long>(payment.time));
        std::fclose(file);
    }

    /// Of its search alone, the least of two runs; nothing without it. Its processor time is that of
    /// the whole run, by the share that the search has in its wall time.
    BenchTimes times(std::string const& arguments, int threads, std::uint64_t expected) const {
        BenchTimes least{0, 0};
        for (int k = 0; there_ && k < 2; ++k) {
            BenchTimes const run = once(arguments, threads, expected);
            if (k == 0 || run.processor < least.processor) least = run;
        }
        return least;
    }

  private:
    static double processor_of_children() {
        rusage usage{};
        getrusage(RUSAGE_CHILDREN, &usage);
        auto const seconds = [](timeval time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }

    BenchTimes once(std::string const& arguments, int threads, std::uint64_t expected) const {
        double const before = processor_of_children();
        std::string const kind = arguments.substr(0, arguments.find(' '));
        std::string const rest = arguments.substr(arguments.find(' ') + 1);
        std::string const command = "'" + folder_ + "/cyc' " + kind + " '" + folder_ + "/graph' " +
                                    rest + " " + std::to_string(threads);
        std::FILE* pipe = popen(command.c_str(), "r");
        if (pipe == nullptr) return {0, 0};
        char text[4096] = {};
        std::size_t const size = std::fread(text, 1, sizeof text - 1, pipe);
        pclose(pipe);
        text[size] = 0;
        char const* total = std::strstr(text, "\"total\":");
        char const* load = std::strstr(text, "\"load_s\":");
        char const* search = std::strstr(text, "\"search_s\":");
        if (total == nullptr || load == nullptr || search == nullptr ||
            std::strtoull(total + 8, nullptr, 10) != expected) {
            std::printf("the prototype gives another answer: %s\n", text);
            std::exit(1);
        }
        double const wall = std::strtod(search + 11, nullptr);
        double const whole = wall + std::strtod(load + 9, nullptr);
        return {wall, whole > 0 ? (processor_of_children() - before) * wall / whole : 0};
    }

    std::string folder_;
    bool there_ = false;
};

void print_line(std::string const& what, int threads, BenchTimes ours, BenchTimes theirs,
                double aim) {
    std::printf("%-34s %d threads: wall %7.3f s, processor %7.3f s", what.c_str(), threads,
                ours.wall, ours.processor);
    if (theirs.processor > 0)
        std::printf("; prototype %7.3f s, %7.3f s: %4.1f times by wall, %4.1f by processor",
                    theirs.wall, theirs.processor, theirs.wall / ours.wall,
                    theirs.processor / ours.processor);
    if (aim > 0)
        std::printf("; aim %.2f s on 2 threads%s", aim,
                    threads != 2      ? ""
                    : ours.wall < aim ? ": met"
                                      : ": missed");
    std::printf("\n");
    std::fflush(stdout);
}

struct StaticCase {
    char const* name;
    std::uint64_t nodes;
    std::size_t edges;
    std::uint64_t seed;
    int longest;
    std::uint64_t expected;
    double aim;
};

void bench_static(StaticCase const& one, Prototype const& prototype) {
    auto const payments = reference::scale_free(one.nodes, one.edges, 55, one.seed);
    Network const network = reference::as_network(one.nodes, payments);
    prototype.write(payments);
    for (int const threads : {1, 2}) {
        LoopBudget budget;
        budget.threads = threads;
        BenchTimes const times = least_times(3, [&] {
            require_count(search_loops(network, {.longest = one.longest}, budget), one.expected);
        });
        BenchTimes const theirs =
            prototype.times("static " + std::to_string(one.longest), threads, one.expected);
        print_line(std::string(one.name) + " <= " + std::to_string(one.longest), threads, times,
                   theirs, one.aim);
    }
}

struct DatedCase {
    char const* name;
    std::uint64_t nodes;
    std::size_t payments;
    unsigned chance;
    std::uint64_t rings, seed;
    std::int64_t days;
    std::uint64_t expected; ///< 0: whatever the prototype says, or both numbers of threads agree on
    double aim;
};

void bench_dated(DatedCase const& one, Prototype const& prototype) {
    constexpr std::uint64_t span = 2'592'000;
    PaymentList list;
    {
        auto const payments =
            reference::dated(one.nodes, one.payments, one.chance, span, one.rings, one.seed);
        prototype.write(payments);
        list = reference::as_list(one.nodes, payments);
    }
    TemporalRules rules;
    rules.window = one.days * 86'400;
    std::uint64_t expected = one.expected;
    if (expected == 0) expected = search_temporal_loops(list, {}, rules, {}).count;
    for (int const threads : {1, 2}) {
        LoopBudget budget;
        budget.threads = threads;
        BenchTimes const times = least_times(
            2, [&] { require_count(search_temporal_loops(list, {}, rules, budget), expected); });
        BenchTimes const theirs =
            prototype.times("temporal 64 " + std::to_string(rules.window), threads, expected);
        print_line(std::string(one.name) + ", " + std::to_string(one.days) + " d, " +
                       std::to_string(expected) + " loops",
                   threads, times, theirs, one.aim);
    }
}

} // namespace
} // namespace perpetuum

int main(int count, char** words) {
    using namespace perpetuum;
    bool const all = count > 1 && std::strcmp(words[1], "all") == 0;
    Prototype const prototype;
    bench_static({"sf3", 1'000, 5'000, 11, 6, 86'764, 0.05}, prototype);
    bench_static({"sf5", 100'000, 800'000, 13, 4, 10'961, 0.8}, prototype);
    bench_dated({"tt5", 20'000, 100'000, 70, 200, 21, 7, 16'510, 0.5}, prototype);
    bench_dated({"tt6", 200'000, 1'000'000, 70, 2'000, 22, 3, 3'157, 0.4}, prototype);
    // Fewer parties, so that there are more loops than payments.
    bench_dated({"dense", 2'000, 100'000, 50, 200, 77, 3, 118'623, 0}, prototype);
    if (all) bench_dated({"tt7", 2'000'000, 10'000'000, 70, 20'000, 23, 1, 20'150, 1.5}, prototype);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak memory, graphs and generator included: %ld MB\n", usage.ru_maxrss / 1024);
}
