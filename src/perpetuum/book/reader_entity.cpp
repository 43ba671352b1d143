// Firms: their kind's parameters, owners, opening balance sheets, what they reported.

#include <perpetuum/book/reader.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t room_for_entities = 1000; // made at once, if as many are written

std::vector<std::string> const entity_keys{"name",    "kind",    "fiscal_year", "sponsors",
                                           "owners",  "opening", "reported",    "fact",
                                           "account", "note",    "source"};

} // namespace

FieldDescription BookReader::money_field(std::string name) const {
    FieldDescription field;
    field.name = std::move(name);
    field.unit_known = !vocabulary.money.empty();
    if (field.unit_known) field.unit = {{{vocabulary.money, 1}}, 1};
    return field;
}

void BookReader::read_entities() {
    book.entities.reserve(std::min(table("entity").size(), room_for_entities));
    for (auto const& key : table("entity")) {
        if (!stands_at(entity_places, key)) continue;
        if (key.value->type != TomlNode::Type::table) {
            error(key.value->where, "a firm must be a table",
                  key.key + " = { name = \"…\", kind = \"firm\" }");
            continue;
        }
        book.entities.push_back(read_entity(key));
    }
    for (auto const& sector : vocabulary.sectors) {
        if (entity_places.at(sector).text >= 0) continue; // declared again
        Entity entity;
        entity.id = entity.name = sector;
        entity.kind = "outside";
        book.entities.push_back(std::move(entity));
    }
}

Entity BookReader::read_entity(TopKey const& key) {
    Entity entity;
    entity.id = entity.name = key.key;
    entity.where = key.where;
    auto const known_kind = entity_kinds.find(key.key);
    KindDescription const* kind_found = nullptr;
    if (known_kind == entity_kinds.end()) {
        error(key.where, "firm " + quoted(key.key) + " has no kind", "write kind = \"firm\"");
    } else {
        entity.kind = known_kind->second;
        kind_found = kind(entity.kind);
        bool const any = kind_found || entity.kind == "outside";
        if (!any) {
            std::vector<std::string> names{"outside"};
            for (auto const& one : vocabulary.kinds)
                if (one.name != "outside") names.push_back(one.name);
            auto const* member = key.value->member("kind");
            error(member ? member->value.where : key.where,
                  "unknown kind of firm " + quoted(entity.kind),
                  suggestion_or_list(entity.kind, names));
        }
    }
    auto const fiscal = fiscal_years.find(key.key);
    if (fiscal != fiscal_years.end()) entity.fiscal_year = fiscal->second;
    TableRules around;
    around.fiscal = entity.fiscal_year;
    TableRules const rules = rules_of(*key.value, around);
    bool const kind_unknown = !kind_found && entity.kind != "outside";
    for (auto const& member : key.value->members) {
        bool const common =
            std::find(entity_keys.begin(), entity_keys.end(), member.key) != entity_keys.end();
        // With the kind unknown nobody can say which parameters there are.
        if (common || !kind_unknown) read_entity_key(entity, kind_found, member, rules);
    }
    if (kind_found) {
        for (auto const& field : kind_found->fields) {
            if (!field.required || key.value->member(field.name)) continue;
            error(key.where,
                  "firm " + quoted(key.key) + " needs " + quoted(field.name) + ": " +
                      (field.phrase.empty() ? wanted_words(field) : field.phrase),
                  field.name + " = \"… " + wanted_words(field) + " … [source]\"");
        }
    }
    check_opening_cash(entity);
    return entity;
}

void BookReader::read_entity_key(Entity& entity, KindDescription const* of_kind,
                                 TomlMember const& member, TableRules const& rules) {
    std::string const& key = member.key;
    if (key == "kind" || key == "fiscal_year" || key == "source") return; // read with the ids
    if (key == "name") {
        entity.name = plain_text(member);
    } else if (key == "note") {
        entity.note = plain_text(member);
    } else if (key == "sponsors") {
        entity.sponsors = ids_of(member, entity_places, "entity");
    } else if (key == "owners") {
        read_owners(entity, member, rules);
    } else if (key == "opening") {
        read_openings(entity, member, rules);
    } else if (key == "reported") {
        read_reported(entity, member, rules);
    } else if (key == "fact") {
        entity.facts = named_entries(member, rules);
    } else if (key == "account") {
        read_accounts(entity.account, member, {});
    } else {
        auto const* field = of_kind ? field_named(of_kind->fields, key) : nullptr;
        if (!field) {
            std::vector<std::string> known = entity_keys;
            if (of_kind)
                for (auto const& one : of_kind->fields) known.push_back(one.name);
            unknown_key(member, "a firm of kind " + quoted(entity.kind), known);
            return;
        }
        if (auto found = entry(member, field, rules)) entity.parameters[key] = std::move(*found);
    }
}

void BookReader::read_owners(Entity& entity, TomlMember const& member, TableRules const& rules) {
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, "'owners' wants a share for each holder",
              "write owners.ID = \"7 % filed [id]\"");
        return;
    }
    FieldDescription share;
    share.name = "share";
    TableRules own = rules_of(member.value, rules);
    own.minus_allowed = false;
    double sum = 0;
    for (auto const& one : member.value.members) {
        if (one.key == "source") continue;
        if (!known_id(one.key, one.key_where, entity_places, "entity")) continue;
        if (one.key == entity.id) {
            error(one.key_where, quoted(entity.id) + " owns itself",
                  "own shares are nobody's: leave them out");
            continue;
        }
        auto figures = rivals(one.value, &share, own);
        if (!figures || figures->empty()) continue;
        Figure const& used = figures->front();
        if (used.holds == Figure::Holds::amount) sum += used.value;
        entity.owners.push_back({one.key, used});
    }
    if (sum > 1 + 1e-9) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%.6g %%", sum * 100);
        error(member.key_where,
              "the owners of " + quoted(entity.id) + " hold " + buffer + " together",
              "at most 100 %; what is not named belongs to outsiders");
    }
}

