// Deals: roles, the parameters of the instrument, the keys that all deals share.

#include <perpetuum/book/reader.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr std::size_t room_for_deals = 1000; // made at once, if as many are written

std::vector<std::string> const common_keys{
    "kind",    "signed", "binding", "chance", "ended",  "superseded_by", "for",
    "linked",  "paid",   "drawn",   "repaid", "option", "fiscal",        "source",
    "account", "fact",   "says",    "note",   "term",   "until",         "with"};
/// What a deal is about, in words: no model computes with it, so every deal may say it.
std::vector<std::string> const descriptive_keys{"item", "asset", "assets", "of"};

template <class List>
bool contains(List const& list, std::string const& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<std::string> role_names(InstrumentDescription const& instrument) {
    std::vector<std::string> names;
    for (auto const& role : instrument.roles) names.push_back(role.name);
    return names;
}

FieldDescription date_field(std::string name) {
    FieldDescription field;
    field.name = std::move(name);
    field.is_date = true;
    return field;
}

std::optional<Period> period_in(Entry const& entry) {
    if (entry.plain_period) return entry.plain_period;
    Figure const* used = entry.used();
    if (!used || used->holds != Figure::Holds::period) return {};
    return used->period;
}

} // namespace

void BookReader::read_deals() {
    book.deals.reserve(std::min(table("deal").size(), room_for_deals));
    for (auto const& key : table("deal")) {
        if (!stands_at(deal_places, key)) continue;
        if (key.value->type != TomlNode::Type::table) {
            error(key.value->where, "a deal must be a table", "write [deal." + key.key + "]");
            continue;
        }
        read_deal(key);
    }
}

void BookReader::read_deal(TopKey const& key) {
    Deal deal;
    deal.id = key.key;
    deal.where = key.where;
    auto const* kind_member = key.value->member("kind");
    if (!kind_member) {
        error(key.where, "deal " + quoted(key.key) + " has no kind", "write kind = \"sale\"");
        return;
    }
    deal.kind = plain_text(*kind_member);
    auto const* found = instrument(deal.kind);
    if (!found) {
        std::vector<std::string> names;
        for (auto const& one : vocabulary.instruments) names.push_back(one.name);
        if (!deal.kind.empty())
            error(kind_member->value.where, "unknown kind of deal " + quoted(deal.kind),
                  suggestion_or_list(deal.kind, names));
        return;
    }
    TableRules around;
    around.minus_allowed = false;
    if (auto const* fiscal = key.value->member("fiscal")) {
        auto const ids = ids_of(*fiscal, entity_places, "entity");
        auto const year = ids.empty() ? fiscal_years.end() : fiscal_years.find(ids[0]);
        if (year != fiscal_years.end())
            around.fiscal = year->second;
        else if (!ids.empty())
            error(fiscal->value.where, quoted(ids[0]) + " has no fiscal_year",
                  "write fiscal_year = \"FY2026 ends 2026-05-31\" there");
    }
    KnownTally counted;
    tally = &counted;
    TableRules const rules = rules_of(*key.value, around);
    for (auto const& member : key.value->members) {
        auto const role = std::find_if(found->roles.begin(), found->roles.end(),
                                       [&](auto const& r) { return r.name == member.key; });
        auto const* field = field_named(found->fields, member.key);
        bool const history = member.key == "drawn" && member.value.type == TomlNode::Type::table;
        if (role != found->roles.end()) {
            read_role(deal, *role, member, rules);
        } else if (field && !history) {
            if (auto one = entry(member, field, rules))
                deal.parameters[member.key] = std::move(*one);
        } else if (!read_common_key(deal, *found, member, rules)) {
            std::vector<std::string> known = role_names(*found);
            for (auto const& one : found->fields) known.push_back(one.name);
            known.insert(known.end(), common_keys.begin(), common_keys.end());
            known.insert(known.end(), descriptive_keys.begin(), descriptive_keys.end());
            unknown_key(member, "a deal of kind " + quoted(deal.kind), known);
        }
    }
    tally = nullptr;
    fill_outside(deal, *found, key.where);
    derive_term(deal, *found);
    check_deal(deal, *found, *key.value);
    if (keep(deal, counted)) {
        kept_deals.insert(deal.id);
        book.deals.push_back(std::move(deal));
    }
}

