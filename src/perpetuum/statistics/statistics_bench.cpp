/// What statistics cost: nanoseconds a value, in rows of 64 lanes as a run hands them over, least of
/// several repeats in processor time. Each answer is checked.

#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "streams_for_tests.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace perpetuum {
namespace {

constexpr std::size_t row = 64, steps = 40, rows = 8 * steps;

void require(bool fine, char const* what) {
    if (fine) return;
    std::printf("wrong answer: %s\n", what);
    std::exit(1);
}

/// Least processor time of a value over repeats, ns.
template <class Work>
double least_ns(std::size_t values, int repeats, Work work) {
    double least = 1e300;
    for (int i = 0; i < repeats; ++i) {
        std::clock_t const begin = std::clock();
        for (int k = 0; k < 20; ++k) work();
        double const seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / 20;
        least = std::min(least, seconds / static_cast<double>(values) * 1e9);
    }
    return least;
}

struct Kind {
    char const* name;
    std::vector<double> values; ///< [row][lane]
};

std::vector<Kind> kinds() {
    TestDraws draws;
    auto const make = [&](char const* name, auto value) {
        Kind kind{name, {}};
        for (std::size_t i = 0; i < rows * row; ++i) kind.values.push_back(value());
        return kind;
    };
    return {make("coins, one sign", [&] { return std::floor(std::exp(draws.normal()) * 1e12); }),
            make("coins, both signs", [&] { return std::floor(draws.normal() * 1e12); }),
            make("a third zeros",
                 [&] { return draws.unit() < 1.0 / 3 ? 0 : std::floor(draws.unit() * 1e12); }),
            make("all zero", [&] { return 0.0; }),
            make("real, normal", [&] { return draws.normal(); }),
            make("real, heavy tails", [&] { return std::pow(draws.unit() + 1e-6, -2.0); })};
}

/// One cell after another, as when every row belongs to another step: `cells` sketches in turn.
template <class Statistic>
double row_ns(Kind const& kind, std::size_t cells) {
    std::vector<Statistic> all(cells);
    auto const work = [&] {
        for (std::size_t r = 0; r < rows; ++r)
            all[r % cells].add(kind.values.data() + r * row, row);
    };
    work();
    double const ns = least_ns(rows * row, 15, work);
    std::uint64_t count = 0;
    for (Statistic const& one : all) count += one.count();
    require(count % (rows * row) == 0 && count > 0, "values are lost");
    return ns;
}

double summary_ns(Kind const& kind) {
    SummaryPlan plan;
    plan.steps = steps;
    plan.series = {"a"};
    Summary summary(plan);
    auto const work = [&] {
        for (std::size_t r = 0; r < rows; ++r)
            summary.add(0, static_cast<int>(r % steps) + 1, kind.values.data() + r * row, row);
    };
    work();
    return least_ns(rows * row, 15, work);
}

double pairs_ns(Kind const& kind) {
    std::vector<PairMoments> all(steps);
    std::size_t const half = rows / 2 * row;
    return least_ns(half, 15, [&] {
        for (std::size_t r = 0; r < rows / 2; ++r)
            all[r % steps].add(kind.values.data() + r * row, kind.values.data() + half + r * row,
                               row);
    });
}

} // namespace
} // namespace perpetuum

int main() {
    using namespace perpetuum;
    std::printf("ns a value, rows of 64      sketch  moments  both, 40 steps   pairs   a block of "
                "40 x 64, both\n");
    for (Kind const& kind : kinds()) {
        double const both = summary_ns(kind);
        std::printf("%-26s %7.2f %8.2f %15.2f %8.2f %19.1f us\n", kind.name,
                    row_ns<Sketch>(kind, 1), row_ns<Moments>(kind, 1), both, pairs_ns(kind),
                    both * steps * row / 1000);
    }
    Kind const kind = kinds()[1];
    SummaryPlan plan;
    plan.steps = steps;
    for (int i = 0; i < 25; ++i) plan.series.push_back(std::to_string(i));
    Summary summary(plan);
    for (std::size_t s = 0; s < 25; ++s)
        for (std::size_t r = 0; r < rows; ++r)
            summary.add(s, static_cast<int>(r % steps) + 1, kind.values.data() + r * row, row);
    std::size_t memory = 0;
    for (std::size_t s = 0; s < 25; ++s)
        for (int step = 1; step <= 40; ++step)
            memory += summary.sketch(s, step).bytes() + sizeof(Moments);
    std::string const bytes = summary.bytes();
    double const cells = 1000;
    std::printf("a series in a step: %.1f KiB held, %.1f KiB as bytes\n",
                static_cast<double>(memory) / cells / 1024,
                static_cast<double>(bytes.size()) / cells / 1024);
    double sum = 0;
    std::printf(
        "us each: median %.2f, its interval %.2f, mean %.2f, variance %.2f, bytes %.2f, read back "
        "%.2f\n",
        least_ns(1, 5, [&] { sum += summary.sketch(3, 7).quantile(0.5).value; }) / 1000,
        least_ns(1, 5, [&] { sum += summary.sketch(3, 7).quantile_interval(0.5).at_most; }) / 1000,
        least_ns(1, 5, [&] { sum += summary.moments(3, 7).mean(); }) / 1000,
        least_ns(1, 5, [&] { sum += summary.moments(3, 7).variance(); }) / 1000,
        least_ns(1000, 1, [&] { sum += static_cast<double>(summary.bytes().size()); }) / 1000,
        least_ns(1000, 1, [&] {
            std::string problem;
            require(read_summary(bytes, problem).has_value(), "bytes");
        }) / 1000);
    require(std::isfinite(sum), "a quantile is not finite");
}
