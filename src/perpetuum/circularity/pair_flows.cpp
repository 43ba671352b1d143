/// Parallel contracts of two firms, netted: what one sold the other, less what it bought or rented back and what it put in.

#include <perpetuum/circularity.hpp>

#include <limits>
#include <string>

namespace perpetuum {

namespace {

void check_party(PaymentSet const& set, int party, char const* role) {
    if (party < 0 || static_cast<std::size_t>(party) >= set.parties.size())
        throw BadInput{std::string("the ") + role + " is party " + std::to_string(party) +
                       ", expected one of the set"};
}

} // namespace

PairFlows pair_flows(PaymentSet const& set, int vendor, int customer, int first, int last) {
    check_payments(set);
    check_party(set, vendor, "vendor");
    check_party(set, customer, "customer");
    if (vendor == customer) throw BadInput{"a pair of one firm"};
    PairFlows flows;
    for (NetworkPayment const& p : set.payments) {
        if (p.step < first || p.step > last) continue;
        double const usd = static_cast<double>(p.amount) * set.minor_unit;
        bool const forth = p.payer == customer && p.payee == vendor;
        bool const back = p.payer == vendor && p.payee == customer;
        bool const into_group = p.payee == vendor || p.payee == customer;
        if (forth && p.nature == Nature::sale) flows.sales += usd;
        if (back && p.nature == Nature::sale) flows.bought_back += usd;
        if (back && p.nature == Nature::finance) flows.finance += usd;
        if (forth && p.nature == Nature::finance) flows.finance_back += usd;
        if (forth && p.nature == Nature::other) flows.other += usd;
        if (back && p.nature == Nature::other) flows.other -= usd;
        if (into_group && !forth && !back && p.nature == Nature::sale) flows.group_receipts += usd;
    }
    flows.net_outside_demand = flows.sales - flows.bought_back - flows.finance;
    flows.returned_share = flows.sales > 0 ? (flows.bought_back + flows.finance) / flows.sales
                                           : std::numeric_limits<double>::quiet_NaN();
    return flows;
}

} // namespace perpetuum
