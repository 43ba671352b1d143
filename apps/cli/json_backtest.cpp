// Backtests as JSON.

#include "backtest_failures.hpp"
#include "backtest_figures.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

namespace {

Json number_of(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval(Bracket const& bracket) {
    return {{"value", number_of(bracket.value)},
            {"at_least", number_of(bracket.at_least)},
            {"at_most", number_of(bracket.at_most)}};
}

Json plain_json(std::optional<PlainForecast> const& plain) {
    if (!plain) return nullptr;
    return {{"centre", number_of(plain->centre)},
            {"deviation", number_of(plain->deviation)},
            {"how", plain->how},
            {"crps", plain->score ? number_of(*plain->score) : Json(nullptr)}};
}

Json figure_json(BacktestFigure const& figure) {
    Json json{{"firm", figure.firm},
              {"figure", figure.name},
              {"period", print_period(figure.period)},
              {"reported", number_of(figure.reported.value)},
              {"unit", print_dimension(figure.reported.unit)},
              {"standing", std::string(name_of(figure.reported.standing))},
              {"sources", Json::array()},
              {"later", figure.later},
              {"weight", figure.weight}};
    for (SourceRef const& ref : figure.reported.sources) json["sources"].push_back(ref.id);
    if (!figure.why_not.empty()) {
        json["why_not"] = figure.why_not;
        return json;
    }
    json["place"] = figure.place;
    json["crps"] = number_of(figure.score);
    json["quantiles"] = Json::object();
    constexpr char const* names[] = {"10", "25", "50", "75", "90"};
    for (std::size_t i = 0; i < figure.quantiles.size(); ++i)
        json["quantiles"][names[i]] = number_of(figure.quantiles[i]);
    json["trend"] = plain_json(figure.trend);
    json["guidance"] = plain_json(figure.guidance);
    return json;
}

Json band_json(BandScore const& band) {
    return {{"nominal", band.nominal},
            {"by_figure", interval(band.by_figure)},
            {"by_firm", interval(band.by_firm)},
            {"each_firm_as_one", interval(band.as_one)},
            {"verdict", words_of(band.verdict)}};
}

Json calibration_json(Calibration const& calibration) {
    return {{"figures", calibration.figures},
            {"firms", calibration.firms},
            {"histogram", calibration.histogram},
            {"bands", {band_json(calibration.half), band_json(calibration.most)}},
            {"mean_place", interval(calibration.mean_place)},
            {"bias", words_of(calibration.bias)}};
}

Json forecaster_json(Forecaster const& forecaster) {
    Json json{{"auc", interval(forecaster.area)}, {"brier", Json::array()}};
    for (BrierAt const& at : forecaster.brier)
        json["brier"].push_back({{"quarter", at.quarter},
                                 {"failed", at.failed},
                                 {"score", number_of(at.score)},
                                 {"skill", interval(at.skill)}});
    return json;
}

Json baseline_json(BaselineResult const& baseline) {
    Json json{{"name", baseline.line.name},
              {"formula", baseline.line.formula},
              {"firms", baseline.firms}};
    if (!baseline.why_not.empty()) json["why_not_all"] = baseline.why_not;
    if (baseline.firms.empty()) return json;
    json["fitted"] = forecaster_json(baseline.fitted);
    json["run_on_these_firms"] = forecaster_json(baseline.model);
    json["auc_of_the_number"] = number_of(baseline.plain_area);
    json["run_less_fitted"] = interval(baseline.difference);
    json["run_less_number"] = interval(baseline.plain_difference);
    json["verdict"] = words_of_difference(baseline.difference);
    json["verdict_on_the_number"] = words_of_difference(baseline.plain_difference);
    return json;
}

} // namespace

std::string figures_as_json(FiguresBacktest const& result) {
    Json json{{"title", result.title},
              {"as_of", print_day({result.as_of.months - 0.01})},
              {"start", print_day({result.start.months - 0.01})},
              {"paths", result.paths},
              {"paths_failed", result.failed},
              {"seed", result.seed},
              {"figures", Json::array()}};
    for (BacktestFigure const& figure : result.figures)
        json["figures"].push_back(figure_json(figure));
    json["later"] = calibration_json(result.later);
    json["published_later"] = calibration_json(result.nowcast);
    json["trend"] = {{"yearly_spread", result.trend_spread},
                     {"measured_on", result.trend_trials},
                     {"figures", result.with_trend},
                     {"score_ratio", interval(result.against_trend)}};
    json["guidance"] = {{"figures", result.with_guidance},
                        {"score_ratio", interval(result.against_guidance)}};
    return print_json(json);
}

std::string failures_as_json(FailuresBacktest const& result) {
    Json json{{"title", result.title}, {"start", print_day({result.start.months - 0.01})},
              {"paths", result.paths}, {"paths_failed", result.failed},
              {"seed", result.seed},   {"confidence", result.resampling.confidence},
              {"firms", Json::array()}};
    for (std::size_t i = 0; i < result.firms.size(); ++i)
        json["firms"].push_back(
            {{"firm", result.firms[i].firm},
             {"forecast", result.firms[i].by_quarter},
             {"failed", result.firms[i].failed > 0 ? Json(result.firms[i].failed) : Json(nullptr)},
             {"failed_later", result.outcomes[i].later},
             {"source", result.outcomes[i].source}});
    json["without_outcome"] = result.without_outcome;
    json["run"] = forecaster_json(result.model);
    json["quarter_error"] = {{"median", number_of(result.quarter.median)},
                             {"firms", result.quarter.firms},
                             {"forecast", result.quarter.forecast},
                             {"actual", result.quarter.actual}};
    json["baselines"] = Json::array();
    for (BaselineResult const& baseline : result.baselines)
        json["baselines"].push_back(baseline_json(baseline));
    return print_json(json);
}

} // namespace perpetuum
