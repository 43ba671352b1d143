#pragma once
// A dollar put in at a firm, and the parallel contracts of two firms: what `circularity --dollar` and `--pair` answer.

#include "loading.hpp"

namespace perpetuum {

/// Of the firm that `--dollar` names.
Answer dollar_of(Options const& options, Projection const& projection);
/// Of the two that `--pair A,B` names, year by year.
Answer pair_of(Options const& options, Projection const& projection);

struct PairYear {
    Window window;
    PairFlows flows;
};
std::string dollar_as_json(DollarTrace const& trace, Window const& window);
std::string pair_as_json(std::vector<PairYear> const& years, std::string const& vendor,
                         std::string const& customer);

} // namespace perpetuum
