/// A dollar put in at a firm, followed round after round: each firm passes on, of each dollar that it books, what
/// it paid in the window over the larger of what it got and what it paid; the rest it keeps. Expected bookings are one linear
/// system, solved by elimination without subtraction (Grassmann, Taksar & Heyman 1985): every number is a sum of products of
/// what is not negative.

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

namespace perpetuum {

namespace {

/// What one party did in the window, minor units.
struct WindowSums {
    std::vector<double> got, paid; ///< by party
};

bool in_window(NetworkPayment const& p, int first, int last) {
    return p.step >= first && p.step <= last && p.payer != p.payee;
}

WindowSums sums_of(PaymentSet const& set, int first, int last) {
    WindowSums sums{std::vector<double>(set.parties.size()),
                    std::vector<double>(set.parties.size())};
    for (NetworkPayment const& p : set.payments) {
        if (!in_window(p, first, last)) continue;
        sums.got[static_cast<std::size_t>(p.payee)] += static_cast<double>(p.amount);
        sums.paid[static_cast<std::size_t>(p.payer)] += static_cast<double>(p.amount);
    }
    return sums;
}

bool is_outside(PaymentSet const& set, std::size_t party) {
    return set.parties[party].type == PartyType::outside;
}

/// Firms and conduits that a dollar of `firm` can come to, `firm` first.
std::vector<std::size_t> reached_by(PaymentSet const& set, int firm, int first, int last) {
    std::vector<std::vector<std::size_t>> payees(set.parties.size());
    for (NetworkPayment const& p : set.payments)
        if (in_window(p, first, last) && !is_outside(set, static_cast<std::size_t>(p.payee)))
            payees[static_cast<std::size_t>(p.payer)].push_back(static_cast<std::size_t>(p.payee));
    std::vector<char> seen(set.parties.size(), 0);
    std::vector<std::size_t> reached{static_cast<std::size_t>(firm)};
    seen[reached[0]] = 1;
    for (std::size_t k = 0; k < reached.size(); ++k)
        for (std::size_t const payee : payees[reached[k]])
            if (seen[payee] == 0) {
                seen[payee] = 1;
                reached.push_back(payee);
            }
    return reached;
}

/// Expected visits of each state from state 0; passes is n × n, row i what i passes on to j; leaves what leaves it for good.
/// Empty when money can get to where it never leaves.
std::vector<double> visits(std::vector<double> passes, std::vector<double> leaves, std::size_t n) {
    std::vector<double> through(n); // of state k: what does not come straight back
    for (std::size_t k = n; k-- > 0;) {
        double const* row = &passes[k * n];
        double leaving = leaves[k];
        for (std::size_t j = 0; j < k; ++j) leaving += row[j];
        if (!(leaving > 0)) return {};
        through[k] = leaving;
        for (std::size_t i = 0; i < k; ++i) {
            double const share = passes[i * n + k] / leaving;
            if (share == 0) continue;
            for (std::size_t j = 0; j < k; ++j) passes[i * n + j] += share * row[j];
            leaves[i] += share * leaves[k];
        }
    }
    std::vector<double> count(n, 0);
    count[0] = 1 / through[0];
    for (std::size_t k = 1; k < n; ++k) {
        for (std::size_t i = 0; i < k; ++i) count[k] += count[i] * passes[i * n + k];
        count[k] /= through[k];
    }
    return count;
}

/// By place in `reached`: how often a dollar is booked there; empty when it never leaves.
std::vector<double> bookings_of(PaymentSet const& set, std::vector<std::size_t> const& reached,
                                WindowSums const& sums, int first, int last) {
    std::size_t const n = reached.size();
    std::vector<std::size_t> place(set.parties.size(), n);
    for (std::size_t k = 0; k < n; ++k) place[reached[k]] = k;
    std::vector<double> passes(n * n, 0), leaves(n, 0);
    for (std::size_t k = 0; k < n; ++k) {
        double const got = sums.got[reached[k]], paid = sums.paid[reached[k]];
        double const base = std::max(got, paid);
        leaves[k] = base > 0 ? (base - paid) / base : 1;
    }
    for (NetworkPayment const& p : set.payments) {
        if (!in_window(p, first, last)) continue;
        auto const payer = static_cast<std::size_t>(p.payer),
                   payee = static_cast<std::size_t>(p.payee);
        if (place[payer] == n) continue;
        double const share =
            static_cast<double>(p.amount) / std::max(sums.got[payer], sums.paid[payer]);
        (place[payee] == n ? leaves[place[payer]] : passes[place[payer] * n + place[payee]]) +=
            share;
    }
    return visits(std::move(passes), std::move(leaves), n);
}

void add_bookings(DollarTrace& trace, PaymentSet const& set,
                  std::vector<std::size_t> const& reached, WindowSums const& sums,
                  std::vector<double> const& count, int first, int last) {
    std::vector<std::size_t> place(set.parties.size(), reached.size());
    for (std::size_t k = 0; k < reached.size(); ++k) {
        place[reached[k]] = k;
        trace.firms.push_back({static_cast<int>(reached[k]), set.parties[reached[k]].id, 0, 0, 0});
    }
    trace.firms[0].revenue = 1; // the dollar itself: a customer's
    std::map<std::pair<std::string, std::size_t>, double> leaks;
    for (NetworkPayment const& p : set.payments) {
        if (!in_window(p, first, last)) continue;
        auto const payer = static_cast<std::size_t>(p.payer),
                   payee = static_cast<std::size_t>(p.payee);
        if (place[payer] == reached.size()) continue;
        double const amount = count[place[payer]] * static_cast<double>(p.amount) /
                              std::max(sums.got[payer], sums.paid[payer]);
        if (place[payee] == reached.size()) {
            std::string const kind =
                p.kind >= 0 && static_cast<std::size_t>(p.kind) < set.kinds.size()
                    ? set.kinds[static_cast<std::size_t>(p.kind)]
                    : "payment";
            leaks[{kind, payee}] += amount;
            continue;
        }
        DollarBooking& booking = trace.firms[place[payee]];
        (p.nature == Nature::sale      ? booking.revenue
         : p.nature == Nature::finance ? booking.capital
                                       : booking.other) += amount;
    }
    for (auto const& [what, share] : leaks)
        trace.leaks.push_back({what.first, set.parties[what.second].id, share});
    for (std::size_t k = 0; k < reached.size(); ++k) {
        double const base = std::max(sums.got[reached[k]], sums.paid[reached[k]]);
        double const kept = base > 0 ? (base - sums.paid[reached[k]]) / base : 1;
        if (kept > 0) trace.leaks.push_back({"kept", set.parties[reached[k]].id, count[k] * kept});
    }
}

} // namespace

DollarTrace trace_dollar(PaymentSet const& set, int firm, int first, int last) {
    check_payments(set);
    if (firm < 0 || static_cast<std::size_t>(firm) >= set.parties.size() ||
        is_outside(set, static_cast<std::size_t>(firm)))
        throw BadInput{"the firm is party " + std::to_string(firm) +
                       ", expected a firm or conduit of the set"};
    DollarTrace trace;
    trace.id = set.parties[static_cast<std::size_t>(firm)].id;
    WindowSums const sums = sums_of(set, first, last);
    std::vector<std::size_t> const reached = reached_by(set, firm, first, last);
    std::vector<double> const count = bookings_of(set, reached, sums, first, last);
    trace.leaves = !count.empty();
    if (!trace.leaves) {
        trace.velocity = trace.bookings = std::numeric_limits<double>::infinity();
        return trace;
    }
    add_bookings(trace, set, reached, sums, count, first, last);
    for (DollarBooking const& booking : trace.firms) {
        trace.velocity += booking.revenue;
        trace.bookings += booking.revenue + booking.capital + booking.other;
    }
    auto const larger = [](auto const& a, auto const& b) { return a.share > b.share; };
    std::stable_sort(trace.leaks.begin(), trace.leaks.end(), larger);
    std::stable_sort(trace.firms.begin() + 1, trace.firms.end(),
                     [](DollarBooking const& a, DollarBooking const& b) {
                         return a.revenue + a.capital + a.other > b.revenue + b.capital + b.other;
                     });
    return trace;
}

} // namespace perpetuum
