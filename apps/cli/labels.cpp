// The one place where an identifier becomes words. Nothing here knows a kind of firm or deal.

#include "labels.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

std::string words_of(std::string_view name) {
    std::string words(name);
    for (char& letter : words)
        if (letter == '_' || letter == '.' || letter == '[') letter = ' ';
    std::erase(words, ']');
    return words;
}

/// What comes after a semicolon tells how to use the parameter, not what it is.
std::string head_of(std::string const& phrase) {
    return phrase.substr(0, std::min(phrase.find(';'), phrase.size()));
}

/// "Blue Owl (funds)" is Blue Owl.
std::string short_name(std::string const& name) { return name.substr(0, name.find(" (")); }

FieldDescription const* field_named(std::vector<FieldDescription> const& fields,
                                    std::string_view name) {
    auto const found = std::find_if(fields.begin(), fields.end(),
                                    [&](auto const& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

template <class Described>
std::vector<FieldDescription> const* fields_of(std::vector<Described> const& all,
                                               std::string const& name) {
    for (Described const& one : all)
        if (one.name == name) return &one.fields;
    return nullptr;
}

InstrumentDescription const* instrument_named(Vocabulary const& vocabulary,
                                              std::string const& name) {
    for (InstrumentDescription const& one : vocabulary.instruments)
        if (one.name == name) return &one;
    return nullptr;
}

/// The parties in the order of the instrument's roles, at most one a role: "OpenAI–Oracle, capacity".
std::string name_of_deal(Reading const& reading, Deal const& deal, std::string_view party) {
    std::string parties;
    auto const add = [&](std::string const& id) {
        parties += (parties.empty() ? "" : "–") + label_of_entity(reading.book, id);
    };
    if (auto const* instrument = instrument_named(reading.vocabulary, deal.kind))
        for (RoleDescription const& role : instrument->roles) {
            auto const holders = deal.roles.find(role.name);
            if (role.is_deal || holders == deal.roles.end() || holders->second.empty()) continue;
            auto const& list = holders->second;
            auto const chosen = std::find_if(
                list.begin(), list.end(), [&](RoleHolder const& one) { return one.id == party; });
            add(chosen == list.end() ? list.front().id : chosen->id);
        }
    if (parties.empty()) parties = words_of(deal.id);
    return parties + ", " + words_of(deal.kind);
}

/// "users_now", "tranches[2].shares", "price.rival 2", "limit.2026-Q1": what the model calls the first
/// part, with the rest in brackets.
std::string words_of_parameter(std::vector<FieldDescription> const* fields, std::string_view name) {
    if (name == "luck") return "whether it comes true";
    if (name == "chance") return "odds that it comes true";
    std::size_t const end = std::min(name.find_first_of(".["), name.size());
    FieldDescription const* field = fields ? field_named(*fields, name.substr(0, end)) : nullptr;
    if (!field) return words_of(name);
    std::string text = field->phrase.empty() ? words_of(field->name) : head_of(field->phrase);
    std::string_view rest = name.substr(end);
    if (rest.starts_with('[')) {
        auto const dot = std::min(rest.find('.'), rest.size());
        if (auto const* column =
                field_named(field->fields, rest.substr(std::min(dot + 1, rest.size()))))
            text = column->phrase.empty() ? words_of(column->name) : head_of(column->phrase);
        return text + " (" + words_of(field->name + std::string(rest.substr(0, dot))) + ")";
    }
    if (rest == ".rival") return text + " (which of the figures side by side)";
    if (rest.starts_with(".rival ")) return text + " (figure " + std::string(rest.substr(7)) + ")";
    return rest.empty() ? text : text + " (" + std::string(rest.substr(1)) + ")";
}

std::string of_whom(std::string const& owner, std::vector<FieldDescription> const* fields,
                    std::string_view parameter) {
    return parameter.empty() ? owner : owner + ": " + words_of_parameter(fields, parameter);
}

} // namespace

std::string label_of_entity(Book const& book, std::string const& id) {
    Entity const* entity = book.entity(id);
    return short_name(entity && !entity->name.empty() ? entity->name : words_of(id));
}

std::string label_of_figure(Reading const& reading, std::string_view name) {
    bool of_model = false, of_owner = false;
    for (std::string_view const prefix : {"entity.", "deal.", "model."})
        if (name.starts_with(prefix)) {
            name.remove_prefix(prefix.size());
            of_model = prefix == "model.";
            of_owner = !of_model;
            break;
        }
    auto const dot = std::min(name.find('.'), name.size());
    if (of_owner || (!of_model && dot < name.size())) {
        std::string_view const owner = name.substr(0, dot);
        std::string_view const rest = name.substr(std::min(dot + 1, name.size()));
        if (Entity const* entity = reading.book.entity(owner))
            return of_whom(label_of_entity(reading.book, entity->id),
                           fields_of(reading.vocabulary.kinds, entity->kind), rest);
        auto const at = std::min(owner.find('@'), owner.size());
        if (Deal const* deal = reading.book.deal(owner.substr(0, at)))
            return of_whom(
                name_of_deal(reading, *deal, owner.substr(std::min(at + 1, owner.size()))),
                fields_of(reading.vocabulary.instruments, deal->kind), rest);
    }
    return words_of_parameter(&reading.vocabulary.model_fields, name);
}

std::string label_of_figures(Reading const& reading, std::vector<std::string> const& names) {
    std::string text;
    for (std::string const& name : names)
        text += (text.empty() ? "" : " + ") + label_of_figure(reading, name);
    return text;
}

} // namespace perpetuum
