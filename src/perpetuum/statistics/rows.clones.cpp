// Rows of 64 values side by side: their slots in a sketch, and their exact sums. A value becomes a
// whole number of 60 bits by a power of two; halves of 30 bits multiply exactly in 64.

#include <cstddef>
#include <cstdint>

#include "rows.hpp"

#include <perpetuum/lanes/words.hpp>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

__extension__ using Wide128 = unsigned __int128;
__extension__ using Signed128 = __int128;
/// Rows in pieces of 8 values a lane: as many numbers of 60 bits as fit with a sign.
constexpr std::size_t piece = 8 * width;
static_assert(row_size % piece == 0);
constexpr std::uint64_t sign = std::uint64_t{1} << 63;

Words all(std::uint64_t word) { return Words{} + word; }
Words words_at(std::uint64_t const* from) {
    Words out;
    __builtin_memcpy(&out, from, sizeof out);
    return out;
}
Doubles doubles_at(double const* from) {
    Doubles out;
    __builtin_memcpy(&out, from, sizeof out);
    return out;
}
Words where(Words mask, Words yes, Words no) { return (mask & yes) | (~mask & no); }
Doubles where(Words mask, Doubles yes, Doubles no) {
    return (Doubles)where(mask, (Words)yes, (Words)no);
}

std::uint64_t sum_of(Words words) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += words[i];
    return sum;
}
Wide128 wide_sum_of(Words words) {
    Wide128 sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += words[i];
    return sum;
}
Signed128 signed_sum_of(Words words) {
    Signed128 sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += static_cast<std::int64_t>(words[i]);
    return sum;
}

/// |value| × up in halves of 30 bits, where that is whole; else zero.
struct Lifted {
    Words high, low, negative, whole;
};
Lifted lifted(Doubles value, double up, double down) {
    Words const size = (Words)value & ~all(sign);
    Doubles const y = (Doubles)size * up;
    Doubles high = (y * 0x1p-30 + 0x1p52) - 0x1p52; // to the nearest whole number
    Words const above = (Words)(high * 0x1p30 > y);
    high = high - (Doubles)(above & (Words)(Doubles{} + 1.0));
    Doubles const low = y - high * 0x1p30; // exact: the last bits of y
    Words const whole =
        (Words)((low + 0x1p52) - 0x1p52 == low) & // and nothing was lost on the way:
        (Words)(y * down == (Doubles)size);
    Words const bits = whole & 0xffffffffu;
    return {(Words)(high + 0x1p52) & bits, (Words)(low + 0x1p52) & bits,
            Words{} - ((Words)value >> 63), whole};
}

Words with_sign(Words size, Words negative) { return (size ^ negative) - negative; }

/// Sums of one side of a row, lane by lane.
struct LaneSums {
    Words high{}, low{}, high_high{}, high_low{}, low_low{};
    void add(Lifted const& x) {
        high += with_sign(x.high, x.negative);
        low += with_sign(x.low, x.negative);
        high_high += product(x.high, x.high);
        high_low += product(x.high, x.low);
        low_low += product(x.low, x.low);
    }
    void hand_over(RowSums& out) const {
        out.high += static_cast<std::int64_t>(sum_of(high));
        out.low += static_cast<std::int64_t>(sum_of(low));
        Wide128 const squares = (wide_sum_of(high_high) << 60) + (wide_sum_of(high_low) << 31) +
                                wide_sum_of(low_low) +
                                (Wide128{out.squares_high} << 64 | out.squares_low);
        out.squares_high = static_cast<std::uint64_t>(squares >> 64);
        out.squares_low = static_cast<std::uint64_t>(squares);
    }
};

} // namespace

/// taken[i] for i < n of the row, from flags or (null) all.
void take_row(std::uint64_t* taken, std::uint8_t const* counted, std::size_t n) {
    for (std::size_t i = 0; i < row_size; ++i) taken[i] = 0;
    if (counted)
        for (std::size_t i = 0; i < n; ++i) taken[i] = counted[i] ? ~std::uint64_t{0} : 0;
    else
        for (std::size_t i = 0; i < n; ++i) taken[i] = ~std::uint64_t{0};
}

