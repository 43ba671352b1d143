// A comparison as JSON.

#include "compare.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

namespace perpetuum {

std::string comparison_as_json(Comparison const& comparison) {
    Json json{{"from", comparison.from},       {"to", comparison.to},
              {"horizon", comparison.horizon}, {"movers", Json::array()},
              {"groups", Json::array()},       {"rest", comparison.rest},
              {"shapley", comparison.shapley}, {"groups_changed", comparison.changed_groups},
              {"paths", comparison.paths},     {"defaults", Json::object()}};
    if (!comparison.why_no_shares.empty()) json["not_taken_apart"] = comparison.why_no_shares;
    for (Mover const& mover : comparison.movers)
        json["movers"].push_back({{"firm", mover.firm},
                                  {"label", mover.label},
                                  {"quantity", mover.quantity},
                                  {"before", mover.before},
                                  {"after", mover.after}});
    auto const estimates = [](std::vector<PathEstimate> const& list) {
        Json all = Json::array();
        for (PathEstimate const& one : list)
            all.push_back({{"mean", one.mean}, {"standard_error", one.error}});
        return all;
    };
    for (ChangedGroup const& group : comparison.groups) {
        json["groups"].push_back({{"name", group.name},
                                  {"label", group.label},
                                  {"figures", group.figures},
                                  {"shares", group.shares}});
        if (!group.on_paths.empty())
            json["groups"].back()["shares_on_paths"] = estimates(group.on_paths);
    }
    if (!comparison.change_on_paths.empty()) {
        json["change_on_paths"] = estimates(comparison.change_on_paths);
        json["rest_on_paths"] = comparison.rest_on_paths;
    }
    for (auto const& chance : comparison.chances)
        json["defaults"][chance.firm] = {
            {"label", chance.label}, {"before", chance.before}, {"after", chance.after}};
    return print_json(json);
}

} // namespace perpetuum
