#pragma once
/// Whole numbers of many 64-bit parts, lowest first, two's complement: just what exact sums need.

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace perpetuum {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

/// sum += parts × 2^(64 × at), parts as a signed number of 256 bits. Carries run on only as far as
/// they change something.
template <std::size_t n>
inline void add_at(std::array<std::uint64_t, n>& sum, std::size_t at,
                   std::array<std::uint64_t, 4> const& parts) {
    std::uint64_t carry = 0;
    std::size_t i = at;
    for (std::size_t k = 0; k < 4 && i < n; ++k, ++i) {
        Uint128 const s = Uint128{sum[i]} + parts[k] + carry;
        sum[i] = static_cast<std::uint64_t>(s);
        carry = static_cast<std::uint64_t>(s >> 64);
    }
    std::uint64_t const sign = parts[3] >> 63 ? ~std::uint64_t{0} : 0;
    for (; i < n && sign + carry != 0; ++i) {
        Uint128 const s = Uint128{sum[i]} + sign + carry;
        sum[i] = static_cast<std::uint64_t>(s);
        carry = static_cast<std::uint64_t>(s >> 64);
    }
}

/// sum += value × 2^bit.
template <std::size_t n>
inline void add_shifted(std::array<std::uint64_t, n>& sum, Int128 value, unsigned bit) {
    if (value == 0) return;
    unsigned const shift = bit % 64;
    auto const low = static_cast<std::uint64_t>(value);
    auto const high = static_cast<std::int64_t>(value >> 64);
    auto const sign = static_cast<std::uint64_t>(high >> 63);
    auto const middle = static_cast<std::uint64_t>(high);
    if (shift == 0) return add_at(sum, bit / 64, {low, middle, sign, sign});
    add_at(sum, bit / 64,
           {low << shift, middle << shift | low >> (64 - shift),
            sign << shift | middle >> (64 - shift), sign});
}

/// sum += value × 2^bit, value < 2^128.
template <std::size_t n>
inline void add_unsigned(std::array<std::uint64_t, n>& sum, Uint128 value, unsigned bit) {
    if (value == 0) return;
    unsigned const shift = bit % 64;
    auto const low = static_cast<std::uint64_t>(value),
               high = static_cast<std::uint64_t>(value >> 64);
    if (shift == 0) return add_at(sum, bit / 64, {low, high, 0, 0});
    add_at(sum, bit / 64,
           {low << shift, high << shift | low >> (64 - shift), high >> (64 - shift), 0});
}

template <std::size_t n>
inline void add_to(std::array<std::uint64_t, n>& sum, std::array<std::uint64_t, n> const& other) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
        Uint128 const s = Uint128{sum[i]} + other[i] + carry;
        sum[i] = static_cast<std::uint64_t>(s);
        carry = static_cast<std::uint64_t>(s >> 64);
    }
}

/// A number with its sign apart, wide enough for count × sum of squares and for its quotients.
struct Wide {
    static constexpr std::size_t size = 76;
    std::array<std::uint64_t, size> parts{};
    bool negative = false;

    std::size_t used() const {
        std::size_t n = size;
        while (n > 0 && parts[n - 1] == 0) --n;
        return n;
    }
    /// Bits up to the highest that is set; 0 for zero.
    std::size_t length() const {
        std::size_t const n = used();
        return n == 0 ? 0 : 64 * n - static_cast<std::size_t>(std::countl_zero(parts[n - 1]));
    }
};

template <std::size_t n>
inline Wide wide_of(std::array<std::uint64_t, n> const& twos_complement) {
    static_assert(n < Wide::size);
    Wide out;
    out.negative = twos_complement[n - 1] >> 63;
    std::uint64_t carry = out.negative;
    for (std::size_t i = 0; i < n; ++i) {
        out.parts[i] = (out.negative ? ~twos_complement[i] : twos_complement[i]) + carry;
        carry = carry && out.parts[i] == 0;
    }
    return out;
}

