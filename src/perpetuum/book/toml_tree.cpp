// The only file that includes the TOML library: text → tree with byte-exact places.

#include <perpetuum/book/tree.hpp>

// Where the library only asserts, a hostile text must not stop the program; without assertions it would go on into
// undefined behaviour. Found by fuzzing: "[ =".
namespace perpetuum {
struct TomlLibraryFault {};
[[noreturn]] inline void toml_library_fault() { throw TomlLibraryFault{}; }
} // namespace perpetuum
#undef NDEBUG
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? void() : perpetuum::toml_library_fault())
#include <toml++/toml.h>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t deepest_table = 64; // headers, dotted keys and inline tables together

/// toml++ gives lines and columns in characters; spans want bytes. One mark every 64 characters
/// keeps a look-up short even in a line of megabytes.
class BytePlaces {
  public:
    explicit BytePlaces(std::string_view text) : text_(text) {
        std::size_t character = 0;
        line_characters_.push_back(0);
        for (std::size_t at = begin(); at < text.size(); ++at) {
            if (continues(at)) continue;
            if (character % every == 0) marks_.push_back(static_cast<std::uint32_t>(at));
            ++character;
            if (text[at] == '\n') line_characters_.push_back(character);
        }
    }
    std::uint32_t byte(toml::source_position place) const {
        if (place.line == 0 || place.line > line_characters_.size()) return 0;
        std::size_t const column = place.column > 0 ? place.column - 1 : 0;
        std::size_t const character = line_characters_[place.line - 1] + column;
        std::size_t const mark = character / every;
        if (mark >= marks_.size()) return static_cast<std::uint32_t>(text_.size());
        std::size_t at = marks_[mark];
        for (std::size_t left = character % every; left > 0 && at < text_.size(); --left)
            for (++at; at < text_.size() && continues(at);) ++at;
        return static_cast<std::uint32_t>(at);
    }

  private:
    static constexpr std::size_t every = 64;
    std::size_t begin() const { return text_.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0; }
    bool continues(std::size_t at) const {
        return (static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80;
    }
    std::string_view text_;
    std::vector<std::uint32_t> marks_;
    std::vector<std::size_t> line_characters_;
};

struct TreeBuilder {
    int number;
    std::string_view text;
    BytePlaces places;
    Diagnostics& diagnostics;
    bool whole = true;

    Span span(toml::source_region const& region) const {
        std::uint32_t const begin = places.byte(region.begin);
        return {number, begin, std::max(begin, places.byte(region.end))};
    }

    /// Between the quotes, when the value stands there as it is: then offsets in the value are
    /// offsets in the file.
    Span text_span(Span whole_string, std::string const& value) const {
        std::size_t const begin = whole_string.begin, end = begin + value.size() + 2;
        if (end > text.size() || end != whole_string.end) return whole_string;
        if (text.substr(begin + 1, value.size()) != value) return whole_string;
        return {number, whole_string.begin + 1, whole_string.end - 1};
    }

    TomlNode node(toml::node const& from, std::size_t depth);
    void members(toml::table const& from, TomlNode& into, std::size_t depth);
};

void TreeBuilder::members(toml::table const& from, TomlNode& into, std::size_t depth) {
    for (auto const& [key, value] : from) {
        TomlMember member;
        member.key = key.str();
        member.key_where = span(key.source());
        member.value = node(value, depth + 1);
        into.members.push_back(std::move(member));
    }
    std::stable_sort(into.members.begin(), into.members.end(), [](auto const& a, auto const& b) {
        return a.key_where.begin < b.key_where.begin;
    });
}

TomlNode TreeBuilder::node(toml::node const& from, std::size_t depth) {
    TomlNode into;
    into.where = span(from.source());
    if (depth > deepest_table) {
        if (whole) diagnostics.error(into.where, "nested more than 64 deep");
        whole = false;
        return into;
    }
    if (auto const* table = from.as_table()) {
        members(*table, into, depth);
    } else if (auto const* array = from.as_array()) {
        into.type = TomlNode::Type::array;
        for (auto const& item : *array) into.items.push_back(node(item, depth + 1));
    } else if (auto const* value = from.as_string()) {
        into.type = TomlNode::Type::text;
        into.text = value->get();
        into.where = text_span(into.where, into.text);
    } else if (auto const* truth = from.as_boolean()) {
        into.type = TomlNode::Type::boolean;
        into.truth = truth->get();
    } else if (auto const* date = from.as_date()) {
        into.type = TomlNode::Type::day;
        toml::date const day = date->get();
        into.day = {date_of(day.year, day.month, day.day),
                    date_of(day.year, day.month, day.day + 1)};
        into.text = print_day(into.day.begin);
    } else {
        bool const number_type = from.is_integer() || from.is_floating_point();
        into.type = number_type ? TomlNode::Type::number : TomlNode::Type::other;
        into.text = text.substr(into.where.begin, into.where.end - into.where.begin);
    }
    return into;
}

/// "Error while parsing string: …" → "…", which is what a reader needs.
std::string shortened(std::string_view description) {
    constexpr std::string_view start = "Error while parsing ";
    if (description.substr(0, start.size()) == start) description.remove_prefix(start.size());
    return "not TOML: " + std::string{description};
}

} // namespace

TomlNode const* TomlNode::find(std::string_view key) const {
    TomlMember const* found = member(key);
    return found ? &found->value : nullptr;
}

TomlMember const* TomlNode::member(std::string_view key) const {
    for (auto const& one : members)
        if (one.key == key) return &one;
    return nullptr;
}

bool parse_toml(int text, TomlNode& root, Diagnostics& diagnostics) {
    std::string_view const content = diagnostics.text(text).content;
    BytePlaces const places{content};
    try {
        toml::table const table = toml::parse(content);
        TreeBuilder builder{text, content, places, diagnostics};
        root = builder.node(table, 0);
        root.where = {text, 0, 0};
        return builder.whole;
    } catch (toml::parse_error const& error) {
        std::uint32_t const begin = places.byte(error.source().begin);
        diagnostics.error({text, begin, begin + 1}, shortened(error.description()));
        return false;
    } catch (TomlLibraryFault const&) {
        diagnostics.error({text, 0, 0},
                          "not TOML, in a way that the TOML library does not understand",
                          "look for brackets and keys that are not what they should be");
        return false;
    }
}

} // namespace perpetuum
