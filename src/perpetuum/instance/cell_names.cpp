// Cells by name: open addressing over hashes, so that a name is compared where it is almost surely
// the one, and one text for all names, so that none of them is an allocation of its own.

#include <perpetuum/instance.hpp>

#include <algorithm>
#include <bit>
#include <functional>
#include <stdexcept>
#include <utility>

namespace perpetuum {

namespace {

std::uint32_t hash_of_name(std::string_view name) {
    auto const hash = static_cast<std::uint64_t>(std::hash<std::string_view>{}(name));
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

} // namespace

std::size_t CellNames::place_of(std::string_view name, std::uint32_t hash) const {
    std::size_t const mask = places_.size() - 1;
    std::size_t at = hash & mask;
    for (; places_[at].entry >= 0; at = (at + 1) & mask) {
        if (places_[at].hash != hash) continue;
        Entry const& entry = entries_[static_cast<std::size_t>(places_[at].entry)];
        if (std::string_view(text_).substr(entry.begin, entry.length) == name) break;
    }
    return at;
}

CellNames::Entry const* CellNames::find(std::string_view name) const {
    if (places_.empty()) return end();
    int const entry = places_[place_of(name, hash_of_name(name))].entry;
    return entry < 0 ? end() : &entries_[static_cast<std::size_t>(entry)];
}

CellId CellNames::at(std::string_view name) const {
    Entry const* const found = find(name);
    if (found == end()) throw std::out_of_range("no cell is called " + std::string(name));
    return found->second;
}

void CellNames::reserve(std::size_t names) {
    entries_.reserve(names);
    text_.reserve(24 * names);
    std::size_t const places = std::bit_ceil(names / 3 * 4 + 64);
    if (places > places_.size()) widen(places);
}

void CellNames::widen(std::size_t places) {
    auto const before = std::exchange(places_, std::vector<Place>(places));
    std::size_t const mask = places - 1;
    for (Place const& known : before) {
        if (known.entry < 0) continue;
        std::size_t at = known.hash & mask;
        while (places_[at].entry >= 0) at = (at + 1) & mask;
        places_[at] = known;
    }
}

CellId& CellNames::place(std::string_view name, CellId cell) {
    if (4 * (entries_.size() + 1) > 3 * places_.size())
        widen(std::max<std::size_t>(64, 2 * places_.size()));
    std::uint32_t const hash = hash_of_name(name);
    Place& here = places_[place_of(name, hash)];
    if (here.entry < 0) {
        here = {hash, static_cast<int>(entries_.size())};
        entries_.push_back({text_.size(), static_cast<std::uint32_t>(name.size()), cell});
        text_ += name;
    }
    return entries_[static_cast<std::size_t>(here.entry)].second;
}

std::vector<std::pair<std::string, CellId>> CellNames::sorted() const {
    std::vector<std::pair<std::string, CellId>> all;
    all.reserve(entries_.size());
    for (Entry const& entry : entries_)
        all.emplace_back(text_.substr(entry.begin, entry.length), entry.second);
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace perpetuum
