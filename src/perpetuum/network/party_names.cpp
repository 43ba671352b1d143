#include "party_names.hpp"

#include <cstring>

namespace perpetuum {

namespace {

__extension__ using Product = unsigned __int128;

std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
    Product const product = static_cast<Product>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load_letters(char const* at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, size);
    return word;
}

} // namespace

/// Eight letters at a time, folded by a product (as in wyhash).
std::uint64_t hash_of_name(std::string_view name) {
    constexpr std::uint64_t first = 0xA0761D6478BD642FU, second = 0xE7037ED1A0B428DBU;
    std::uint64_t hash = folded(name.size() ^ first, second);
    char const* at = name.data();
    std::size_t left = name.size();
    for (; left > 8; left -= 8, at += 8) hash = folded(hash ^ load_letters(at, 8), second);
    return folded(hash ^ load_letters(at, left), first);
}

PartyNames::PartyNames() : slots_(1024) {}

int PartyNames::number(std::string_view name, std::uint64_t hash) {
    auto const mark = static_cast<std::uint32_t>(hash >> 32);
    std::size_t const mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
        Slot const slot = slots_[at];
        if (slot.number == 0) {
            names_.emplace_back(name);
            slots_[at] = {static_cast<std::uint32_t>(names_.size()), mark};
            if (names_.size() * 2 > slots_.size()) grow();
            return static_cast<int>(names_.size()) - 1;
        }
        if (slot.mark == mark && names_[slot.number - 1] == name)
            return static_cast<int>(slot.number) - 1;
    }
}

int PartyNames::find(std::string_view name) const {
    std::uint64_t const hash = hash_of_name(name);
    auto const mark = static_cast<std::uint32_t>(hash >> 32);
    std::size_t const mask = slots_.size() - 1;
    for (std::size_t at = hash & mask; slots_[at].number != 0; at = (at + 1) & mask)
        if (slots_[at].mark == mark && names_[slots_[at].number - 1] == name)
            return static_cast<int>(slots_[at].number) - 1;
    return -1;
}

void PartyNames::grow() {
    std::vector<Slot> slots(slots_.size() * 2);
    std::size_t const mask = slots.size() - 1;
    for (std::size_t k = 0; k < names_.size(); ++k) {
        std::uint64_t const hash = hash_of_name(names_[k]);
        std::size_t at = hash & mask;
        while (slots[at].number != 0) at = (at + 1) & mask;
        slots[at] = {static_cast<std::uint32_t>(k + 1), static_cast<std::uint32_t>(hash >> 32)};
    }
    slots_ = std::move(slots);
}

} // namespace perpetuum
