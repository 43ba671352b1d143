// Headlines, expectations, scenarios, and the parameters of the model itself.

#include <perpetuum/book/reader.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

std::vector<std::string> const headline_keys{"by", "amount", "parts", "complete", "note", "source"};
std::vector<std::string> const scenario_keys{"says", "extends", "from",  "set",
                                             "end",  "fail",    "source"};

FieldDescription plain_field(std::string name) {
    FieldDescription field;
    field.name = std::move(name);
    return field;
}

FieldDescription anything_field(std::string name) {
    FieldDescription field = plain_field(std::move(name));
    field.unit_known = false;
    return field;
}

std::string equation_name_of(std::string_view id) {
    std::string name{id};
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

bool name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

} // namespace

void BookReader::read_headlines() {
    for (auto const& key : table("headline"))
        if (headline_places.count(key.key)) read_headline(key);
}

void BookReader::read_headline(TopKey const& key) {
    if (key.value->type != TomlNode::Type::table) {
        error(key.value->where, "a headline must be a table", "write [headline." + key.key + "]");
        return;
    }
    Headline headline;
    headline.id = key.key;
    headline.where = key.where;
    TableRules around;
    around.minus_allowed = false;
    TableRules const rules = rules_of(*key.value, around);
    FieldDescription const amount = anything_field("amount");
    bool good = true;
    for (auto const& member : key.value->members) {
        if (member.key == "by") {
            headline.by = ids_of(member, entity_places, "entity");
        } else if (member.key == "parts") {
            headline.parts = ids_of(member, deal_places, "deal");
        } else if (member.key == "complete") {
            headline.complete = truth_of(member).value_or(false);
        } else if (member.key == "note") {
            headline.note = plain_text(member);
        } else if (member.key == "amount") {
            auto found = entry(member, &amount, rules);
            if (found)
                headline.amount = std::move(*found);
            else
                good = false;
        } else if (member.key != "source") {
            unknown_key(member, "headline " + quoted(key.key), headline_keys);
        }
    }
    if (!key.value->find("amount"))
        error(key.where, "headline " + quoted(key.key) + " has no amount",
              "write amount = \"500 B USD announced [id]\"");
    auto& parts = headline.parts;
    parts.erase(std::remove_if(parts.begin(), parts.end(),
                               [&](auto const& id) { return !kept_deals.count(id); }),
                parts.end());
    bool const known_now = !headline.amount.rivals.empty() || !headline.amount.by_period.empty();
    if (good && known_now) book.headlines.push_back(std::move(headline));
}

void BookReader::read_expectations() {
    for (auto const& key : table("expect"))
        if (good_id(key, "expectation")) read_expectation(key);
}

/// name = "expression [at period] within figure"
void BookReader::read_expectation(TopKey const& key) {
    TomlNode const& node = *key.value;
    if (node.type != TomlNode::Type::text) {
        error(node.where, "an expectation must be a text",
              key.key + " = \"firm.debt within 1..2 B USD filed [id]\"");
        return;
    }
    std::string const& written = node.text;
    bool const exact = node.where.end - node.where.begin == written.size();
    auto const part = [&](std::size_t begin, std::size_t end) {
        if (!exact) return node.where;
        return Span{node.where.text, static_cast<std::uint32_t>(node.where.begin + begin),
                    static_cast<std::uint32_t>(node.where.begin + end)};
    };
    constexpr std::string_view within_word = " within ", at_word = " at ";
    auto const within = written.find(within_word);
    if (within == std::string::npos) {
        error(node.where, "an expectation without 'within'",
              "write \"expression within lo..hi unit standing [id]\"");
        return;
    }
    Expectation expectation;
    expectation.name = key.key;
    expectation.where = key.where;
    std::size_t left_end = within;
    auto const at = written.rfind(at_word, within);
    if (at != std::string::npos && at < within) {
        std::size_t const begin =
            std::min(at + at_word.size(), within); // " at within " shares a blank
        auto const period = parse_period(std::string_view{written}.substr(begin, within - begin));
        if (!period) {
            error(part(begin, within),
                  "no such date: " + quoted(written.substr(begin, within - begin)));
            return;
        }
        expectation.at = period;
        left_end = at;
    }
    expectation.left = written.substr(0, left_end);
    expectation.left_where = part(0, left_end);
    if (expectation.left.find_first_not_of(" \t") == std::string::npos) {
        error(node.where, "an expectation without an expression",
              "write \"firm.debt within 1..2 B USD filed [id]\"");
        return;
    }
    std::size_t const figure_begin = within + within_word.size();
    TomlNode figure_node;
    figure_node.type = TomlNode::Type::text;
    figure_node.text = written.substr(figure_begin);
    figure_node.where = part(figure_begin, written.size());
    FieldDescription const field = anything_field("within");
    Figure& within_figure = expectation.within;
    if (!read_figure(within_figure, figure_node, &field, {})) return;
    if (within_figure.holds == Figure::Holds::undisclosed) {
        error(figure_node.where, "nothing to expect: the figure is undisclosed",
              "write a range, such as 'within 1..2 B USD filed [id]'");
        return;
    }
    check_expectation_names(expectation);
    if (known(expectation.within)) book.expectations.push_back(std::move(expectation));
}

