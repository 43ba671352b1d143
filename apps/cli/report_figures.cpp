#include "report_figures.hpp"

#include "standing_rows.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

using Visit = std::function<void(std::string const&, Entry const&)>;
using VisitFigure = std::function<void(std::string const&, Figure const&)>;

void visit_used(std::string const& path, Entry const& entry, VisitFigure const& visit) {
    // A plain date has no standing of its own.
    auto const one = [&](std::string const& where, Figure const* figure) {
        if (figure && !figure->sources.empty()) visit(where, *figure);
    };
    one(path, entry.used());
    for (auto const& [period, figures] : entry.by_period)
        if (!figures.empty()) one(path + "." + print_period(period), &figures.front());
}

/// Those of an entity that are no entries of its own.
void visit_beside(Entity const& entity, Visit const& entry, VisitFigure const& figure) {
    auto const prefix = "entity." + entity.id + ".";
    for (OwnerShare const& owner : entity.owners)
        figure(prefix + "owner." + owner.holder, owner.share);
    for (Opening const& opening : entity.openings)
        for (auto const& [name, one] : opening.cash_from)
            entry(prefix + "opening." + print_period(opening.at) + ".cash_from." + name, one);
}

void visit_beside(Deal const& deal, Visit const& entry, VisitFigure const& figure) {
    auto const prefix = "deal." + deal.id + ".";
    for (auto const& [party, one] : deal.says) entry(prefix + "says." + party, one);
    if (deal.option)
        for (auto const& [name, one] : *deal.option) entry(prefix + "option." + name, one);
    for (auto const& [role, holders] : deal.roles)
        for (RoleHolder const& holder : holders)
            if (holder.share_figure) figure(prefix + role + "." + holder.id, *holder.share_figure);
    if (deal.signed_figure) figure(prefix + "signed", *deal.signed_figure);
    if (deal.chance) figure(prefix + "chance", *deal.chance);
    if (deal.ended) figure(prefix + "ended", *deal.ended);
}

} // namespace

void for_each_used_figure(Book const& book, VisitFigure const& visit) {
    Visit const entry = [&](std::string const& path, Entry const& one) {
        visit_used(path, one, visit);
    };
    VisitFigure const figure = [&](std::string const& path, Figure const& one) {
        if (!one.sources.empty()) visit(path, one);
    };
    for_each_entry(book, entry);
    for (Entity const& entity : book.entities) visit_beside(entity, entry, figure);
    for (Deal const& deal : book.deals) visit_beside(deal, entry, figure);
    for (auto const* list : {&book.currencies, &book.indices})
        for (DatedSeries const& series : *list)
            for (auto const& [period, one] : series.values)
                entry("rate." + series.id + "." + print_period(period), one);
}

std::string no_promises(Book const& book) {
    return book.deals.empty()
               ? "The book has no deal, so nothing is promised.\n"
               : "No deal promises anything that is known: what its contracts promise "
                 "over their terms, a model says by 'commit payer -> payee : amount as "
                 "TYPE'.\n";
}

std::string last_day(Date end) { return print_day({end.months - 0.01}); }

Date paid_until(Book const& book) {
    Date last = book.start;
    for (Deal const& deal : book.deals)
        for (auto const& [period, entry] : deal.paid)
            if (period.begin < book.as_of) last = std::max(last, period.end);
    return std::min(last, book.as_of);
}

namespace {

/// What stands behind `date =` in the rest of a source's table, without its quotes; other strings are
/// stepped over. Empty where there is none.
std::string_view date_behind(std::string_view text) {
    std::string_view const blanks = " \t=\"'";
    bool word_begins = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char const c = text[at];
        if (c == '}' || (c == '\n' && at + 1 < text.size() && text[at + 1] == '[')) return {};
        if (c == '"' || c == '\'') {
            at = text.find(c, at + 1);
            if (at == std::string_view::npos) return {};
        } else if (word_begins && text.substr(at).starts_with("date") &&
                   text.find_first_not_of(" \t", at + 4) == text.find('=', at)) {
            auto const begin = text.find_first_not_of(blanks, at + 4);
            if (begin == std::string_view::npos) return {};
            return text.substr(begin, text.find_first_of(" \t,}\"'\r\n", begin) - begin);
        }
        word_begins = c == '{' || c == ',' || c == '\n' || (word_begins && (c == ' ' || c == '\t'));
    }
    return {};
}

} // namespace

std::string written_date(Source const& source, Book const& book, Diagnostics const& diagnostics) {
    if (!source.date) return {};
    if (source.where.text >= 0) {
        std::string_view const content = diagnostics.text(source.where.text).content;
        auto const behind = std::min<std::size_t>(source.where.end, content.size());
        std::string const text(date_behind(content.substr(behind)));
        if (auto const period = parse_period(text))
            if (std::min(period->end, book.own_as_of) == std::min(*source.date, book.own_as_of))
                return text;
    }
    return print_day({source.date->months - 0.01});
}

} // namespace perpetuum
