/// FNV-1a with 128 bits (Fowler, Noll, Vo): each byte is a step that can be undone, so two contents of
/// one length that differ in one byte never share a digest.

#include <perpetuum/statistics.hpp>

#include "wide.hpp"

namespace perpetuum {

Digest digest_of(std::string_view bytes) {
    constexpr auto prime = Uint128{1} << 88 | 0x13B;
    Uint128 hash = Uint128{0x6C62272E07BB0142} << 64 | 0x62B821756295C58D;
    for (char byte : bytes) hash = (hash ^ static_cast<std::uint8_t>(byte)) * prime;
    return {static_cast<std::uint64_t>(hash >> 64), static_cast<std::uint64_t>(hash)};
}

std::string print_digest(Digest digest) {
    std::string out;
    for (std::uint64_t half : {digest.high, digest.low})
        for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[half >> shift & 15];
    return out;
}

} // namespace perpetuum
