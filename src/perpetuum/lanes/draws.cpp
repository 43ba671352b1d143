// Streams of draws by name, and the door to the kernels.

#include <perpetuum/lanes.hpp>

namespace perpetuum {

PERPETUUM_CLONES(void, philox_words, std::uint32_t*, std::uint64_t, std::uint32_t const*)
PERPETUUM_CLONES(void, uniform_row, double*, std::uint64_t, std::uint64_t, std::size_t,
                 std::uint64_t)
PERPETUUM_CLONES(void, normal_row, double*, std::uint64_t, std::uint64_t, std::size_t,
                 std::uint64_t)

namespace {

void require_groups_of_16(std::uint64_t first_path, std::size_t lanes) {
    if (first_path % 16 == 0 && lanes % 16 == 0) return;
    throw BadInput{"draws come in groups of 16 paths, not " + std::to_string(lanes) +
                   " from path " + std::to_string(first_path)};
}

/// A bijection of 64-bit words that scatters well (Steele, Lea and Flood 2014, variant 13 of
/// Stafford).
std::uint64_t scattered(std::uint64_t word) {
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return word ^ (word >> 31);
}

} // namespace

std::uint64_t stream_key(std::uint64_t seed, std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
    for (char const letter : name)
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
    return scattered(scattered(seed + 0x9e3779b97f4a7c15u) ^ hash);
}

std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> counter) {
    std::array<std::uint32_t, 4> words{};
    each_philox_words(words.data(), key, counter.data());
    return words;
}

void uniforms(double* out, std::uint64_t key, std::uint64_t first_path, std::size_t lanes,
              std::uint64_t step) {
    require_groups_of_16(first_path, lanes);
    each_uniform_row(out, key, first_path, lanes, step);
}

void normals(double* out, std::uint64_t key, std::uint64_t first_path, std::size_t lanes,
             std::uint64_t step) {
    require_groups_of_16(first_path, lanes);
    each_normal_row(out, key, first_path, lanes, step);
}

} // namespace perpetuum
