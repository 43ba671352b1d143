#pragma once
/// network: who pays whom: payments with times and natures, in exact minor units.

#include <perpetuum/base.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace perpetuum {

/// What a payment is to the one who gets it. Told from how it is booked, never from a list of
/// names.
enum class Nature {
    sale,    ///< for goods and services: the payee books revenue (or an advance from customers)
    finance, ///< gives the payer a claim on the payee: equity, loan, vendor credit, guarantee
             ///< called
    other,   ///< repayment, interest, dividend, wage, tax, pay-out: neither
};

/// What sort of party a node is, for questions of origin.
enum class PartyType {
    firm,    ///< an operating firm
    conduit, ///< a fund, bank or vehicle of the book: looked through
    outside, ///< an outside sector: what it pays for goods is customers' money, by sector; all else
             ///< outside capital
};

struct NetworkParty {
    std::string id, name;
    PartyType type = PartyType::firm;
};

/// One payment of a run or ledger.
struct NetworkPayment {
    int step = 0;
    int payer = 0, payee = 0; ///< indices of parties
    std::int64_t amount = 0;  ///< minor units, > 0
    Nature nature = Nature::other;
    int deal = -1; ///< contract number, -1 = none
    int kind = -1; ///< transaction number, for showing
    int pair = -1; ///< ≥ 0: one side of an exchange without cash; both sides share the number
    int till_payer = 0,
        till_payee =
            0; ///< sub-till it leaves and enters: 0 the main till, > 0 a named one (same party)
};

/// Payments over steps, and what lies in the tills before the first.
struct PaymentSet {
    std::vector<NetworkParty> parties;
    std::vector<std::int64_t> opening;    ///< till of each party at the start, minor units
    std::vector<NetworkPayment> payments; ///< by step
    int steps = 0;
    double minor_unit = 0.01;       ///< USD a minor unit
    std::vector<std::string> tills; ///< names of sub-tills; 0 is the main one
    struct Binding {
        int deal = -1;             ///< finance whose money is bound …
        std::vector<int> purposes; ///< … to pay under these contracts
    };
    std::vector<Binding> bindings;           ///< `for`
    std::vector<std::pair<int, int>> linked; ///< (finance, purchase): for the reading `linked`
    std::vector<std::string> deals, kinds;   ///< names, for showing
};

/// A directed graph of amounts: parallel payments merged, self-payments left out.
struct Network {
    std::vector<std::string> nodes;
    struct Edge {
        int from = 0, to = 0;
        std::int64_t amount = 0;
    };
    std::vector<Edge> edges; ///< sorted by (from, to); amount > 0
    double minor_unit = 0.01;
};
/// Firms and conduits only (the outside is never an ordinary node), payments of steps [first,
/// last].
Network network_of(PaymentSet const& set, int first, int last);
/// From edges in any order: parallel ones are added up, self-payments left out.
/// throws  BadInput when an edge names no node, an amount is ≤ 0, or they sum to 2^62 minor units
/// or more
Network network_from(std::vector<std::string> nodes, std::vector<Network::Edge> edges,
                     double minor_unit = 0.01);

/// What each node of a network got from outside sectors and paid to them, minor units; in the order
/// of its nodes.
struct OutsideFlows {
    std::vector<std::int64_t> in, out;
};
/// Of the same nodes as network_of(set, first, last).
OutsideFlows outside_flows_of(PaymentSet const& set, int first, int last);
/// No outside flow but what balances the books.
OutsideFlows no_outside_flows(Network const& network);
/// By node, minor units: the larger of all it got and all it paid, outside included (the rest came
/// from or stayed in its till).
std::vector<std::int64_t> throughflows(Network const& network, OutsideFlows const& outside);

/// throws  BadInput when an index, step, till or amount of the set is out of range, or amounts sum
/// to 2^62 minor units or more
void check_payments(PaymentSet const& set);
/// throws  BadInput when an edge is out of order, names no node, pays itself or ≤ 0
void check_network(Network const& network);

} // namespace perpetuum
