#include "circularity_result.hpp"

#include "vendor_promises.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace perpetuum {

namespace {

double booked_revenue(System const& system, Path const& path, int entity, Window const& window) {
    int account = -1;
    for (std::size_t a = 0; a < system.accounts.size(); ++a)
        if (system.accounts[a].name == "revenue") account = static_cast<int>(a);
    if (account < 0) return 0;
    CellId const cell = system.balance(entity, account);
    double sum = 0;
    if (cell >= 0)
        for (int step = window.first; step <= window.last; ++step)
            sum += path.at(cell, step) * system.coin;
    return sum;
}

std::vector<std::pair<std::string, double>> largest_first(std::map<int, std::int64_t> const& sums,
                                                          PaymentSet const& set) {
    std::vector<std::pair<std::string, double>> kinds;
    for (auto const& [kind, amount] : sums)
        kinds.push_back({kind < 0 ? "payments" : set.kinds[static_cast<std::size_t>(kind)],
                         static_cast<double>(amount) * set.minor_unit});
    std::stable_sort(kinds.begin(), kinds.end(),
                     [](auto const& a, auto const& b) { return a.second > b.second; });
    return kinds;
}

SpendingKinds spending_kinds(PaymentSet const& set, int firm, Window const& window) {
    std::map<int, std::int64_t> counted, left_out;
    for (NetworkPayment const& p : set.payments) {
        if (p.payer != firm || p.payee == firm || p.step < window.first - 1 ||
            p.step >= window.last)
            continue;
        if (p.nature == Nature::sale) counted[p.kind] += p.amount;
        if (p.nature == Nature::other) left_out[p.kind] += p.amount;
    }
    return {largest_first(counted, set), largest_first(left_out, set)};
}

/// The measure of what was paid, asked as if these and nobody else had been financed in the window.
double revenue_from_those(PaymentSet const& set, int vendor, std::set<int> const& financed,
                          Window const& window) {
    if (financed.empty()) return 0;
    int const first = window.first - 1, last = window.last - 1;
    PaymentSet asked;
    asked.parties = set.parties, asked.opening = set.opening, asked.tills = set.tills;
    asked.steps = set.steps, asked.minor_unit = set.minor_unit;
    for (NetworkPayment payment : set.payments) {
        if (payment.nature != Nature::sale || payment.step < first || payment.step > last) continue;
        payment.deal = payment.kind = payment.pair = -1;
        asked.payments.push_back(payment);
    }
    for (int const buyer : financed) {
        NetworkPayment stake;
        stake.step = last, stake.payer = vendor, stake.payee = buyer, stake.amount = 1;
        stake.nature = Nature::finance;
        asked.payments.push_back(stake);
    }
    return vendor_financing(asked, vendor, first, last).revenue_from_buyers;
}

} // namespace

std::set<int> buyers_of(PaymentSet const& set, int vendor, Window const& window) {
    std::set<int> direct, buyers;
    auto const each_sale = [&](auto const& visit) {
        for (NetworkPayment const& payment : set.payments)
            if (payment.nature == Nature::sale && payment.step >= window.first - 1 &&
                payment.step < window.last)
                visit(payment);
    };
    each_sale([&](NetworkPayment const& p) {
        if (p.payee == vendor) direct.insert(p.payer);
    });
    buyers = direct;
    each_sale([&](NetworkPayment const& p) {
        if (direct.count(p.payee) > 0) buyers.insert(p.payer);
    });
    buyers.erase(vendor);
    return buyers;
}

double PromisedFinance::of_revenue_from_buyers() const {
    return revenue_from_buyers > 0 ? usd / revenue_from_buyers : std::nan("");
}

PromisedFinance promised_finance(PaymentSet const& set, std::vector<PromiseLine> const& promises,
                                 int vendor, Window const& window) {
    std::map<std::string, int> numbers;
    for (int const buyer : buyers_of(set, vendor, window)) {
        NetworkParty const& party = set.parties[static_cast<std::size_t>(buyer)];
        if (party.type != PartyType::outside) numbers[party.id] = buyer; // as of what was paid
    }
    PromisedFinance promised;
    std::set<int> promised_to;
    for (PromiseLine const& promise : promises) {
        bool const counts = promise.nature == Nature::finance && promise.status != "ended" &&
                            promise.from == set.parties[static_cast<std::size_t>(vendor)].id;
        auto const buyer = numbers.find(promise.to);
        if (!counts || buyer == numbers.end() || !(promise.usd > 0)) continue;
        promised.usd += promise.usd;
        promised_to.insert(buyer->second);
    }
    promised.revenue_from_buyers = revenue_from_those(set, vendor, promised_to, window);
    return promised;
}

CircularityResult circularity_of(Projection const& projection,
                                 std::vector<PromiseLine> const& promises, Window const& window) {
    PaymentSet const& set = projection.payments;
    int const first = window.first - 1, last = window.last - 1;
    CircularityResult result;
    result.window = window;
    Network const network = network_of(set, first, last);
    OutsideFlows const outside = outside_flows_of(set, first, last);
    result.gross = gross_usd(network, outside);
    result.max_circulation = max_circulation_usd(network, outside);
    result.finn = finn_index(network, outside);
    for (FirmOrigin& origin : origins(set, first, last)) {
        FirmCircularity firm;
        firm.vendor = vendor_financing(set, origin.party, first, last);
        firm.promised = promised_finance(set, promises, origin.party, window);
        firm.kinds = spending_kinds(set, origin.party, window);
        firm.booked_revenue =
            booked_revenue(projection.system, projection.path, origin.party, window);
        firm.origin = std::move(origin);
        result.firms.push_back(std::move(firm));
    }
    return result;
}

} // namespace perpetuum