/// Does a prefix's space have this name, a hyphen written as _?
bool BookReader::in_equations(std::string const& prefix,
                              std::unordered_map<std::string, Span> const& places,
                              std::string_view name) {
    auto& names = equation_names[prefix];
    if (names.empty())
        for (auto const& place : places) names.insert(equation_name_of(place.first));
    return names.count(equation_name_of(name)) > 0;
}

/// The hint, where a text begins with an id as the book writes it: up to its last hyphen that makes
/// one.
static std::optional<std::string> hyphenated(std::string_view text,
                                             std::unordered_map<std::string, Span> const& places) {
    std::size_t end = 0;
    while (end < text.size() && (name_character(text[end]) || text[end] == '-')) ++end;
    for (std::string id{text.substr(0, end)}; id.find('-') != std::string::npos;
         id.resize(id.rfind('-'))) {
        if (!places.count(id)) continue;
        return "an expectation writes a hyphen as _: " + quoted(equation_name_of(id));
    }
    return {};
}

/// deal.NAME, entity.NAME and headline.NAME must exist; other names are the model's.
void BookReader::check_expectation_names(Expectation const& expectation) {
    if (text.partial) return;
    std::string_view const left = expectation.left;
    std::pair<std::string_view, std::unordered_map<std::string, Span> const*> const spaces[] = {
        {"deal.", &deal_places}, {"entity.", &entity_places}, {"headline.", &headline_places}};
    for (auto const& [prefix, places] : spaces) {
        for (std::size_t at = left.find(prefix); at != std::string_view::npos;
             at = left.find(prefix, at + 1)) {
            if (at > 0 && (name_character(left[at - 1]) || left[at - 1] == '.')) continue;
            std::size_t const begin = at + prefix.size();
            std::size_t end = begin;
            while (end < left.size() && name_character(left[end])) ++end;
            std::string_view const name = left.substr(begin, end - begin);
            if (in_equations(std::string{prefix}, *places, name)) continue;
            bool const exact =
                expectation.left_where.end - expectation.left_where.begin == left.size();
            Span where = expectation.left_where;
            if (exact) {
                where.end = static_cast<std::uint32_t>(where.begin + end);
                where.begin += static_cast<std::uint32_t>(begin);
            }
            error(where,
                  "unknown " + std::string{prefix.substr(0, prefix.size() - 1)} + " " +
                      quoted(name),
                  hyphenated(left.substr(begin), *places)
                      .value_or(suggestion(name, ids_in(*places))));
        }
    }
}

void BookReader::read_scenarios() {
    for (auto const& key : table("scenario"))
        if (scenario_places.count(key.key)) read_scenario(key);
    check_extends();
}

