#pragma once
/// Whole coins as integers: exact in the slow path, where doubles would round a product of two
/// amounts.

#include <cmath>
#include <cstdint>

namespace perpetuum {

using Coins = std::int64_t;
__extension__ typedef __int128 WideCoins;

/// Each amount is at most this; then doubles hold it exactly.
inline constexpr double largest_amount = 9007199254740992.0; // 2^53
/// All amounts of a lane together are at most this; then integers hold every sum.
inline constexpr double largest_sum = 4611686018427387904.0; // 2^62
/// Whoever lacks more than this is short: nobody fails over a rounded coin.
inline constexpr Coins forgiven = 100;

/// A group's part that is paid: available / total, 0 ≤ available < total.
struct Fraction {
    Coins available = 0, total = 1;
    double nearly = 0;
};
inline Fraction fraction_of(Coins available, Coins total) {
    return {available, total, static_cast<double>(available) / static_cast<double>(total)};
}

/// owed × available / total, rounded down; owed ≤ 2^53. Exact, hence monotone in `available`:
/// doubles give it within a few coins, and integers put it right, faster than they divide.
inline Coins pro_rata(Coins owed, Fraction const& fraction) {
    auto part = static_cast<Coins>(static_cast<double>(owed) * fraction.nearly);
    WideCoins const total = fraction.total;
    WideCoins rest = WideCoins{owed} * fraction.available - part * total;
    for (; rest < 0; rest += total) --part;
    for (; rest >= total; rest -= total) ++part;
    return part;
}

/// has × share, rounded up; 0 ≤ share ≤ 1. Exact, hence has − share_of(has) never falls as `has`
/// grows. A share below one is taken as the next double below it: a tenth of 900 is then 90, though
/// the double nearest to a tenth is a little more than that.
inline Coins share_of(Coins has, double share) {
    if (share <= 0 || has <= 0) return 0;
    if (share >= 1) return has;
    int exponent = 0;
    auto const mantissa = static_cast<Coins>(std::ldexp(std::frexp(share, &exponent), 53)) - 1;
    int const shift = 53 - exponent;
    if (shift > 116) return 1; // mantissa × has is below 2^116: a part of one coin
    WideCoins const product = WideCoins{mantissa} * has;
    return static_cast<Coins>((product + ((WideCoins{1} << shift) - 1)) >> shift);
}

} // namespace perpetuum
