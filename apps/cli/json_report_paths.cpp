// What a report says of many paths, as JSON. Money to four digits: a sketch knows no more.

#include "report_paths.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace perpetuum {

namespace {

constexpr double shares[] = {0.05, 0.25, 0.5, 0.75, 0.95};
constexpr std::uint64_t fewest_together = 20; ///< paths: with fewer, a lift is mostly chance
constexpr std::size_t most_pairs = 12;

/// Whole dollars, of four digits.
Json four_digits(double usd) {
    if (!std::isfinite(usd)) return nullptr;
    double const rounded = std::stod(fmt::format("{:.3e}", usd));
    return std::fabs(rounded) < 9e15 ? Json(std::llround(rounded)) : Json(rounded);
}

Json share_json(double share) {
    return std::isfinite(share) ? Json(std::round(share * 1e4) / 1e4) : Json(nullptr);
}

bool is_zero_throughout(ReportPaths const& paths, std::size_t series) {
    return std::all_of(paths.years.begin(), paths.years.end(), [&](StepGroup const& year) {
        Sketch const& sketch = paths.summary.sketch(series, year.last);
        return sketch.least() == 0 && sketch.greatest() == 0;
    });
}

/// The same sum of cells on the central path; not known where that path has stopped before.
double on_central_path(Series const& series, Path const& path, int step) {
    if (step > path.steps) return std::nan("");
    double sum = 0;
    for (int s = std::max(1, step - series.window + 1); s <= step; ++s)
        for (Series::Term const& term : series.terms) sum += term.factor * path.at(term.cell, s);
    return sum;
}

Json ranges_json(ReportPaths const& paths, std::size_t series, Path const& central) {
    Json json{{"flow", paths.series[series].window > 1}, {"central", Json::array()}};
    json["quantiles"] = Json::array();
    for (StepGroup const& year : paths.years)
        json["central"].push_back(
            four_digits(on_central_path(paths.central[series], central, year.last)));
    for (double const share : shares) {
        Json row = Json::array();
        for (StepGroup const& year : paths.years)
            row.push_back(
                four_digits(paths.summary.sketch(series, year.last).quantile(share).value));
        json["quantiles"].push_back(std::move(row));
    }
    return json;
}

Json firms_json(ReportPaths const& paths, Path const& central) {
    Json firms = Json::object();
    for (std::size_t s = 0; s < paths.series.size(); ++s) {
        std::string const& name = paths.series[s].name;
        auto const dot = name.find('.');
        if (dot == std::string::npos || is_zero_throughout(paths, s)) continue;
        firms[name.substr(0, dot)][name.substr(dot + 1)] = ranges_json(paths, s, central);
    }
    return firms;
}

Json failures_of_report(ReportPaths const& paths, System const& system) {
    FailureTable const& table = paths.summary.failures;
    Json list = Json::array();
    for (int const firm : firms_by_failures(table)) {
        Bracket const share = probability(table.failed(firm), table.paths());
        Json by = Json::array();
        for (StepGroup const& year : paths.years) by.push_back(table.by(firm, year.last));
        list.push_back({{"firm", paths.summary.plan().firms[static_cast<std::size_t>(firm)]},
                        {"paths", table.failed(firm)},
                        {"probability",
                         {{"value", share_json(share.value)},
                          {"at_least", share_json(share.at_least)},
                          {"at_most", share_json(share.at_most)}}},
                        {"half_by", step_label(system, table.median_step(firm))},
                        {"by_year", std::move(by)}});
    }
    return list;
}

/// Pairs that fail on the same paths, the most frequent first, and how many times as often as if
/// neither had to do with the other.
Json together_json(ReportPaths const& paths) {
    struct Pair {
        int a, b;
        std::uint64_t both;
    };
    FailureTable const& table = paths.summary.failures;
    auto const firms = firms_by_failures(table);
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < firms.size(); ++i)
        for (std::size_t j = i + 1; j < firms.size(); ++j)
            if (auto const both = table.both(firms[i], firms[j]); both >= fewest_together)
                pairs.push_back({firms[i], firms[j], both});
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](Pair const& x, Pair const& y) { return x.both > y.both; });
    if (pairs.size() > most_pairs) pairs.resize(most_pairs);
    Json list = Json::array();
    auto const& names = paths.summary.plan().firms;
    for (Pair const& pair : pairs) {
        double const expected = static_cast<double>(table.failed(pair.a)) *
                                static_cast<double>(table.failed(pair.b)) /
                                static_cast<double>(table.paths());
        list.push_back(
            {{"firms",
              {names[static_cast<std::size_t>(pair.a)], names[static_cast<std::size_t>(pair.b)]}},
             {"both", pair.both},
             {"first_before", table.before(pair.a, pair.b)},
             {"second_before", table.before(pair.b, pair.a)},
             {"lift", std::round(static_cast<double>(pair.both) / expected * 10) / 10}});
    }
    return list;
}

} // namespace

Json paths_json(ReportPaths const& paths, Projection const& projection) {
    FailureTable const& table = paths.summary.failures;
    System const& system = projection.system;
    Json json{{"paths", paths.summary.coverage.count()},
              {"left_out", paths.summary.failed.count()},
              {"seed", paths.seed},
              {"command", paths.command},
              {"until", step_label(system, system.steps)},
              {"books_add_up", books_add_up(paths)}};
    json["years"] = Json::array();
    for (StepGroup const& year : paths.years) json["years"].push_back(year.label);
    json["shares"] = shares;
    json["firms"] = firms_json(paths, projection.path);
    json["nobody_defaults"] = table.firms() > 0 ? table.exactly(0) : table.paths();
    json["defaults"] = failures_of_report(paths, system);
    json["together"] = together_json(paths);
    return json;
}

} // namespace perpetuum
