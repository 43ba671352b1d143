#pragma once
// What `clear` and `contagion` are asked beyond their files.

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

struct NetworkOptions {
    std::string rule = "files";   ///< of `clear`: as the files say, or one that they must fit
    double alpha = -1, beta = -1; ///< shares kept in default, of firms whose row says none
    bool least = false;
    std::string holdings;  ///< file
    std::string scenarios; ///< file
    std::uint64_t draws = 0, seed = 1;
    double depth = 0.25;
    int threads = 1;
    // Of `contagion`.
    std::string method = "debtrank", valuation = "eisenberg-noe", by = "clearing", assets;
    std::vector<std::string> shocks; ///< NAME or NAME=SHARE
    double curve = 0, recovery = 0, threshold = 0.5, volatility = 0.2, maturity = 1, ratio = 0.08;
    double share = 1;
    std::vector<std::string> given; ///< options that stand on the command line
};

} // namespace perpetuum
