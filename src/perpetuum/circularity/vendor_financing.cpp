/// Finance to those who buy, over what they buy for: who reaches the vendor by few purchases is
/// found by a sweep backwards.

#include <perpetuum/circularity.hpp>

#include <limits>
#include <string>

namespace perpetuum {

namespace {

/// Fewest purchases from each party to the vendor; -1 = none within `hops`.
std::vector<int> purchases_to(PaymentSet const& set, int vendor, int first, int last, int hops) {
    std::vector<std::vector<int>> payers(set.parties.size());
    for (NetworkPayment const& p : set.payments)
        if (p.nature == Nature::sale && p.step >= first && p.step <= last &&
            set.parties[static_cast<std::size_t>(p.payer)].type != PartyType::outside)
            payers[static_cast<std::size_t>(p.payee)].push_back(p.payer);
    std::vector<int> away(set.parties.size(), -1), queue{vendor};
    away[static_cast<std::size_t>(vendor)] = 0;
    for (std::size_t k = 0; k < queue.size(); ++k) {
        int const distance = away[static_cast<std::size_t>(queue[k])];
        if (distance == hops) break;
        for (int const payer : payers[static_cast<std::size_t>(queue[k])]) {
            if (away[static_cast<std::size_t>(payer)] >= 0) continue;
            away[static_cast<std::size_t>(payer)] = distance + 1;
            queue.push_back(payer);
        }
    }
    return away;
}

/// Parties that money of the financed reaches by purchases, each step nearer or as near to the
/// vendor as hops are left.
std::vector<char> reached_from(PaymentSet const& set, std::vector<char> financed, int vendor,
                               int first, int last, int hops) {
    std::vector<char> reached = financed;
    for (int hop = 1; hop < hops; ++hop) {
        std::vector<char> next = reached;
        for (NetworkPayment const& p : set.payments)
            if (p.nature == Nature::sale && p.step >= first && p.step <= last &&
                p.payee != vendor && p.payer != vendor &&
                reached[static_cast<std::size_t>(p.payer)] != 0)
                next[static_cast<std::size_t>(p.payee)] = 1;
        if (next == reached) break;
        reached = std::move(next);
    }
    return reached;
}

} // namespace

VendorFinancing vendor_financing(PaymentSet const& set, int vendor, int first, int last, int hops) {
    check_payments(set);
    if (vendor < 0 || static_cast<std::size_t>(vendor) >= set.parties.size())
        throw BadInput{"the vendor is party " + std::to_string(vendor) +
                       ", expected one of the set"};
    if (hops < 1) throw BadInput{"hops is " + std::to_string(hops) + ", expected 1 or more"};
    std::vector<int> const away = purchases_to(set, vendor, first, last, hops);
    std::vector<char> financed(set.parties.size(), 0);
    std::int64_t finance = 0, bought = 0, revenue = 0;
    for (NetworkPayment const& p : set.payments) {
        bool const counts = p.step >= first && p.step <= last && p.payer == vendor &&
                            p.nature == Nature::finance && p.payee != vendor;
        if (!counts || away[static_cast<std::size_t>(p.payee)] < 1) continue;
        finance += p.amount;
        financed[static_cast<std::size_t>(p.payee)] = 1;
    }
    std::vector<char> const buys = reached_from(set, financed, vendor, first, last, hops);
    for (NetworkPayment const& p : set.payments) {
        if (p.nature != Nature::sale || p.payee != vendor || p.payer == vendor || p.step < first ||
            p.step > last)
            continue;
        revenue += p.amount;
        if (buys[static_cast<std::size_t>(p.payer)] != 0) bought += p.amount;
    }
    auto const ratio_of = [](std::int64_t part, std::int64_t whole) {
        return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole)
                         : std::numeric_limits<double>::quiet_NaN();
    };
    return {static_cast<double>(finance) * set.minor_unit,
            static_cast<double>(bought) * set.minor_unit,
            static_cast<double>(revenue) * set.minor_unit, ratio_of(finance, bought),
            ratio_of(finance, revenue)};
}

} // namespace perpetuum
