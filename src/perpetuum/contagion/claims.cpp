#include <perpetuum/base.hpp>
#include <perpetuum/contagion/claims.hpp>

namespace perpetuum {

void refuse_contagion(std::string const& what) { throw BadInput{"contagion: " + what}; }

void require_length(std::vector<double> const& values, std::size_t firms, char const* what) {
    if (values.size() != firms)
        refuse_contagion(std::string(what) + " of " + std::to_string(values.size()) +
                         "; expected one for each of " + std::to_string(firms));
}

void require_shares(std::vector<double> const& values, char const* what) {
    for (double const value : values)
        if (!(value >= 0 && value <= 1))
            refuse_contagion(std::string(what) + " is " + std::to_string(value) +
                             "; expected 0 to 1");
}

DebtorClaims claims_by_debtor(DebtNetwork const& network) {
    auto const firms = network.cash.size();
    if (network.firms < 0 || firms != static_cast<std::size_t>(network.firms))
        refuse_contagion("one amount of cash for each firm is needed");
    DebtorClaims found;
    found.first.assign(firms + 1, 0);
    for (auto const& debt : network.debts) {
        if (debt.debtor < 0 || debt.debtor >= network.firms || debt.creditor < -1 ||
            debt.creditor >= network.firms || debt.creditor == debt.debtor ||
            !(debt.amount >= 0 && debt.amount <= 1e300))
            refuse_contagion("a debt of " + std::to_string(debt.amount) + " from firm " +
                             std::to_string(debt.debtor) + " to firm " +
                             std::to_string(debt.creditor));
        if (debt.creditor >= 0) ++found.first[static_cast<std::size_t>(debt.debtor) + 1];
    }
    for (std::size_t i = 0; i < firms; ++i) found.first[i + 1] += found.first[i];
    found.claims.resize(found.first.back());
    std::vector<std::size_t> next(found.first.begin(), found.first.end() - 1);
    for (auto const& debt : network.debts)
        if (debt.creditor >= 0)
            found.claims[next[static_cast<std::size_t>(debt.debtor)]++] = {debt.creditor,
                                                                           debt.amount};
    return found;
}

std::vector<double> equity_at_face(DebtNetwork const& network) {
    claims_by_debtor(network); // checks
    std::vector<double> equity = network.cash;
    for (auto const& debt : network.debts) {
        equity[static_cast<std::size_t>(debt.debtor)] -= debt.amount;
        if (debt.creditor >= 0) equity[static_cast<std::size_t>(debt.creditor)] += debt.amount;
    }
    auto const size = balance_sizes(network, network.cash);
    for (std::size_t i = 0; i < equity.size(); ++i) equity[i] = beyond_rounding(equity[i], size[i]);
    return equity;
}

std::vector<double> balance_sizes(DebtNetwork const& network, std::vector<double> const& cash) {
    std::vector<double> size = cash;
    for (auto const& debt : network.debts) {
        size[static_cast<std::size_t>(debt.debtor)] += debt.amount;
        if (debt.creditor >= 0) size[static_cast<std::size_t>(debt.creditor)] += debt.amount;
    }
    return size;
}

} // namespace perpetuum
