// A firm may read a quantity without ever minding it. Everything but the quantities and what reads
// them is held, and what reads them is looked at.

#include "feeds.hpp"
#include "nodes.hpp"

#include <perpetuum/stress.hpp>

#include <algorithm>
#include <set>

namespace perpetuum {

using namespace stressing;

namespace {

constexpr int paths_looked_at = 64;

std::vector<int> owners_of(System const& system, CellId cell) {
    Cell const& at = system.cells[index(cell)];
    if (at.entity >= 0 && system.entities[index(at.entity)].outside) return {};
    if (at.entity >= 0) return {at.entity};
    return parties_of(system, at.contract);
}

} // namespace

ShockHit really_hit(System const& base, System const& shocked, ShockHit const& hit,
                    Sample const& sample, int last_step) {
    std::set<int> by_reading;
    for (CellId const reader : hit.readers)
        for (int const firm : owners_of(base, reader)) by_reading.insert(firm);
    if (by_reading.empty()) return hit;
    // Held is everything but the quantities, and those who read them.
    ShockHit open;
    open.quantities = hit.quantities;
    open.quantities.insert(open.quantities.end(), hit.readers.begin(), hit.readers.end());
    HoldingSystem const holding = holding_system(shocked, base, open, 0);
    auto const match = matching_cells(base, holding.system);
    std::vector<CellId> of_holding(base.cells.size(), -1);
    for (std::size_t c = 0; c < match.size(); ++c)
        if (match[c] >= 0) of_holding[index(match[c])] = static_cast<CellId>(c);
    std::vector<CellId> looked_at, same;
    for (CellId const reader : hit.readers)
        if (of_holding[index(reader)] >= 0) {
            looked_at.push_back(reader);
            same.push_back(of_holding[index(reader)]);
        }
    Program const held = compiled(holding.system, same);
    std::vector<CellId> sources = looked_at;
    for (Feed const& feed : holding.feeds) {
        sources.push_back(feed.source);
        if (feed.part_of >= 0) sources.push_back(feed.part_of);
    }
    Program const usual = compiled(base, sources);
    PathBlock without(base, usual, paths_looked_at), with(holding.system, held, paths_looked_at);
    auto const base_draws = draws_of(base, usual, sample),
               draws = draws_of(holding.system, held, sample);
    without.begin(base_draws(0));
    auto const feeds = feeds_of(holding, held);
    with.begin(fed_draws(holding, feeds, without, draws(0)));
    std::set<int> found;
    for (int step = 1; step <= std::min(last_step, base.steps); ++step) {
        without.advance();
        with.advance();
        for (std::size_t r = 0; r < same.size(); ++r) {
            RowView const x = without.view(looked_at[r]), y = with.view(same[r]);
            bool differs = false;
            for (int i = 0; i < paths_looked_at; ++i) differs = differs || x[i] != y[i];
            if (!differs) continue;
            for (int const firm : owners_of(base, looked_at[r])) found.insert(firm);
        }
    }
    ShockHit narrowed = hit;
    std::erase_if(narrowed.firms, [&](int firm) {
        return by_reading.count(firm) > 0 && found.count(firm) == 0 &&
               std::find(hit.named.begin(), hit.named.end(), firm) == hit.named.end();
    });
    return narrowed;
}

} // namespace perpetuum
