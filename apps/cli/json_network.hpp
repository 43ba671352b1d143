#pragma once
// What clear and contagion answer, and how it is written as JSON.

#include "debt_tables.hpp"

namespace perpetuum {

struct ClearingReport {
    DebtTables tables;
    ClearedNetwork cleared;
    ClearingCertificate certificate;
    std::vector<double> payments;
    bool least = false;
};
struct ScenarioReport {
    FirmNames firms;
    std::vector<std::string> names; ///< of scenarios from a file
    ClearedScenarios cleared;
};
/// Columns of one length, by firm (or asset), and sums.
struct ContagionReport {
    std::string method, about; ///< about: a sentence on the rule
    std::string of = "firm";
    std::vector<std::string> names;
    std::vector<std::pair<std::string, std::vector<double>>> columns;
    std::vector<std::pair<std::string, double>> sums;
    std::size_t sort_by = 0; ///< column: rows are shown from the largest
    bool settled = true;     ///< false: a limit ended it, or rounding decides
};

std::string clearing_as_json(ClearingReport const& report);
std::string scenarios_as_json(ScenarioReport const& report);
std::string contagion_as_json(ContagionReport const& report);

} // namespace perpetuum
