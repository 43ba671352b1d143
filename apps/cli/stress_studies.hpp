#pragma once
// What many stresses say together: who matters most, what would stop it, what a dollar moves.

#include "stress.hpp"

namespace perpetuum {

/// The two systems of a stress, with and without what happens.
struct StressSetting {
    Reading reading;
    System base;
    System scenario; ///< of the book, before the shocks of the command line
    System shocked;
    std::vector<Shock> shocks;
    ShockHit hit;
    int horizon = 0;
    EnsembleSettings settings;

    /// False, with a refusal, when something is wrong with what was asked.
    bool prepare(Options const& options, Answer& refusal);
    StressAsked asked() const; ///< points into this
};

/// --systemic, --multiplier
Answer run_stress_studies(Options const& options, StressSetting const& setting);
} // namespace perpetuum
