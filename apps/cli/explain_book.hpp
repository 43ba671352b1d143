#pragma once
// Explanations of what stands in the book, and of what the run computes.

#include "explanation.hpp"
#include "loading.hpp"

#include <optional>

namespace perpetuum {

/// A source, an entity, a deal, a headline, or a figure by its path ("deal.ID.total", or
/// "ID.total").
std::optional<Explanation> explain_book(Book const& book, Vocabulary const& vocabulary,
                                        System const& system, std::string const& name);
/// A variable, parameter, account or payment of the run by its full name ("oracle.debt",
/// "openai-oracle.fee").
/// Values of the steps [first, last]; 0 is the start.
std::optional<Explanation> explain_cell(Projection const& projection, std::string const& name,
                                        int first, int last);
/// Every name that can be explained.
std::vector<std::string> explainable_names(Book const& book, System const& system);

} // namespace perpetuum
