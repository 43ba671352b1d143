#pragma once
// What the kernel of scenarios side by side is given. Plain pointers: the kernel is compiled once
// for each instruction set and may share nothing with other sources.

#include <cstddef>
#include <cstdint>

namespace perpetuum {

/// So many that the processor's registers and second cache hold what a firm and a network need.
constexpr std::size_t scenario_lanes = 32;

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
    double const* slack = nullptr;   ///< firm: a shortfall up to it is none
    double const* inverse = nullptr; ///< firm: 1 / owed
    double passed_on = 0;            ///< as a part of what a firm owes
    bool costly = false;             ///< some share kept is below 1
};

/// As many scenarios as there are lanes. [firm × scenario_lanes + lane]
struct LanesBlock {
    /// In: cash. Out: what is missing if all others pay in full, below 0 where that is nothing.
    double* cash = nullptr;
    double* eaten = nullptr; ///< scratch, with default costs: the same after them
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
