#pragma once
// Loops with what a reader wants to know of each leg.

#include "loading.hpp"

#include <perpetuum/loops.hpp>

namespace perpetuum {

struct LoopLeg {
    std::string from, to;
    std::string kind; ///< of the largest part: a deal's kind, or a payment's transaction
    std::vector<std::pair<std::string, double>> kinds; ///< of all parts, USD, the largest first
    std::string status; ///< signed or announced (whichever is more, in dollars), or paid
    double usd = 0;
    std::vector<std::string> deals; ///< the largest first
};
struct LoopLine {
    std::vector<std::string> firms; ///< in the order of the payments
    double bottleneck = 0;          ///< USD
    double gain = 0;
    std::vector<LoopLeg> legs;
};
struct LoopList {
    bool complete = true;
    std::vector<LoopLine> loops;
};

/// Loops among promises of known amount that have not ended, between firms and conduits of the
/// book.
LoopList loops_of_promises(System const& system, std::vector<PromiseLine> const& promises);
/// Loops of what the run pays in the window.
LoopList loops_of_run(Projection const& projection);

/// The first `most` loops in words, each with its legs as a table.
std::string print_loops(LoopList const& list, System const& system, std::size_t most);
/// "OpenAI → Oracle → NVIDIA → OpenAI"
std::string print_way(LoopLine const& loop, System const& system);
/// The name of an entity; the id where it has none.
std::string name_of_entity(System const& system, std::string const& id);
/// "a" of "a@b": the deal of a contract that is a part of a split one.
std::string deal_of_contract(std::string const& contract);

} // namespace perpetuum
