// European banks of the 2011 stress test: the table of Glasserman and Young, and clearing of a network spread from sums.
#include <perpetuum/contagion.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <map>
#include <string>

using namespace perpetuum;

namespace {

bool published(nlohmann::json& found) {
    std::ifstream file(PERPETUUM_SHARED "/data/published/glasserman_young_2015_eba.json");
    if (!file) {
        MESSAGE("skipped: the reference data are not there");
        return false;
    }
    found = nlohmann::json::parse(file);
    return true;
}

std::map<std::string, BankSheet> sheets_of(nlohmann::json const& data) {
    std::map<std::string, BankSheet> sheets;
    for (auto const& bank : data["inputs"]) {
        double const total = bank["total_assets"], inside = bank["ead_institutions"],
                     worth = bank["core_equity"];
        sheets[bank["bank"]] = {total - inside, worth, inside / (total - worth)};
    }
    return sheets;
}

} // namespace

TEST_CASE("contagion among European banks is as weak as Glasserman and Young print") {
    nlohmann::json data;
    if (!published(data)) return;
    auto const sheets = sheets_of(data);
    int rows = 0, deviations = 0;
    for (auto const& [name, list] : data["expected"].items()) {
        auto const from = name.substr(5, 5); // from_GB090_Barclays
        if (sheets.count(from) == 0) continue;
        for (auto const& row : list) {
            std::vector<BankSheet> through;
            bool santander = from == "ES059";
            for (auto const& bank : row["to"]) {
                through.push_back(sheets.at(bank));
                santander = santander || bank == "ES059";
            }
            double const ratio = weak_contagion_ratio(sheets.at(from), through);
            CAPTURE(from);
            CAPTURE(row.dump());
            CHECK(ratio == doctest::Approx(double(row["recomputed"])).epsilon(1e-4));
            bool const as_printed =
                std::fabs(ratio - double(row["published_weak_ratio"])) < 0.00501;
            // The paper's input of Santander seems to have been another.
            CHECK((as_printed || santander));
            deviations += !as_printed;
            ++rows;
        }
    }
    CHECK(rows > 25);
    CHECK(deviations < rows / 5);
}

TEST_CASE(
    "European banks, debts spread from sums: losing outside assets costs depositors before banks") {
    nlohmann::json data;
    if (!published(data)) return;
    DebtNetwork network;
    std::vector<double> inside;
    for (auto const& bank : data["inputs"]) {
        double const total = bank["total_assets"], lent = bank["ead_institutions"],
                     worth = bank["core_equity"];
        network.cash.push_back(total - lent);
        inside.push_back(lent);
        network.debts.push_back({network.firms++, DebtNetwork::outside, total - lent - worth});
    }
    for (auto const& debt : spread_debts(inside, inside)) network.debts.push_back(debt);
    NetworkClearing const clearing(network);
    CHECK(clearing.greatest(network.cash).waves == 0);
    auto cash = network.cash;
    for (double& has : cash) has *= 0.95;
    auto const found = clearing.greatest(cash);
    auto const certificate = clearing.certify(cash, found);
    CHECK(certificate.residual < 1e-12);
    CHECK(certificate.anchored);
    CHECK(found.waves > 0);
    // What was lost is borne by owners and creditors outside, to the last euro.
    double lost = 0, borne = 0;
    auto const face = equity_at_face(network);
    for (std::size_t i = 0; i < cash.size(); ++i) {
        lost += network.cash[i] - cash[i];
        borne += face[i] - found.equity[i];
    }
    auto const paid = clearing.payments(found);
    for (std::size_t k = 0; k < paid.size(); ++k)
        if (network.debts[k].creditor < 0) borne += network.debts[k].amount - paid[k];
    CHECK(borne == doctest::Approx(lost).epsilon(1e-11));
}
