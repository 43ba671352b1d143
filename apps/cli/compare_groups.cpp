// Which figures differ between two readings, by firm, deal and parameter.

#include "compare.hpp"
#include "standing_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace perpetuum {

namespace {

std::string print_of(Figure const& figure) {
    std::string text = fmt::format("{} {} {}", figure.was ? "was" : "", figure.value, figure.word);
    for (double const parameter : figure.spread.parameters) text += fmt::format(" {}", parameter);
    if (figure.holds == Figure::Holds::period)
        text += fmt::format(" {} {}", figure.period.begin.months, figure.period.end.months);
    return text + (figure.holds == Figure::Holds::undisclosed ? " undisclosed" : "");
}

std::string print_of(Entry const& entry) {
    std::string text;
    for (Figure const& figure : entry.rivals) text += print_of(figure) + ";";
    for (auto const& [period, figures] : entry.by_period) {
        text += fmt::format("@{} {}:", period.begin.months, period.end.months);
        for (Figure const& figure : figures) text += print_of(figure) + ";";
    }
    for (std::string const& reference : entry.references) text += reference + ",";
    return text;
}

/// What a deal is besides its figures.
std::string print_of(Deal const& deal) {
    std::string text = deal.kind + (deal.firm() ? " binding" : "") + deal.superseded_by;
    if (deal.chance) text += print_of(*deal.chance);
    if (deal.ended) text += " ended " + print_of(*deal.ended);
    for (auto const& [role, holders] : deal.roles)
        for (RoleHolder const& holder : holders)
            text += fmt::format(" {}={}x{}", role, holder.id, holder.share);
    return text;
}

std::map<std::string, std::string> figures_of(Book const& book) {
    std::map<std::string, std::string> figures;
    for (Deal const& deal : book.deals) figures["deal." + deal.id + ".its terms"] = print_of(deal);
    for (Entity const& entity : book.entities)
        figures["entity." + entity.id + ".its kind"] = entity.kind;
    for_each_entry(book, [&](std::string const& path, Entry const& entry) {
        figures[path] = print_of(entry);
    });
    // What was reported and what is a mere fact moves nothing in a run.
    for (Entity const& entity : book.entities) {
        for (auto const& [name, entry] : entity.reported)
            if (entity.parameters.count(name) == 0)
                figures.erase("entity." + entity.id + "." + name);
        for (auto const& [name, entry] : entity.facts)
            figures.erase("entity." + entity.id + ".fact." + name);
    }
    std::erase_if(figures, [](auto const& item) {
        return item.first.starts_with("headline.") ||
               (item.first.starts_with("deal.") && item.first.find(".fact.") != std::string::npos);
    });
    return figures;
}

/// "deal.openai-oracle.total" → "deal.openai-oracle"; of the model each parameter by itself.
std::string group_of(std::string const& path) {
    auto const first = path.find('.');
    return path.substr(0, path.find('.', first + 1));
}

template <class Item>
void switch_item(std::vector<Item>& items, std::vector<Item> const& others, std::string const& id) {
    auto const named = [&](Item const& item) { return item.id == id; };
    auto const mine = std::find_if(items.begin(), items.end(), named);
    auto const other = std::find_if(others.begin(), others.end(), named);
    if (other == others.end()) {
        if (mine != items.end()) items.erase(mine);
    } else if (mine == items.end()) {
        items.push_back(*other);
    } else {
        *mine = *other;
    }
}

} // namespace

std::map<std::string, std::vector<std::string>> changed_groups(Book const& from, Book const& to) {
    std::map<std::string, std::vector<std::string>> groups;
    auto const before = figures_of(from), after = figures_of(to);
    for (auto const& [path, text] : before)
        if (auto const other = after.find(path); other == after.end() || other->second != text)
            groups[group_of(path)].push_back(path);
    for (auto const& [path, text] : after)
        if (before.count(path) == 0) groups[group_of(path)].push_back(path);
    return groups;
}

void switch_group(Book& book, Book const& other, std::string const& group) {
    auto const dot = group.find('.');
    std::string const type = group.substr(0, dot), id = group.substr(dot + 1);
    if (type == "deal") switch_item(book.deals, other.deals, id);
    if (type == "entity") switch_item(book.entities, other.entities, id);
    if (type == "model") {
        auto const found = other.parameters.find(id);
        if (found == other.parameters.end())
            book.parameters.erase(id);
        else
            book.parameters[id] = found->second;
    }
}

} // namespace perpetuum
