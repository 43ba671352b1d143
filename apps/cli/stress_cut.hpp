#pragma once
// The fewest deals without which nobody else fails.

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

struct StressSetting;

/// What a search for the smallest cut found.
struct SmallestCut {
    std::vector<std::string> deals; ///< the best set found; none: nothing needs to be cut
    bool reached = false;           ///< it stops further failures on enough of the paths
    double share = 0, before = 0;   ///< of the paths of the search: with the set cut, and as it is
    double share_elsewhere = 0;     ///< on other paths, which had no part in the choice
    std::uint64_t paths = 0, paths_elsewhere = 0;
    std::size_t all_deals = 0; ///< that could be cut
    std::size_t proved = 0;    ///< no set of so many deals or fewer does: all were tried
    std::size_t among = 0;     ///< beyond that: only sets of these that help most by themselves …
    bool by_adding = false;    ///< … or one deal more at a time
    std::uint64_t runs = 0;    ///< of a path
    bool interrupted = false;
    /// It is certain, for the paths of the search, that fewer deals do not do.
    bool complete() const { return reached && deals.size() <= proved + 1; }
};

/// Deals are switched off by path in one program: the same draws for every set.
/// cost  at most some 250,000 runs of a path
SmallestCut smallest_cut(StressSetting const& setting);
std::string cut_as_text(SmallestCut const& cut);

} // namespace perpetuum
