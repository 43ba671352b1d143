#pragma once
// Firms, debts, holdings and scenarios from CSV files, for clear and contagion.

#include "network_options.hpp"

#include <perpetuum/contagion.hpp>
#include <perpetuum/text.hpp>

#include <map>
#include <string>
#include <vector>

namespace perpetuum {

struct FirmNames {
    std::vector<std::string> names;
    std::map<std::string, int, std::less<>> numbers;
};

struct DebtTables {
    FirmNames firms;
    DebtNetwork network;      ///< cash before shocks
    std::vector<double> lost; ///< firm: share of its cash, as the file says
    std::vector<double> cash; ///< after these
};
/// firms: name, cash [, outside_debt, alpha, beta, shock, lent, borrowed]; debts (without that file:
/// the sums lent and borrowed spread evenly): from, to, amount [, rank,
/// guarantor, cover]; to "outside": a creditor beyond the network. Files of at most 64 MB. False, with
/// errors at their places, when something is wrong; columns that play no part are warned of, and so
/// are those of firms that the command does not read.
bool read_debt_tables(std::vector<std::string> const& files, NetworkOptions const& options,
                      DebtTables& tables, Diagnostics& diagnostics,
                      std::vector<std::string> const& unread = {});
/// owner, firm, share.
bool read_holdings(std::string const& file, DebtTables& tables, Diagnostics& diagnostics);
/// scenario, then columns named like firms: their cash in it; others keep theirs.
bool read_scenarios(std::string const& file, DebtTables const& tables,
                    std::vector<std::string>& names, ClearingScenarios& scenarios,
                    Diagnostics& diagnostics);
/// assets: asset, impact [, shock]; holdings: firm, asset, amount.
struct AssetTables {
    std::vector<std::string> names;
    AssetHoldings holdings;
    std::vector<double> shock;
};
bool read_assets(std::string const& assets, std::string const& holdings, DebtTables const& tables,
                 AssetTables& found, Diagnostics& diagnostics);
/// "NAME" or "NAME=SHARE", the share from 0 to 1 or in %; an error in words, or nothing.
std::string parse_shock(std::string const& text, FirmNames const& firms, int& firm, double& share);

} // namespace perpetuum
