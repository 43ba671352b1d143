#include "null_direction.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace perpetuum {

std::vector<double> null_direction(std::vector<double> matrix, int count) {
    auto const n = static_cast<std::size_t>(count);
    std::vector<std::size_t> columns(n);
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    auto const at = [&](std::size_t r, std::size_t c) -> double& {
        return matrix[r * n + columns[c]];
    };
    std::vector<double> size(n, 0.0);
    for (std::size_t e = 0; e < n * n; ++e) {
        if (!std::isfinite(matrix[e])) return {};
        size[e % n] = std::max(size[e % n], std::fabs(matrix[e]));
    }
    std::size_t rank = 0;
    for (; rank < n; ++rank) {
        double best = least_pivot;
        std::size_t row = n, column = n;
        for (std::size_t r = rank; r < n; ++r)
            for (std::size_t c = rank; c < n; ++c)
                if (double const part = std::fabs(at(r, c)) / size[columns[c]]; part > best) {
                    best = part;
                    row = r;
                    column = c;
                }
        if (row == n) break;
        std::swap_ranges(matrix.begin() + static_cast<std::ptrdiff_t>(row * n),
                         matrix.begin() + static_cast<std::ptrdiff_t>((row + 1) * n),
                         matrix.begin() + static_cast<std::ptrdiff_t>(rank * n));
        std::swap(columns[rank], columns[column]);
        for (std::size_t r = rank + 1; r < n; ++r) {
            double const factor = at(r, rank) / at(rank, rank);
            for (std::size_t c = rank; c < n; ++c) at(r, c) -= factor * at(rank, c);
        }
    }
    if (rank == n) return {};
    std::vector<double> direction(n, 0.0);
    direction[columns[rank]] = 1;
    for (std::size_t r = rank; r-- > 0;) {
        double sum = 0;
        for (std::size_t c = r + 1; c <= rank; ++c) sum += at(r, c) * direction[columns[c]];
        direction[columns[r]] = -sum / at(r, r);
    }
    return direction;
}

} // namespace perpetuum
