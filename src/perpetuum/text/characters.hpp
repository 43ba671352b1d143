#pragma once
// Single characters of UTF-8 texts: how many bytes, whether damaged, what a terminal may be shown
// of them. Private to the room.

#include <cstdint>
#include <string>
#include <string_view>

namespace perpetuum {

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 1; ///< at least 1, also of a damaged one
    bool damaged = false;  ///< not UTF-8: one byte that is taken by itself
};

/// The character at a byte of a text (at < text.size()). Overlong forms, surrogates and codes above
/// U+10FFFF are damaged (Unicode 15, table 3-7).
Character character_at(std::string_view text, std::size_t at);
/// The character itself, or \x1b, \u{202e} where a terminal could take it for a command or hide it.
std::string shown_character(std::string_view text, std::size_t at, Character character);
/// Columns that a terminal gives it: 0 for combining marks, 2 for wide scripts, else 1 (or the
/// escape's length).
std::size_t columns_of(Character character, std::string_view shown);

} // namespace perpetuum