void BookReader::read_scenario(TopKey const& key) {
    if (key.value->type != TomlNode::Type::table) {
        error(key.value->where, "a scenario must be a table", "write [scenario." + key.key + "]");
        return;
    }
    Scenario scenario;
    scenario.id = key.key;
    scenario.where = key.where;
    TableRules const rules = rules_of(*key.value, {});
    for (auto const& member : key.value->members) {
        if (member.key == "says") {
            scenario.says = plain_text(member);
        } else if (member.key == "extends") {
            auto const ids = ids_of(member, scenario_places, "scenario");
            if (ids.size() > 1)
                error(member.value.where, "a scenario extends one other",
                      "give one id, and let that one extend the next");
            if (!ids.empty()) scenario.extends = ids[0];
        } else if (member.key == "from") {
            scenario.from = period_of(member.value, {});
            if (!scenario.from)
                error(member.value.where, "'from' must be a date",
                      "write 2027-01-01 or \"2027-Q1\"");
        } else if (member.key == "end") {
            scenario.end = ids_of(member, deal_places, "deal");
        } else if (member.key == "fail") {
            scenario.fail = ids_of(member, entity_places, "entity");
        } else if (member.key == "set") {
            if (member.value.type != TomlNode::Type::table)
                error(member.value.where, "'set' wants names",
                      "set.\"deal.ID.begin\" = \"2028 assumed [desk]\"");
            else
                for (auto const& one : member.value.members)
                    read_changes(scenario, one, one.key, rules);
        } else if (member.key != "source") {
            unknown_key(member, "scenario " + quoted(key.key), scenario_keys);
        }
    }
    auto& end = scenario.end;
    end.erase(std::remove_if(end.begin(), end.end(),
                             [&](auto const& id) { return !kept_deals.count(id); }),
              end.end());
    book.scenarios.push_back(std::move(scenario));
}

/// set."deal.x.begin" = "…" and set.deal.x.begin = "…" say the same.
void BookReader::read_changes(Scenario& scenario, TomlMember const& member, std::string const& path,
                              TableRules const& rules) {
    if (member.value.type != TomlNode::Type::table) {
        read_change(scenario, member, path, rules);
        return;
    }
    for (auto const& one : member.value.members) {
        // Four names are more than any path has; the rest is reported there.
        if (path.size() > 400) {
            error(one.key_where, "a name too long to be anything in this book");
            return;
        }
        read_changes(scenario, one, path + "." + one.key, rules);
    }
}

/// What a path names: the field it must fit, and whether it was known at as_of. False when there is
/// no such thing.
bool BookReader::change_target(std::string const& path, Span where, FieldDescription& field,
                               bool& kept) {
    auto const first = path.find('.'), last = path.rfind('.');
    std::string const space = path.substr(0, first);
    static FieldDescription const chance = plain_field("chance"); // of any deal
    static std::vector<FieldDescription> const nothing;
    std::vector<FieldDescription> const* fields = &nothing;
    bool of_deal = false;
    if (space == "model" && first != std::string::npos && first == last) {
        fields = &vocabulary.model_fields;
    } else if ((space == "deal" || space == "entity") && first < last) {
        std::string const id = path.substr(first + 1, last - first - 1);
        bool const deal = space == "deal";
        if (!known_id(id, where, deal ? deal_places : entity_places, space)) return false;
        if (deal) {
            auto const* of = instrument(deal_kinds[id]);
            if (!of) return false; // its unknown kind was reported
            fields = &of->fields;
            of_deal = true;
            kept = kept_deals.count(id) > 0;
        } else {
            auto const* of = kind(entity_kinds[id]);
            if (of) fields = &of->fields;
        }
    } else {
        error(where, "a scenario cannot set " + quoted(path),
              "write deal.ID.PARAMETER, entity.ID.PARAMETER or model.PARAMETER");
        return false;
    }
    std::string const name = path.substr(last + 1);
    auto const* found = field_named(*fields, name);
    if (!found && of_deal && name == chance.name) {
        auto const leader = comes_with.find(path.substr(first + 1, last - first - 1));
        if (leader != comes_with.end()) {
            error(where,
                  "the chance of " + quoted(leader->first) + " is that of " +
                      quoted(leader->second) + ", with which it comes true",
                  "set the chance there");
            return false;
        }
    }
    if (!found && of_deal && name == chance.name) found = &chance;
    if (!found) {
        std::vector<std::string> names = names_of(*fields);
        if (of_deal) names.push_back(chance.name);
        error(where, "no parameter " + quoted(name) + " in " + quoted(path.substr(0, last)),
              suggestion(name, names));
        return false;
    }
    field = *found;
    return true;
}