/// Known at as_of? A deal with sourced figures by them, one without by the day it was signed.
bool BookReader::keep(Deal const& deal, KnownTally const& counted) const {
    if (counted.sourced > 0) return counted.kept();
    return !deal.signed_on || known_from(*deal.signed_on) <= book.as_of ||
           book.own_as_of <= book.as_of;
}

void BookReader::read_deal_dates(Deal& deal, TomlMember const& member, TableRules const& rules) {
    FieldDescription const field = date_field(member.key);
    // A plain date is one, also in a table whose figures share a source.
    TableRules own = rules;
    if (period_of(member.value, rules.fiscal)) own.fallback.reset();
    auto found = entry(member, &field, own);
    if (!found) return;
    Figure const* used = found->used();
    if (member.key == "signed") {
        deal.signed_on = period_in(*found);
        if (used && !found->plain_period) deal.signed_figure = *used;
        return;
    }
    if (!used) return;
    bool const happened =
        used->holds != Figure::Holds::period || known_from(used->period) <= book.as_of;
    if (happened) deal.ended = *used;
}

bool BookReader::read_common_key(Deal& deal, InstrumentDescription const& of,
                                 TomlMember const& member, TableRules const& rules) {
    std::string const& key = member.key;
    if (key == "kind" || key == "source" || key == "fiscal") return true;
    if (key == "signed" || key == "ended") {
        read_deal_dates(deal, member, rules);
    } else if (key == "note") {
        deal.note = plain_text(member);
    } else if (key == "binding") {
        deal.binding = truth_of(member);
    } else if (key == "chance") {
        FieldDescription field;
        field.name = key;
        auto const found = entry(member, &field, rules);
        Figure const* used = found ? found->used() : nullptr;
        if (used && used->holds == Figure::Holds::amount && !is_chance(*used))
            error(used->where, "a chance must lie between 0 and 100 %",
                  "write chance = \"40 % ~ uniform 20..60 assumed [desk]\"");
        else if (used)
            deal.chance = *used;
    } else if (key == "superseded_by") {
        auto const ids = ids_of(member, deal_places, "deal");
        if (ids.size() > 1) error(member.value.where, "one deal supersedes another; give one id");
        if (!ids.empty()) deal.superseded_by = superseded[deal.id] = ids[0];
    } else if (key == "with") {
        auto const ids = ids_of(member, deal_places, "deal");
        if (ids.size() > 1)
            error(member.value.where, "a deal comes true with one other",
                  "give one id, and let that one come true with the next");
        if (!ids.empty()) deal.with = comes_with[deal.id] = ids[0];
    } else if (key == "for") {
        deal.bound_for = ids_of(member, deal_places, "deal");
    } else if (key == "linked") {
        deal.linked = ids_of(member, deal_places, "deal");
    } else if (key == "paid" || key == "drawn" || key == "repaid") {
        read_history(key == "paid"    ? deal.paid
                     : key == "drawn" ? deal.drawn
                                      : deal.repaid,
                     member, rules);
    } else if (key == "option") {
        read_option(deal, of, member, rules);
    } else if (key == "account") {
        read_accounts(deal.account, member, role_names(of));
    } else if (key == "fact") {
        for (auto& [name, found] : named_entries(member, rules))
            deal.facts[name] = std::move(found);
    } else if (key == "says") {
        read_says(deal, member);
    } else if (key == "term" && field_named(of.fields, "until")) {
        FieldDescription field;
        field.name = key;
        field.unit = {{{"month", 1}}, 1};
        if (auto found = entry(member, &field, rules)) deal.parameters[key] = std::move(*found);
    } else if (key == "until" && field_named(of.fields, "term")) {
        FieldDescription const field = date_field(key);
        if (auto found = entry(member, &field, rules)) deal.parameters[key] = std::move(*found);
    } else if (contains(descriptive_keys, key)) {
        Entry words;
        words.where = member.value.where;
        words.key_where = member.key_where;
        Figure figure;
        figure.holds = Figure::Holds::word;
        figure.text = figure.word = plain_text(member);
        figure.where = member.value.where;
        words.rivals.push_back(std::move(figure));
        deal.facts[key] = std::move(words);
    } else {
        return false;
    }
    return true;
}

