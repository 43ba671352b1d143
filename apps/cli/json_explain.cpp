#include "explanation.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

namespace perpetuum {

std::string explanation_as_json(Explanation const& explanation) {
    Json json{{"name", explanation.name}, {"what", explanation.what}};
    json["sections"] = Json::array();
    for (auto const& section : explanation.sections)
        json["sections"].push_back({{"heading", section.heading}, {"rows", section.rows}});
    return print_json(json);
}

} // namespace perpetuum
