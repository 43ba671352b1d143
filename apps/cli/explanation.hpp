#pragma once
// What `explain` says, before it is text or JSON.

#include <string>
#include <vector>

namespace perpetuum {

struct Explanation {
    std::string name, what;
    struct Section {
        std::string heading;
        std::string align; ///< of its rows' columns: l or r
        std::vector<std::vector<std::string>> rows;
    };
    std::vector<Section> sections;
};
std::string explanation_as_json(Explanation const& explanation);

} // namespace perpetuum
