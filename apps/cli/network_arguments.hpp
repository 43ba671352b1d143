#pragma once

#include "options.hpp"

namespace CLI {
class App;
}

namespace perpetuum {

/// The options of `clear` (contagion: of `contagion`).
void add_network(CLI::App& app, Options& options, bool contagion);

} // namespace perpetuum
