// From plans to payments: what cannot be paid at all is a fault of its path, the rest is cleared.

#include "state.hpp"

#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace perpetuum {

PERPETUUM_CLONES(bool, all_balances, double const* const*, int, int, double)

ClearingSystem clearing_of(System const& system, Program const& program) {
    ClearingSystem clearing;
    clearing.entities = static_cast<int>(system.entities.size());
    for (SystemEntity const& entity : system.entities)
        clearing.unlimited.push_back(entity.outside || entity.supported);
    std::vector<int> place(system.flows.size(), -1);
    for (int const f : program.clearing.payments) {
        SystemFlow const& flow = system.flows[static_cast<std::size_t>(f)];
        place[static_cast<std::size_t>(f)] = static_cast<int>(clearing.payments.size());
        clearing.payments.push_back(
            {flow.payer, flow.payee, flow.type == StatementType::due, flow.rank});
    }
    for (int const f : program.clearing.guarantees) {
        SystemFlow const& flow = system.flows[static_cast<std::size_t>(f)];
        clearing.guarantees.push_back(
            {flow.payer, place[static_cast<std::size_t>(flow.covers)], flow.rank});
    }
    for (int const f : program.clearing.costs) {
        SystemFlow const& flow = system.flows[static_cast<std::size_t>(f)];
        clearing.costs.push_back({flow.payer, flow.payee});
    }
    return clearing;
}

void PathBlock::State::bind_clearing() {
    for (std::size_t p = 0; p < 2; ++p) {
        ClearingLanes rows;
        rows.lanes = lanes;
        auto const put = [&](Places const& from, auto& to) {
            for (std::uint32_t const place : from[p])
                to.push_back(place == 0 ? nullptr : bound.at(place));
        };
        put(bound.clearing.cash, rows.cash);
        put(bound.clearing.owed, rows.owed);
        put(bound.clearing.cover, rows.cover);
        put(bound.clearing.share, rows.cost_share);
        put(bound.clearing.paid, rows.paid);
        put(bound.clearing.called, rows.called);
        put(bound.clearing.lost, rows.lost);
        put(bound.clearing.short_of, rows.short_of);
        clearing_rows.push_back(std::move(rows));
    }
}

/// Marks the paths in which an amount cannot be paid by anyone, and pays nothing there: its
/// neighbours go on.
void PathBlock::State::mend_amounts(std::vector<int> const& flows,
                                    std::vector<std::uint32_t> const& rows) {
    for (std::size_t i = 0; i < flows.size(); ++i) {
        double* const row = bound.at(rows[i]);
        for (int lane = 0; lane < lanes; ++lane) {
            double const amount = row[lane];
            if (amount >= 0 && amount <= largest_exact) continue;
            fail(lane, system.flows[static_cast<std::size_t>(flows[i])].owed,
                 std::isnan(amount) ? "is not a number"
                 : amount < 0       ? "is below zero"
                                    : "is beyond 2^53 coins");
            row[lane] = 0;
        }
    }
}

void PathBlock::State::clear() {
    std::size_t const p = parity();
    mend_amounts(program.clearing.guarantees, bound.clearing.cover[p]);
    // A share that is no number matters only where something is lost by it: of all, if of any.
    std::vector<std::pair<std::size_t, int>> unknown;
    for (std::size_t i = 0; i < bound.clearing.share[p].size(); ++i)
        for (int lane = 0; lane < lanes; ++lane) {
            double& share = bound.at(bound.clearing.share[p][i])[lane];
            if (std::isnan(share)) unknown.emplace_back(i, lane);
            if (!(share >= 0 && share <= 1)) share = share < 0 ? 0 : 1;
        }
    ClearingOutcome outcome = clearing.clear(clearing_rows[p]);
    if (!outcome.fine) {
        mend_amounts(program.clearing.payments, bound.clearing.owed[p]);
        // A path that has stopped may hold any cash: it must not stop the others.
        for (std::uint32_t const place : bound.clearing.cash[p])
            for (int lane = 0; lane < lanes && place != 0; ++lane) {
                double& cash = bound.at(place)[lane];
                if (!(cash >= 0 && cash <= largest_exact)) cash = 0;
            }
        outcome = clearing.clear(clearing_rows[p]);
    }
    for (auto const& [cost, lane] : unknown)
        if (bound.at(bound.clearing.lost[p][cost])[lane] > 0)
            fail(lane, system.flows[static_cast<std::size_t>(program.clearing.costs[cost])].owed,
                 "is not a number");
    for (int const lane : outcome.left_out)
        fail(lane, -1, "is a step in which all payments sum to more than 2^62 coins");
}

void PathBlock::State::check_balances() {
    auto const& rows = balances[parity()];
    if (each_all_balances(rows.data(), static_cast<int>(rows.size()), lanes, largest_exact)) return;
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (int lane = 0; lane < lanes; ++lane)
            if (!(std::abs(rows[i][lane]) <= largest_exact))
                fail(lane, balance_cells[i],
                     std::isnan(rows[i][lane]) ? "is not a number" : "is beyond 2^53 coins");
}

} // namespace perpetuum
