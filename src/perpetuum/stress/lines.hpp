#pragma once
/// Every booking of income, sorted by firm and by the channel that it belongs to.

#include <perpetuum/stress.hpp>

#include <vector>

namespace perpetuum::stressing {

/// Finer than channels: what stands against each other when firms are consolidated, and costs that
/// are yet to be put against sales.
enum Line {
    payables_inside, ///< written off on claims between firms
    payables_outside,
    stakes_inside,
    stakes_outside,
    guarantee_line,
    collateral_line,
    order_sales, ///< to and from firms
    demand_sales,
    running_costs, ///< paid outside: go with orders and demand by the step's sales
    funding_line,
    other_line,
    lines_of_firm,
};

/// An amount that raises or lowers a firm's income.
struct IncomeTerm {
    CellId cell = -1;
    double sign = 1;
    int firm = 0; ///< place in the list of firms
    Line line = other_line;
};

/// What the accounts are to firms, told from how payments book them.
struct AccountRoles {
    std::vector<char> stake, loan, receivable, real, seized, running_cost, loss;
};
AccountRoles account_roles(System const& system);

/// Firms: all entities but outside sectors.
std::vector<int> firms_of(System const& system);
std::vector<IncomeTerm> income_terms(System const& system, std::vector<int> const& firms);
/// The channel of an entity's own booking, or of an exchange that takes collateral: what `Switch` it
/// belongs to. Channel::other: to none.
Channel channel_of_booking(System const& system, AccountRoles const& roles,
                           SystemPosting const& one, SystemPosting const& against);

} // namespace perpetuum::stressing
