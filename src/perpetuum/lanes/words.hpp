#pragma once
// Words of 64 bits side by side, as wide as the instruction set that a clone is compiled for. For
// clones: all is static.

#include <cstddef>
#include <cstdint>
#if defined(__SSE2__)
#include <immintrin.h> // its functions are always inlined: nothing is emitted
#endif

namespace perpetuum::PERPETUUM_CLONE {

#if defined(__AVX512F__)
using Words = std::uint64_t __attribute__((vector_size(64)));
#elif defined(__AVX2__)
using Words = std::uint64_t __attribute__((vector_size(32)));
#else
using Words = std::uint64_t __attribute__((vector_size(16)));
#endif
using Doubles = double __attribute__((vector_size(sizeof(Words))));
static constexpr std::size_t width = sizeof(Words) / sizeof(std::uint64_t);

/// Of the lower halves, whole.
static inline Words product(Words a, Words b) {
#if defined(__AVX512F__)
    // Without a mask g++ 12 warns of its own header.
    return (Words)_mm512_maskz_mul_epu32(0xff, (__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (Words)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (Words)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & 0xffffffffu) * (b & 0xffffffffu);
#endif
}

} // namespace perpetuum::PERPETUUM_CLONE
