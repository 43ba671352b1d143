#pragma once
/// Along which line a matrix leaves its argument free.

#include <vector>

namespace perpetuum {

/// A pivot of so much of its column's size is a rounding.
constexpr double least_pivot = 1e-12;

/// A vector v ≠ 0 with matrix · v = 0 but for rounding; empty where there is none. Elimination with
/// full pivoting, each column measured by its largest entry.
///
/// matrix  n × n, row major, finite
/// cost    n³
std::vector<double> null_direction(std::vector<double> matrix, int n);

} // namespace perpetuum
