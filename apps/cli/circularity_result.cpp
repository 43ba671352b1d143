#include "circularity_result.hpp"

#include "vendor_promises.hpp"

#include <set>

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

double promised_finance(PaymentSet const& set, std::vector<PromiseLine> const& promises, int vendor,
                        std::set<int> const& buyers) {
    std::set<std::string> names;
    for (int const buyer : buyers) names.insert(set.parties[static_cast<std::size_t>(buyer)].id);
    double sum = 0;
    for (PromiseLine const& promise : promises) {
        bool const counts = promise.nature == Nature::finance && promise.status != "ended" &&
                            promise.from == set.parties[static_cast<std::size_t>(vendor)].id;
        if (counts && names.count(promise.to) > 0 && promise.usd > 0) sum += promise.usd;
    }
    return sum;
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
        firm.promised_finance =
            promised_finance(set, promises, origin.party, buyers_of(set, origin.party, window));
        firm.booked_revenue =
            booked_revenue(projection.system, projection.path, origin.party, window);
        firm.origin = std::move(origin);
        result.firms.push_back(std::move(firm));
    }
    return result;
}

} // namespace perpetuum
