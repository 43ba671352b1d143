/// Where firms' money comes from: the readings and the bounds of each firm, put side by side.

#include "bounds.hpp"
#include "mix.hpp"

#include <perpetuum/circularity.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <optional>

namespace perpetuum {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) { return whole > 0 ? part / whole : unknown; }

using Shares = std::array<double, origins_in_all>;

/// Five shares of the base from amounts by column; a detail's column counts for its origin.
Shares shares_of(PaymentSet const& set, MixColumns const& columns,
                 std::vector<double> const& amounts, double base) {
    Shares shares{};
    for (std::size_t k = 0; k < shares.size(); ++k) shares[k] = amounts[k];
    auto const add = [&](Origin origin, int column) {
        if (column >= 0)
            shares[static_cast<std::size_t>(origin)] += amounts[static_cast<std::size_t>(column)];
    };
    add(Origin::own_money_back, columns.own_finance);
    for (std::size_t party = 0; party < columns.of_party.size(); ++party) {
        bool const outside = set.parties[party].type == PartyType::outside;
        add(outside ? Origin::customers : Origin::partners_money, columns.of_party[party]);
    }
    double sum = 0;
    for (double& share : shares) sum += share = ratio(share, base);
    assert(std::isnan(sum) || std::abs(sum - 1) < 1e-9);
    return shares;
}

using Parts = std::vector<std::pair<std::string, double>>;

/// By sector (outside) or by partner, the largest first.
Parts parts_of(PaymentSet const& set, MixColumns const& columns, std::vector<double> const& amounts,
               double base, bool outside) {
    Parts parts;
    for (std::size_t party = 0; party < columns.of_party.size(); ++party) {
        int const column = columns.of_party[party];
        if (column < 0 || (set.parties[party].type == PartyType::outside) != outside) continue;
        double const amount = amounts[static_cast<std::size_t>(column)];
        if (amount > 0) parts.push_back({set.parties[party].id, ratio(amount, base)});
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](auto const& a, auto const& b) { return a.second > b.second; });
    return parts;
}

/// Plans and columns that serve every firm asked about.
struct Layouts {
    TillPlan bound, linked;
    MixColumns detailed, plain;
};

/// The five splits of a firm in the order of Origin.
std::array<Split*, origins_in_all> splits_of(FirmOrigin& row) {
    return {&row.customers, &row.outside_capital, &row.held_before, &row.own_money_back,
            &row.partners_money};
}

Shares reading(PaymentSet const& set, TillPlan const& plan, MixColumns const& columns, int firm,
               int first, int last, TillOrder order) {
    MixedMoney const money = trace_mix(set, plan, columns, firm, first, last, order);
    return shares_of(set, columns, money.receipts, money.receipts_total);
}

void put_readings(PaymentSet const& set, Layouts const& layouts, int first, int last, bool wanted,
                  FirmOrigin& row) {
    Shares none;
    none.fill(unknown);
    Shares fifo = none, lifo = none, linked = none;
    if (wanted) {
        auto const read = [&](TillPlan const& plan, TillOrder order) {
            return reading(set, plan, layouts.plain, row.party, first, last, order);
        };
        fifo = read(layouts.bound, TillOrder::opening_first);
        lifo = read(layouts.bound, TillOrder::receipts_first);
        linked = read(layouts.linked, TillOrder::alike);
    }
    auto const splits = splits_of(row);
    for (std::size_t k = 0; k < splits.size(); ++k)
        splits[k]->readings = {fifo[k], lifo[k], splits[k]->typical, linked[k]};
}

void put_typical(PaymentSet const& set, Layouts const& layouts, int first, int last,
                 FirmOrigin& row) {
    MixColumns const& columns = layouts.detailed;
    MixedMoney const money =
        trace_mix(set, layouts.bound, columns, row.party, first, last, TillOrder::alike);
    double const base = money.receipts_total;
    row.revenue = base * set.minor_unit;
    Shares const shares = shares_of(set, columns, money.receipts, base);
    auto const splits = splits_of(row);
    for (std::size_t k = 0; k < splits.size(); ++k) splits[k]->typical = shares[k];
    row.customers.parts = parts_of(set, columns, money.receipts, base, true);
    row.partners_money.parts = parts_of(set, columns, money.receipts, base, false);
    row.own_money_back.of_which_finance =
        ratio(money.receipts[static_cast<std::size_t>(columns.own_finance)], base);

    double const paid = money.purchases_total;
    Shares const spent = shares_of(set, columns, money.purchases, paid);
    row.spending = {
        paid * set.minor_unit, spent[0], spent[1], spent[2], spent[3], spent[4], {}, {}};
    row.spending.by_sector = parts_of(set, columns, money.purchases, paid, true);
    row.spending.by_partner = parts_of(set, columns, money.purchases, paid, false);
}

