#pragma once
// Where a book's model stands.

#include <perpetuum/text.hpp>

#include <string>
#include <vector>

namespace perpetuum {

/// Reads the texts of the model that a book asks for into `diagnostics` and returns their numbers;
/// empty, with an error, when there is none. A path (with a slash, or ending in .model) is taken
/// from the book's folder; a name is looked for beside the book, in ../../models, in ./models, in
/// the source tree, and in $PERPETUUM_MODELS. A book that names none has its *.model files beside
/// it.
std::vector<int> read_model_texts(std::string const& book_path, std::string const& name,
                                  Diagnostics& diagnostics);

} // namespace perpetuum
