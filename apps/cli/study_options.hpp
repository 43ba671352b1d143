#pragma once
// What `study` is asked beyond its book.

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

struct StudyOptions {
    std::string what;                ///< sensitivity, breakpoint, grid, game
    std::vector<std::string> of;     ///< outputs
    std::vector<std::string> groups; ///< "name = a, b", of sensitivity
    std::uint64_t rows = 2048, screen = 256;
    int keep = 10;
    double confidence = 90; ///< per cent
    std::vector<std::string> vary;
    std::string until;
    double tolerance = 0.01;
    bool central = false;
    std::string x, y;
    std::vector<std::string> players;
    std::vector<std::string> capex;
    int points = 9;
};

} // namespace perpetuum
