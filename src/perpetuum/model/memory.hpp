#pragma once
// What a model remembers needs a beginning: starts of lagged variables, defaults without circles.

#include <perpetuum/model/names.hpp>

#include <map>
#include <set>

namespace perpetuum::grammar {

using MemberKey = std::pair<int, int>; ///< block and index

/// The variable that was declared first, of those that replace each other.
MemberKey root_of(Model const& model, Names const& names, MemberKey variable);
/// The roots of the variables that are asked for from before the first step.
struct LookedBack {
    std::set<MemberKey> lagged;     ///< read with a lag
    std::set<MemberKey> remembered; ///< delayed or smoothed
    std::set<MemberKey> starting;   ///< that starts rest on
};
/// Warns of each of them that has no start, and of shocks, which can have none.
void check_starts(Model const& model, Names const& names, LookedBack const& looked_back,
                  Diagnostics& diagnostics);
/// Refuses parameters' defaults that rest on each other in a circle.
void check_circles(Model const& model, std::map<MemberKey, std::vector<MemberKey>> const& rests_on,
                   Diagnostics& diagnostics);

} // namespace perpetuum::grammar
