// Looking things up in a book.

#include <perpetuum/book.hpp>

#include <array>

namespace perpetuum {

namespace {

template <class Things>
auto const* thing_with_id(Things const& things, std::string_view id) {
    for (auto const& one : things)
        if (one.id == id) return &one;
    return static_cast<typename Things::value_type const*>(nullptr);
}

using StandingCounts = std::array<int, 8>;

void count_figure(Figure const* used, StandingCounts& counts) {
    // A plain date has no standing of its own.
    if (used && !used->sources.empty()) ++counts[static_cast<std::size_t>(used->standing)];
}

void count_entry(Entry const& entry, StandingCounts& counts) {
    count_figure(entry.used(), counts);
    for (auto const& period : entry.by_period)
        if (!period.second.empty()) count_figure(&period.second.front(), counts);
    for (auto const& row : entry.rows)
        for (auto const& cell : row) count_entry(cell.second, counts);
}

void count_entries(std::map<std::string, Entry> const& entries, StandingCounts& counts) {
    for (auto const& one : entries) count_entry(one.second, counts);
}

void count_deal(Deal const& deal, StandingCounts& counts) {
    count_entries(deal.parameters, counts);
    count_entries(deal.facts, counts);
    count_entries(deal.says, counts);
    if (deal.option) count_entries(*deal.option, counts);
    for (auto const* history : {&deal.paid, &deal.drawn, &deal.repaid})
        for (auto const& one : *history) count_entry(one.second, counts);
    for (auto const& role : deal.roles)
        for (auto const& holder : role.second)
            if (holder.share_figure) count_figure(&*holder.share_figure, counts);
    for (auto const* figure : {&deal.signed_figure, &deal.chance, &deal.ended})
        if (*figure) count_figure(&**figure, counts);
}

void count_entity(Entity const& entity, StandingCounts& counts) {
    count_entries(entity.parameters, counts);
    count_entries(entity.reported, counts);
    count_entries(entity.facts, counts);
    for (auto const& owner : entity.owners) count_figure(&owner.share, counts);
    for (auto const& opening : entity.openings) {
        count_entries(opening.accounts, counts);
        count_entries(opening.cash_from, counts);
    }
}

} // namespace

Figure const* Entry::used() const {
    for (auto const& figure : rivals)
        if (!figure.was) return &figure;
    return nullptr;
}

Entity const* Book::entity(std::string_view id) const { return thing_with_id(entities, id); }
Deal const* Book::deal(std::string_view id) const { return thing_with_id(deals, id); }
Source const* Book::source(std::string_view id) const { return thing_with_id(sources, id); }

std::vector<StandingRow> standings(Book const& book) {
    StandingCounts counts{};
    for (auto const& deal : book.deals) count_deal(deal, counts);
    for (auto const& entity : book.entities) count_entity(entity, counts);
    for (auto const& headline : book.headlines) count_entry(headline.amount, counts);
    count_entries(book.parameters, counts);
    for (auto const* list : {&book.currencies, &book.indices})
        for (auto const& series : *list)
            for (auto const& one : series.values) count_entry(one.second, counts);
    std::vector<StandingRow> rows;
    for (std::size_t i = 0; i < counts.size(); ++i)
        rows.push_back({static_cast<Standing>(i), counts[i]});
    return rows;
}

} // namespace perpetuum
