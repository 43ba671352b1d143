// A report's data repeats its keys more often than its values; without them it is half as long.

#include "tables.hpp"

#include <nlohmann/json.hpp>

namespace perpetuum {
namespace {

using Json = nlohmann::ordered_json;

bool alike(Json const& list) {
    if (!list.is_array() || list.size() < 3 || !list[0].is_object() || list[0].empty())
        return false;
    for (Json const& item : list) {
        if (!item.is_object() || item.size() != list[0].size()) return false;
        for (auto const& [key, value] : list[0].items())
            if (!item.contains(key)) return false;
    }
    return true;
}

Json as_table(Json const& json) {
    if (!json.is_structured()) return json;
    if (!alike(json)) {
        Json copy = json;
        for (auto& item : copy) item = as_table(item);
        return copy;
    }
    Json keys = Json::array(), rows = Json::array();
    for (auto const& [key, value] : json[0].items()) keys.push_back(key);
    for (Json const& item : json) {
        Json row = Json::array();
        for (Json const& key : keys) row.push_back(as_table(item[key.get<std::string>()]));
        rows.push_back(std::move(row));
    }
    return {{"~", std::move(keys)}, {"=", std::move(rows)}};
}

} // namespace

std::string tabulated(std::string_view json) {
    Json const read = Json::parse(json, nullptr, false);
    return read.is_discarded() ? std::string(json) : as_table(read).dump();
}

} // namespace perpetuum
