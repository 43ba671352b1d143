#pragma once
// A matrix as a table, as LaTeX, as rows of a CSV file.

#include "loading.hpp"

namespace perpetuum {

/// A matrix with what was measured of its sums along the path.
struct MeasuredMatrix {
    Matrix matrix;
    std::string when; ///< "at the end of 2026", "in 2026", "step 12"
    WorstSum worst;   ///< over all steps that were looked at
    std::string worst_when;
    int steps = 0;           ///< how many were
    std::size_t unknown = 0; ///< cells that are not known in what is shown
    bool in_money = false;   ///< of a book: dollars
};

std::string print_matrix(MeasuredMatrix const& measured);
/// A table environment (packages: booktabs; rotating where there are more than six columns). Money
/// in the largest of units, millions or billions that suits.
std::string matrix_as_latex(MeasuredMatrix const& measured);
/// matrix,row,column,value: a line a cell.
std::string matrices_as_csv(std::vector<MeasuredMatrix> const& matrices);

} // namespace perpetuum
