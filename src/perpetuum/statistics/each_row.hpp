#pragma once
/// Any number of values as rows of 64, the last filled up with what does not count.

#include <perpetuum/lanes.hpp>

#include "rows.hpp"

#include <algorithm>
#include <cstring>

namespace perpetuum {

PERPETUUM_CLONES(void, take_row, std::uint64_t*, std::uint8_t const*, std::size_t)

/// work(values, taken) for each row; it may change `taken`.
template <class Work>
void each_row(double const* values, std::size_t n, std::uint8_t const* counted, Work work) {
    double filled[row_size];
    std::uint64_t taken[row_size];
    for (std::size_t at = 0; at < n; at += row_size) {
        std::size_t const here = std::min(row_size, n - at);
        double const* row = values + at;
        if (here < row_size) {
            std::memcpy(filled, row, here * sizeof *row);
            std::memset(filled + here, 0, (row_size - here) * sizeof *row);
            row = filled;
        }
        if (counted || here < row_size)
            each_take_row(taken, counted ? counted + at : nullptr, here);
        else
            std::memset(taken, 0xFF, sizeof taken);
        work(row, taken);
    }
}

} // namespace perpetuum