void BookReader::read_change(Scenario& scenario, TomlMember const& member, std::string const& path,
                             TableRules const& rules) {
    FieldDescription field;
    bool kept = true;
    if (!change_target(path, member.key_where, field, kept)) return;
    ScenarioChange change;
    change.path = path;
    change.where = member.key_where;
    TomlNode node = member.value;
    bool const relative = node.type == TomlNode::Type::text && node.text.size() > 1 &&
                          (node.text[0] == '*' || node.text[0] == '+') && node.text[1] == ' ';
    if (relative) {
        change.operation = node.text[0];
        bool const exact = node.where.end - node.where.begin == node.text.size();
        node.text.erase(0, 2);
        if (exact) node.where.begin += 2;
        if (field.is_word || field.is_table) {
            error(node.where, "nothing can be added to or multiplied with " + quoted(field.name));
            return;
        }
        if (change.operation == '*') {
            bool const date = field.is_date;
            field = plain_field(field.name);
            if (date) error(node.where, "a date cannot be multiplied", "write '+ 2 quarter'");
        } else if (field.is_date) {
            field = plain_field(field.name);
            field.unit = {{{"month", 1}}, 1};
        }
    }
    if (!read_figure(change.figure, node, &field, rules)) return;
    if (kept && known(change.figure)) scenario.set.push_back(std::move(change));
}

void BookReader::check_extends() {
    std::map<std::string_view, Scenario const*> by_id;
    for (auto const& scenario : book.scenarios) by_id.emplace(scenario.id, &scenario);
    std::set<std::string_view> settled;
    for (auto const& scenario : book.scenarios) {
        std::set<std::string_view> seen;
        for (Scenario const* at = &scenario; at && !settled.count(at->id);) {
            if (!seen.insert(at->id).second) {
                error(at->where,
                      "scenarios extend each other in a ring, " + quoted(at->id) + " among them",
                      "let one of them extend nothing");
                break;
            }
            auto const next = by_id.find(at->extends);
            at = next == by_id.end() ? nullptr : next->second;
        }
        settled.insert(seen.begin(), seen.end());
    }
}

void BookReader::read_model_parameters() {
    auto const& keys = table("model");
    TableRules rules;
    for (auto const& key : keys) {
        if (key.key != "source" || key.value->type != TomlNode::Type::text) continue;
        TomlNode around;
        around.members.push_back({key.key, key.where, *key.value});
        rules = rules_of(around, rules);
    }
    for (auto const& key : keys) {
        TomlMember const member{key.key, key.where, *key.value};
        auto const* field = field_named(vocabulary.model_fields, key.key);
        if (!field) {
            if (key.key != "source")
                unknown_key(member, "[model]", names_of(vocabulary.model_fields));
            continue;
        }
        if (auto found = entry(member, field, rules)) book.parameters[key.key] = std::move(*found);
    }
    for (auto const& field : vocabulary.model_fields) {
        bool const written = std::any_of(keys.begin(), keys.end(),
                                         [&](auto const& k) { return k.key == field.name; });
        if (!field.required || written || text.partial) continue;
        error(book.head_where,
              "the model needs " + quoted(field.name) + ": " +
                  (field.phrase.empty() ? wanted_words(field) : field.phrase),
              "write [model] " + field.name + " = \"… " + wanted_words(field) + " … [source]\"");
    }
}

} // namespace perpetuum
