#pragma once
/// How doubles enter an exact sum: one by one from their bits, or a row at a time as whole numbers of
/// a common power of two.

#include "wide.hpp"

#include <bit>
#include <cstdint>

namespace perpetuum {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t infinity_bits = std::uint64_t{0x7FF} << 52;
constexpr std::uint64_t most_values = std::uint64_t{1} << 62;

/// value = whole × 2^(place − 1074).
struct Placed {
    std::int64_t whole = 0;
    unsigned place = 0;
};
inline Placed placed(double finite) {
    auto const bits = std::bit_cast<std::uint64_t>(finite);
    auto const exponent = static_cast<unsigned>(bits >> 52 & 0x7FF);
    std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
    if (exponent != 0) fraction |= std::uint64_t{1} << 52;
    auto const whole = static_cast<std::int64_t>(fraction);
    return {bits & sign_bit ? -whole : whole, exponent == 0 ? 0 : exponent - 1};
}

inline std::uint64_t magnitude_bits(double value) {
    return std::bit_cast<std::uint64_t>(value) & ~sign_bit;
}

/// A power of two that lifts every value of a row below 2^60, so that most are whole: amounts in
/// coins always, others when they are within 2^7 of the largest.
struct RowScale {
    double up = 1, down = 1;
    unsigned place = 0; ///< of 1 in lifted numbers, above 2^-1074

    explicit RowScale(double largest) {
        int const exponent = static_cast<int>(std::bit_cast<std::uint64_t>(largest) >> 52) - 1023;
        int const lift = exponent < -900 ? 959 : 59 - exponent;
        up = power_of_two(lift);
        down = power_of_two(-lift);
        place = static_cast<unsigned>(1074 - lift);
    }

  private:
    static double power_of_two(int exponent) { // −1022 … 1023
        return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
    }
};

} // namespace perpetuum
