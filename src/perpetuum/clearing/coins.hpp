#pragma once
/// Whole coins as integers: exact in the slow path, where doubles would round a product of two
/// amounts.

#include <cmath>
#include <cstdint>

namespace perpetuum {

using Coins = std::int64_t;
__extension__ typedef unsigned __int128 WideCoins;

/// Each amount is at most this; then doubles hold it exactly.
inline constexpr double largest_amount = 9007199254740992.0; // 2^53
/// All amounts of a lane together are at most this; then integers hold every sum.
inline constexpr double largest_sum = 4611686018427387904.0; // 2^62
/// Whoever lacks more than this is short: nobody fails over a rounded coin.
inline constexpr Coins forgiven = 100;

/// owed × available / total, rounded down; 0 ≤ available ≤ total, total > 0. Exact, hence monotone
/// in `available`.
inline Coins pro_rata(Coins owed, Coins available, Coins total) {
    auto const product = static_cast<WideCoins>(owed) * static_cast<WideCoins>(available);
    return static_cast<Coins>(product / static_cast<WideCoins>(total));
}

/// has × share, rounded up; 0 ≤ share ≤ 1. Exact, hence has − share_of(has) never falls as `has`
/// grows.
inline Coins share_of(Coins has, double share) {
    if (share <= 0 || has <= 0) return 0;
    if (share >= 1) return has;
    int exponent = 0;
    auto const mantissa = static_cast<std::uint64_t>(std::ldexp(std::frexp(share, &exponent), 53));
    int const shift = 53 - exponent;
    if (shift > 116) return 1; // mantissa × has is below 2^116: a part of one coin
    auto const product = static_cast<WideCoins>(mantissa) * static_cast<WideCoins>(has);
    return static_cast<Coins>((product + ((WideCoins{1} << shift) - 1)) >> shift);
}

} // namespace perpetuum
