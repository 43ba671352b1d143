#pragma once
// perpetuum stress: what is asked, and what is told of the answer.

#include "loading.hpp"
#include "stress_cut.hpp"

#include <perpetuum/stress.hpp>

#include <optional>
#include <string>
#include <vector>

namespace perpetuum {

/// --shock, --default, --cut and --file, checked against a system; errors, with their place, go to
/// the reading's diagnostics.
std::vector<Shock> shocks_asked(Options const& options, Reading& reading, System const& system);

/// A period or a number of steps as the last step of a run; 0 with an error.
int horizon_asked(std::string const& text, Reading& reading, System const& system);

/// Everything that is told of one stress.
struct StressTold {
    Options const* options = nullptr;
    Reading const* reading = nullptr;
    System const* system = nullptr;
    std::vector<std::string> shocks; ///< as written
    std::vector<int> hit;
    StressResult result;
    std::uint64_t paths = 0; ///< asked for
    std::optional<SmallestCut> cut;
};
std::string stress_as_text(StressTold const& told);
std::string stress_as_json(StressTold const& told);

/// Pairs of firms that fail most often, with how often the first fails before the other.
struct FailureOrder {
    int first = 0, second = 0; ///< places in the list of firms
    std::uint64_t both = 0, before = 0, same = 0;
};
/// Firms that fail with the shock, the likeliest first, then the earliest.
std::vector<int> order_of_failures(FailureTable const& with);
std::vector<FailureOrder> first_pairs(FailureTable const& with, std::size_t most);

} // namespace perpetuum
