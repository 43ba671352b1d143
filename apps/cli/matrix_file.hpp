#pragma once
// Matrices of a textbook model as economists write them: TOML, a cell is an expression.

#include "loading.hpp"

namespace perpetuum {

/// Every section is a matrix: `columns`, and a row a key with a cell a column, "" where nothing
/// stands; one more text is what the row sums to instead of zero. Errors have their places:
/// a row of another length, what is no expression, a name that the model does not know.
std::vector<WrittenMatrix> read_matrix_file(std::string const& path, Projection& projection);
/// FILE.matrix beside FILE.model, if it is there; else empty.
std::string matrix_file_beside(std::string const& model_path);

} // namespace perpetuum
