// What the studies found, as JSON.

#include "json.hpp"
#include "labels.hpp"
#include "study.hpp"

#include <nlohmann/json.hpp>

namespace perpetuum {

namespace {

Json head_of(StudyBook const& book, std::uint64_t paths) {
    return {
        {"book", book.reading.book.title}, {"paths", paths}, {"seed", book.settings.sample.seed}};
}

Json interval_json(Interval const& interval) {
    return {{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
}

Json variation_json(StudyBook const& book, Variation const& variation) {
    return {{"name", variation.name},
            {"label", label_of_cell(book, variation.cell)},
            {"times", variation.times},
            {"unit", variation.unit},
            {"base_units_of_one", variation.scale}};
}

Json points_json(StudyBook const& book, Variation const& variation) {
    Json json = variation_json(book, variation);
    json["values"] = Json::array();
    for (int i = 0; i < variation.points; ++i)
        json["values"].push_back(variation.at(static_cast<double>(i) / (variation.points - 1)));
    return json;
}

Json indices_json(StudyBook const& book, SensitivityAnswer const& answer) {
    Json inputs = Json::array();
    for (std::size_t g = 0; g < answer.groups.size(); ++g) {
        GroupIndex const& index = answer.indices.groups[g];
        inputs.push_back({{"name", answer.groups[g].name},
                          {"label", label_of_group(book, answer.groups[g])},
                          {"figures", answer.groups[g].shocks ? 0 : answer.groups[g].cells.size()},
                          {"random_stream", answer.groups[g].shocks},
                          {"first", interval_json(index.first)},
                          {"total", interval_json(index.total)},
                          {"mean_change", index.moved},
                          {"correlation", answer.slopes[g]}});
    }
    return inputs;
}

} // namespace

std::string sensitivity_as_json(StudyBook const& book, std::vector<SensitivityAnswer> const& all,
                                std::uint64_t paths) {
    Json json = head_of(book, paths);
    json["outputs"] = Json::array();
    for (SensitivityAnswer const& answer : all) {
        Json one{{"of", answer.output.text},
                 {"mean", answer.indices.mean},
                 {"variance", answer.indices.variance},
                 {"rows", answer.indices.rows},
                 {"rows_left_out", answer.indices.dropped}};
        if (answer.rare) {
            one["distances"] = Json::array();
            for (auto const& [group, found] : answer.distances)
                one["distances"].push_back({{"name", group.name},
                                            {"label", label_of_group(book, group)},
                                            {"distance", found.distance},
                                            {"by_chance_below", found.by_chance}});
        } else {
            one["inputs"] = indices_json(book, answer);
        }
        json["outputs"].push_back(std::move(one));
    }
    return print_json(json);
}

std::string grid_as_json(StudyBook const& book, std::vector<GridAnswer> const& all,
                         std::uint64_t paths) {
    Json json = head_of(book, paths);
    json["x"] = points_json(book, all.at(0).x);
    json["y"] = points_json(book, all.at(0).y);
    json["outputs"] = Json::array();
    for (GridAnswer const& grid : all) {
        Json rows = Json::array(), errors = Json::array();
        auto const width = static_cast<std::size_t>(grid.x.points);
        for (std::size_t s = 0; s < grid.means.size(); s += width) {
            Json row = Json::array(), error = Json::array();
            for (std::size_t x = 0; x < width; ++x) {
                row.push_back(grid.means[s + x].mean);
                error.push_back(grid.means[s + x].error);
            }
            rows.push_back(std::move(row));
            errors.push_back(std::move(error));
        }
        json["outputs"].push_back({{"of", grid.output.text}, {"mean", rows}, {"error", errors}});
    }
    return print_json(json);
}

std::string breakpoint_as_json(StudyBook const& book, BreakpointAnswer const& answer,
                               std::uint64_t paths) {
    Json json = head_of(book, paths);
    json["of"] = answer.condition.output.text;
    json["bound"] = answer.condition.bound;
    json["above"] = answer.condition.above;
    json["figures"] = Json::array();
    for (Variation const& variation : answer.variations)
        json["figures"].push_back(variation_json(book, variation));
    json["point"] = answer.point;
    if (answer.variations.size() > 1) {
        json["found"] = answer.nearest.found;
        json["deviations"] = answer.nearest.point;
        json["distance"] = answer.nearest.distance;
        return print_json(json);
    }
    Variation const& variation = answer.variations[0];
    json["found"] = answer.found.found;
    json["at_start"] = answer.found.at_start;
    json["not_yet"] = answer.found.found ? Json(variation.at(answer.found.below)) : Json();
    json["changes"] = answer.found.changes;
    json["tolerance"] = answer.tolerance;
    json["curve"] = Json::array();
    for (std::size_t i = 0; i < answer.curve.size(); ++i) {
        json["curve"].push_back(
            {{"value", answer.curve[i].first}, {"mean", answer.curve[i].second}});
        if (answer.growth.empty()) continue;
        json["curve"].back()["after"] = answer.growth[i].after;
        json["curve"].back()["largest"] = answer.growth[i].largest;
        json["curve"].back()["largest_step"] = answer.growth[i].largest_at;
    }
    return print_json(json);
}

std::string game_as_json(StudyBook const& book, GameAnswer const& answer, std::uint64_t paths) {
    Json json = head_of(book, paths);
    json["players"] = Json::array();
    for (std::size_t i = 0; i < answer.players.size(); ++i) {
        Json player = variation_json(book, answer.players[i]);
        player["pay_off"] = answer.pay_offs[i].text;
        json["players"].push_back(std::move(player));
    }
    if (answer.figure) {
        json["figure"] = variation_json(book, *answer.figure);
        json["curve"] = Json::array();
        for (GameAt const& point : answer.curve)
            json["curve"].push_back({{"value", point.value},
                                     {"answers", point.answers},
                                     {"equilibrium", point.settled.moves},
                                     {"pay_offs", point.settled.pay_offs},
                                     {"settled", point.settled.settled}});
        auto const left = [&](GameLeft const& one) {
            return Json{{"found", one.first >= 0},
                        {"at_start", one.at.at_start},
                        {"player", one.first >= 0 ? Json(one.first) : Json()},
                        {"at", one.at.found ? Json(answer.figure->at(one.at.above)) : Json()},
                        {"not_yet", one.at.found ? Json(answer.figure->at(one.at.below)) : Json()}};
        };
        json["leaves_alone"] = left(answer.alone);
        json["leaves_at_equilibrium"] = left(answer.together);
        return print_json(json);
    }
    auto const place = [&](Equilibrium const& at, double capex) {
        return Json{
            {"moves", at.moves},
            {"pay_offs", at.pay_offs},
            {"sum", at.total()},
            {"capex", capex},
            {"settled", at.settled},
            {"price_of_anarchy",
             capex != 0 ? Json((answer.result.joint.total() - at.total()) / capex) : Json()}};
    };
    json["equilibria"] = Json::array();
    for (std::size_t e = 0; e < answer.result.equilibria.size(); ++e)
        json["equilibria"].push_back(place(answer.result.equilibria[e], answer.capex[e]));
    json["joint"] = place(answer.result.joint, answer.capex.back());
    json["profiles"] = answer.result.profiles;
    return print_json(json);
}

} // namespace perpetuum
