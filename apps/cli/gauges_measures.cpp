// Gauges that are no formula: where money came from, who financed whom, who defaults together.

#include "gauges.hpp"

#include "vendor_promises.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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

/// What vendor financing is made of, of one firm in one window: worked out once for four measures.
struct VendorFigures {
    std::string id;
    VendorFinancing paid;
    PromisedFinance promised;
};

std::vector<std::vector<VendorFigures>> vendor_figures(MeasuredPaths const& about,
                                                       PaymentSet const& payments) {
    std::vector<std::vector<VendorFigures>> windows;
    for (int const end : about.steps) {
        auto const [first, last] = window_of(end);
        Window const window{{}, first + 1, last + 1};
        auto& firms = windows.emplace_back();
        for (std::size_t party = 0; party < payments.parties.size(); ++party) {
            if (payments.parties[party].type != PartyType::firm) continue;
            int const vendor = static_cast<int>(party);
            firms.push_back({payments.parties[party].id,
                             vendor_financing(payments, vendor, first, last),
                             promised_finance(payments, about.promises, vendor, window)});
        }
    }
    return windows;
}

/// Finance paid or promised to buyers, over all revenue or over what these buyers paid.
void put_vendor(std::vector<std::vector<VendorFigures>> const& windows, bool promised,
                bool of_buyers, MeasureRows& rows) {
    for (std::size_t at = 0; at < windows.size(); ++at)
        for (VendorFigures const& one : windows[at]) {
            double const finance = promised ? one.promised.usd : one.paid.finance;
            double const from_buyers =
                promised ? one.promised.revenue_from_buyers : one.paid.revenue_from_buyers;
            double const base = of_buyers ? from_buyers : one.paid.revenue;
            if (base > 0 && finance > 0) put(rows, one.id, at, windows.size(), finance / base);
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

std::vector<MeasureRows> traced_measures(MeasuredPaths const& about, Path const& path,
                                         std::vector<std::string> const& names) {
    PaymentSet const payments = payments_of(*about.system, path, *about.book);
    std::vector<std::vector<VendorFigures>> vendors;
    std::vector<MeasureRows> all;
    for (std::string const& measure : names) {
        MeasureRows& rows = all.emplace_back();
        if (measure == "largest customer's share of backlog") put_backlog(about, path, rows);
        if (measure == "circular share") put_circular(about, payments, rows);
        if (!measure.starts_with("vendor financing")) continue;
        if (vendors.empty()) vendors = vendor_figures(about, payments);
        put_vendor(vendors, measure.find("promised") != std::string::npos,
                   measure.ends_with("of buyers"), rows);
    }
    return all;
}

std::vector<CellId> cells_of_measures(System const& system) {
    auto const paid = cells_of_payments(system);
    std::set<CellId> cells(paid.begin(), paid.end());
    for (SystemPromise const& promise : system.promises)
        if (promise.remaining >= 0) cells.insert(promise.remaining);
    return {cells.begin(), cells.end()};
}

namespace {

/// Their values in all steps, as columns.
struct CellColumns {
    std::vector<CellId> cells;
    OutcomesAsked asked;

    explicit CellColumns(System const& system) : cells(cells_of_measures(system)) {
        asked.keeping.audit = false;
        for (CellId const cell : cells) {
            for (int step = 0; step <= system.steps; ++step)
                asked.columns.push_back({asked.keeping.series.size(), step});
            asked.keeping.series.push_back({"", {{cell, 1}}, 1});
        }
    }
    Path path(System const& system, Outcomes const& all, std::size_t number) const {
        Path path;
        path.steps = system.steps;
        path.cells = system.cells.size();
        path.values.resize(path.cells * static_cast<std::size_t>(path.steps + 1));
        std::size_t column = 0;
        for (CellId const cell : cells)
            for (int step = 0; step <= system.steps; ++step)
                path.values[static_cast<std::size_t>(step) * path.cells +
                            static_cast<std::size_t>(cell)] = all.column(column++)[number];
        return path;
    }
};

} // namespace

std::vector<std::vector<MeasureRows>>
traced_paths(MeasuredPaths const& about, EnsembleSettings const& settings, std::uint64_t paths,
             std::vector<std::string> const& names, Diagnostics& diagnostics) {
    System const& system = *about.system;
    CellColumns const columns(system);
    CompileOptions wishes;
    wishes.wanted = columns.cells;
    Program const program = compile(system, diagnostics, wishes);
    std::vector<std::vector<MeasureRows>> all(static_cast<std::size_t>(paths));
    if (diagnostics.failed() || all.empty()) return all;
    auto const run =
        outcomes(system, program, columns.asked, draws_of(system, program, settings.sample),
                 {0, paths}, settings.threads, settings.block);
    each_block({0, paths}, 16, static_cast<std::size_t>(settings.threads), {},
               [&](std::size_t, std::uint64_t first, int count) {
                   for (std::size_t p = first; p < first + static_cast<std::size_t>(count); ++p)
                       if (run->fit[p])
                           all[p] = traced_measures(about, columns.path(system, *run, p), names);
               });
    return all;
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
            pair.first = firms[a], pair.second = firms[b];
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