template <std::size_t n>
inline std::array<std::uint64_t, n> narrow(Wide const& wide) {
    std::array<std::uint64_t, n> out;
    std::uint64_t carry = wide.negative;
    for (std::size_t i = 0; i < n; ++i) {
        out[i] = (wide.negative ? ~wide.parts[i] : wide.parts[i]) + carry;
        carry = carry && out[i] == 0;
    }
    return out;
}

/// The product; what does not fit is an error of the caller's.
inline Wide product(Wide const& a, Wide const& b) {
    Wide out;
    out.negative = a.negative != b.negative;
    std::size_t const na = a.used(), nb = b.used();
    for (std::size_t i = 0; i < na; ++i) {
        std::uint64_t carry = 0;
        if (a.parts[i] == 0) continue;
        for (std::size_t j = 0; j < nb || carry != 0; ++j) {
            if (i + j >= Wide::size) break;
            Uint128 const p =
                Uint128{a.parts[i]} * (j < nb ? b.parts[j] : 0) + out.parts[i + j] + carry;
            out.parts[i + j] = static_cast<std::uint64_t>(p);
            carry = static_cast<std::uint64_t>(p >> 64);
        }
    }
    return out;
}

inline Wide times(Wide const& a, std::uint64_t factor) {
    Wide f;
    f.parts[0] = factor;
    return product(a, f);
}

inline bool smaller(Wide const& a, Wide const& b) { ///< by magnitude
    for (std::size_t i = Wide::size; i-- > 0;)
        if (a.parts[i] != b.parts[i]) return a.parts[i] < b.parts[i];
    return false;
}

inline Wide plus(Wide const& a, Wide const& b) {
    if (a.negative != b.negative && smaller(a, b)) return plus(b, a);
    Wide out = a;
    std::uint64_t carry = 0;
    bool const take = a.negative != b.negative;
    for (std::size_t i = 0; i < Wide::size; ++i) {
        Uint128 const s = take ? Uint128{a.parts[i]} - b.parts[i] - carry
                               : Uint128{a.parts[i]} + b.parts[i] + carry;
        out.parts[i] = static_cast<std::uint64_t>(s);
        carry = static_cast<std::uint64_t>(s >> 64) & 1;
    }
    return out;
}

inline Wide minus(Wide const& a, Wide b) {
    b.negative = !b.negative;
    return plus(a, b);
}

/// × 2^192, room for the bits of a quotient.
inline Wide raised(Wide const& a) {
    Wide out;
    out.negative = a.negative;
    for (std::size_t i = 3; i < Wide::size; ++i) out.parts[i] = a.parts[i - 3];
    return out;
}

/// The quotient in place; true where something is left over.
inline bool divide(Wide& a, std::uint64_t divisor) {
    Uint128 rest = 0;
    for (std::size_t i = a.used(); i-- > 0;) {
        rest = rest << 64 | a.parts[i];
        a.parts[i] = static_cast<std::uint64_t>(rest / divisor);
        rest %= divisor;
    }
    return rest != 0;
}

/// The double nearest to a × 2^exponent (ties to even), `more` being a little more than nothing
/// below the last bit.
inline double rounded(Wide const& a, int exponent, bool more) {
    auto const length = static_cast<int>(a.length());
    if (length == 0) return 0;
    int drop = length - 53;
    if (-1074 - exponent > drop) drop = -1074 - exponent; // denormal results have fewer bits
    std::uint64_t kept = 0;
    auto const bit = [&](int at) {
        return at >= 0 && at < static_cast<int>(64 * Wide::size) &&
               (a.parts[static_cast<std::size_t>(at) / 64] >> (at % 64) & 1);
    };
    for (int at = length - 1; at >= drop && at >= 0; --at)
        kept |= std::uint64_t{bit(at)} << (at - (drop > 0 ? drop : 0));
    if (drop <= 0) {
        double const exact = std::ldexp(static_cast<double>(kept), exponent);
        return a.negative ? -exact : exact;
    }
    bool const half = bit(drop - 1);
    for (int at = drop - 2; at >= 0 && !more; --at) more = bit(at);
    if (half && (more || (kept & 1))) ++kept;
    double const value = std::ldexp(static_cast<double>(kept), exponent + drop);
    return a.negative ? -value : value;
}

} // namespace perpetuum
