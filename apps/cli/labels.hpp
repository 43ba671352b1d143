#pragma once
// What figures are called for readers: in words, with the identifier kept beside.

#include "loading.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

/// "OpenAI: weekly users at the start" for "openai.users_now", "OpenAI–Oracle, capacity: billed in
/// all" for "openai-oracle.total": the firm's or the deal's parties' names from the book, then what
/// the model says of the parameter, up to a semicolon; where it says nothing the parameter's name with
/// blanks. Of a figure of the model only the latter; of "entity.openai" or "deal.openai-oracle" only
/// the former.
///
/// name  as a cell is called, or as a place in a book ("entity.openai.users_now"); of what is
///       nowhere known, the same words with blanks
/// cost  one pass over the parameters of a kind
std::string label_of_figure(Reading const& reading, std::string_view name);

/// "OpenAI" for "openai": the name the book gives, without what stands in brackets behind it.
std::string label_of_entity(Book const& book, std::string const& id);

/// Of figures that go together: "A + B".
std::string label_of_figures(Reading const& reading, std::vector<std::string> const& names);

} // namespace perpetuum
