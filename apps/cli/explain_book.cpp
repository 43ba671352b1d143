#include "explain_book.hpp"

#include "loop_lists.hpp"
#include "standing_rows.hpp"

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

std::string sources_of(Figure const& figure, Book const& book) {
    std::string text;
    for (SourceRef const& reference : figure.sources) {
        Source const* source = book.source(reference.id);
        text += (text.empty() ? "" : "; ") + reference.id;
        if (!reference.place.empty()) text += " " + reference.place;
        if (source && !source->title.empty() && reference.id != "desk")
            text += " (" + source->title + ")";
    }
    return text;
}

/// Value and spread as written, without standing, sources and remark: those have columns of their own.
std::string value_as_written(Figure const& figure) {
    bool const written = !figure.text.empty(); // or worked out
    if (!written && figure.holds == Figure::Holds::period) return print_day({figure.value});
    std::string const text = written ? figure.text : print_figure(figure);
    auto const end = text.find(" " + std::string(name_of(figure.standing)));
    if (end != std::string::npos) return text.substr(0, end);
    // The table says the standing for all of its figures.
    return text.substr(0, std::min(text.find(": "), text.find(" [")));
}

std::string role_of_figure(Figure const& figure, bool first) {
    if (figure.was) return "overtaken";
    return first ? "used" : "rival";
}

void add_figures(Explanation::Section& section, std::string const& key,
                 std::vector<Figure> const& figures, Book const& book) {
    bool first = true;
    for (Figure const& figure : figures) {
        section.rows.push_back({key, value_as_written(figure), role_of_figure(figure, first),
                                std::string(name_of(figure.standing)), sources_of(figure, book),
                                figure.remark});
        if (!figure.was) first = false;
    }
}

/// When a figure holds. A model without a book begins at 0 (a book does in 1950 or later) and counts
/// steps.
std::string time_of(Period period, Book const& book) {
    bool const open = period.end.months >= 12.0 * 10'000;
    double const start = book.start.months;
    if (start == 0) {
        double const length = InstanceOptions{}.step_months;
        auto const step = [&](Date at) { return std::lround((at.months - start) / length); };
        long const first = step(period.begin) + 1, last = step(period.end);
        if (open) return "step " + std::to_string(first) + " on";
        return first == last ? "step " + std::to_string(first)
                             : "steps " + std::to_string(first) + " to " + std::to_string(last);
    }
    if (period.begin.months > 0 && !open) return print_period(period);
    std::string const last = print_day({period.end.months - 1e-3});
    if (period.begin.months > 0) return print_day(period.begin) + " on";
    return open ? "always" : "until " + last;
}

void add_entry(Explanation::Section& section, std::string const& key, Entry const& entry,
               Book const& book) {
    add_figures(section, key, entry.rivals, book);
    for (auto const& [period, figures] : entry.by_period)
        add_figures(section,
                    key.empty() ? time_of(period, book) : key + " " + time_of(period, book),
                    figures, book);
    if (entry.rivals.empty())
        for (std::string const& reference : entry.references)
            section.rows.push_back({key, reference, "used", "", "", "of that index"});
    for (std::size_t row = 0; row < entry.rows.size(); ++row)
        for (auto const& [name, cell] : entry.rows[row])
            add_entry(section, key + " " + std::to_string(row + 1) + " " + name, cell, book);
}

Explanation::Section figures_section(std::string const& heading,
                                     std::map<std::string, Entry> const& table, Book const& book) {
    Explanation::Section section{heading, "llllll", {}};
    for (auto const& [key, entry] : table) add_entry(section, key, entry, book);
    return section;
}

void add_section(Explanation& explanation, Explanation::Section section) {
    if (!section.rows.empty()) explanation.sections.push_back(std::move(section));
}

std::string joined(std::vector<std::string> const& items) {
    std::string text;
    for (auto const& item : items) text += (text.empty() ? "" : ", ") + item;
    return text;
}

Explanation of_source(Source const& source, Book const& book) {
    Explanation explanation{source.id, "source", {}};
    Explanation::Section about{"", "ll", {}};
    auto const add = [&](char const* key, std::string const& value) {
        if (!value.empty()) about.rows.push_back({key, value});
    };
    add("title", source.title);
    add("public since", source.date ? print_day({source.date->months - 0.01}) : "not known");
    add("url", source.url);
    add("where", source.where_found);
    add("original", source.original);
    add("quote", source.quote);
    add_section(explanation, std::move(about));
    Explanation::Section uses{"figures that rest on it", "ll", {}};
    for_each_entry(book, [&](std::string const& path, Entry const& entry) {
        auto const collect = [&](std::string const& where, std::vector<Figure> const& figures) {
            for (Figure const& figure : figures)
                for (SourceRef const& reference : figure.sources)
                    if (reference.id == source.id)
                        uses.rows.push_back({where, print_figure(figure)});
        };
        collect(path, entry.rivals);
        for (auto const& [period, figures] : entry.by_period)
            collect(path + "." + print_period(period), figures);
    });
    add_section(explanation, std::move(uses));
    return explanation;
}