/// The largest magnitude; ∞ where a value is not finite.
double largest_of_row(double const* values, std::uint64_t const* taken) {
    Doubles largest{};
    Words not_finite{};
    for (std::size_t i = 0; i < row_size; i += width) {
        Words const size = (Words)doubles_at(values + i) & ~all(sign) & words_at(taken + i);
        not_finite |= size + (std::uint64_t{1} << 52); // carries into the sign
        largest = (Doubles)size > largest ? (Doubles)size : largest;
    }
    double out = 0;
    for (std::size_t i = 0; i < width; ++i) {
        if (not_finite[i] & sign) return __builtin_inf();
        out = largest[i] > out ? largest[i] : out;
    }
    return out;
}

/// The slot of each value; false where one has none: not finite, a new extreme, outside its window.
bool slots_of_row(std::uint64_t* slots, double const* values, std::uint64_t const* taken,
                  SlotRule const* rule) {
    Words unusual{};
    for (std::size_t i = 0; i < row_size; i += width) {
        Doubles const value = doubles_at(values + i);
        Words const mine = words_at(taken + i), size = (Words)value & ~all(sign);
        Words const below = (Words)(value < 0), above = (Words)(value > 0);
        Words const near = (Words)((Doubles)size < rule->smallest);
        Words const inside = (Words)(value >= rule->least) & (Words)(value <= rule->greatest);
        Doubles const edge = where(below, Doubles{} + rule->edge[1], Doubles{} + rule->edge[0]);
        unusual |= mine & ~(inside & (near | (Words)((Doubles)size >= edge)));
        Words slot = (size >> rule->shift) + where(below, all(rule->base[1]), all(rule->base[0]));
        slot = where(near, all(1) - above + below, slot); // masks are −1
        slot = where(mine, slot, all(3));
        __builtin_memcpy(slots + i, &slot, sizeof slot);
    }
    std::uint64_t any = 0;
    for (std::size_t i = 0; i < width; ++i) any |= unusual[i];
    return any == 0;
}

/// Adds up what is whole; `taken` keeps those that are not.
void sums_of_row(RowSums* out, double const* values, std::uint64_t* taken, double up, double down) {
    *out = {};
    Words left{}, count{};
    for (std::size_t begin = 0; begin < row_size; begin += piece) {
        LaneSums sums;
        for (std::size_t i = begin; i < begin + piece; i += width) {
            Words const mine = words_at(taken + i);
            Lifted const x = lifted((Doubles)((Words)doubles_at(values + i) & mine), up, down);
            sums.add(x);
            Words const rest = mine & ~x.whole;
            __builtin_memcpy(taken + i, &rest, sizeof rest);
            left -= rest; // all ones are −1
            count -= mine & x.whole;
        }
        sums.hand_over(*out);
    }
    out->count = sum_of(count);
    out->left = sum_of(left);
}

/// The same of two rows at once, and of their products; a pair is whole where both are.
void sums_of_pairs(PairSums* out, double const* x, double const* y, std::uint64_t* taken,
                   double const* scales) {
    *out = {};
    Words left{}, count{};
    Signed128 products = 0;
    for (std::size_t begin = 0; begin < row_size; begin += piece) {
        LaneSums sums_x, sums_y;
        Words high{}, middle{}, other{}, low{};
        for (std::size_t i = begin; i < begin + piece; i += width) {
            Words const mine = words_at(taken + i);
            Lifted a = lifted((Doubles)((Words)doubles_at(x + i) & mine), scales[0], scales[1]);
            Lifted b = lifted((Doubles)((Words)doubles_at(y + i) & mine), scales[2], scales[3]);
            Words const whole = a.whole & b.whole, negative = a.negative ^ b.negative;
            a.high &= whole, a.low &= whole, b.high &= whole, b.low &= whole;
            sums_x.add(a);
            sums_y.add(b);
            high += with_sign(product(a.high, b.high), negative);
            middle += with_sign(product(a.high, b.low), negative);
            other += with_sign(product(a.low, b.high), negative);
            low += with_sign(product(a.low, b.low), negative);
            Words const rest = mine & ~whole;
            __builtin_memcpy(taken + i, &rest, sizeof rest);
            left -= rest;
            count -= mine & whole;
        }
        sums_x.hand_over(out->x);
        sums_y.hand_over(out->y);
        products += (signed_sum_of(high) << 60) + signed_sum_of(low) +
                    ((signed_sum_of(middle) + signed_sum_of(other)) << 30);
    }
    out->products_high = static_cast<std::int64_t>(products >> 64);
    out->products_low = static_cast<std::uint64_t>(products);
    out->x.count = sum_of(count);
    out->x.left = sum_of(left);
}

} // namespace perpetuum::PERPETUUM_CLONE
