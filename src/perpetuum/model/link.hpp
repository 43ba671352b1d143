#pragma once
// Declarations against each other: names into numbers, nothing twice, nothing hidden.

#include <perpetuum/model/names.hpp>
#include <perpetuum/model/parser.hpp>

namespace perpetuum::grammar {

/// `extends` and the accounts of transactions become numbers; conduits pass on to who extends them.
void link_declarations(Model& model, Draft const& draft, Diagnostics& diagnostics);
/// Nothing is declared twice, nothing hides what is known elsewhere, every `replace` replaces
/// something.
void check_declarations(Names const& names, Diagnostics& diagnostics);

} // namespace perpetuum::grammar