void BookReader::read_openings(Entity& entity, TomlMember const& member, TableRules const& rules) {
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, "'opening' wants a date",
              "write opening.2025-12-31.cash = \"…\"");
        return;
    }
    TableRules const own = rules_of(member.value, rules);
    for (auto const& one : member.value.members) {
        if (one.key == "source") continue;
        if (auto opening = read_opening(one, own)) entity.openings.push_back(std::move(*opening));
    }
    std::stable_sort(entity.openings.begin(), entity.openings.end(),
                     [](auto const& a, auto const& b) { return a.at.end < b.at.end; });
}

std::optional<Opening> BookReader::read_opening(TomlMember const& member, TableRules const& rules) {
    if (member.value.type != TomlNode::Type::table) {
        bool const dated = parse_period(member.key) || member.key.starts_with("FY");
        std::string const key = printable(member.key, 30);
        error(member.value.where, "an opening balance sheet wants a date and accounts",
              "write opening." + (dated ? key + ".cash" : "2025-12-31." + key) + " = \"…\"");
        return {};
    }
    auto const at = period_key(member, rules);
    if (!at) return {};
    Opening opening;
    opening.at = *at;
    opening.where = member.key_where;
    TableRules own = rules_of(member.value, rules);
    own.money_at = at;
    KnownTally counted;
    tally = &counted;
    for (auto const& one : member.value.members) {
        if (one.key == "source") continue;
        if (one.key == "cash_from") {
            if (one.value.type != TomlNode::Type::table) {
                error(one.value.where, "'cash_from' wants an amount for each party",
                      "write cash_from.ID = \"1 B USD filed [id]\"");
                continue;
            }
            for (auto const& party : one.value.members) {
                if (!known_id(party.key, party.key_where, entity_places, "entity")) continue;
                FieldDescription const field = money_field(party.key);
                if (auto found = entry(party, &field, own))
                    opening.cash_from[party.key] = std::move(*found);
            }
            continue;
        }
        auto const& accounts = vocabulary.accounts;
        bool const control = one.key == "total_assets" || one.key == "equity";
        if (!control && !accounts.empty() &&
            std::find(accounts.begin(), accounts.end(), one.key) == accounts.end()) {
            std::vector<std::string> known = accounts;
            known.insert(known.end(), {"total_assets", "equity", "cash_from"});
            unknown_key(one, "an opening balance sheet", known);
            continue;
        }
        FieldDescription const field = money_field(one.key);
        if (auto found = entry(one, &field, own)) opening.accounts[one.key] = std::move(*found);
    }
    tally = nullptr;
    // A sheet of which only our own guesses are left was not known yet.
    if (!counted.kept() || book.as_of < opening.at.end) return {};
    return opening;
}

void BookReader::check_opening_cash(Entity const& entity) {
    if (book.as_of < book.own_as_of) return; // an older sheet may have come into use
    Opening const* used = nullptr;
    for (auto const& opening : entity.openings)
        if (opening.at.end <= book.start) used = &opening;
    if (!used || used->accounts.count("cash") || entity.kind == "outside") return;
    error(used->where, "the opening balance sheet of " + quoted(entity.id) + " has no cash",
          "an assumed one will do: cash = \"1 B USD ~ uniform 0.5..2 assumed [desk]\"");
}

void BookReader::read_reported(Entity& entity, TomlMember const& member, TableRules rules) {
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, "'reported' wants a name and a period",
              "write reported.revenue.FY2025 = \"…\"");
        return;
    }
    rules = rules_of(member.value, rules);
    rules.reading = Reading::amount;
    rules.flow = true;
    for (auto const& one : member.value.members) {
        if (one.key == "source") continue;
        if (one.value.type != TomlNode::Type::table) {
            error(one.value.where, "what was reported needs a period",
                  "write reported." + printable(one.key, 30) + ".2025-12-31 = \"…\"");
            continue;
        }
        if (auto found = entry(one, nullptr, rules)) entity.reported[one.key] = std::move(*found);
    }
}

void BookReader::read_accounts(std::map<std::string, std::string>& into, TomlMember const& member,
                               std::vector<std::string> const& roles) {
    if (member.value.type != TomlNode::Type::table) {
        error(member.value.where, "'account' wants a role", "write account.ROLE = \"associates\"");
        return;
    }
    for (auto const& one : member.value.members) {
        if (!roles.empty() && std::find(roles.begin(), roles.end(), one.key) == roles.end()) {
            unknown_key(one, "'account'", roles);
            continue;
        }
        std::string const name = plain_text(one);
        auto const& accounts = vocabulary.accounts;
        if (name.empty()) continue;
        if (!accounts.empty() &&
            std::find(accounts.begin(), accounts.end(), name) == accounts.end())
            error(one.value.where, "unknown account " + quoted(name),
                  suggestion_or_list(name, accounts));
        into[one.key] = name;
    }
}

} // namespace perpetuum
