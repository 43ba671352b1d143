// The head of a book, its sources, and the ids of everything in it.

#include <perpetuum/book/reader.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

std::vector<std::string> const head_keys{"title", "as_of",   "start",  "currency",
                                         "model", "outside", "licence"};
std::vector<std::string> const source_keys{"title",    "date", "url",  "where",
                                           "original", "seen", "quote"};

} // namespace

void BookReader::read_head() {
    auto const& head = table("book");
    if (head.empty()) {
        if (!text.partial)
            error({text.files.empty() ? -1 : text.files[0].text, 0, 0},
                  tables.empty() ? "there is nothing in this book"
                                 : "this book has no [book] table",
                  "a book begins with [book], title = \"…\", as_of = 2025-12-31");
        return;
    }
    book.head_where = head[0].where;
    bool as_of = false, start = false;
    for (auto const& key : head) {
        read_head_key({key.key, key.where, *key.value});
        as_of = as_of || key.key == "as_of";
        start = start || key.key == "start";
    }
    if (!as_of)
        error(book.head_where, "the head of the book has no as_of",
              "write as_of = 2025-12-31: the last day whose news it takes in");
    if (!start) book.start = book.own_as_of;
    book.as_of = asked_as_of.value_or(book.own_as_of);
    // Nothing is projected from a day of which nothing could be known.
    book.start = std::min(book.start, book.as_of);
    if (!vocabulary.money.empty() && book.currency != vocabulary.money)
        error(book.head_where, "the book counts in " + quoted(book.currency) + ", the model in " +
                                   quoted(vocabulary.money));
}

void BookReader::read_head_key(TomlMember const& member) {
    if (member.key == "as_of" || member.key == "start") {
        auto const period = period_of(member.value, {});
        if (!period) {
            error(member.value.where, quoted(member.key) + " must be a date",
                  "write " + member.key + " = 2025-12-31");
            return;
        }
        (member.key == "as_of" ? book.own_as_of : book.start) = period->end;
    } else if (member.key == "title") {
        book.title = plain_text(member);
    } else if (member.key == "currency") {
        book.currency = plain_text(member);
    } else if (member.key == "model") {
        book.model = plain_text(member);
    } else if (member.key == "licence") {
        book.licence = plain_text(member);
    } else if (member.key == "outside") {
        book.outside = plain_text(member); // checked with the ids
    } else {
        unknown_key(member, "[book]", head_keys);
    }
}

void BookReader::read_sources() {
    book.sources.reserve(table("source").size());
    for (auto const& key : table("source")) read_source(key);
}

void BookReader::read_source(TopKey const& key) {
    if (!good_id(key, "source")) return;
    if (key.key == "desk") {
        error(key.where, "the source 'desk' is built in",
              "it stands for the author; give this one another id");
        return;
    }
    if (key.value->type != TomlNode::Type::table) {
        error(key.value->where, "a source must be a table",
              key.key + " = { title = \"…\", date = 2025-09-22, url = \"…\" }");
        return;
    }
    Source source;
    source.id = key.key;
    source.where = key.where;
    bool dated = false;
    for (auto const& member : key.value->members) {
        if (member.key == "date") {
            dated = true;
            bool const unknown =
                member.value.type == TomlNode::Type::text && member.value.text == "unknown";
            auto const period = period_of(member.value, {});
            if (period)
                source.date = known_from(*period);
            else if (!unknown)
                error(member.value.where, "'date' must be the day on which it became public",
                      "write 2025-09-22, \"2025-09\", \"2025-Q3\" or \"unknown\"");
        } else if (member.key == "seen" && member.value.type == TomlNode::Type::day) {
            source.seen = member.value.text;
        } else if (std::find(source_keys.begin(), source_keys.end(), member.key) !=
                   source_keys.end()) {
            (member.key == "title"      ? source.title
             : member.key == "url"      ? source.url
             : member.key == "where"    ? source.where_found
             : member.key == "original" ? source.original
             : member.key == "seen"     ? source.seen
                                        : source.quote) = plain_text(member);
        } else {
            unknown_key(member, "source " + quoted(key.key), source_keys);
        }
    }
    auto const missing = [&](char const* what, char const* hint) {
        error(key.where, "source " + quoted(key.key) + " has no " + what, hint);
    };
    if (!key.value->find("title")) missing("title", "title = \"what a reader would look for\"");
    if (!dated) missing("date", "date = the day on which it became public, or \"unknown\"");
    if (!key.value->find("url") && !key.value->find("where"))
        missing("url or where", "say where it can be found");
    source_numbers.emplace(source.id, book.sources.size());
    book.sources.push_back(std::move(source));
}