Explanation of_entity(Entity const& entity, Book const& book) {
    Explanation explanation{entity.id, "entity", {}};
    Explanation::Section about{"", "ll", {{"name", entity.name}, {"kind", entity.kind}}};
    if (!entity.sponsors.empty()) about.rows.push_back({"sponsors", joined(entity.sponsors)});
    if (!entity.note.empty()) about.rows.push_back({"note", entity.note});
    add_section(explanation, std::move(about));
    add_section(explanation, figures_section("parameters", entity.parameters, book));
    for (Opening const& opening : entity.openings)
        add_section(explanation,
                    figures_section("opening " + print_period(opening.at), opening.accounts, book));
    add_section(explanation, figures_section("reported", entity.reported, book));
    add_section(explanation, figures_section("facts", entity.facts, book));
    Explanation::Section owners{"owners", "lll", {}};
    for (OwnerShare const& owner : entity.owners)
        owners.rows.push_back(
            {owner.holder, print_figure(owner.share), sources_of(owner.share, book)});
    add_section(explanation, std::move(owners));
    Explanation::Section deals{"deals", "lll", {}};
    for (Deal const& deal : book.deals)
        for (auto const& [role, holders] : deal.roles)
            for (RoleHolder const& holder : holders)
                if (holder.id == entity.id) deals.rows.push_back({deal.id, deal.kind, role});
    add_section(explanation, std::move(deals));
    return explanation;
}

Explanation of_deal(Deal const& deal, Book const& book, Vocabulary const& vocabulary,
                    System const& system) {
    Explanation explanation{deal.id, "deal", {}};
    Explanation::Section about{"", "ll", {{"kind", deal.kind}}};
    for (InstrumentDescription const& instrument : vocabulary.instruments)
        if (instrument.name == deal.kind && !instrument.phrase.empty())
            about.rows.back()[1] += ": " + instrument.phrase;
    for (auto const& [role, holders] : deal.roles)
        for (RoleHolder const& holder : holders)
            about.rows.push_back({role, name_of_entity(system, holder.id)});
    bool const over = deal.ended || !deal.superseded_by.empty();
    about.rows.push_back({"status", over ? "ended" : deal.firm() ? "signed" : "announced only"});
    if (deal.signed_on) about.rows.push_back({"signed", print_period(*deal.signed_on)});
    if (deal.chance) about.rows.push_back({"chance", print_figure(*deal.chance)});
    if (!deal.with.empty()) about.rows.push_back({"comes true with", deal.with});
    if (deal.ended) about.rows.push_back({"ended", deal.ended->text});
    if (!deal.superseded_by.empty()) about.rows.push_back({"superseded by", deal.superseded_by});
    if (!deal.linked.empty()) about.rows.push_back({"linked", joined(deal.linked)});
    if (!deal.bound_for.empty()) about.rows.push_back({"bound for", joined(deal.bound_for)});
    if (!deal.note.empty()) about.rows.push_back({"note", deal.note});
    for (SystemContract const& contract : system.contracts)
        if (contract.deal == deal.id && !contract.runs) {
            about.rows.push_back({"not run", contract.why_not});
            break;
        }
    add_section(explanation, std::move(about));
    add_section(explanation, figures_section("parameters", deal.parameters, book));
    Explanation::Section history{"done", "llllll", {}};
    for (auto const& [period, entry] : deal.paid)
        add_entry(history, "paid " + print_period(period), entry, book);
    for (auto const& [period, entry] : deal.drawn)
        add_entry(history, "drawn " + print_period(period), entry, book);
    for (auto const& [period, entry] : deal.repaid)
        add_entry(history, "repaid " + print_period(period), entry, book);
    add_section(explanation, std::move(history));
    add_section(explanation, figures_section("facts", deal.facts, book));
    add_section(explanation, figures_section("what they say", deal.says, book));
    return explanation;
}

Explanation of_headline(Headline const& headline, Book const& book) {
    Explanation explanation{headline.id, "headline", {}};
    Explanation::Section about{"", "ll", {}};
    about.rows.push_back({"announced by", joined(headline.by)});
    about.rows.push_back({"parts", joined(headline.parts)});
    add_section(explanation, std::move(about));
    Explanation::Section figures{"amount", "llllll", {}};
    add_entry(figures, "amount", headline.amount, book);
    add_section(explanation, std::move(figures));
    return explanation;
}

std::optional<Explanation> of_figure(Book const& book, std::string const& name) {
    std::optional<Explanation> explanation;
    for_each_entry(book, [&](std::string const& path, Entry const& entry) {
        bool const same = path == name || path == "deal." + name || path == "entity." + name ||
                          path == "model." + name;
        if (!same || explanation) return;
        explanation = Explanation{path, "figure", {}};
        Explanation::Section section{"", "llllll", {}};
        add_entry(section, "", entry, book);
        for (auto& row : section.rows)
            if (!row.empty() && row[0].empty()) row.erase(row.begin());
        explanation->sections.push_back(std::move(section));
    });
    return explanation;
}

} // namespace

std::optional<Explanation> explain_book(Book const& book, Vocabulary const& vocabulary,
                                        System const& system, std::string const& name) {
    if (Entity const* entity = book.entity(name)) return of_entity(*entity, book);
    if (Deal const* deal = book.deal(name)) return of_deal(*deal, book, vocabulary, system);
    if (Source const* source = book.source(name)) return of_source(*source, book);
    for (Headline const& headline : book.headlines)
        if (headline.id == name || "headline." + headline.id == name)
            return of_headline(headline, book);
    return of_figure(book, name);
}

std::vector<std::string> explainable_names(Book const& book, System const& system) {
    std::vector<std::string> names;
    for (Entity const& entity : book.entities) names.push_back(entity.id);
    for (Deal const& deal : book.deals) names.push_back(deal.id);
    for (Source const& source : book.sources) names.push_back(source.id);
    for (Headline const& headline : book.headlines) names.push_back(headline.id);
    for_each_entry(book, [&](std::string const& path, Entry const&) { names.push_back(path); });
    for (auto const& [name, cell] : system.names.sorted())
        if (!name.empty() && name[0] != '#') names.push_back(name);
    return names;
}

} // namespace perpetuum
