#pragma once
// For the room's tests: the same work on every instruction set that this machine has.

#include <perpetuum/lanes.hpp>

#include <vector>

namespace perpetuum {

/// Rows by instruction set, narrowest first.
template <class Work>
std::vector<std::vector<double>> on_each_set(std::size_t lanes, Work work) {
    InstructionSet const before = instruction_set();
    std::vector<std::vector<double>> rows;
    for (auto const set :
         {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
        if (use_instruction_set(set) != set) continue;
        rows.emplace_back(lanes);
        work(rows.back().data());
    }
    use_instruction_set(before);
    return rows;
}

/// Bits, not numbers: 0 is not -0, and a NaN is itself.
inline bool same_bytes(std::vector<double> const& a, std::vector<double> const& b) {
    return a.size() == b.size() && __builtin_memcmp(a.data(), b.data(), a.size() * 8) == 0;
}

inline bool all_same(std::vector<std::vector<double>> const& rows) {
    for (auto const& row : rows)
        if (!same_bytes(row, rows[0])) return false;
    return true;
}

} // namespace perpetuum
