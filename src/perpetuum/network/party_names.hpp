#pragma once
/// Names to numbers, in the order of their first appearance. Inside the room only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

std::uint64_t hash_of_name(std::string_view name);

/// One table with open addressing: a slot is the name's number and a part of its hash, so that a
/// look at a name in vain is rare.
class PartyNames {
  public:
    PartyNames();
    /// The number of a name; a new one gets the next.
    int number(std::string_view name, std::uint64_t hash);
    int number(std::string_view name) { return number(name, hash_of_name(name)); }
    /// The number of a name that is there, or -1.
    int find(std::string_view name) const;
    /// Tells the processor that a name will be asked for soon: its slot first, some names later the
    /// name itself.
    void prefetch_slot(std::uint64_t hash) const {
        __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
    }
    void prefetch_name(std::uint64_t hash) const {
        Slot const slot = slots_[hash & (slots_.size() - 1)];
        if (slot.number != 0) __builtin_prefetch(&names_[slot.number - 1]);
    }
    std::size_t size() const { return names_.size(); }
    std::vector<std::string> take() { return std::move(names_); }
    std::vector<std::string> const& names() const { return names_; }

  private:
    struct Slot {
        std::uint32_t number = 0; ///< from 1; 0 is free
        std::uint32_t mark = 0;   ///< upper half of the hash
    };
    void grow();

    std::vector<Slot> slots_;
    std::vector<std::string> names_;
};

} // namespace perpetuum
