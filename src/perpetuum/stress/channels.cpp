// Which posting is which channel. No account or transaction is known by name: what it is follows
// from how payments book it. This file is the one place; docs/methods/stress.md shows it as a table.

#include "lines.hpp"
#include "nodes.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace perpetuum::stressing {

namespace {

AccountClass class_of(System const& system, int account) {
    return system.accounts[index(account)].type;
}

bool is_income(System const& system, int account) {
    AccountClass const type = class_of(system, account);
    return type == AccountClass::income || type == AccountClass::expense;
}

bool is_sale(System const& system, Transaction const& one) {
    if (one.payee_credits < 0) return false;
    auto const& name = system.accounts[index(one.payee_credits)].name;
    return name == "revenue" || name == "advances"; // the two names that are conventions
}

/// Gives the payer a claim on the payee.
bool is_finance(System const& system, Transaction const& one) {
    if (one.payer_debits < 0 || one.payee_credits < 0) return false;
    AccountClass const gets = class_of(system, one.payee_credits);
    return class_of(system, one.payer_debits) == AccountClass::asset && !is_sale(system, one) &&
           (gets == AccountClass::equity || gets == AccountClass::liability);
}

void mark(std::vector<char>& role, int account) {
    if (account > 0) role[index(account)] = 1; // 0 is cash, which is anything
}

/// A booking of an entity's own: the two postings of one amount.
struct OwnBooking {
    SystemPosting const* first;
    SystemPosting const* second;
};

std::vector<OwnBooking> own_bookings(System const& system) {
    std::vector<OwnBooking> found;
    for (std::size_t p = 0; p + 1 < system.postings.size(); ++p) {
        SystemPosting const& one = system.postings[p];
        SystemPosting const& next = system.postings[p + 1];
        bool const pair = one.flow < 0 && next.flow < 0 && one.amount == next.amount &&
                          one.entity == next.entity && one.debit != next.debit;
        if (!pair) continue;
        found.push_back({&one, &next});
        ++p;
    }
    return found;
}

bool outside(System const& system, int entity) {
    return entity >= 0 && system.entities[index(entity)].outside;
}

/// Whether all who stand in a contract's roles are firms, and at least two.
bool between_firms(System const& system, int contract) {
    if (contract < 0) return false;
    std::set<int> parties;
    for (auto const& [role, entity] : system.contracts[index(contract)].entities) {
        if (outside(system, entity)) return false;
        parties.insert(entity);
    }
    return parties.size() >= 2;
}

class Sorting {
  public:
    Sorting(System const& system, std::vector<int> const& firms)
        : system_(system), roles_(account_roles(system)), place_(system.entities.size(), -1) {
        for (std::size_t f = 0; f < firms.size(); ++f)
            place_[index(firms[f])] = static_cast<int>(f);
        for (SystemFlow const& flow : system.flows)
            if (flow.transaction >= 0 && flow.payer >= 0 &&
                is_finance(system, system.transactions[index(flow.transaction)]))
                funders_.insert(flow.payer);
    }

    std::vector<IncomeTerm> sorted() {
        for (SystemPosting const& posting : system_.postings)
            if (posting.flow >= 0)
                add(posting, line_of(system_.flows[index(posting.flow)], posting));
        for (OwnBooking const& booking : own_bookings(system_)) {
            add(*booking.first, line_of(*booking.first, *booking.second));
            add(*booking.second, line_of(*booking.second, *booking.first));
        }
        return std::move(terms_);
    }

  private:
    System const& system_;
    AccountRoles roles_;
    std::vector<int> place_;
    std::set<int> funders_; ///< who pays for stakes or lends
    std::vector<IncomeTerm> terms_;

    void add(SystemPosting const& posting, Line line) {
        int const firm = place_[index(posting.entity)];
        if (firm < 0 || !is_income(system_, posting.account)) return;
        // A credit is income, a debit is not: whichever of the two classes the account is of.
        terms_.push_back({posting.amount, posting.debit ? -1.0 : 1.0, firm, line});
    }

    Line line_of(SystemFlow const& flow, SystemPosting const& posting) const {
        bool const pays = posting.entity == flow.payer;
        int const against = pays ? flow.payee : flow.payer;
        bool const with_outside = against < 0 || outside(system_, against);
        if (flow.type == StatementType::default_loses) return other_line;
        bool const backs = flow.accounts[0] >= 0 && roles_.loss[index(flow.accounts[0])];
        if (flow.type == StatementType::guarantee || backs) return guarantee_line;
        bool const sale = flow.transaction >= 0 &&
                          is_sale(system_, system_.transactions[index(flow.transaction)]);
        bool const runs =
            sale || (flow.accounts[0] >= 0 && roles_.running_cost[index(flow.accounts[0])]);
        if (runs && !with_outside) return order_sales;
        if (runs) return pays ? running_costs : demand_sales;
        return is_for_funds(flow) ? funding_line : other_line;
    }

