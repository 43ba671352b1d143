#include "party_names.hpp"

#include <algorithm>
#include <cstring>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace perpetuum {

namespace {

__extension__ using Product = unsigned __int128;
constexpr std::uint64_t first_factor = 0xA0761D6478BD642FU, second_factor = 0xE7037ED1A0B428DBU;
constexpr std::size_t too_few_for_pages = std::size_t{4} << 20;

std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
    Product const product = static_cast<Product>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template <class Word>
std::uint64_t load_word(char const* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

std::uint64_t byte_at(char const* at) { return static_cast<unsigned char>(*at); }

/// Up to three bytes, the first the lowest.
std::uint64_t load_three(char const* at, std::size_t size) {
    if (size == 0) return 0;
    return byte_at(at) | byte_at(at + size / 2) << 8 * (size / 2) |
           byte_at(at + size - 1) << 8 * (size - 1);
}

/// Up to eight bytes, the first the lowest; words that overlap agree where they do.
std::uint64_t load_letters(char const* at, std::size_t size) {
    if (size >= 8) return load_word<std::uint64_t>(at);
    if (size < 4) return load_three(at, size);
    return load_word<std::uint32_t>(at) | load_word<std::uint32_t>(at + size - 4) << 8 * (size - 4);
}

/// Eight letters at a time, folded by a product (as in wyhash).
std::uint64_t hash_of_name(std::string_view name) {
    std::uint64_t hash = folded(name.size() ^ first_factor, second_factor);
    char const* at = name.data();
    std::size_t left = name.size();
    for (; left > 8; left -= 8, at += 8) hash = folded(hash ^ load_letters(at, 8), second_factor);
    return folded(hash ^ load_letters(at, left), first_factor);
}

} // namespace

/// Words are read as this machine stores them: keys are never written anywhere.
PartyKey key_of_name(std::string_view name) {
    auto const size = static_cast<std::uint32_t>(std::min<std::size_t>(name.size(), 255));
    if (name.size() > PartyKey::longest_whole) {
        std::uint64_t const hash = hash_of_name(name);
        return {hash, size};
    }
    std::size_t const more = name.size() > 8 ? name.size() - 8 : 0;
    auto const rest = static_cast<std::uint32_t>(load_three(name.data() + 8 * (more > 0), more));
    return {load_letters(name.data(), name.size()), size | rest << 8};
}

void* take_pages(std::size_t bytes) {
    void* const at = ::operator new(bytes, large_page);
#if defined(MADV_HUGEPAGE)
    if (bytes >= too_few_for_pages) madvise(at, bytes, MADV_HUGEPAGE);
#endif
    return at;
}

PartyNames::PartyNames() : slots_(1024) {}

std::size_t PartyNames::place(PartyKey key) const {
    return folded(key.letters ^ first_factor, key.rest ^ second_factor) & (slots_.size() - 1);
}

int PartyNames::number(std::string_view name, PartyKey key) {
    std::size_t const mask = slots_.size() - 1;
    for (std::size_t at = place(key);; at = (at + 1) & mask) {
        Slot& slot = slots_[at];
        if (slot.number == 0) {
            names_.emplace_back(name);
            slot = {key.letters, key.rest, static_cast<std::uint32_t>(names_.size())};
            auto const number = static_cast<int>(names_.size()) - 1;
            if (names_.size() * 2 > slots_.size()) grow();
            return number;
        }
        if (is(slot, name, key)) return static_cast<int>(slot.number) - 1;
    }
}

int PartyNames::find(std::string_view name) const {
    PartyKey const key = key_of_name(name);
    std::size_t const mask = slots_.size() - 1;
    for (std::size_t at = place(key); slots_[at].number != 0; at = (at + 1) & mask)
        if (is(slots_[at], name, key)) return static_cast<int>(slots_[at].number) - 1;
    return -1;
}

std::vector<std::string> PartyNames::take() {
    slots_ = decltype(slots_)(1024); // the table goes with its names
    return std::move(names_);
}

void PartyNames::grow() {
    decltype(slots_) old(slots_.size() * 2);
    old.swap(slots_);
    std::size_t const mask = slots_.size() - 1;
    for (Slot const& slot : old) {
        if (slot.number == 0) continue;
        std::size_t at = place({slot.letters, slot.rest});
        while (slots_[at].number != 0) at = (at + 1) & mask;
        slots_[at] = slot;
    }
}

} // namespace perpetuum
