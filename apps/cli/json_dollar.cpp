// JSON of `circularity --dollar` and `--pair`.

#include "circularity_dollar.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

std::string dollar_as_json(DollarTrace const& trace, Window const& window) {
    Json json{{"firm", trace.id}, {"window", window_json(window)}, {"leaves", trace.leaves}};
    json["velocity"] = std::isfinite(trace.velocity) ? Json(trace.velocity) : Json(nullptr);
    json["bookings"] = std::isfinite(trace.bookings) ? Json(trace.bookings) : Json(nullptr);
    json["firms"] = Json::object();
    for (DollarBooking const& booking : trace.firms)
        json["firms"][booking.id] = {
            {"revenue", booking.revenue}, {"capital", booking.capital}, {"other", booking.other}};
    json["leaks"] = Json::array();
    Json by_kind = Json::object();
    for (DollarLeak const& leak : trace.leaks) {
        json["leaks"].push_back({{"kind", leak.kind}, {"to", leak.to}, {"share", leak.share}});
        by_kind[leak.kind] = by_kind.value(leak.kind, 0.0) + leak.share;
    }
    json["leaks_by_kind"] = std::move(by_kind);
    return print_json(json);
}

std::string pair_as_json(std::vector<PairYear> const& years, std::string const& vendor,
                         std::string const& customer) {
    Json json{{"vendor", vendor}, {"customer", customer}, {"years", Json::array()}};
    for (auto const& [window, flows] : years)
        json["years"].push_back(
            {{"window", window_json(window)},
             {"sales_usd", flows.sales},
             {"bought_back_usd", flows.bought_back},
             {"finance_usd", flows.finance},
             {"finance_back_usd", flows.finance_back},
             {"other_usd", flows.other},
             {"net_outside_demand_usd", flows.net_outside_demand},
             {"returned_share",
              std::isfinite(flows.returned_share) ? Json(flows.returned_share) : Json(nullptr)},
             {"group_receipts_usd", flows.group_receipts}});
    return print_json(json);
}

} // namespace perpetuum
