#pragma once
/// What the measurements of networks have in common: clocks, and rows that print themselves.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace perpetuum::bench {

/// Seconds: on the wall, and of all processors together.
struct Seconds {
    double wall = 1e300, processor = 1e300;
};

/// The least of a few runs, each clock by itself.
template <class Work>
Seconds least_of(int runs, Work&& work) {
    Seconds least;
    for (int k = 0; k < runs; ++k) {
        std::clock_t const processor = std::clock();
        auto const wall = std::chrono::steady_clock::now();
        work();
        std::chrono::duration<double> const passed = std::chrono::steady_clock::now() - wall;
        least.wall = std::min(least.wall, passed.count());
        least.processor = std::min(least.processor,
                                   static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC);
    }
    return least;
}

/// How a row is to be measured.
struct Order {
    int threads = 1, runs = 3;
    std::string file; ///< of payments, for rows that read one
};

struct Reading {
    Seconds time;
    double answer = 0;                                   ///< as the row's table says it must be
    std::vector<std::pair<std::string, double>> further; ///< named seconds, counts, shares
};

inline void require(bool fine, std::string const& what) {
    if (fine) return;
    std::fprintf(stderr, "wrong answer: %s\n", what.c_str());
    std::exit(1);
}

/// A row of the table: what is measured, and what must come out.
struct Row {
    char const* name;
    char const* what;
    double expected; ///< relative tolerance 10^-8; whole numbers are exact
    bool threaded;   ///< more threads make a difference
    bool quick;      ///< of the short variant
    Reading (*run)(Order const&);
};

std::vector<Row> loop_rows();
std::vector<Row> file_rows();
std::vector<Row> circulation_rows();
std::vector<Row> clearing_rows();

/// Writes the graph of a row as "from to amount time" lines or, with a header and commas, as CSV.
/// False when no graph has this name.
bool write_graph(std::string const& name, bool csv, std::FILE* file);

} // namespace perpetuum::bench
