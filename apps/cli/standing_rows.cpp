#include "standing_rows.hpp"

#include "loop_lists.hpp"

#include <algorithm>

namespace perpetuum {

namespace {

bool is_money(Figure const& figure, std::string const& currency) {
    return figure.holds == Figure::Holds::amount && figure.unit.powers.size() == 1 &&
           figure.unit.powers[0].first == currency && figure.unit.powers[0].second == 1;
}

using Visit = std::function<void(std::string const&, Entry const&)>;

void visit_table(std::string const& prefix, std::map<std::string, Entry> const& table,
                 Visit const& visit) {
    for (auto const& [name, entry] : table) {
        visit(prefix + name, entry);
        for (std::size_t row = 0; row < entry.rows.size(); ++row)
            visit_table(prefix + name + "[" + std::to_string(row + 1) + "].", entry.rows[row],
                        visit);
    }
}

void visit_entity(Entity const& entity, Visit const& visit) {
    auto const prefix = "entity." + entity.id + ".";
    visit_table(prefix, entity.parameters, visit);
    for (Opening const& opening : entity.openings)
        visit_table(prefix + "opening." + print_period(opening.at) + ".", opening.accounts, visit);
    visit_table(prefix, entity.reported, visit);
    visit_table(prefix + "fact.", entity.facts, visit);
}

void visit_deal(Deal const& deal, Visit const& visit) {
    auto const prefix = "deal." + deal.id + ".";
    visit_table(prefix, deal.parameters, visit);
    auto const history = [&](char const* name, auto const& list) {
        for (auto const& [period, entry] : list)
            visit(prefix + name + "." + print_period(period), entry);
    };
    history("paid", deal.paid);
    history("drawn", deal.drawn);
    history("repaid", deal.repaid);
    visit_table(prefix + "fact.", deal.facts, visit);
}

} // namespace

void for_each_entry(Book const& book, Visit const& visit) {
    for (Entity const& entity : book.entities) visit_entity(entity, visit);
    for (Deal const& deal : book.deals) visit_deal(deal, visit);
    for (Headline const& headline : book.headlines)
        visit("headline." + headline.id + ".amount", headline.amount);
    visit_table("model.", book.parameters, visit);
}

std::vector<Rivals> rivals_of(Book const& book) {
    std::vector<Rivals> all;
    auto const collect = [&](std::string const& path, std::vector<Figure> const& figures) {
        Rivals rivals{path, {}};
        for (Figure const& figure : figures)
            if (!figure.was) rivals.figures.push_back(&figure);
        if (rivals.figures.size() > 1) all.push_back(std::move(rivals));
    };
    for_each_entry(book, [&](std::string const& path, Entry const& entry) {
        collect(path, entry.rivals);
        for (auto const& [period, figures] : entry.by_period)
            collect(path + "." + print_period(period), figures);
    });
    return all;
}

Figure const* amount_figure(Deal const& deal, std::string const& currency) {
    Figure const* best = nullptr;
    auto const consider = [&](Figure const* figure) {
        if (figure && is_money(*figure, currency) && (!best || figure->value > best->value))
            best = figure;
    };
    for (auto const& [name, entry] : deal.parameters) {
        consider(entry.used());
        for (auto const& [period, figures] : entry.by_period)
            if (!figures.empty()) consider(&figures.front());
    }
    if (best) return best;
    // A yearly amount, a quantity and a price: whatever comes first says how it is known.
    for (auto const& [name, entry] : deal.parameters)
        if (Figure const* used = entry.used(); used && used->holds == Figure::Holds::amount)
            return used;
    return nullptr;
}

std::vector<StandingSum> standing_sums(Book const& book, std::vector<PromiseLine> const& promises) {
    std::vector<StandingSum> sums;
    for (StandingRow const& row : standings(book)) sums.push_back({row.standing, row.figures, 0});
    for (PromiseLine const& promise : promises) {
        Deal const* deal = book.deal(deal_of_contract(promise.deal));
        if (!deal || promise.status == "ended" || !(promise.usd > 0)) continue;
        Figure const* figure = amount_figure(*deal, book.currency);
        if (!figure) continue;
        auto found = std::find_if(sums.begin(), sums.end(), [&](StandingSum const& sum) {
            return sum.standing == figure->standing;
        });
        if (found == sums.end()) found = sums.insert(sums.end(), {figure->standing, 0, 0});
        found->usd += promise.usd;
    }
    return sums;
}

} // namespace perpetuum