    /// Interest, fees, dividends: what is paid to who funds, and what an outside funder pays. Asked of
    /// the flow, not of a side of it: what one loses through a channel the other gains through it.
    bool is_for_funds(SystemFlow const& flow) const {
        bool const from_outside = flow.payer < 0 || outside(system_, flow.payer);
        return funders_.count(from_outside ? flow.payer : flow.payee) > 0;
    }

    Line line_of(SystemPosting const& posting, SystemPosting const& against) const {
        bool const inside = between_firms(system_, posting.contract);
        switch (channel_of_booking(system_, roles_, posting, against)) {
        case Channel::payables:
            return inside ? payables_inside : payables_outside;
        case Channel::stakes:
            return inside ? stakes_inside : stakes_outside;
        case Channel::collateral:
            return collateral_line;
        default:
            return other_line;
        }
    }
};

} // namespace

AccountRoles account_roles(System const& system) {
    std::size_t const n = system.accounts.size();
    std::vector<char> const none(n, 0);
    AccountRoles roles{none, none, none, none, none, none, none};
    for (Transaction const& one : system.transactions) {
        bool const sale = is_sale(system, one);
        if (sale && one.moves_cash && class_of(system, one.payer_debits) == AccountClass::asset)
            mark(roles.real, one.payer_debits);
        if (sale && one.moves_cash && class_of(system, one.payer_debits) == AccountClass::expense)
            mark(roles.running_cost, one.payer_debits);
        if (is_finance(system, one))
            mark(class_of(system, one.payee_credits) == AccountClass::equity ? roles.stake
                                                                             : roles.loan,
                 one.payer_debits);
        if (one.moves_cash || one.payee_debits < 0) continue;
        if (class_of(system, one.payee_debits) != AccountClass::asset) continue;
        // Sold on credit: a claim against revenue. Taken: an asset against a claim.
        if (sale) mark(roles.receivable, one.payee_debits);
    }
    for (Transaction const& one : system.transactions)
        if (!one.moves_cash && one.payee_debits > 0 && one.payee_credits > 0 &&
            (roles.loan[index(one.payee_credits)] || roles.receivable[index(one.payee_credits)]))
            mark(roles.seized, one.payee_debits);
    for (std::size_t a = 0; a < n; ++a) { // a claim is a stake before it is anything else
        if (roles.stake[a]) roles.loan[a] = roles.receivable[a] = roles.real[a] = 0;
        if (roles.loan[a]) roles.receivable[a] = roles.real[a] = 0;
        if (roles.real[a] || roles.stake[a]) roles.seized[a] = 0;
    }
    // Where claims are written off is the account of losses: what is not wear and is booked there
    // against real things is impairment.
    for (OwnBooking const& booking : own_bookings(system))
        for (auto const& [one, against] :
             {std::pair(booking.first, booking.second), std::pair(booking.second, booking.first)})
            if (class_of(system, one->account) == AccountClass::expense &&
                !roles.running_cost[index(one->account)] &&
                (roles.stake[index(against->account)] || roles.loan[index(against->account)] ||
                 roles.receivable[index(against->account)]))
                roles.loss[index(one->account)] = 1;
    return roles;
}

std::vector<int> firms_of(System const& system) {
    std::vector<int> firms;
    for (std::size_t e = 0; e < system.entities.size(); ++e)
        if (!system.entities[e].outside) firms.push_back(static_cast<int>(e));
    return firms;
}

Channel channel_of_booking(System const& system, AccountRoles const& roles,
                           SystemPosting const& one, SystemPosting const& against) {
    auto const either = [&](std::vector<char> const& role) {
        return role[index(one.account)] || role[index(against.account)];
    };
    if (either(roles.stake)) return Channel::stakes;
    if (either(roles.loan) || either(roles.receivable)) return Channel::payables;
    if (either(roles.seized)) return Channel::collateral;
    bool const income = is_income(system, one.account) || is_income(system, against.account);
    if (either(roles.real) && income && either(roles.loss)) return Channel::collateral;
    return Channel::other;
}

std::vector<IncomeTerm> income_terms(System const& system, std::vector<int> const& firms) {
    return Sorting(system, firms).sorted();
}

} // namespace perpetuum::stressing
