#include "feeds.hpp"

#include "nodes.hpp"

namespace perpetuum::stressing {

std::vector<int> feeds_of(HoldingSystem const& holding, Program const& program) {
    std::vector<int> feed_of(holding.system.cells.size(), -1), feeds;
    for (std::size_t f = 0; f < holding.feeds.size(); ++f)
        feed_of[index(holding.feeds[f].cell)] = static_cast<int>(f);
    for (Draw const& draw : program.draws) feeds.push_back(feed_of[index(draw.cell)]);
    return feeds;
}

DrawRow fed_draws(HoldingSystem const& holding, std::vector<int> const& feed_of_draw,
                  PathBlock const& base, DrawRow usual) {
    return [&holding, &feed_of_draw, &base, usual = std::move(usual)](std::size_t draw, int step,
                                                                      double* row, int lanes) {
        int const number = feed_of_draw[draw];
        if (number < 0) return usual(draw, step, row, lanes);
        Feed const& feed = holding.feeds[index(number)];
        RowView const source = base.view(feed.source);
        for (int i = 0; i < lanes; ++i) row[i] = source[i];
        if (feed.part_of < 0) return;
        RowView const whole = base.view(feed.part_of);
        for (int i = 0; i < lanes; ++i) row[i] = whole[i] > 0 ? row[i] / whole[i] : 1;
    };
}

} // namespace perpetuum::stressing
