#pragma once
/// From tallies of a block of paths to statistics that merge exactly.

#include "tally.hpp"

namespace perpetuum::stressing {

/// The runs of one block, side by side.
struct TalliesOfBlock {
    Tally const* base = nullptr;
    Tally const* shocked = nullptr;
    std::vector<Tally const*> held; ///< by combination of switches; null: not run
    std::vector<std::uint8_t> const* counted = nullptr; ///< by lane
    std::size_t lanes = 0;
    double coin = 0.01;
    int induced_by = -1;     ///< place in the list of firms
    std::uint64_t first = 0; ///< number of its first path
    bool keeps_changes = false;
};

StressResult empty_result(std::vector<int> const& firms, int horizon);
void add_block(StressResult& all, TalliesOfBlock const& block, std::vector<char> const& hit);
void merge_into(StressResult& all, StressResult const& part);

/// All of a result but what it is of.
Bundle bundle_of(StressResult const& all);
/// Into an empty result; false where the bundle is none of such a result.
bool read_bundle(Bundle const& bundle, StressResult& part);

} // namespace perpetuum::stressing
