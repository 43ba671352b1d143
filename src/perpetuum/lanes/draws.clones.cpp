// Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
// as 1, 2, 3"), several counters side by side in 64-bit lanes. Only the low half of a lane counts:
// the multiplication reads no more, so nothing is masked between the rounds.

#include <cstddef>
#include <cstdint>
#if defined(__SSE2__)
#include <immintrin.h> // its functions are always inlined: nothing is emitted
#endif

namespace perpetuum::PERPETUUM_CLONE {

namespace {

#if defined(__AVX512F__)
using Words = std::uint64_t __attribute__((vector_size(64)));
// Without a mask g++ 12 warns of its own header.
Words product(Words a, Words b) {
    return (Words)_mm512_maskz_mul_epu32(0xff, (__m512i)a, (__m512i)b);
}
#elif defined(__AVX2__)
using Words = std::uint64_t __attribute__((vector_size(32)));
Words product(Words a, Words b) { return (Words)_mm256_mul_epu32((__m256i)a, (__m256i)b); }
#else
using Words = std::uint64_t __attribute__((vector_size(16)));
#if defined(__SSE2__)
Words product(Words a, Words b) { return (Words)_mm_mul_epu32((__m128i)a, (__m128i)b); }
#else
Words product(Words a, Words b) { return (a & 0xffffffffu) * (b & 0xffffffffu); }
#endif
#endif
using Doubles = double __attribute__((vector_size(sizeof(Words))));
constexpr std::size_t width = sizeof(Words) / sizeof(std::uint64_t);
static_assert(8 % width == 0);

Words all(std::uint64_t word) { return Words{} + word; }

struct Counter {
    Words a, b, c, d;
};

Counter philox(Counter x, std::uint64_t key) {
    auto low = static_cast<std::uint32_t>(key), high = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
        Words const left = product(x.a, all(0xD2511F53u)), right = product(x.c, all(0xCD9E8D57u));
        x = {(right >> 32) ^ x.b ^ all(low), right, (left >> 32) ^ x.d ^ all(high), left};
        low += 0x9E3779B9u;
        high += 0xBB67AE85u;
    }
    return x;
}

/// 52 bits of each word as an odd multiple of 2^-53: exact, never 0 or 1, u and 1 - u alike.
Doubles unit_interval(Words high, Words low) {
    Words const word = (high << 32) | (low & 0xffffffffu);
    return (Doubles)((word >> 12) | all(0x3ff0000000000000u)) - (1 - 0x1p-53);
}

} // namespace

void philox_words(std::uint32_t* out, std::uint64_t key, std::uint32_t const* counter) {
    Counter const x =
        philox({all(counter[0]), all(counter[1]), all(counter[2]), all(counter[3])}, key);
    Words const words[] = {x.a, x.b, x.c, x.d};
    for (int i = 0; i < 4; ++i) out[i] = static_cast<std::uint32_t>(words[i][width - 1]);
}

void uniform_row(double* out, std::uint64_t key, std::uint64_t first_path, std::size_t lanes,
                 std::uint64_t step) {
    Words within{};
    for (std::size_t i = 0; i < width; ++i) within[i] = i;
    for (std::size_t group = 0; group < lanes; group += 16)
        for (std::size_t i = 0; i < 8; i += width) {
            // Counters of a group of 16 paths are consecutive: 8 of them, two numbers each.
            Words const index = all((first_path + group) / 2 + i) + within;
            Counter const x = philox({index, index >> 32, all(step), all(step >> 32)}, key);
            Doubles const near = unit_interval(x.a, x.b), far = unit_interval(x.c, x.d);
            __builtin_memcpy(out + group + i, &near, sizeof near);
            __builtin_memcpy(out + group + i + 8, &far, sizeof far);
        }
}

} // namespace perpetuum::PERPETUUM_CLONE
