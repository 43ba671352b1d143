#pragma once
// What a book's files hold, as a plain tree with exact places: all that the rest of the room sees
// of TOML. Private to the room.

#include <perpetuum/book.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

struct TomlMember;

/// A value of a file. Which members hold something depends on its type.
struct TomlNode {
    enum class Type { table, array, text, day, boolean, number, other } type = Type::table;
    /// Of a text: between the quotes where it stands there byte by byte, else with the quotes.
    Span where;
    std::string text; ///< of a text: its value; of numbers and others: as written
    bool truth = false;
    Period day;
    std::vector<TomlMember> members; ///< of a table, in the order written
    std::vector<TomlNode> items;     ///< of an array

    TomlNode const* find(std::string_view key) const;
    TomlMember const* member(std::string_view key) const;
};

struct TomlMember {
    std::string key;
    Span key_where;
    TomlNode value;
};

struct BookFile {
    int text = -1; ///< its number in the diagnostics
    TomlNode root;
};

struct BookText {
    std::string path;
    std::vector<BookFile> files;
    std::string digested; ///< names and contents of all files, one behind the other, for the digest
    bool partial =
        false; ///< some file could not be read: ids may be missing through no fault of the rest
};

/// How many keys and table headers a text has, for limits over a whole book.
struct TomlCounts {
    std::size_t keys = 0, headers = 0;
};

/// Looks for what the TOML library must not see: damaged UTF-8, control characters, bare carriage
/// returns, a byte order mark in the middle, nesting above 32, keys above 200 bytes, too many keys.
/// Linear. False when it found any.
bool check_toml_bytes(int text, TomlCounts& counts, Diagnostics& diagnostics);

/// Reads a text of everyday TOML at a tenth of what the library takes, with the same tree, places and counts as
/// check_toml_bytes and parse_toml would give. False, and nothing is changed or said, where it is not sure: then they
/// have to look.
bool read_plain_toml(int text, TomlCounts& counts, TomlNode& root, Diagnostics const& diagnostics);

/// Parses a text that passed check_toml_bytes. False, with an error, when it is no TOML.
bool parse_toml(int text, TomlNode& root, Diagnostics& diagnostics);

/// The three of them: a text, checked and parsed.
bool read_toml(int text, TomlNode& root, Diagnostics& diagnostics);

} // namespace perpetuum
