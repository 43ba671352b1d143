// JSON of what several commands share.

#include "json.hpp"
#include "unit_words.hpp"

#include "projection_rows.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

namespace {

/// Cents at most, and no -0: what is not known is null.
Json usd_json(double usd) {
    if (!std::isfinite(usd)) return nullptr;
    double const cents = std::round(usd * 100) / 100;
    return cents == 0 ? Json(0) : Json(cents);
}

Json error_place(Reading const& reading, Diagnostic const& diagnostic) {
    static constexpr char const* severities[] = {"error", "warning", "note"};
    Json json{{"severity", severities[static_cast<int>(diagnostic.severity)]}};
    if (diagnostic.where.text >= 0) {
        SourceText const& text = reading.diagnostics.text(diagnostic.where.text);
        auto const place = line_column(text.content, diagnostic.where.begin);
        json["file"] = text.name;
        json["line"] = place.line;
        json["column"] = place.column;
    }
    json["message"] = diagnostic.message;
    json["hint"] = diagnostic.hint;
    return json;
}

} // namespace

std::string print_json(Json const& json) {
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json window_json(Window const& window) {
    return {{"from", print_day(window.period.begin)},
            // The last day of the window, not the first after it.
            {"to", print_day({window.period.end.months - 0.01})}};
}

Json promises_json(std::vector<PromiseLine> const& promises) {
    Json list = Json::array();
    for (PromiseLine const& promise : promises)
        list.push_back({{"from", promise.from},
                        {"to", promise.to},
                        {"kind", promise.kind},
                        {"status", promise.status},
                        {"usd", usd_json(promise.usd)},
                        {"paid_usd", usd_json(promise.paid_usd)},
                        {"deal", deal_of_contract(promise.deal)},
                        {"transaction", promise.transaction}});
    return list;
}

Json loops_json(LoopList const& list) {
    Json loops = Json::array();
    for (LoopLine const& loop : list.loops) {
        Json legs = Json::array();
        for (LoopLeg const& leg : loop.legs) {
            Json kinds = Json::object();
            for (auto const& [kind, usd] : leg.kinds) kinds[kind] = usd_json(usd);
            legs.push_back({{"from", leg.from},
                            {"to", leg.to},
                            {"kind", leg.kind},
                            {"kinds", kinds},
                            {"status", leg.status},
                            {"usd", usd_json(leg.usd)},
                            {"deals", leg.deals}});
        }
        loops.push_back({{"firms", loop.firms},
                         {"bottleneck_usd", usd_json(loop.bottleneck)},
                         {"gain", loop.gain},
                         {"legs", legs}});
    }
    return loops;
}

std::string map_as_json(System const& system, std::vector<PromiseLine> const& promises) {
    Json json;
    json["promises"] = promises_json(promises);
    json["loops"] = loops_json(loops_of_promises(system, promises));
    return print_json(json);
}

std::string loops_as_json(LoopList const& list, Window const* window) {
    Json json{{"complete", list.complete}};
    json["window"] = window ? window_json(*window) : Json(nullptr);
    json["loops"] = loops_json(list);
    return print_json(json);
}

Json residuals_json(Residuals const& residuals) {
    return {{"cash_negative", residuals.cash_negative},
            {"postings", residuals.postings},
            {"balance", residuals.balance},
            {"matrix", residuals.matrix},
            {"payments", residuals.payments}};
}

Json defaults_json(Projection const& projection) {
    Json list = Json::array();
    for (DefaultLine const& line : defaults_of(projection.system, projection.path))
        list.push_back(
            {{"firm", projection.system.entities[static_cast<std::size_t>(line.entity)].id},
             {"step", step_label(projection.system, line.step)}});
    return list;
}

/// Of a plain model: every variable, from its start (step 0) on.
Json variables_json(Projection const& projection) {
    System const& system = projection.system;
    Json variables = Json::object();
    for (std::size_t c = 0; c < system.cells.size(); ++c) {
        Cell const& cell = system.cells[c];
        if (cell.type != CellType::variable || cell.name.empty() || cell.name[0] == '#') continue;
        Json values = Json::array();
        for (int step = 0; step <= projection.path.steps; ++step)
            values.push_back(value_at(system, projection.path, static_cast<CellId>(c), step));
        variables[cell.name] = std::move(values);
    }
    return variables;
}

std::string run_as_json(Projection const& projection) {
    System const& system = projection.system;
    Path const& path = projection.path;
    Json json;
    json["residuals"] = residuals_json(residuals(system, path));
    json["steps"] = Json::array();
    auto const label = [&](int step) {
        return projection.reading.plain ? std::to_string(step) : step_label(system, step);
    };
    for (int step = projection.reading.plain ? 0 : 1; step <= path.steps; ++step)
        json["steps"].push_back(label(step));
    if (projection.reading.plain) json["variables"] = variables_json(projection);
    json["firms"] = Json::object();
    auto const variables = variables_of_entities(system);
    for (std::size_t e = 0; e < system.entities.size(); ++e) {
        if (system.entities[e].outside) continue;
        Json firm = Json::object();
        for (FirmSeries const& series :
             series_of_entity(system, path, static_cast<int>(e), variables[e])) {
            firm[series.name] = Json::array();
            for (double const value : series.steps) firm[series.name].push_back(usd_json(value));
        }
        json["firms"][system.entities[e].id] = std::move(firm);
    }
    json["defaults"] = defaults_json(projection);
    json["commitments"] = Json::array();
    for (SystemPromise const& promise : system.promises) {
        if (promise.remaining < 0 || promise.contract < 0) continue;
        Json remaining = Json::array();
        for (int step = 1; step <= path.steps; ++step)
            remaining.push_back(usd_json(value_at(system, path, promise.remaining, step)));
        json["commitments"].push_back(
            {{"deal", system.contracts[static_cast<std::size_t>(promise.contract)].id},
             {"usd", usd_json(promise.amount)},
             {"remaining_usd", remaining}});
    }
    json["checks_failed"] = Json::array();
    for (FailedCheck const& check : failed_checks(system, path))
        json["checks_failed"].push_back({{"check", check.text}, {"step", label(check.step)}});
    json["fault"] = nullptr;
    if (path.fault.step > 0)
        json["fault"] = {{"step", label(path.fault.step)}, {"what", path.fault.what}};
    return print_json(json);
}

Json expectations_json(std::vector<ExpectationResult> const& results) {
    Json list = Json::array();
    for (ExpectationResult const& result : results) {
        // In the unit of its range; shares as shares of 1.
        double const unit = result.unit.plain() ? 1 : result.unit.factor;
        list.push_back({{"name", result.name},
                        {"says", result.says},
                        {"value", result.value / unit},
                        {"least", result.least / unit},
                        {"most", result.most / unit},
                        {"low", result.low / unit},
                        {"high", result.high / unit},
                        {"unit", result.unit.plain() ? "1" : name_of_unit(result.unit)},
                        {"holds", result.holds},
                        {"problem", result.problem}});
    }
    return list;
}

Json standings_json(std::vector<StandingSum> const& rows) {
    Json list = Json::array();
    for (StandingSum const& row : rows)
        list.push_back({{"standing", name_of(row.standing)},
                        {"figures", row.figures},
                        {"usd", usd_json(row.usd)}});
    return list;
}

std::string check_as_json(Reading const& reading, System const& system,
                          std::vector<ExpectationResult> const& expectations) {
    bool const sound = !reading.diagnostics.failed();
    Json json{{"ok", sound}};
    json["diagnostics"] = Json::array();
    for (Diagnostic const& diagnostic : reading.diagnostics.all())
        json["diagnostics"].push_back(error_place(reading, diagnostic));
    if (!sound) return print_json(json);
    json["standings"] =
        standings_json(standing_sums(reading.book, promises_of(system, reading.book)));
    json["rivals"] = Json::array();
    for (Rivals const& rivals : rivals_of(reading.book)) {
        Json texts = Json::array();
        for (Figure const* figure : rivals.figures) texts.push_back(figure->text);
        json["rivals"].push_back({{"path", rivals.path}, {"figures", texts}});
    }
    json["openings"] = Json::array();
    for (OpeningGap const& gap : opening_gaps(reading.book, reading.model))
        json["openings"].push_back({{"entity", gap.entity},
                                    {"at", print_day({gap.at.months - 0.01})},
                                    {"named_assets_usd", usd_json(gap.named_assets)},
                                    {"other_usd", usd_json(gap.other)},
                                    {"liabilities_usd", usd_json(gap.liabilities)},
                                    {"equity_usd", usd_json(gap.equity)},
                                    {"debt_outside_deals_usd", usd_json(gap.debt_outside_deals)}});
    json["not_running"] = Json::array();
    for (SystemContract const& contract : system.contracts)
        if (!contract.runs)
            json["not_running"].push_back({{"deal", contract.id}, {"why", contract.why_not}});
    json["expectations"] = expectations_json(expectations);
    return print_json(json);
}

} // namespace perpetuum
