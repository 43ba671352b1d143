/// What a draw and an elementary function cost a lane on each instruction set, beside the C library's
/// vector functions (which give other bits on other machines) and the usual Box-Muller on top of
/// them. Least CPU time of many short runs over a row of 64 lanes that stays in the nearest cache.

#include <perpetuum/lanes/rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace perpetuum {
namespace {

constexpr std::size_t bench_lanes = 64;

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// ns a lane.
template <class Work>
double cost(Work work) {
    double least = 1;
    constexpr int rows = 300;
    for (int run = 0; run < 100; ++run) {
        double const begin = cpu_seconds();
        for (int row = 0; row < rows; ++row) {
            work(static_cast<std::uint64_t>(row));
            asm volatile("" ::: "memory"); // nothing is left out or done once for all
        }
        least = std::min(least, cpu_seconds() - begin);
    }
    return least / rows / bench_lanes * 1e9;
}

void require(bool fine, char const* what) {
    if (fine) return;
    std::printf("wrong answer: %s\n", what);
    std::exit(1);
}

struct BenchRows {
    alignas(64) double x[bench_lanes], y[bench_lanes], out[bench_lanes];
};

using Row = double (*)(BenchRows&);

struct BenchLine {
    char const* what;
    Row cost_of;
};

double cost_of_draw(BenchRows& rows, Shape shape, std::vector<double> const& parameters) {
    Quantile const spread({shape, parameters});
    return cost([&](auto step) { spread.draw(rows.out, 1, 0, bench_lanes, step); });
}

BenchLine const bench_lines[] = {
    {"exp",
     [](BenchRows& r) { return cost([&](auto) { each_exp_row(r.out, r.x, bench_lanes); }); }},
    {"log",
     [](BenchRows& r) { return cost([&](auto) { each_log_row(r.out, r.x, bench_lanes); }); }},
    {"pow",
     [](BenchRows& r) { return cost([&](auto) { each_pow_row(r.out, r.x, r.y, bench_lanes); }); }},
    {"sqrt",
     [](BenchRows& r) { return cost([&](auto) { each_sqrt_row(r.out, r.x, bench_lanes); }); }},
    {"floor",
     [](BenchRows& r) { return cost([&](auto) { each_floor_row(r.out, r.x, bench_lanes); }); }},
    {"uniform draw",
     [](BenchRows& r) {
         return cost([&](auto step) { uniforms(r.out, 1, 0, bench_lanes, step); });
     }},
    {"normal draw",
     [](BenchRows& r) {
         return cost([&](auto step) { normals(r.out, 1, 0, bench_lanes, step); });
     }},
    {"lognormal draw",
     [](BenchRows& r) {
         return cost_of_draw(r, Shape::lognormal, {1, 2});
     }},
    {"triangular draw",
     [](BenchRows& r) {
         return cost_of_draw(r, Shape::triangular, {1, 2, 5});
     }},
    {"PERT draw",
     [](BenchRows& r) {
         return cost_of_draw(r, Shape::pert, {1, 2, 5});
     }},
    {"normal quantile",
     [](BenchRows& r) {
         return cost([&](auto) {
             std::copy(r.y, r.y + bench_lanes, r.out);
             probabilities_to_normals(r.out, bench_lanes);
         });
     }},
};

#if defined(__x86_64__) && defined(__GLIBC__)
using Eight = double __attribute__((vector_size(64)));
using Words = std::uint64_t __attribute__((vector_size(64)));
#define WITH_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
extern "C" {
WITH_AVX512 Eight _ZGVeN8v_exp(Eight);
WITH_AVX512 Eight _ZGVeN8v_log(Eight);
WITH_AVX512 Eight _ZGVeN8v_sin(Eight);
WITH_AVX512 Eight _ZGVeN8v_cos(Eight);
WITH_AVX512 Eight _ZGVeN8vv_pow(Eight, Eight);
}

WITH_AVX512 void library_exp(BenchRows& r) {
    for (std::size_t i = 0; i < bench_lanes; i += 8)
        *(Eight*)(r.out + i) = _ZGVeN8v_exp(*(Eight*)(r.x + i));
}
WITH_AVX512 void library_log(BenchRows& r) {
    for (std::size_t i = 0; i < bench_lanes; i += 8)
        *(Eight*)(r.out + i) = _ZGVeN8v_log(*(Eight*)(r.x + i));
}
WITH_AVX512 void library_pow(BenchRows& r) {
    for (std::size_t i = 0; i < bench_lanes; i += 8)
        *(Eight*)(r.out + i) = _ZGVeN8vv_pow(*(Eight*)(r.x + i), *(Eight*)(r.y + i));
}

/// Philox and Box-Muller as one writes them first: 64-bit products, the library's functions.
WITH_AVX512 void library_normals(BenchRows& r, std::uint64_t step) {
    for (std::size_t i = 0; i < bench_lanes; i += 16) {
        Words a = Words{0, 1, 2, 3, 4, 5, 6, 7} + i, b{}, c = Words{} + step, d{};
        std::uint32_t low = 1, high = 0;
        for (int round = 0; round < 10; ++round) {
            Words const left = a * 0xD2511F53u, right = c * 0xCD9E8D57u;
            a = (right >> 32) ^ b ^ low;
            c = (left >> 32) ^ d ^ high;
            b = right & 0xffffffffu;
            d = left & 0xffffffffu;
            low += 0x9E3779B9u;
            high += 0xBB67AE85u;
        }
        Words const one = (a << 32) | b, other = (c << 32) | d;
        Eight const u = __builtin_convertvector(one >> 11, Eight) * 0x1p-53 + 0x1p-54;
        Eight const angle =
            __builtin_convertvector(other >> 11, Eight) * (0x1p-53 * 6.283185307179586);
        Eight radius = _ZGVeN8v_log(u) * -2.0;
        for (int k = 0; k < 8; ++k) radius[k] = __builtin_sqrt(radius[k]);
        *(Eight*)(r.out + i) = radius * _ZGVeN8v_cos(angle);
        *(Eight*)(r.out + i + 8) = radius * _ZGVeN8v_sin(angle);
    }
}

/// The library's and ours agree to a few units in the last place.
void require_near(BenchRows& rows, char const* what, Row ours) {
    double theirs[bench_lanes];
    std::copy(rows.out, rows.out + bench_lanes, theirs);
    ours(rows);
    for (std::size_t i = 0; i < bench_lanes; ++i)
        require(std::fabs(rows.out[i] - theirs[i]) <= 8 * 0x1p-53 * std::fabs(theirs[i]), what);
}

void beside_the_library(BenchRows& rows) {
    if (use_instruction_set(InstructionSet::avx512) != InstructionSet::avx512) return;
    std::printf("\nThe C library's vector functions, AVX-512 with fused multiply-add:\n");
    std::printf("%-18s%10.2f\n", "exp", cost([&](auto) { library_exp(rows); }));
    require_near(rows, "exp", bench_lines[0].cost_of);
    std::printf("%-18s%10.2f\n", "log", cost([&](auto) { library_log(rows); }));
    require_near(rows, "log", bench_lines[1].cost_of);
    std::printf("%-18s%10.2f\n", "pow", cost([&](auto) { library_pow(rows); }));
    require_near(rows, "pow", bench_lines[2].cost_of);
    std::printf("%-18s%10.2f\n", "normal draw",
                cost([&](auto step) { library_normals(rows, step); }));
}
#else
void beside_the_library(BenchRows&) {}
#endif

void require_normal_moments() {
    double row[1024], mean = 0, square = 0;
    for (std::uint64_t step = 0; step < 100; ++step) {
        normals(row, 1, 0, 1024, step);
        for (double const x : row) mean += x, square += x * x;
    }
    require(std::fabs(mean / 102400) < 0.011 && std::fabs(square / 102400 - 1) < 0.015,
            "moments of normal draws");
}

} // namespace
} // namespace perpetuum

int main() {
    using namespace perpetuum;
    BenchRows rows;
    uniforms(rows.x, 1, 0, bench_lanes, 0);
    uniforms(rows.y, 2, 0, bench_lanes, 0);
    for (double& x : rows.x) x = 0.5 + 6 * x;
    std::printf("lanes: ns a lane, least of 100 runs\n%-18s", "");
    InstructionSet const sets[] = {InstructionSet::baseline, InstructionSet::avx2,
                                   InstructionSet::avx512};
    for (auto const set : sets)
        if (set <= widest()) std::printf("%10s", name_of(set));
    for (auto const& line : bench_lines) {
        std::printf("\n%-18s", line.what);
        for (auto const set : sets)
            if (use_instruction_set(set) == set) std::printf("%10.2f", line.cost_of(rows));
    }
    std::printf("\n");
    require_normal_moments();
    beside_the_library(rows);
}
