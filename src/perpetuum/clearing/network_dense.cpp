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
    std::size_t first = 0, last = 0; ///< its claims
    std::size_t tranche = 0;
    double owed = 0, cash = 0, full = 0, kept = 0; ///< cash: what it keeps of it
    double least = 0;
};

std::vector<FailingRow> rows_of(NetworkWalk const& walk, InClaims const& in,
                                std::vector<std::int32_t> const& firms) {
    NetworkPlan const& plan = walk.task.plan;
    std::vector<FailingRow> rows;
    rows.reserve(firms.size());
    for (std::int32_t const firm : firms) {
        auto const i = static_cast<std::size_t>(firm);
        rows.push_back({in.first[i], in.last[i], plan.first_tranche[i], plan.owed[i],
                        plan.kept_cash[i] * walk.task.cash[i], walk.full[i], plan.kept_income[i],
                        passed_on * plan.owed[i]});
    }
    return rows;
}

/// One sweep in place over firms with one rank; how many change.
std::size_t sweep_rows(std::vector<FailingRow> const& rows, InClaims const& in,
                       std::vector<double>& unpaid_of) {
    std::size_t moved = 0;
    double* const unpaid = unpaid_of.data();
    std::int32_t const* const from = in.tranche.data();
    double const* const share = in.share.data();
    for (FailingRow const& row : rows) {
        double lost = 0;
        for (std::size_t k = row.first; k < row.last; ++k) lost += share[k] * unpaid[from[k]];
        double const received = std::max(0.0, row.full - lost);
        double const missing = std::min(row.owed - (row.cash + row.kept * received), row.owed);
        double const before = unpaid[row.tranche]; // never below 0: so is what is stored
        unpaid[row.tranche] = std::max(missing, before);
        moved += missing - before > row.least;
    }
    return moved;
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
    for (std::int32_t const firm : in.order)
        if (walk.wave[static_cast<std::size_t>(firm)] > 0) firms.push_back(firm);
    std::vector<FailingRow> rows;
    if (walk.task.plan.one_rank) rows = rows_of(walk, in, firms);
    std::int64_t claims = 0;
    for (std::int32_t const firm : firms) {
        auto const i = static_cast<std::size_t>(firm);
        claims += static_cast<std::int64_t>(in.last[i] - in.first[i]);
    }
    std::size_t moved = 0, before = 0;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        before = moved;
        moved = rows.empty() ? sweep_ranks(walk, in, firms) : sweep_rows(rows, in, walk.unpaid);
        walk.looks += claims;
        if (moved * 8 <= firms.size() && moved <= before) break;
    }
    for (std::size_t i = 0; i < walk.lost.size(); ++i) walk.lost[i] = lost_by(walk, in, i);
    walk.looks += static_cast<std::int64_t>(in.share.size());
}

} // namespace perpetuum
