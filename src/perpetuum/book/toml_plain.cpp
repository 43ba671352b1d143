// The everyday part of TOML, read in one pass with its places in bytes: headers, keys (dotted and quoted ones too),
// texts without a backslash, days, whole numbers, true and false, lists, inline tables. Whatever it is not sure of,
// mistakes above all, it leaves to the library, which has the last word: so it need not be complete, only right, and a
// test holds its trees against the library's. Its limits are narrower than those of check_toml_bytes, so what it reads
// passes there.

#include <perpetuum/book/tree.hpp>

#include <array>
#include <bit>
#include <functional>

namespace perpetuum {

namespace {

constexpr std::size_t deepest_plain = 30;  // brackets in brackets, parts of a key
constexpr std::size_t deepest_branch = 60; // of tables and lists from the root
constexpr std::size_t longest_plain_key = 200;
constexpr std::size_t most_plain_keys = 200'000, most_plain_headers = 40'000; // of one file
constexpr int longest_search = 64; // slots looked at for one key; more only in a text made for it
constexpr std::uint32_t none = 0;  // no node: the root is nobody's child

/// Where a key stands, with its quotes.
struct PlainKey {
    std::uint32_t begin = 0, end = 0;
};

/// A node of the tree in the making: children are a chain, for a header may add to any table.
struct PlainNode {
    TomlNode::Type type = TomlNode::Type::table;
    bool truth = false;
    bool closed = false;  ///< an inline table: nothing may be added
    bool implied = false; ///< a table that only a longer header has named so far
    bool dotted = false;  ///< a table made by the dots of a key
    bool headed = false;  ///< a list of tables, made by headers in double brackets
    std::uint32_t parent = none, first = none, last = none, next = none, children = 0;
    std::uint32_t begin = 0, end = 0; ///< of a text between its quotes: also what it says
    std::uint32_t hash = 0;
    PlainKey key;
};

using PlainBytes = std::array<bool, 256>;

/// What a byte may be part of; beyond ASCII all may stand in texts and comments.
struct PlainTables {
    PlainBytes in_comment{}, in_basic{}, in_literal{}, in_key{};
    constexpr PlainTables() {
        for (std::size_t c = 0; c < 256; ++c) {
            in_comment[c] = (c >= 0x20 && c != 0x7F) || c == '\t';
            in_basic[c] = in_comment[c] && c != '"' && c != '\\';
            in_literal[c] = in_comment[c] && c != '\'';
            in_key[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                        (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
        }
    }
};
constexpr PlainTables plain_tables;

/// Every member function that returns a truth value says whether all was plain up to here.
class PlainReader {
  public:
    explicit PlainReader(std::string_view content)
        : content_(content), slots_(std::bit_ceil(content.size() / 4 + 16), none) {
        nodes_.reserve(content.size() / 16 + 1);
        nodes_.emplace_back();
    }
    bool read();
    bool build(int text, TomlNode& root) const { return fill(root, nodes_[0], text, 0); }
    TomlCounts counts() const { return counts_; }

  private:
    char now() const { return at_ < content_.size() ? content_[at_] : '\0'; }
    bool take(char c) {
        if (now() != c) return false;
        ++at_;
        return true;
    }
    std::uint32_t place() const { return static_cast<std::uint32_t>(at_); }
    void skip_blanks() {
        while (now() == ' ' || now() == '\t') ++at_;
    }
    void skip(PlainBytes const& bytes) {
        while (at_ < content_.size() && bytes[static_cast<unsigned char>(content_[at_])]) ++at_;
    }
    std::string_view between(std::uint32_t begin, std::uint32_t end) const {
        return content_.substr(begin, end - begin);
    }
    std::string_view word(PlainKey key) const {
        bool const quoted_key = content_[key.begin] == '"' || content_[key.begin] == '\'';
        return quoted_key ? between(key.begin + 1, key.end - 1) : between(key.begin, key.end);
    }
    bool line_break() { return take('\n') || (take('\r') && take('\n')); }
    bool comment() {
        skip(plain_tables.in_comment);
        return at_ == content_.size() || line_break();
    }
    bool line_end() {
        skip_blanks();
        return at_ == content_.size() || (now() == '#' ? comment() : line_break());
    }
    bool skip_lines() { // blanks, line ends and comments
        for (;;) {
            skip_blanks();
            bool const ends = now() == '\n' || now() == '\r';
            if (!ends && now() != '#') return true;
            if (!(ends ? line_break() : comment())) return false;
        }
    }
    bool comma() {
        bool const found = take(',');
        counts_.keys += found;
        return found;
    }

    bool string();
    bool key_path();
    bool header(std::uint32_t& table);
    bool open_header(bool many, std::uint32_t begin, std::uint32_t end, std::uint32_t& table);
    bool pair(std::uint32_t table);
    bool value(std::uint32_t node);
    bool list(std::uint32_t node);
    bool inline_table(std::uint32_t node);
    bool number_or_day(PlainNode& node);

    bool find(std::uint32_t parent, PlainKey key, std::uint32_t& found);
    std::uint32_t add(std::uint32_t parent, TomlNode::Type type);
    std::uint32_t add_member(std::uint32_t parent, PlainKey key, TomlNode::Type type);
    bool only_tables(PlainNode const& table) const;
    bool fill(TomlNode& into, PlainNode const& from, int text, std::size_t depth) const;

    std::string_view content_;
    std::size_t at_ = 0, depth_ = 0;
    std::vector<PlainNode> nodes_;
    std::vector<std::uint32_t> slots_; ///< open addressing: members by parent and key
    std::uint32_t hash_ = 0;           ///< of what find looked for last, and
    std::size_t free_slot_ = 0;        ///< where it would stand
    std::vector<PlainKey> path_;       ///< of the header or pair that was read last
    TomlCounts counts_;
};

/// A key of this table, or none, and where its slot is: to be followed by add_member at once.
bool PlainReader::find(std::uint32_t parent, PlainKey key, std::uint32_t& found) {
    std::string_view const name = word(key);
    std::size_t const mixed = (std::hash<std::string_view>{}(name) ^ parent) * 0x9E3779B97F4A7C15u;
    hash_ = static_cast<std::uint32_t>(mixed >> 32);
    std::size_t const mask = slots_.size() - 1;
    free_slot_ = hash_ & mask;
    for (int i = 0; i < longest_search; ++i, free_slot_ = (free_slot_ + 1) & mask) {
        found = slots_[free_slot_];
        if (found == none) return true;
        PlainNode const& node = nodes_[found];
        if (node.hash == hash_ && node.parent == parent && word(node.key) == name) return true;
    }
    return false;
}

std::uint32_t PlainReader::add(std::uint32_t parent, TomlNode::Type type) {
    auto const number = static_cast<std::uint32_t>(nodes_.size());
    PlainNode& node = nodes_.emplace_back();
    node.type = type;
    node.parent = parent;
    node.begin = place();
    PlainNode& above = nodes_[parent];
    if (above.last == none)
        above.first = number;
    else
        nodes_[above.last].next = number;
    above.last = number;
    ++above.children;
    return number;
}

std::uint32_t PlainReader::add_member(std::uint32_t parent, PlainKey key, TomlNode::Type type) {
    std::uint32_t const number = add(parent, type);
    nodes_[number].key = key;
    nodes_[number].hash = hash_;
    slots_[free_slot_] = number;
    return number;
}

bool PlainReader::read() {
    if (content_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    if (content_.find("\xEF\xBB\xBF", 1) != std::string_view::npos ||
        damaged_utf8(content_) != std::string_view::npos)
        return false;
    std::uint32_t table = 0;
    while (skip_lines()) {
        if (at_ == content_.size())
            return counts_.keys <= most_plain_keys && counts_.headers <= most_plain_headers;
        if (!(now() == '[' ? header(table) : pair(table)) || !line_end()) return false;
    }
    return false;
}

/// A text on one line without a backslash.
bool PlainReader::string() {
    char const quote = now();
    std::size_t const begin = ++at_;
    skip(quote == '"' ? plain_tables.in_basic : plain_tables.in_literal);
    bool const empty = at_ == begin;
    // Three quotes begin a text of several lines.
    return take(quote) && (!empty || now() != quote);
}

/// a."b c".d
bool PlainReader::key_path() {
    path_.clear();
    do {
        skip_blanks();
        std::uint32_t const begin = place();
        if (now() == '"' || now() == '\'') {
            if (!string()) return false;
        } else {
            skip(plain_tables.in_key);
            if (place() == begin) return false;
        }
        path_.push_back({begin, place()});
        if (place() - begin > longest_plain_key || path_.size() > deepest_plain) return false;
        skip_blanks();
    } while (take('.'));
    return true;
}

/// [a.b] or [[a.b]]: the table that the following pairs stand in.
bool PlainReader::header(std::uint32_t& table) {
    std::uint32_t const begin = place();
    ++at_;
    bool const many = take('[');
    if (!key_path() || !take(']') || (many && !take(']'))) return false;
    ++counts_.headers;
    return open_header(many, begin, place(), table);
}

bool PlainReader::open_header(bool many, std::uint32_t begin, std::uint32_t end,
                              std::uint32_t& table) {
    auto const add_table = [&](std::uint32_t number) {
        nodes_[number].begin = begin;
        nodes_[number].end = end;
        return number;
    };
    std::uint32_t found = none;
    table = 0;
    for (std::size_t i = 0; i + 1 < path_.size(); ++i) {
        if (!find(table, path_[i], found)) return false;
        if (found == none) {
            table = add_table(add_member(table, path_[i], TomlNode::Type::table));
            nodes_[table].implied = true;
        } else {
            table = nodes_[found].headed ? nodes_[found].last : found;
            if (nodes_[table].type != TomlNode::Type::table || nodes_[table].closed) return false;
        }
    }
    if (!find(table, path_.back(), found)) return false;
    if (!many && found == none) {
        table = add_table(add_member(table, path_.back(), TomlNode::Type::table));
    } else if (!many) { // named at last; pairs must not have been put into it by dots
        if (!nodes_[found].implied || !only_tables(nodes_[found])) return false;
        nodes_[found].implied = false;
        table = add_table(found);
    } else {
        if (found == none) {
            found = add_table(add_member(table, path_.back(), TomlNode::Type::array));
            nodes_[found].headed = true;
        }
        if (!nodes_[found].headed) return false;
        nodes_[found].end = end;
        table = add_table(add(found, TomlNode::Type::table));
    }
    return true;
}

bool PlainReader::only_tables(PlainNode const& table) const {
    for (std::uint32_t child = table.first; child != none; child = nodes_[child].next)
        if (nodes_[child].type != TomlNode::Type::table && !nodes_[child].headed) return false;
    return true;
}

/// a.b = value
bool PlainReader::pair(std::uint32_t table) {
    if (!key_path() || !take('=')) return false;
    ++counts_.keys;
    skip_blanks();
    std::uint32_t found = none;
    for (std::size_t i = 0; i + 1 < path_.size(); ++i) {
        if (!find(table, path_[i], found)) return false;
        if (found == none) {
            found = add_member(table, path_[i], TomlNode::Type::table);
            nodes_[found].dotted = true;
            nodes_[found].begin = path_[i].begin;
            nodes_[found].end = path_[i].end;
        } else if (!nodes_[found].dotted && !nodes_[found].implied) {
            return false;
        }
        table = found;
    }
    if (!find(table, path_.back(), found) || found != none) return false;
    return value(add_member(table, path_.back(), TomlNode::Type::other));
}

/// What stands behind an equals sign or in a list; the node is there already and gets its content.
bool PlainReader::value(std::uint32_t number) {
    PlainNode& node = nodes_[number]; // until another node comes
    node.begin = place();
    switch (now()) {
    case '"':
    case '\'':
        node.type = TomlNode::Type::text;
        if (!string()) return false;
        ++node.begin; // its place is between the quotes
        node.end = place() - 1;
        return true;
    case '[':
    case '{': {
        if (++depth_ > deepest_plain) return false;
        bool const good = take('[') ? list(number) : take('{') && inline_table(number);
        nodes_[number].end = place();
        --depth_;
        return good;
    }
    default:
        if (!number_or_day(node)) return false;
        node.end = place();
        return true;
    }
}

bool PlainReader::list(std::uint32_t number) {
    nodes_[number].type = TomlNode::Type::array;
    do {
        if (!skip_lines()) return false;
        if (take(']')) return true;
        if (!value(add(number, TomlNode::Type::other)) || !skip_lines()) return false;
    } while (comma());
    return take(']');
}

bool PlainReader::inline_table(std::uint32_t number) {
    nodes_[number].type = TomlNode::Type::table;
    skip_blanks();
    if (!take('}')) {
        do {
            if (!pair(number)) return false;
            skip_blanks();
        } while (comma());
        if (!take('}')) return false;
    }
    nodes_[number].closed = true;
    return true;
}

/// true, false, 2025-09-22, 12. What stands right behind is the caller's to judge: nothing of a word may.
bool PlainReader::number_or_day(PlainNode& node) {
    skip(plain_tables.in_key);
    std::string_view const word = between(node.begin, place());
    if (word == "true" || word == "false") {
        node.type = TomlNode::Type::boolean;
        node.truth = word == "true";
        return true;
    }
    bool const digits = word.find_first_not_of("0123456789") == std::string_view::npos;
    node.type = digits ? TomlNode::Type::number : TomlNode::Type::day;
    if (digits) return !word.empty() && word.size() < 16 && (word[0] != '0' || word.size() == 1);
    return word.size() == 10 && word[4] == '-' && word[7] == '-' &&
           (word[0] == '1' || word[0] == '2') && parse_period(word).has_value();
}

bool PlainReader::fill(TomlNode& into, PlainNode const& from, int text, std::size_t depth) const {
    into.type = from.type;
    into.where = {text, from.begin, from.end};
    into.truth = from.truth;
    if (from.type == TomlNode::Type::text || from.type == TomlNode::Type::number ||
        from.type == TomlNode::Type::day)
        into.text = between(from.begin, from.end);
    if (from.type == TomlNode::Type::day) into.day = *parse_period(into.text);
    if (from.children > 0 && depth == deepest_branch) return false;
    bool const items = from.type == TomlNode::Type::array;
    if (items)
        into.items.reserve(from.children);
    else
        into.members.reserve(from.children);
    for (std::uint32_t at = from.first; at != none; at = nodes_[at].next) {
        PlainNode const& child = nodes_[at];
        if (items) {
            if (!fill(into.items.emplace_back(), child, text, depth + 1)) return false;
            continue;
        }
        TomlMember& member = into.members.emplace_back();
        member.key = word(child.key);
        member.key_where = {text, child.key.begin, child.key.end};
        if (!fill(member.value, child, text, depth + 1)) return false;
    }
    return true;
}

} // namespace

bool read_plain_toml(int text, TomlCounts& counts, TomlNode& root, Diagnostics const& diagnostics) {
    PlainReader reader{diagnostics.text(text).content};
    TomlNode tree;
    if (!reader.read() || !reader.build(text, tree)) return false;
    tree.where = {text, 0, 0};
    root = std::move(tree);
    counts.keys += reader.counts().keys;
    counts.headers += reader.counts().headers;
    return true;
}

} // namespace perpetuum
