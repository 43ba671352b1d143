// Gauges that are no formula: where money came from, who financed whom, who defaults together.

#include "gauges.hpp"

#include "vendor_promises.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace perpetuum {

namespace {

constexpr int quarters_of_window = 4;

/// Steps of the window that ends with a step, as tracing counts them, from 0.
std::pair<int, int> window_of(int step) {
    return {std::max(0, step - quarters_of_window), step - 1};
}

void put(MeasureRows& rows, std::string const& id, std::size_t at, std::size_t steps,
         double value) {
    auto const found =
        std::find_if(rows.begin(), rows.end(), [&](auto const& row) { return row.first == id; });
    auto& row = found == rows.end()
                    ? rows.emplace_back(id, std::vector<double>(steps, std::nan("")))
                    : *found;
    row.second[at] = value;
}

void put_circular(MeasuredPaths const& about, PaymentSet const& payments, MeasureRows& rows) {
    for (std::size_t at = 0; at < about.steps.size(); ++at) {
        auto const [first, last] = window_of(about.steps[at]);
        OriginOptions quick;
        quick.bounds = quick.readings = false;
        for (FirmOrigin const& firm : origins(payments, first, last, quick))
            if (firm.revenue > 0) put(rows, firm.id, at, about.steps.size(), firm.circular.typical);
    }
}

/// Finance paid or promised to buyers, over all revenue or over what these buyers paid.
void put_vendor(MeasuredPaths const& about, PaymentSet const& payments, bool promised,
                bool of_buyers, MeasureRows& rows) {
    auto const promises =
        promised ? promises_of(*about.system, *about.book) : std::vector<PromiseLine>{};
    for (std::size_t at = 0; at < about.steps.size(); ++at) {
        auto const [first, last] = window_of(about.steps[at]);
        for (std::size_t party = 0; party < payments.parties.size(); ++party) {
            auto const& firm = payments.parties[party];
            if (firm.type != PartyType::firm) continue;
            auto const vendor = vendor_financing(payments, static_cast<int>(party), first, last);
            double finance = vendor.finance;
            if (promised) {
                Window const window{{}, first + 1, last + 1};
                auto const buyers = buyers_of(payments, static_cast<int>(party), window);
                finance = promised_finance(payments, promises, static_cast<int>(party), buyers);
            }
            double const base = of_buyers ? vendor.revenue_from_buyers : vendor.revenue;
            if (base > 0 && finance > 0) put(rows, firm.id, at, about.steps.size(), finance / base);
        }
    }
}

/// Of the sales a firm has under contract, the largest buyer's part of what is left.
void put_backlog(MeasuredPaths const& about, Path const& path, MeasureRows& rows) {
    System const& system = *about.system;
    for (std::size_t at = 0; at < about.steps.size(); ++at) {
        std::map<int, std::map<int, double>> left; // seller → buyer → USD
        for (SystemPromise const& promise : system.promises) {
            bool const sale = promise.remaining >= 0 && promise.transaction >= 0 &&
                              promise.from >= 0 && promise.to >= 0;
            if (!sale || about.steps[at] > path.steps) continue;
            auto const& transaction =
                system.transactions[static_cast<std::size_t>(promise.transaction)];
            int const credited = transaction.payee_credits;
            if (credited < 0 ||
                system.accounts[static_cast<std::size_t>(credited)].name != "revenue")
                continue;
            Cell const& cell = system.cells[static_cast<std::size_t>(promise.remaining)];
            left[promise.to][promise.from] +=
                path.at(promise.remaining, about.steps[at]) * (cell.coins ? system.coin : 1);
        }
        for (auto const& [seller, buyers] : left) {
            double all = 0, largest = 0;
            for (auto const& [buyer, usd] : buyers) all += usd, largest = std::max(largest, usd);
            auto const& entity = system.entities[static_cast<std::size_t>(seller)];
            if (all > 0 && !entity.outside)
                put(rows, entity.id, at, about.steps.size(), largest / all);
        }
    }
}

} // namespace

MeasureRows traced_measure(MeasuredPaths const& about, Path const& path, PaymentSet const& payments,
                           std::string const& measure) {
    MeasureRows rows;
    if (measure == "largest customer's share of backlog") {
        put_backlog(about, path, rows);
        return rows;
    }
    if (measure == "circular share") put_circular(about, payments, rows);
    if (measure.starts_with("vendor financing"))
        put_vendor(about, payments, measure.find("promised") != std::string::npos,
                   measure.ends_with("of buyers"), rows);
    return rows;
}

std::vector<JointDefault> joint_defaults(Outcomes const& run, std::vector<std::string> const& firms,
                                         int apart) {
    constexpr double z = 1.645; // 90 %
    std::vector<JointDefault> pairs;
    double paths = 0;
    for (std::size_t p = 0; p < run.paths(); ++p) paths += run.fit[p] ? 1 : 0;
    for (std::size_t a = 0; a < firms.size(); ++a)
        for (std::size_t b = a + 1; b < firms.size(); ++b) {
            double one = 0, other = 0, both = 0;
            for (std::size_t p = 0; p < run.paths(); ++p) {
                if (!run.fit[p]) continue;
                int const first = run.defaults(a)[p], second = run.defaults(b)[p];
                one += first > 0, other += second > 0;
                both += first > 0 && second > 0 && std::abs(first - second) <= apart;
            }
            if (both < 5) continue; // fewer tell nothing
            JointDefault pair;
            pair.pair = firms[a] + " and " + firms[b];
            pair.both = static_cast<std::uint64_t>(both);
            pair.lift = both / paths / (one / paths * (other / paths));
            // Of the logarithm, by the delta method, the two singles taken as known.
            double const error = z * std::sqrt((1 - both / paths) / both);
            pair.low = pair.lift * std::exp(-error);
            pair.high = pair.lift * std::exp(error);
            pairs.push_back(std::move(pair));
        }
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](JointDefault const& x, JointDefault const& y) { return x.both > y.both; });
    return pairs;
}

} // namespace perpetuum
