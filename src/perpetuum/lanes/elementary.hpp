#pragma once
/// lanes/elementary: exp, log, pow and their like, as functions of one lane that g++ turns into
/// vector code when they stand in a plain loop. They use +, -, *, /, comparisons and bits only, in
/// one order, so every instruction set gives the same bits (without -ffast-math and without fused
/// multiply-add). Made for `*.clones.cpp`: everything is static, nothing is emitted to be shared.
///
/// A NaN that a function makes is always the same one; worst errors: docs/methods/draws.md.
/// Reductions after Sun's fdlibm (e_exp.c, e_log.c, e_pow.c); polynomials by Sollya's fpminimax.

#include <cstddef>
#include <cstdint>

namespace perpetuum {

static constexpr double lane_infinity = __builtin_huge_val();
static constexpr double lane_nan = __builtin_nan("");

static inline std::uint64_t lane_bits(double x) { return __builtin_bit_cast(std::uint64_t, x); }
static inline double lane_of_bits(std::uint64_t bits) { return __builtin_bit_cast(double, bits); }

/// The first 26 bits of a number: products of two such are exact.
static inline double lane_leading(double x) {
    return lane_of_bits(lane_bits(x) & 0xfffffffff8000000u);
}

static inline double lane_abs(double x) { return lane_of_bits(lane_bits(x) & 0x7fffffffffffffffu); }

/// |size| with the sign bit of `sign`.
static inline double lane_with_sign(double size, double sign) {
    return lane_of_bits((lane_bits(size) & 0x7fffffffffffffffu) |
                        (lane_bits(sign) & 0x8000000000000000u));
}

/// Correctly rounded, by the instruction; of a negative number NaN.
static inline double lane_sqrt(double x) {
    double const root = __builtin_sqrt(x < 0 ? 0 : x);
    return x < 0 ? lane_nan : root;
}

/// The nearest whole number, halves to the even one, with the sign of x.
static inline double lane_round(double x) {
    double const shifted = (lane_abs(x) + 0x1p52) - 0x1p52;
    return lane_abs(x) < 0x1p52 ? lane_with_sign(shifted, x) : x;
}

/// The greatest whole number not above x, with the sign of x if it is 0.
static inline double lane_floor(double x) {
    double const nearest = lane_round(x);
    return nearest > x ? nearest - 1 : nearest;
}

/// The least whole number not below x, with the sign of x if it is 0.
static inline double lane_ceil(double x) {
    double const nearest = lane_round(x);
    return nearest < x ? lane_with_sign(nearest + 1, x) : nearest;
}

/// x without its fraction, with its sign.
static inline double lane_trunc(double x) { return lane_with_sign(lane_floor(lane_abs(x)), x); }

// ---- exp
// --------------------------------------------------------------------------------------------------------------

static constexpr double lane_to_whole =
    0x1.8p52; ///< added and taken away: rounds to a whole number
static constexpr double lane_ln2_high = 0x1.62e42fefa2p-1; ///< 40 bits: exact times an exponent
static constexpr double lane_ln2_low = 0x1.9ef35793c7673p-41;

/// exp(r + low) 2^k for |r| <= 0.35, a tiny `low`, and a k that comes as k + lane_to_whole,
/// |k| <= 2044: scaled twice by half of it, so that what ends below the normal numbers is rounded
/// once.
static inline double lane_exp_scaled(double r, double low, double k_shifted) {
    double const r2 = r * r;
    double const even =
        0x1p-1 + r2 * (0x1.5555555555557p-5 +
                       r2 * (0x1.6c16c16c156a5p-10 +
                             r2 * (0x1.a01a01ab9879cp-16 +
                                   r2 * (0x1.27e4cfaf3f683p-22 + r2 * 0x1.1f86f02da584bp-29))));
    double const odd = 0x1.5555555555557p-3 +
                       r2 * (0x1.1111111110051p-7 +
                             r2 * (0x1.a01a01ac1dc6cp-13 +
                                   r2 * (0x1.71de01adc10d7p-19 + r2 * 0x1.af4ec8740abe4p-26)));
    double const value = 1 + (r + (r2 * (even + r * odd) + low));
    std::uint64_t const k = lane_bits(k_shifted) - lane_bits(lane_to_whole) + 2 * 1023;
    std::uint64_t const half = k >> 1;
    return value * lane_of_bits(half << 52) * lane_of_bits((k - half) << 52);
}

static inline double lane_exp(double x) {
    double const up = x > 800 ? 800 : x, clamped = up < -800 ? -800 : up;
    double const k_shifted = clamped * 0x1.71547652b82fep+0 + lane_to_whole;
    double const k = k_shifted - lane_to_whole;
    double const high = clamped - k * lane_ln2_high, low = k * lane_ln2_low;
    double const r = high - low;
    double const value = lane_exp_scaled(r, (high - r) - low, k_shifted);
    return x == x ? value : lane_nan;
}

// ---- log
// --------------------------------------------------------------------------------------------------------------

/// x = 2^exponent (1 + fraction), 1 + fraction from sqrt(1/2) to sqrt(2).
struct LaneSplit {
    double exponent, fraction;
};

/// For normal, positive, finite x.
static inline LaneSplit lane_split_normal(double x) {
    constexpr std::uint64_t low_end = 0x3fe6a09e667f3bcdu, one = 0x3ff0000000000000u;
    std::uint64_t const bits = lane_bits(x) - low_end + one;
    // The biased exponent as the last bits of 2^52 + it: no conversion from whole numbers needed.
    double const biased = lane_of_bits((bits >> 52) | lane_bits(0x1p52));
    double const scaled = lane_of_bits((bits & 0x000fffffffffffffu) + low_end);
    return {biased - (0x1p52 + 1023), scaled - 1};
}

/// For positive, finite x.
static inline LaneSplit lane_split(double x) {
    bool const tiny = x < 0x1p-1022;
    LaneSplit const split = lane_split_normal(tiny ? x * 0x1p54 : x);
    return {split.exponent - (tiny ? 54 : 0), split.fraction};
}

/// 2^exponent (1 + fraction) to its logarithm.
static inline double lane_log_of(LaneSplit split) {
    double const f = split.fraction, k = split.exponent;
    double const s = f / (2 + f), z = s * s, z2 = z * z;
    double const even =
        0x1.9999999995239p-2 + z2 * (0x1.c71c62bf42ed3p-3 + z2 * 0x1.39fce62a7fa89p-3);
    double const odd =
        0x1.5555555555558p-1 +
        z2 * (0x1.2492492e0c875p-2 + z2 * (0x1.7462bfebe84f2p-3 + z2 * 0x1.2b6a94c8beec3p-3));
    double const rest = z * (odd + z * even), half_square = 0.5 * f * f;
    // log(1 + f) = f - f²/2 + s (f²/2 + rest): what is large is rounded last.
    return k * lane_ln2_high - ((half_square - (s * (half_square + rest) + k * lane_ln2_low)) - f);
}

/// The logarithm where nothing is special: x normal, positive and finite.
static inline double lane_log_ordinary(double x) { return lane_log_of(lane_split_normal(x)); }

static inline double lane_log(double x) {
    double const value = lane_log_of(lane_split(x));
    double const at_end = x == 0 ? -lane_infinity : x > 0 ? x : lane_nan;
    return x > 0 && x < lane_infinity ? value : at_end;
}

// ---- pow
// --------------------------------------------------------------------------------------------------------------

/// A number in two parts, the second far smaller.
struct LanePair {
    double high, low;
};

/// log2(x) for 0 < x < infinity, to about 2^-67 of its size; the first part has 26 bits.
static inline LanePair lane_log2_pair(double x) {
    LaneSplit const split = lane_split(x);
    double const f = split.fraction, sum = 2 + f, inverse = 1 / sum;
    // s = f / (2 + f) in two parts: the remainder of the first is exact.
    double const sum_high = lane_leading(sum), sum_low = f - (sum_high - 2);
    double const s_high = lane_leading(f * inverse);
    double const s_low = inverse * ((f - s_high * sum_high) - s_high * sum_low);
    double const s = s_high + s_low;
    // log(1 + f) = 2/3 s (3 + z + z² Q(z)), z = s².
    double const z_high = s_high * s_high, z_low = s_low * (s_high + s), z = z_high + z_low;
    double const z2 = z * z;
    double const even =
        0x1.3333333333333p-1 +
        z2 * (0x1.5555555507a3dp-2 + z2 * (0x1.d89d500c78164p-3 + z2 * 0x1.675b768e9ed3p-3));
    double const odd =
        0x1.b6db6db6db972p-2 +
        z2 * (0x1.1745d1b58bb31p-2 + z2 * (0x1.99a8149aa05b1p-3 + z2 * 0x1.6a7be8ca2201dp-3));
    double const tail = z_low + z2 * (even + z * odd);
    double const t_high = lane_leading(3 + z_high + tail);
    double const t_low = tail - ((t_high - 3) - z_high);
    double const u = s_high * t_high, v = s_low * t_high + s * t_low;
    double const p_high = lane_leading(u + v), p_low = v - (p_high - u);
    // Times 2 / (3 ln 2), also in two parts.
    double const high = 0x1.ec709d8p-1 * p_high;
    double const low = 0x1.0e80ff5d27f05p-27 * p_high + 0x1.ec709dc3a03fdp-1 * p_low;
    double const first = lane_leading(split.exponent + (high + low));
    return {first, low - ((first - split.exponent) - high)};
}

/// 1 for odd whole numbers, else 0.
static inline double lane_odd(double y) {
    double const half = 0.5 * lane_abs(y), whole = (half + 0x1p52) - 0x1p52;
    double const off = lane_abs(half - whole);
    return off == 0.5 && half < 0x1p52 ? 1 : 0;
}

/// What is left of y log2 x to be raised: 2^(y log2 x) = 2^k exp(within + low); `all` is y log2 x.
struct LanePower {
    double all, k_shifted, within, low;
};
static inline LanePower lane_power_reduced(LanePair logarithm, double y) {
    // Beyond 2^64 every power is 0, 1 or infinite.
    double const y_up = y > 0x1p64 ? 0x1p64 : y, power = y_up < -0x1p64 ? -0x1p64 : y_up;
    double const y_high = lane_leading(power);
    double const high = y_high * logarithm.high;
    double const low = (power - y_high) * logarithm.high + power * logarithm.low;
    double const all = high + low;
    double const up = all > 1100 ? 1100 : all, clamped = up < -1100 ? -1100 : up;
    double const k_shifted = clamped + lane_to_whole;
    double const rest = high - (k_shifted - lane_to_whole), sum = lane_leading(rest + low);
    double const u = sum * 0x1.62e42f8p-1; // times ln 2, in two parts
    double const v = (low - (sum - rest)) * 0x1.62e42fefa39efp-1 + sum * 0x1.be8e7bcd5e4f2p-27;
    return {all, k_shifted, u + v, v - ((u + v) - u)};
}

static inline double lane_power_raised(LanePower power, double x, double y) {
    double const size = lane_abs(x);
    double const finite = lane_exp_scaled(power.within, power.low, power.k_shifted);
    double const beyond = power.all > 0 ? lane_infinity : 0;
    double const ordinary = lane_abs(power.all) < 1100 ? finite : beyond;
    double const at_end = (size == 0) == (y < 0) ? lane_infinity : 0; // x is 0 or infinite
    double const magnitude = size > 0 && size < lane_infinity ? ordinary : at_end;
    double const is_odd = lane_odd(y);
    double const signed_value = is_odd != 0 ? lane_with_sign(magnitude, x) : magnitude;
    bool const whole = lane_round(y) == y;
    bool const undefined = (x < 0 && size < lane_infinity && !whole) || x != x || y != y;
    return y == 0 || x == 1 ? 1 : undefined ? lane_nan : signed_value;
}

/// As C's pow: 1 if y is 0 or x is 1, whatever the other; of a negative x only for whole y.
static inline double lane_pow(double x, double y) {
    return lane_power_raised(lane_power_reduced(lane_log2_pair(lane_abs(x)), y), x, y);
}

/// out[i] = lane_pow(x[i], y[i]), in a third to two fifths less time than a plain loop: a pow is one
/// long chain, so three short loops keep more of them going at once.
static inline void lane_pow_row(double* __restrict out, double const* __restrict x,
                                double const* __restrict y, std::size_t lanes) {
    constexpr std::size_t part = 32;
    double high[part], low[part], all[part], k_shifted[part];
    std::size_t first = 0;
    for (; first + part <= lanes; first += part) {
        for (std::size_t i = 0; i < part; ++i) {
            LanePair const logarithm = lane_log2_pair(lane_abs(x[first + i]));
            high[i] = logarithm.high;
            low[i] = logarithm.low;
        }
        for (std::size_t i = 0; i < part; ++i) {
            LanePower const power = lane_power_reduced({high[i], low[i]}, y[first + i]);
            all[i] = power.all;
            k_shifted[i] = power.k_shifted;
            high[i] = power.within;
            low[i] = power.low;
        }
        for (std::size_t i = 0; i < part; ++i)
            out[first + i] = lane_power_raised({all[i], k_shifted[i], high[i], low[i]},
                                               x[first + i], y[first + i]);
    }
    for (; first < lanes; ++first) out[first] = lane_pow(x[first], y[first]);
}

} // namespace perpetuum
