// JSON of `circularity`.

#include "csv_circularity.hpp"
#include "json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace perpetuum {

namespace {

Json share_json(double share) { return std::isfinite(share) ? Json(share) : Json(nullptr); }

Json parts_json(std::vector<std::pair<std::string, double>> const& parts) {
    Json json = Json::object();
    for (auto const& [id, share] : parts) json[id] = share_json(share);
    return json;
}

Json split_json(Split const& split) {
    return {{"at_least", share_json(split.at_least)},
            {"typical", share_json(split.typical)},
            {"at_most", share_json(split.at_most)},
            {"readings",
             {{"fifo", share_json(split.readings.fifo)},
              {"lifo", share_json(split.readings.lifo)},
              {"pro_rata", share_json(split.readings.pro_rata)},
              {"linked", share_json(split.readings.linked)}}}};
}

Json split_with(Split const& split, char const* name, Json parts) {
    Json json = split_json(split);
    json[name] = std::move(parts);
    return json;
}

Json spending_json(SpendingOrigin const& spending, SpendingKinds const& kinds) {
    return {{"paid_usd", spending.paid},
            {"counted_usd", parts_json(kinds.counted)},
            {"left_out_usd", parts_json(kinds.left_out)},
            {"customers", share_json(spending.customers)},
            {"outside_capital", share_json(spending.outside_capital)},
            {"held_before", share_json(spending.held_before)},
            {"own_money_back", share_json(spending.own_money_back)},
            {"partners_money", share_json(spending.partners_money)},
            {"by_sector", parts_json(spending.by_sector)},
            {"by_partner", parts_json(spending.by_partner)}};
}

Json vendor_json(FirmCircularity const& firm) {
    VendorFinancing const& vendor = firm.vendor;
    return {{"paid", share_json(vendor.of_revenue_from_buyers)},
            {"promised", share_json(firm.promised.of_revenue_from_buyers())},
            {"paid_of_revenue", share_json(vendor.of_revenue)},
            {"finance_usd", vendor.finance},
            {"promised_usd", firm.promised.usd},
            {"revenue_from_buyers_usd", vendor.revenue_from_buyers},
            {"revenue_from_promised_usd", firm.promised.revenue_from_buyers},
            {"revenue_usd", vendor.revenue}};
}

Json firm_json(FirmCircularity const& firm) {
    FirmOrigin const& origin = firm.origin;
    Json json;
    json["revenue_usd"] = origin.revenue;
    json["booked_revenue_usd"] = firm.booked_revenue;
    json["paid_in_usd"] = origin.paid_in;
    json["return_share"] = {{"at_least", share_json(origin.return_share.at_least)},
                            {"typical", share_json(origin.return_share.typical)},
                            {"at_most", share_json(origin.return_share.at_most)}};
    json["vendor_financing_ratio"] = vendor_json(firm);
    json["customers"] =
        split_with(origin.customers, "by_sector", parts_json(origin.customers.parts));
    json["outside_capital"] = split_json(origin.outside_capital);
    json["held_before"] = split_json(origin.held_before);
    json["own_money_back"] = split_with(origin.own_money_back, "of_which_finance",
                                        share_json(origin.own_money_back.of_which_finance));
    json["own_money_back"]["not_known"] = conventions_disagree(origin.own_money_back);
    json["partners_money"] =
        split_with(origin.partners_money, "by_partner", parts_json(origin.partners_money.parts));
    json["circular"] = split_json(origin.circular);
    json["spending"] = spending_json(origin.spending, firm.kinds);
    return json;
}

} // namespace

Json circularity_json(CircularityResult const& result) {
    Json json;
    json["gross_usd"] = result.gross;
    json["max_circulation_usd"] = result.max_circulation;
    json["finn_index"] = share_json(result.finn);
    json["window"] = window_json(result.window);
    json["firms"] = Json::object();
    for (FirmCircularity const& firm : result.firms)
        json["firms"][firm.origin.id] = firm_json(firm);
    return json;
}

std::string measures_as_json(std::vector<std::pair<std::string, double>> const& values) {
    Json json = Json::object();
    for (auto const& [name, value] : values) json[name] = share_json(value);
    return print_json(json);
}

std::string circularity_as_json(CircularityResult const& result) {
    return print_json(circularity_json(result));
}

} // namespace perpetuum
