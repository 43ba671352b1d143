// Where most claims are on failing firms, reading what debtors leave unpaid, creditor by creditor, costs
// a third of writing it to them: nothing but a random read a claim.

#include <perpetuum/clearing/network_walk.hpp>

#include <algorithm>
#include <numeric>

namespace perpetuum {
namespace {

constexpr int most_sweeps = 1'000;

double lost_by(NetworkWalk const& walk, InClaims const& in, std::size_t firm) {
    double const* const unpaid = walk.unpaid.data();
    double lost = 0;
    for (std::size_t k = in.first[firm]; k < in.last[firm]; ++k)
        lost += in.share[k] * unpaid[in.tranche[k]];
    return lost;
}

/// Serves ranks with what the firm has; false when less than what is passed on changes.
bool serve_anew(NetworkWalk& walk, std::size_t firm) {
    NetworkPlan const& plan = walk.task.plan;
    double const has = walk.has(firm), least = passed_on * plan.owed[firm];
    double above = plan.owed[firm];
    bool moved = false;
    for (std::size_t t = plan.first_tranche[firm + 1]; t-- > plan.first_tranche[firm];) {
        double const missing = std::clamp(above - has, 0.0, plan.total[t]);
        if (missing - walk.unpaid[t] > least) {
            walk.unpaid[t] = missing;
            moved = true;
        }
        above -= plan.total[t];
        if (has >= above) break;
    }
    return moved;
}

/// All that is known of a failing firm with one rank, side by side in memory.
struct FailingRow {
    double owed = 0, cash = 0, full = 0, kept = 0; ///< cash: what it keeps of it
};

std::vector<FailingRow> rows_at(NetworkWalk const& walk, HubLayout const& layout,
                                std::vector<std::int32_t> const& places) {
    NetworkPlan const& plan = walk.task.plan;
    std::vector<FailingRow> rows(layout.size());
    for (std::int32_t const place : places) {
        auto const p = static_cast<std::size_t>(place);
        auto const i = static_cast<std::size_t>(layout.firm_at[p]);
        rows[p] = {plan.owed[i], plan.kept_cash[i] * walk.task.cash[i], walk.full[i],
                   plan.kept_income[i]};
    }
    return rows;
}

std::size_t sweep_ranks(NetworkWalk& walk, InClaims const& in,
                        std::vector<std::int32_t> const& firms) {
    std::size_t moved = 0;
    for (std::int32_t const firm : firms) {
        auto const i = static_cast<std::size_t>(firm);
        walk.lost[i] = lost_by(walk, in, i);
        moved += serve_anew(walk, i);
    }
    return moved;
}

/// What is left is passed on firm by firm.
bool few_moved(std::size_t moved, std::size_t before, std::size_t of) {
    return moved * 8 <= of && moved <= before;
}

} // namespace

InClaims in_claims_of(NetworkPlan const& plan) {
    std::vector<std::size_t> count(plan.firms, 0);
    for (NetworkClaim const& claim : plan.claims) ++count[static_cast<std::size_t>(claim.creditor)];
    // Firms with as many claims side by side: their rows' ends are then no surprise to the processor.
    InClaims in;
    in.order.resize(plan.firms);
    std::iota(in.order.begin(), in.order.end(), 0);
    std::stable_sort(in.order.begin(), in.order.end(), [&](std::int32_t a, std::int32_t b) {
        return count[static_cast<std::size_t>(a)] > count[static_cast<std::size_t>(b)];
    });
    in.first.assign(plan.firms, 0);
    std::size_t at = 0;
    for (std::int32_t const firm : in.order) {
        in.first[static_cast<std::size_t>(firm)] = at;
        at += count[static_cast<std::size_t>(firm)];
    }
    in.last = in.first;
    in.tranche.resize(plan.claims.size());
    in.share.resize(plan.claims.size());
    for (std::size_t t = 0; t < plan.tranches(); ++t)
        for (std::size_t k = plan.first_claim[t]; k < plan.first_claim[t + 1]; ++k) {
            std::size_t const place = in.last[static_cast<std::size_t>(plan.claims[k].creditor)]++;
            in.tranche[place] = static_cast<std::int32_t>(t);
            in.share[place] = plan.claims[k].share;
        }
    return in;
}

void ask_failing(NetworkWalk& walk, InClaims const& in) {
    std::vector<std::int32_t> firms; // as they lie in memory
    std::int64_t claims = 0;
    for (std::int32_t const firm : in.order) {
        auto const i = static_cast<std::size_t>(firm);
        if (walk.wave[i] == 0) continue;
        firms.push_back(firm);
        claims += static_cast<std::int64_t>(in.last[i] - in.first[i]);
    }
    std::size_t moved = 0, before = 0;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        before = moved;
        moved = sweep_ranks(walk, in, firms);
        walk.looks += claims;
        if (few_moved(moved, before, firms.size())) break;
    }
    for (std::size_t i = 0; i < walk.lost.size(); ++i) walk.lost[i] = lost_by(walk, in, i);
    walk.looks += static_cast<std::int64_t>(in.share.size());
}

void ask_failing(NetworkWalk& walk, HubLayout const& layout) {
    std::vector<std::int32_t> active;
    std::vector<double> unpaid = zeros_on_large_pages<double>(layout.size()), sums;
    std::int64_t claims = 0;
    for (std::size_t p = 0; p < layout.size(); ++p) {
        auto const i = static_cast<std::size_t>(layout.firm_at[p]);
        if (walk.wave[i] == 0) continue;
        active.push_back(static_cast<std::int32_t>(p));
        unpaid[p] = walk.unpaid[i];
        claims += layout.read_first[p + 1] - layout.read_first[p];
        if (p < layout.plain) claims += layout.add_first[p + 1] - layout.add_first[p];
    }
    auto const rows = rows_at(walk, layout, active);
    std::size_t moved = 0, before = 0;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        before = moved;
        moved = 0;
        sweep_hubs(layout, active, unpaid, sums, [&](std::size_t place, double lost) {
            FailingRow const& row = rows[place];
            double const received = std::max(0.0, row.full - lost);
            double const missing = std::min(row.owed - (row.cash + row.kept * received), row.owed);
            double const was = unpaid[place]; // never below 0: so is what is stored
            moved += missing - was > passed_on * row.owed;
            return std::max(missing, was);
        });
        walk.looks += claims;
        if (few_moved(moved, before, active.size())) break;
    }
    for (std::int32_t const place : active) {
        auto const p = static_cast<std::size_t>(place);
        walk.unpaid[static_cast<std::size_t>(layout.firm_at[p])] = unpaid[p];
    }
    walk.lost = lost_by_firms(layout, unpaid);
    walk.looks += static_cast<std::int64_t>(walk.task.plan.claims.size());
}

} // namespace perpetuum