/// In equations a hyphen is written as _, and entities and deals share one space of names.
void BookReader::register_name(
    TopKey const& key, std::unordered_map<std::string, Span>& places,
    std::unordered_map<std::string, std::pair<std::string, Span>>& written) {
    auto const place = places.emplace(key.key, key.where).first;
    if (place->second.text < 0)
        place->second = key.where; // the book declares a sector of the model again
    else if (!stands_at(places, key))
        return; // the same table in another file was reported
    std::string equation_name = key.key;
    std::replace(equation_name.begin(), equation_name.end(), '-', '_');
    auto const [first, fresh] =
        written.emplace(std::move(equation_name), std::pair{key.key, key.where});
    if (fresh) return;
    error(key.where,
          "the ids " + quoted(first->second.first) + " and " + quoted(key.key) +
              " are one name in equations",
          "entities and deals need different ids, and - reads as _");
    diagnostics.note(first->second.second, quoted(first->second.first) + " stands here");
}

void BookReader::read_entity_id(TopKey const& key) {
    if (key.value->type != TomlNode::Type::table) return;
    auto const* kind_member = key.value->member("kind");
    if (kind_member && kind_member->value.type == TomlNode::Type::text)
        entity_kinds[key.key] = kind_member->value.text;
    auto const* fiscal = key.value->member("fiscal_year");
    if (!fiscal) return;
    // "FY2026 ends 2026-05-31"
    std::string const value = plain_text(*fiscal);
    if (value.empty()) return;
    auto const middle = value.find(" ends ");
    auto const last = middle == std::string::npos ? std::optional<Period>{}
                                                  : parse_period(value.substr(middle + 6));
    auto const year = value.substr(0, 2) == "FY" && middle == 6 ? parse_period(value.substr(2, 4))
                                                                : std::optional<Period>{};
    bool const day = last && last->end.months - last->begin.months < 0.5;
    if (!year || !day) {
        error(fiscal->value.where, "a fiscal year must be named with its last day",
              "write fiscal_year = \"FY2026 ends 2026-05-31\"");
        return;
    }
    fiscal_years[key.key] = {static_cast<int>(year->begin.months) / 12, last->end};
}

void BookReader::read_ids() {
    std::unordered_map<std::string, std::pair<std::string, Span>> written;
    for (auto const& sector : vocabulary.sectors) {
        entity_places.emplace(sector, Span{});
        entity_kinds.emplace(sector, "outside");
    }
    for (auto const& key : table("entity")) {
        if (!good_id(key, "firm")) continue;
        register_name(key, entity_places, written);
        read_entity_id(key);
    }
    for (auto const& key : table("deal")) {
        if (!good_id(key, "deal")) continue;
        register_name(key, deal_places, written);
        auto const* kind_member =
            key.value->type == TomlNode::Type::table ? key.value->member("kind") : nullptr;
        if (kind_member && kind_member->value.type == TomlNode::Type::text)
            deal_kinds[key.key] = kind_member->value.text;
    }
    for (auto const& key : table("headline"))
        if (good_id(key, "headline")) headline_places.emplace(key.key, key.where);
    for (auto const& key : table("scenario"))
        if (good_id(key, "scenario")) scenario_places.emplace(key.key, key.where);
    for (auto const& key : table("index"))
        if (good_id(key, "index")) index_ids.insert(key.key);
    for (auto const& key : table("currency")) {
        if (!good_id(key, "currency")) continue;
        currency_ids.insert(key.key);
        if (!units.known(key.key)) units.add_base(key.key);
    }
    for (auto const& key : table("book"))
        if (key.key == "outside" && !book.outside.empty())
            known_id(book.outside, key.value->where, entity_places, "entity");
}

} // namespace perpetuum
