#pragma once
// What the kernel of scenarios side by side is given. Plain pointers: the kernel is compiled once
// for each instruction set and may share nothing with other sources.

#include <cstddef>
#include <cstdint>

namespace perpetuum {

constexpr std::size_t scenario_lanes = 16;

/// One network, in-claims by creditor.
struct LanesNetwork {
    std::size_t firms = 0;
    std::uint32_t const* first = nullptr; ///< firm; one more at the end
    std::uint32_t const* debtor = nullptr;
    double const* share = nullptr;
    double const* owed = nullptr;
    double const* income = nullptr;
    double const* kept_cash = nullptr;
    double const* kept_income = nullptr;
    double short_beyond = 0, passed_on = 0; ///< as parts of what a firm owes
};

/// Sixteen scenarios. [firm × 16 + lane]
struct LanesBlock {
    double* cash = nullptr;
    double* unpaid = nullptr;
    double* settled = nullptr; ///< lane: 1 or 0
    int most_sweeps = 0;
    // Scratch: the claims on firms that fail in any lane.
    std::uint32_t* row = nullptr;   ///< creditor
    std::uint32_t* begin = nullptr; ///< of its claims; one more at the end
    std::uint32_t* from = nullptr;
    double* part = nullptr;
    unsigned char* failing = nullptr; ///< firm
};

} // namespace perpetuum
