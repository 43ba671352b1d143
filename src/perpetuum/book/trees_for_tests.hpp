#pragma once
/// What tests of the two readers of TOML share.

#include <perpetuum/book/tree.hpp>

namespace perpetuum {

inline bool same_place(Span a, Span b) {
    return a.text == b.text && a.begin == b.begin && a.end == b.end;
}

/// Empty, or the first key at which they differ.
inline std::string difference_of_trees(TomlNode const& a, TomlNode const& b,
                                       std::string const& path = "root") {
    if (a.type != b.type || a.text != b.text || a.truth != b.truth || !(a.day == b.day) ||
        !same_place(a.where, b.where) || a.members.size() != b.members.size() ||
        a.items.size() != b.items.size())
        return path;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        auto const found =
            difference_of_trees(a.items[i], b.items[i], path + "[" + std::to_string(i) + "]");
        if (!found.empty()) return found;
    }
    for (std::size_t i = 0; i < a.members.size(); ++i) {
        TomlMember const &one = a.members[i], &other = b.members[i];
        if (one.key != other.key || !same_place(one.key_where, other.key_where))
            return path + "." + one.key;
        auto const found = difference_of_trees(one.value, other.value, path + "." + one.key);
        if (!found.empty()) return found;
    }
    return {};
}

} // namespace perpetuum