void put_bounds(PaymentSet const& set, Layouts const& layouts, int first, int last, bool wanted,
                FirmOrigin& row) {
    std::optional<OriginBounds> bounds;
    if (wanted) bounds = bound_origins(set, layouts.bound, row.party, first, last);
    double const base = bounds ? static_cast<double>(bounds->receipts) : 0;
    assert(!bounds || std::abs(base * set.minor_unit - row.revenue) <= 1e-9 * row.revenue);
    auto const put = [&](Split& split, AmountRange const& range) {
        split.at_least = ratio(static_cast<double>(range.least), base);
        split.at_most = ratio(static_cast<double>(range.most), base);
    };
    auto const splits = splits_of(row);
    for (std::size_t k = 0; k < splits.size(); ++k)
        put(*splits[k], bounds ? bounds->of[k] : AmountRange{});
    put(row.circular, bounds ? bounds->circular : AmountRange{});
}

/// Own money back and partners' money together: their readings add up, their bounds do not.
void put_circular(FirmOrigin& row) {
    Split const &own = row.own_money_back, &partners = row.partners_money;
    row.circular.typical = own.typical + partners.typical;
    row.circular.readings = {own.readings.fifo + partners.readings.fifo,
                             own.readings.lifo + partners.readings.lifo, row.circular.typical,
                             own.readings.linked + partners.readings.linked};
}

void put_return_share(PaymentSet const& set, int first, int last, FirmOrigin& row) {
    std::int64_t paid_in = 0;
    for (NetworkPayment const& p : set.payments) {
        bool const inside =
            set.parties[static_cast<std::size_t>(p.payee)].type != PartyType::outside;
        if (p.payer == row.party && p.payee != row.party && inside && p.step >= first &&
            p.step <= last)
            paid_in += p.amount;
    }
    row.paid_in = static_cast<double>(paid_in) * set.minor_unit;
    auto const returned = [&](double share) {
        return row.revenue > 0 ? ratio(share * row.revenue, row.paid_in) : ratio(0, row.paid_in);
    };
    Split const& own = row.own_money_back;
    row.return_share = {returned(own.at_least), returned(own.typical), returned(own.at_most)};
}

std::vector<int> firms_asked(PaymentSet const& set, std::vector<int> const& firms) {
    std::vector<int> asked = firms;
    if (asked.empty())
        for (std::size_t party = 0; party < set.parties.size(); ++party)
            if (set.parties[party].type == PartyType::firm)
                asked.push_back(static_cast<int>(party));
    for (int const firm : asked)
        if (firm < 0 || static_cast<std::size_t>(firm) >= set.parties.size() ||
            set.parties[static_cast<std::size_t>(firm)].type == PartyType::outside)
            throw BadInput{"origins were asked of party " + std::to_string(firm) +
                           ", expected a firm or conduit of the set"};
    return asked;
}

} // namespace

std::vector<FirmOrigin> origins(PaymentSet const& set, int first, int last,
                                OriginOptions const& options) {
    check_payments(set);
    Layouts const layouts{lay_out_tills(set, last, Links::bound_only),
                          options.readings ? lay_out_tills(set, last, Links::bound_and_linked)
                                           : TillPlan{},
                          mix_columns(set, true), mix_columns(set, false)};
    std::vector<FirmOrigin> rows;
    for (int const firm : firms_asked(set, options.firms)) {
        FirmOrigin row;
        row.party = firm;
        row.id = set.parties[static_cast<std::size_t>(firm)].id;
        put_typical(set, layouts, first, last, row);
        put_readings(set, layouts, first, last, options.readings, row);
        put_bounds(set, layouts, first, last, options.bounds, row);
        put_circular(row);
        put_return_share(set, first, last, row);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Overdraft> overdrafts(PaymentSet const& set) {
    check_payments(set);
    TillPlan const plan = lay_out_tills(set, set.steps, Links::bound_only);
    std::vector<Overdraft> list;
    for (TillStep const& step : plan.steps)
        for (TillBalance const& row : step.balances)
            if (row.lack > 0)
                list.push_back({plan.party[static_cast<std::size_t>(row.till)], step.step,
                                static_cast<double>(row.lack) * set.minor_unit});
    return list;
}

} // namespace perpetuum
