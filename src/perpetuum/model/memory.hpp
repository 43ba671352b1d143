#pragma once
// What a model remembers needs a beginning: starts of lagged variables, defaults without circles.

#include <perpetuum/model/names.hpp>

#include <map>
#include <set>

namespace perpetuum::grammar {

using MemberKey = std::pair<int, int>; ///< block and index

/// The variable that was declared first, of those that replace each other.
MemberKey root_of(Model const& model, Names const& names, MemberKey variable);
/// Warns of each variable without a start that is read with a lag or that a start rests on.
/// `lagged`, `starting`: their roots.
void check_starts(Model const& model, Names const& names, std::set<MemberKey> const& lagged,
                  std::set<MemberKey> const& starting, Diagnostics& diagnostics);
/// Refuses parameters' defaults that rest on each other in a circle.
void check_circles(Model const& model, std::map<MemberKey, std::vector<MemberKey>> const& rests_on,
                   Diagnostics& diagnostics);

} // namespace perpetuum::grammar
