#pragma once
/// One whole number after the other from a stream of its own: of a walk, of a rewired network. Inside
/// the room only.

#include <perpetuum/lanes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace perpetuum {

/// One number after the other from the stream of one walk.
class WalkDraws {
  public:
    WalkDraws(std::uint64_t key, std::uint64_t walk) : key_(key), walk_(walk) {}
    /// 0 ≤ draw < bound < 2^63; the bias is below bound / 2^64.
    std::int64_t below(std::int64_t bound) {
        auto const high = [&](std::uint64_t wide) {
            __extension__ using Wide = unsigned __int128;
            return static_cast<std::int64_t>(
                (static_cast<Wide>(wide) * static_cast<std::uint64_t>(bound)) >> 64);
        };
        if (!left_) {
            words_ = philox(key_, {static_cast<std::uint32_t>(walk_),
                                   static_cast<std::uint32_t>(walk_ >> 32),
                                   static_cast<std::uint32_t>(block_),
                                   static_cast<std::uint32_t>(block_ >> 32)});
            ++block_;
        }
        left_ = !left_;
        std::size_t const at = left_ ? 0 : 2;
        return high(words_[at] | static_cast<std::uint64_t>(words_[at + 1]) << 32);
    }

  private:
    std::uint64_t key_, walk_, block_ = 0;
    std::array<std::uint32_t, 4> words_{};
    bool left_ = false;
};

} // namespace perpetuum
