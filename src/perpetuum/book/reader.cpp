// Understanding a book: the order of work, and what all its parts need.

#include <perpetuum/book/reader.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

std::vector<std::string> const table_names{"book",     "source", "entity", "deal",     "headline",
                                           "currency", "index",  "expect", "scenario", "model"};
constexpr std::size_t longest_id = 100;

bool id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool all_differ(std::vector<TopKey> const& keys) {
    std::vector<std::string_view> names;
    names.reserve(keys.size());
    for (auto const& key : keys) names.push_back(key.key);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) == names.end();
}

} // namespace

Book BookReader::read() {
    book.path = text.path;
    collect_tables();
    read_head();
    read_sources();
    read_ids(); // before figures: they name fiscal years, indices and each other
    read_currencies();
    read_indices();
    read_entities();
    read_deals();
    finish_deals(); // now it is known which deals were known
    read_headlines();
    read_expectations();
    read_scenarios();
    read_model_parameters();
    check_total();
    return std::move(book);
}

void BookReader::collect_tables() {
    for (auto const& file : text.files) {
        for (auto const& top : file.root.members) {
            if (std::find(table_names.begin(), table_names.end(), top.key) == table_names.end()) {
                std::string const near = suggestion(top.key, table_names);
                error(top.key_where, "unknown table " + quoted(top.key),
                      near.empty() ? "a book has: book, source, entity, deal, headline, currency, "
                                     "index, expect, "
                                     "scenario, model"
                                   : near);
                continue;
            }
            if (top.value.type != TomlNode::Type::table) {
                error(top.key_where, quoted(top.key) + " must be a table",
                      "write [" + top.key + "] or [" + top.key + ".ID] on a line of its own");
                continue;
            }
            if (top.value.members.empty()) continue;
            auto& keys = tables[top.key];
            for (auto const& member : top.value.members)
                keys.push_back({member.key, member.key_where, &member.value});
        }
    }
    // TOML refuses what is written twice in one file; over several files that falls to us.
    for (auto const& [name, keys] : tables) {
        if (all_differ(keys)) continue;
        std::map<std::string_view, Span> first;
        for (auto const& key : keys) {
            auto const [place, fresh] = first.emplace(key.key, key.where);
            if (fresh) continue;
            std::string const whole = name + "." + key.key;
            error(key.where, quoted(whole) + " is written twice",
                  "join both, or give one another id");
            diagnostics.note(place->second, quoted(whole) + " was written first here");
        }
    }
}

std::vector<TopKey> const& BookReader::table(std::string const& name) const {
    static std::vector<TopKey> const none;
    auto const found = tables.find(name);
    return found == tables.end() ? none : found->second;
}

std::string BookReader::suggestion(std::string_view name,
                                   std::vector<std::string> const& candidates) {
    if (candidates.size() > suggestions_left) return {};
    suggestions_left -= candidates.size();
    auto const near = nearest(name, candidates);
    return near ? "did you mean '" + *near + "'?" : std::string{};
}

std::string BookReader::suggestion_or_list(std::string_view name,
                                           std::vector<std::string> const& candidates) {
    std::string hint = suggestion(name, candidates);
    // A list in each of a hundred thousand hints would be a lot of memory for nobody to read.
    if (!hint.empty() || candidates.size() > 40 || diagnostics.errors() >= 1000) return hint;
    for (auto const& one : candidates) hint += (hint.empty() ? "known here: " : ", ") + one;
    return hint;
}

void BookReader::unknown_key(TomlMember const& member, std::string const& place,
                             std::vector<std::string> const& known) {
    error(member.key_where, "unknown key " + quoted(member.key) + " in " + place,
          suggestion_or_list(member.key, known));
}

bool BookReader::good_id(TopKey const& key, std::string const& what) {
    if (key.key.empty()) {
        error(key.where, "an empty id of a " + what);
        return false;
    }
    if (key.key.size() > longest_id) {
        error(key.where, "the id of this " + what + " is longer than 100 bytes",
              "shorten it; what it is called in full is its name");
        return false;
    }
    if (could_be_id(key.key)) return true;
    error(key.where, "the id " + quoted(key.key) + " has characters that an id cannot have",
          "ids are made of a-z A-Z 0-9 - _; what a reader should see goes into 'name'");
    return false;
}

bool BookReader::stands_at(std::unordered_map<std::string, Span> const& places, TopKey const& key) {
    auto const place = places.find(key.key);
    return place != places.end() && place->second.text == key.where.text &&
           place->second.begin == key.where.begin;
}

InstrumentDescription const* BookReader::instrument(std::string_view name) const {
    for (auto const& one : vocabulary.instruments)
        if (one.name == name) return &one;
    return nullptr;
}

KindDescription const* BookReader::kind(std::string_view name) const {
    for (auto const& one : vocabulary.kinds)
        if (one.name == name) return &one;
    return nullptr;
}

bool BookReader::is_money(Unit const& unit) const {
    return unit.powers.size() == 1 && unit.powers[0].first == vocabulary.money &&
           unit.powers[0].second == 1;
}

bool could_be_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id &&
           std::all_of(text.begin(), text.end(), id_character);
}

std::vector<std::string> names_of(std::vector<FieldDescription> const& fields) {
    std::vector<std::string> names;
    for (auto const& field : fields) names.push_back(field.name);
    return names;
}

FieldDescription const* field_named(std::vector<FieldDescription> const& fields,
                                    std::string_view name) {
    for (auto const& field : fields)
        if (field.name == name) return &field;
    return nullptr;
}

std::vector<std::string> ids_in(std::unordered_map<std::string, Span> const& places) {
    std::vector<std::string> ids;
    for (auto const& one : places) ids.push_back(one.first);
    std::sort(ids.begin(), ids.end()); // the nearest name must not depend on a hash
    return ids;
}

std::string wanted_words(FieldDescription const& field) {
    if (field.is_table) return "a list of tables";
    if (field.is_date) return "a date";
    if (field.is_word) {
        std::string words;
        for (auto const& word : field.words) words += (words.empty() ? "" : ", ") + word;
        return "one of: " + words;
    }
    if (!field.unit_known) return "a number";
    if (field.unit.plain()) return "a plain number or %";
    return print_unit(field.unit);
}

Book interpret_book(BookText const& text, Vocabulary const& vocabulary, std::optional<Date> as_of,
                    Diagnostics& diagnostics) {
    return BookReader{text, vocabulary, as_of, diagnostics}.read();
}

} // namespace perpetuum
