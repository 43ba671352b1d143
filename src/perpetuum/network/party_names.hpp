#pragma once
/// Names to numbers, in the order of their first appearance. Inside the room only.

#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

/// What a name is told apart by. A name of at most eleven bytes is its key: no look at the name
/// itself is needed. Of a longer one, a hash.
struct PartyKey {
    static constexpr std::size_t longest_whole = 11;
    std::uint64_t letters = 0; ///< the first eight bytes, or a hash
    std::uint32_t rest = 0;    ///< size (255: or more), then the other three bytes or more hash
    bool whole() const { return (rest & 255) <= longest_whole; }
    bool operator==(PartyKey const&) const = default;
};
PartyKey key_of_name(std::string_view name);

inline constexpr std::align_val_t large_page{std::size_t{2} << 20};
void* take_pages(std::size_t bytes);

/// Memory of whole large pages where the system has them: a table that is asked at random places
/// would else wait as long for the places of its pages as for itself.
template <class T>
struct LargePages {
    using value_type = T;
    LargePages() = default;
    template <class U>
    LargePages(LargePages<U> const&) {}
    T* allocate(std::size_t count) { return static_cast<T*>(take_pages(count * sizeof(T))); }
    void deallocate(T* at, std::size_t) { ::operator delete(at, large_page); }
    bool operator==(LargePages const&) const = default;
};

/// One table with open addressing.
class PartyNames {
  public:
    PartyNames();
    /// The number of a name; a new one gets the next.
    int number(std::string_view name, PartyKey key);
    int number(std::string_view name) { return number(name, key_of_name(name)); }
    /// The number of a name that is there, or -1.
    int find(std::string_view name) const;
    /// Tells the processor that a name will be asked for soon.
    void prefetch(PartyKey key) const { __builtin_prefetch(&slots_[place(key)]); }
    std::size_t size() const { return names_.size(); }
    std::vector<std::string> take();
    std::vector<std::string> const& names() const { return names_; }

  private:
    struct Slot {
        std::uint64_t letters = 0;
        std::uint32_t rest = 0;
        std::uint32_t number = 0; ///< from 1; 0 is free
    };
    std::size_t place(PartyKey key) const;
    bool is(Slot const& slot, std::string_view name, PartyKey key) const {
        return slot.letters == key.letters && slot.rest == key.rest &&
               (key.whole() || names_[slot.number - 1] == name);
    }
    void grow();

    std::vector<Slot, LargePages<Slot>> slots_;
    std::vector<std::string> names_;
};

} // namespace perpetuum
