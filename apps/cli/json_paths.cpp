// What the statistics of many paths say, as JSON.

#include "json.hpp"
#include "paths.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

namespace {

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json bracket_json(Bracket const& bracket) {
    return {{"value", number(bracket.value)},
            {"at_least", number(bracket.at_least)},
            {"at_most", number(bracket.at_most)}};
}

Json series_json(Summary const& summary, std::size_t series, std::vector<double> const& quantiles) {
    Json json{{"mean", Json::array()}, {"deviation", Json::array()}};
    json["quantiles"] = Json::array();
    for (double const quantile : quantiles)
        json["quantiles"].push_back({{"share", quantile},
                                     {"value", Json::array()},
                                     {"at_least", Json::array()},
                                     {"at_most", Json::array()}});
    for (int step = 1; step <= summary.plan().steps; ++step) {
        Moments const& moments = summary.moments(series, step);
        json["mean"].push_back(number(moments.mean()));
        json["deviation"].push_back(number(moments.deviation()));
        for (std::size_t q = 0; q < quantiles.size(); ++q) {
            Sketch const& sketch = summary.sketch(series, step);
            Bracket const found = sketch.quantile_interval(quantiles[q]);
            Json& list = json["quantiles"][q];
            list["value"].push_back(number(sketch.quantile(quantiles[q]).value));
            list["at_least"].push_back(number(found.at_least));
            list["at_most"].push_back(number(found.at_most));
        }
    }
    return json;
}

Json pair_json(Summary const& summary, std::size_t pair) {
    Json json{{"mean", Json::array()}, {"standard_error", Json::array()}};
    for (int step = 1; step <= summary.plan().steps; ++step) {
        Moments const difference = summary.pairs(pair, step).difference();
        json["mean"].push_back(number(difference.mean()));
        json["standard_error"].push_back(number(difference.standard_error()));
    }
    return json;
}

Json failures_json(Summary const& summary) {
    FailureTable const& table = summary.failures;
    Json list = Json::array();
    for (int firm = 0; firm < table.firms(); ++firm) {
        Json by = Json::array();
        for (int step = 1; step <= table.steps(); ++step) by.push_back(table.by(firm, step));
        Json one{{"firm", summary.plan().firms[static_cast<std::size_t>(firm)]},
                 {"paths", table.failed(firm)},
                 {"probability", bracket_json(probability(table.failed(firm), table.paths()))},
                 {"median_step", table.failed(firm) > 0
                                     ? Json(step_name(summary, table.median_step(firm)))
                                     : Json(nullptr)},
                 {"paths_by_step", by}};
        one["with"] = Json::object();
        for (int other = 0; other < table.firms(); ++other)
            if (other != firm && table.both(firm, other) > 0)
                one["with"][summary.plan().firms[static_cast<std::size_t>(other)]] = {
                    {"both", table.both(firm, other)}, {"before", table.before(firm, other)}};
        list.push_back(std::move(one));
    }
    return list;
}

Json failed_json(Summary const& summary) {
    Json list = Json::array();
    for (auto const& [reason, found] : summary.failed.reasons())
        list.push_back({{"reason", reason}, {"paths", found.paths}, {"first", found.first}});
    return list;
}

} // namespace

std::string summary_as_json(Summary const& summary, std::vector<double> const& quantiles) {
    Json json;
    json["about"] = Json::object();
    for (auto const& [word, value] : summary.plan().about) json["about"][word] = value;
    json["paths"] = summary.coverage.count();
    json["digest"] = print_digest(summary.digest());
    json["steps"] = Json::array();
    for (int step = 1; step <= summary.plan().steps; ++step)
        json["steps"].push_back(step_name(summary, step));
    json["series"] = Json::object();
    for (std::size_t s = 0; s < summary.plan().series.size(); ++s)
        json["series"][summary.plan().series[s]] = series_json(summary, s, quantiles);
    json["differences"] = Json::object();
    for (std::size_t p = 0; p < summary.plan().pairs.size(); ++p)
        json["differences"][summary.plan().pairs[p]] = pair_json(summary, p);
    json["defaults"] = failures_json(summary);
    json["failed"] = failed_json(summary);
    return print_json(json);
}

} // namespace perpetuum
