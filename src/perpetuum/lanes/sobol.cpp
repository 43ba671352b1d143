// Sobol's sequence with the directions of Joe and Kuo (2008), and Owen's scrambling by a hash.

#include <perpetuum/lanes/sobol.hpp>

#include <bit>
#include <cstddef>

namespace perpetuum {

namespace {

/// Where in the table each dimension begins; rows are as long as their polynomial's degree + 1.
std::array<std::uint16_t, sobol_dimensions> begins_of_rows() {
    std::array<std::uint16_t, sobol_dimensions> begins{};
    std::size_t at = 0;
    for (std::size_t d = 1; d < sobol_dimensions; ++d) {
        begins[d] = static_cast<std::uint16_t>(at);
        at += static_cast<std::size_t>(std::bit_width(sobol_directions[at]));
    }
    return begins;
}

/// The bits from last to first.
std::uint32_t turned_around(std::uint32_t word) {
    word = (word << 16) | (word >> 16);
    word = ((word & 0x00ff00ffu) << 8) | ((word & 0xff00ff00u) >> 8);
    word = ((word & 0x0f0f0f0fu) << 4) | ((word & 0xf0f0f0f0u) >> 4);
    word = ((word & 0x33333333u) << 2) | ((word & 0xccccccccu) >> 2);
    return ((word & 0x55555555u) << 1) | ((word & 0xaaaaaaaau) >> 1);
}

} // namespace

SobolDirections sobol_directions_of(std::size_t dimension) {
    SobolDirections v{};
    if (dimension == 0) {
        for (std::size_t k = 0; k < 32; ++k) v[k] = 0x80000000u >> k;
        return v;
    }
    static auto const begins = begins_of_rows();
    std::size_t const row = begins.at(dimension);
    std::uint32_t const polynomial = sobol_directions[row];
    auto const degree = static_cast<std::size_t>(std::bit_width(polynomial)) - 1;
    for (std::size_t k = 0; k < degree; ++k)
        v[k] = std::uint32_t{sobol_directions[row + 1 + k]} << (31 - k);
    for (std::size_t k = degree; k < 32; ++k) {
        v[k] = v[k - degree] ^ (v[k - degree] >> degree);
        for (std::size_t j = 1; j < degree; ++j)
            if ((polynomial >> (degree - j) & 1) != 0) v[k] ^= v[k - j];
    }
    return v;
}

std::uint32_t sobol_place(SobolDirections const& directions, std::uint32_t index) {
    std::uint32_t place = 0;
    for (std::size_t k = 0; index != 0; ++k, index >>= 1)
        if ((index & 1) != 0) place ^= directions[k];
    return place;
}

std::uint32_t owen_scrambled(std::uint32_t place, std::uint64_t key) {
    auto const seed = static_cast<std::uint32_t>(key),
               shift = static_cast<std::uint32_t>(key >> 32);
    // Multiplication and addition carry upwards only, so it works on the bits turned around.
    std::uint32_t x = turned_around(place ^ shift);
    x ^= x * 0x3d20adeau;
    x += seed;
    x *= (seed >> 16) | 1;
    x ^= x * 0x05526c56u;
    x ^= x * 0x53a22864u;
    return turned_around(x);
}

} // namespace perpetuum
