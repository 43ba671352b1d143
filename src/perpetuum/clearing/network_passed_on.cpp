// How far differences can carry in a large network, without solving its loops exactly.
//
// What is passed on is y = b + W y. Sweeps from below find a y with b + W y - y at most half of b; then
// c y with c = max b / (y - W y) satisfies b + W (c y) <= c y, and so lies above the solution: the
// powers of W are not negative and, as every firm leaks, their sum exists.

#include <perpetuum/clearing/network_walk.hpp>

#include <algorithm>

namespace perpetuum {
namespace {

constexpr std::size_t few_claims = 100'000;
constexpr int most_rounds = 60, rounds_a_look = 6;
/// Of what a firm owes, added to every difference: a firm without one could not be compared.
constexpr double least_difference = 1e-16;

std::vector<char> failing_in(NetworkPlan const& plan, ClearedNetwork const& cleared) {
    std::vector<char> fails(plan.firms);
    for (std::size_t i = 0; i < plan.firms; ++i)
        fails[i] = cleared.wave[i] != 0 && cleared.paid[i] < plan.owed[i];
    return fails;
}

/// Some of what it pays leaves the failing firms at once.
bool leaks(NetworkPlan const& plan, std::vector<char> const& fails, std::size_t firm) {
    if (plan.outside[firm] > 0) return true;
    for (std::size_t k = plan.first_claim[firm]; k < plan.first_claim[firm + 1]; ++k) {
        auto const creditor = static_cast<std::size_t>(plan.claims[k].creditor);
        if (fails[creditor] == 0 || plan.kept_income[creditor] < 1) return true;
    }
    return false;
}

struct PassedOn {
    HubLayout layout;
    std::vector<std::int32_t> active;
    std::vector<double> given, kept, y, sums; ///< place

    void sweep() {
        sweep_hubs(layout, active, y, sums,
                   [&](std::size_t p, double lost) { return given[p] + kept[p] * lost; });
    }
    /// The least of (y - W y) / b.
    double least_share() {
        double least = 1;
        sweep_hubs(layout, active, y, sums, [&](std::size_t p, double lost) {
            least = std::min(least, (y[p] - kept[p] * lost) / given[p]);
            return y[p];
        });
        return least;
    }
};

PassedOn place_all(NetworkPlan const& plan, std::vector<char> const& fails,
                   std::vector<double> const& amounts) {
    PassedOn all;
    all.layout = hub_layout(plan);
    all.given.assign(plan.firms, 0.0);
    all.kept = all.given;
    for (std::size_t p = 0; p < plan.firms; ++p) {
        auto const i = static_cast<std::size_t>(all.layout.firm_at[p]);
        if (fails[i] == 0) continue;
        all.active.push_back(static_cast<std::int32_t>(p));
        all.given[p] = amounts[i] + least_difference * plan.owed[i];
        all.kept[p] = plan.kept_income[i];
    }
    all.y = zeros_on_large_pages<double>(plan.firms);
    std::copy(all.given.begin(), all.given.end(), all.y.begin());
    return all;
}

} // namespace

std::optional<double> passed_on_at_most(NetworkTask const& task, ClearedNetwork const& cleared,
                                        std::vector<double> const& amounts) {
    NetworkPlan const& plan = task.plan;
    if (plan.claims.size() <= few_claims || plan.has_holdings() || !fits_hub_layout(plan))
        return std::nullopt;
    auto const fails = failing_in(plan, cleared);
    std::size_t claims = 0; // on failing firms
    for (std::size_t i = 0; i < plan.firms; ++i) {
        if (fails[i] == 0) continue;
        if (!leaks(plan, fails, i)) return std::nullopt;
        claims += plan.first_claim[i + 1] - plan.first_claim[i];
    }
    if (claims * 4 <= plan.claims.size()) return std::nullopt; // their loops are small
    PassedOn all = place_all(plan, fails, amounts);
    for (int sweep = 0; sweep < most_rounds; ++sweep) {
        all.sweep();
        if (sweep % rounds_a_look != rounds_a_look - 1) continue;
        double const share = all.least_share();
        if (share < 0.5) continue;
        double most = 0;
        for (std::int32_t const place : all.active) {
            auto const p = static_cast<std::size_t>(place);
            most = std::max(most,
                            all.y[p] / plan.owed[static_cast<std::size_t>(all.layout.firm_at[p])]);
        }
        most /= share;
        for (std::size_t i = 0; i < plan.firms; ++i)
            if (plan.owed[i] > 0) most = std::max(most, amounts[i] / plan.owed[i]);
        return most;
    }
    return std::nullopt;
}

} // namespace perpetuum