void BookReader::read_history(std::vector<std::pair<Period, Entry>>& into, TomlMember const& member,
                              TableRules rules) {
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, quoted(member.key) + " needs a period",
              "write " + member.key + ".2025-04 = \"…\"");
        return;
    }
    FieldDescription const field = money_field(member.key);
    rules = rules_of(member.value, rules);
    rules.flow = member.key != "drawn";
    for (auto const& one : member.value.members) {
        if (one.key == "source") continue;
        auto const period = period_key(one, rules);
        TableRules own = rules;
        own.money_at = period;
        auto found = entry(one, &field, own);
        if (period && found && !found->rivals.empty())
            into.emplace_back(*period, std::move(*found));
    }
    std::stable_sort(into.begin(), into.end(),
                     [](auto const& a, auto const& b) { return a.first.begin < b.first.begin; });
}

void BookReader::read_option(Deal& deal, InstrumentDescription const& of, TomlMember const& member,
                             TableRules const& rules) {
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, "'option' must be a table",
              "option = { holder = \"buyer\", until = \"2027 …\", term = \"1 year …\" }");
        return;
    }
    std::map<std::string, Entry> option;
    TableRules const own = rules_of(member.value, rules);
    for (auto const& one : member.value.members) {
        if (one.key == "source") continue;
        if (one.key == "holder") {
            std::string const holder = plain_text(one);
            if (!contains(role_names(of), holder))
                known_id(holder, one.value.where, entity_places, "role or party");
            Entry names;
            names.where = one.value.where;
            names.key_where = one.key_where;
            names.references = {holder};
            option["holder"] = std::move(names);
            continue;
        }
        FieldDescription const until = date_field("until");
        auto const* field = one.key == "until" ? &until : field_named(of.fields, one.key);
        if (!field) {
            std::vector<std::string> known = names_of(of.fields);
            known.insert(known.end(), {"holder", "until"});
            unknown_key(one, "'option'", known);
            continue;
        }
        if (auto found = entry(one, field, own)) option[one.key] = std::move(*found);
    }
    deal.option = std::move(option);
}

/// says.PARTY = "what it answers [source]"
void BookReader::read_says(Deal& deal, TomlMember const& member) {
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, "'says' wants a party",
              "write says.PARTY = \"what it answers [source]\"");
        return;
    }
    for (auto const& one : member.value.members) {
        if (!known_id(one.key, one.key_where, entity_places, "party")) continue;
        std::string const said = plain_text(one);
        Figure figure;
        figure.holds = Figure::Holds::word;
        figure.standing = Standing::announced;
        figure.text = said;
        figure.where = one.value.where;
        std::size_t words_end = said.size();
        for (auto const& token : split_figure(said).tokens) {
            if (!token.bracket) continue;
            std::size_t const blank = token.text.find(' ');
            SourceRef source{std::string{token.text.substr(0, blank)}, {}};
            if (blank != std::string_view::npos) source.place = token.text.substr(blank + 1);
            figure.sources.push_back(std::move(source));
            words_end = std::min(words_end, token.begin - 1);
        }
        while (words_end > 0 && said[words_end - 1] == ' ') --words_end;
        figure.word = said.substr(0, words_end);
        if (figure.sources.empty())
            error(one.value.where, "no source for what " + quoted(one.key) + " says",
                  "write says." + one.key + " = \"what it answers [source]\"");
        cite(figure.sources, {}, one.value.where);
        Entry entry;
        entry.where = one.value.where;
        entry.key_where = one.key_where;
        if (known(figure)) entry.rivals.push_back(std::move(figure));
        if (!entry.rivals.empty()) deal.says[one.key] = std::move(entry);
    }
}

} // namespace perpetuum
