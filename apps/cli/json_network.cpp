// JSON of clear and contagion.

#include "json_network.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

namespace {

Json finite_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

} // namespace

std::string clearing_as_json(ClearingReport const& report) {
    ClearedNetwork const& cleared = report.cleared;
    DebtTables const& tables = report.tables;
    Json json;
    json["vector"] = report.least ? "least" : "greatest";
    json["waves"] = cleared.waves;
    json["settled"] = cleared.settled;
    json["certificate"] = {{"residual", finite_json(report.certificate.residual)},
                           {"off_by", finite_json(report.certificate.off_by)},
                           {"imbalance", finite_json(report.certificate.imbalance)},
                           {"anchored", report.certificate.anchored}};
    json["firms"] = Json::array();
    for (std::size_t i = 0; i < cleared.owed.size(); ++i)
        json["firms"].push_back(
            {{"name", tables.firms.names[i]},
             {"cash", tables.cash[i]},
             {"owed", cleared.owed[i]},
             {"paid", cleared.paid[i]},
             {"received", cleared.received[i]},
             {"equity", cleared.equity[i]},
             {"recovery", cleared.owed[i] > 0 ? cleared.paid[i] / cleared.owed[i] : 1.0},
             {"wave", cleared.wave[i]}});
    json["debts"] = Json::array();
    auto const name = [&](int firm) {
        return firm < 0 ? std::string("outside")
                        : tables.firms.names[static_cast<std::size_t>(firm)];
    };
    for (std::size_t k = 0; k < tables.network.debts.size(); ++k) {
        auto const& debt = tables.network.debts[k];
        json["debts"].push_back({{"from", name(debt.debtor)},
                                 {"to", name(debt.creditor)},
                                 {"amount", debt.amount},
                                 {"paid", report.payments[k]}});
    }
    if (!cleared.called.empty()) json["called"] = cleared.called;
    return print_json(json);
}

std::string scenarios_as_json(ScenarioReport const& report) {
    ClearedScenarios const& all = report.cleared;
    Json json;
    json["scenarios"] = {{"failing", all.failing}, {"unpaid", all.shortfall}};
    if (!report.names.empty()) json["scenarios"]["name"] = report.names;
    json["firms"] = Json::array();
    for (std::size_t i = 0; i < all.unpaid.size(); ++i)
        json["firms"].push_back({{"name", report.firms.names[i]},
                                 {"failures", all.failures[i]},
                                 {"unpaid_mean", all.unpaid[i]}});
    return print_json(json);
}

std::string contagion_as_json(ContagionReport const& report) {
    Json json;
    json["method"] = report.method;
    json["settled"] = report.settled;
    for (auto const& [name, value] : report.sums) json[name] = finite_json(value);
    json[report.of + "s"] = Json::array();
    for (std::size_t i = 0; i < report.names.size(); ++i) {
        Json row = {{"name", report.names[i]}};
        for (auto const& [name, values] : report.columns) row[name] = finite_json(values[i]);
        json[report.of + "s"].push_back(std::move(row));
    }
    return print_json(json);
}

} // namespace perpetuum
