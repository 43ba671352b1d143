#pragma once
// What both fuzz targets do with a text that was read: show what was said of it, run what it means.

#include <perpetuum/book.hpp>
#include <perpetuum/instance.hpp>
#include <perpetuum/model.hpp>

namespace perpetuum::fuzz {

/// Ends the program, for libFuzzer to keep the input: a promise of the library is broken.
void require(bool holds, char const* promise);

/// What is printed has no raw control character and is UTF-8; every error has words.
void check_shown_well(Diagnostics const& diagnostics);

/// Instance, program and `steps` steps of one lane, as far as there are no errors; what is said on
/// the way has its place in the texts of `diagnostics`.
void run_book(Book const& book, Model const& model, int steps, Diagnostics diagnostics);

} // namespace perpetuum::fuzz
