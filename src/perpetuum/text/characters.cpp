// UTF-8 by the table of well-formed byte sequences; widths by the main ranges of East Asian Width
// and combining marks.

#include <perpetuum/text.hpp>
#include <perpetuum/text/characters.hpp>

#include <cstdio>
#include <cstring>

namespace perpetuum {

namespace {

struct CodeRange {
    std::uint32_t first, last;
};

/// Control codes, and what changes the direction of text or cannot be seen: a book must not look
/// other than it is.
constexpr CodeRange unseen_ranges[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF}};
constexpr CodeRange combining_ranges[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},   {0x64B, 0x65F},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
constexpr CodeRange wide_ranges[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                     {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                                     {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
                                     {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <std::size_t N>
bool in_ranges(CodeRange const (&ranges)[N], std::uint32_t code) {
    for (auto const range : ranges)
        if (code >= range.first && code <= range.last) return true;
    return false;
}

unsigned byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// Eight bytes of ASCII from here on: most of any text, looked at as one number.
bool plain_letters(std::string_view text, std::size_t at) {
    std::uint64_t letters = 0;
    if (text.size() - at < sizeof letters) return false;
    std::memcpy(&letters, text.data() + at, sizeof letters);
    return (letters & 0x8080808080808080u) == 0;
}

} // namespace

Character character_at(std::string_view text, std::size_t at) {
    unsigned const lead = byte_at(text, at);
    if (lead < 0x80) return {lead, 1, false};
    std::size_t const bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {lead, 1, true};
    std::uint32_t code = lead & (0xFFu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        unsigned const next = byte_at(text, at + i);
        if ((next & 0xC0) != 0x80) return {lead, 1, true};
        code = code << 6 | (next & 0x3F);
    }
    bool const overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    bool const surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (overlong || surrogate || code > 0x10FFFF) return {lead, 1, true};
    return {code, bytes, false};
}

std::string shown_character(std::string_view text, std::size_t at, Character character) {
    if (!character.damaged && !in_ranges(unseen_ranges, character.code))
        return std::string{text.substr(at, character.bytes)};
    char buffer[16];
    char const* format = character.code < 0x100 ? "\\x%02x" : "\\u{%x}";
    std::snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(character.code));
    return buffer;
}

std::size_t columns_of(Character character, std::string_view shown) {
    if (character.damaged || in_ranges(unseen_ranges, character.code)) return shown.size();
    if (character.code < 0x300) return 1;
    if (in_ranges(combining_ranges, character.code)) return 0;
    return in_ranges(wide_ranges, character.code) ? 2 : 1;
}

std::string printable(std::string_view text, std::size_t longest) {
    std::string result;
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++characters) {
        if (characters == longest) return result + "…";
        Character const character = character_at(text, at);
        result += shown_character(text, at, character);
        at += character.bytes;
    }
    return result;
}

std::string quoted(std::string_view text) { return "'" + printable(text) + "'"; }

std::size_t damaged_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (plain_letters(text, at)) {
            at += sizeof(std::uint64_t);
            continue;
        }
        Character const character = character_at(text, at);
        if (character.damaged) return at;
        at += character.bytes;
    }
    return std::string_view::npos;
}

} // namespace perpetuum
