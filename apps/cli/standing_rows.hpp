#pragma once
// What a book rests on: figures and dollars by standing; rivals; assumptions.

#include "loading.hpp"

#include <functional>

namespace perpetuum {

struct StandingSum {
    Standing standing = Standing::assumed;
    int figures = 0;
    double usd = 0; ///< of the promises not ended, by the standing of their largest amount
};
std::vector<StandingSum> standing_sums(Book const& book, std::vector<PromiseLine> const& promises);

/// Every entry of the book with its path ("deal.openai-oracle.total"), in the book's order.
void for_each_entry(Book const& book,
                    std::function<void(std::string const&, Entry const&)> const& visit);

struct Rivals {
    std::string path;
    std::vector<Figure const*> figures; ///< the used one first
};
std::vector<Rivals> rivals_of(Book const& book);

/// The largest figure in the book's currency among a deal's parameters; null when there is none.
Figure const* amount_figure(Deal const& deal, std::string const& currency);

} // namespace perpetuum
