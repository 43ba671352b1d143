// Gauges as JSON.

#include "gauges.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

namespace {

Json value_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json threshold_json(Threshold const& threshold) {
    return {{"colour", threshold.colour},
            {"above", threshold.above},
            {"value", threshold.value},
            {"source", threshold.source},
            {"reason", threshold.reason}};
}

/// A null where there are paths without a number is one of these; they come above all numbers.
Json row_json(GaugeRow const& row, Gauge const& gauge, GaugesAnswer const& answer) {
    Json json{{"of", row.of}, {"label", row.label}, {"at", Json::array()}};
    for (std::size_t i = 0; i < row.at.size(); ++i) {
        GaugeAt const& at = row.at[i];
        Json one;
        one["step"] = at.step;
        if (!row.range_low && i < answer.labels.size()) one["label"] = answer.labels[i];
        one["central"] = value_or_null(at.central);
        one["low"] = value_or_null(at.low);
        one["middle"] = value_or_null(at.middle);
        one["high"] = value_or_null(at.high);
        one["paths"] = at.paths;
        if (!gauge.without.empty()) {
            one["central_without"] = std::isinf(at.central);
            one["paths_without"] = at.without;
        }
        json["at"].push_back(std::move(one));
    }
    json["colour"] = row.passed ? Json(row.passed->colour) : Json(nullptr);
    json["since"] = row.since.empty() ? Json(nullptr) : Json(row.since);
    return json;
}

} // namespace

std::string gauges_as_json(GaugesAnswer const& answer) {
    Json json{{"title", answer.title},   {"paths", answer.paths}, {"paths_failed", answer.failed},
              {"traced", answer.traced}, {"seed", answer.seed},   {"ends", answer.labels},
              {"gauges", Json::array()}};
    for (GaugeTable const& table : answer.tables) {
        Json one;
        one["id"] = table.gauge.id;
        one["title"] = table.gauge.title;
        one["says"] = table.gauge.says;
        one["formula"] = table.gauge.variable.empty()
                             ? Json(nullptr)
                             : Json(table.gauge.instrument + "." + table.gauge.variable);
        one["measure"] = table.gauge.measure.empty() ? Json(nullptr) : Json(table.gauge.measure);
        one["shown"] = table.gauge.shown;
        one["without"] = table.gauge.without.empty() ? Json(nullptr) : Json(table.gauge.without);
        one["in_2000"] = table.history.empty() ? Json("not known") : Json(table.history);
        one["thresholds"] = Json::array();
        for (Threshold const& threshold : table.gauge.thresholds)
            one["thresholds"].push_back(threshold_json(threshold));
        one["rows"] = Json::array();
        for (GaugeRow const& row : table.rows)
            one["rows"].push_back(row_json(row, table.gauge, answer));
        json["gauges"].push_back(std::move(one));
    }
    return print_json(json);
}

} // namespace perpetuum
