#pragma once
/// Numbers by key, for what is looked up tens of thousands of times while a system is built: open
/// addressing in one vector, nothing is ever taken out.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace perpetuum::instancing {

/// Spreads neighbouring keys over all bits.
inline std::uint64_t spread(std::uint64_t key) {
    key *= 0x9e3779b97f4a7c15ULL;
    return key ^ key >> 32;
}
template <std::size_t Size>
std::uint64_t spread(std::array<int, Size> const& key) {
    std::uint64_t mixed = 0;
    for (int const part : key) mixed = spread(mixed ^ static_cast<std::uint32_t>(part));
    return mixed;
}

/// A key is a plain value with == and `spread`. Costs one or two looks into memory, found or not.
template <class Key>
class Numbers {
  public:
    struct Entry {
        Key key{};
        int number = free;
    };
    /// Its number, or -1.
    int find(Key const& key) const {
        if (places_.empty()) return -1;
        Entry const& entry = places_[place_of(key)];
        return entry.number == free ? -1 : entry.number;
    }
    /// Gives a key its number if it has none; a reference, good until the next key comes, to the
    /// number it has, and whether it is new.
    std::pair<int&, bool> try_emplace(Key const& key, int number) {
        if (4 * (count_ + 1) > 3 * places_.size()) widen();
        Entry& entry = places_[place_of(key)];
        bool const fresh = entry.number == free;
        if (fresh) {
            entry = {key, number};
            ++count_;
        }
        return {entry.number, fresh};
    }
    /// Gives a key a number, in place of what it had.
    void put(Key const& key, int number) { try_emplace(key, number).first = number; }
    /// All of them, in the order of their keys.
    std::vector<Entry> in_order() const;

  private:
    static constexpr int free = -2;

    std::size_t place_of(Key const& key) const {
        std::size_t const mask = places_.size() - 1;
        std::size_t at = spread(key) & mask;
        while (places_[at].number != free && !(places_[at].key == key)) at = (at + 1) & mask;
        return at;
    }
    void widen() {
        std::vector<Entry> const before =
            std::exchange(places_, std::vector<Entry>(places_.empty() ? 64 : 2 * places_.size()));
        for (Entry const& entry : before)
            if (entry.number != free) places_[place_of(entry.key)] = entry;
    }

    std::vector<Entry> places_;
    std::size_t count_ = 0;
};

template <class Key>
std::vector<typename Numbers<Key>::Entry> Numbers<Key>::in_order() const {
    std::vector<Entry> all;
    all.reserve(count_);
    for (Entry const& entry : places_)
        if (entry.number != free) all.push_back(entry);
    std::sort(all.begin(), all.end(), [](Entry const& a, Entry const& b) { return a.key < b.key; });
    return all;
}

} // namespace perpetuum::instancing
