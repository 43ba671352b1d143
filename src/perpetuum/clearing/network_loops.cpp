// The failing firms' equations: what each pays on the rank that is cut is linear in what it gets.
// Strongly connected components in the order in which money flows (Tarjan 1972, on the debtors of
// each firm, so that debtors come first); a firm on no loop is solved by itself. Small components by
// elimination without subtraction (Grassmann, Taksar and Heyman 1985), large ones by sweeps from
// above, or by stabilised biconjugate gradients (van der Vorst 1992) where those are slow.

#include <perpetuum/clearing/network_walk.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace perpetuum {
namespace {

constexpr std::size_t most_eliminated = 400;

/// y = b + W y over members: member m pays y[m] on its cut tranche and gets `weight` of each
/// debtor's.
struct FailingLoops {
    std::vector<std::int32_t> member;   ///< firm
    std::vector<std::size_t> tranche;   ///< member: the one that is cut
    std::vector<std::size_t> first;     ///< member; one more at the end
    std::vector<std::int32_t> from;     ///< in-claim: debtor, as a member
    std::vector<double> weight;         ///< in-claim: of what the debtor pays
    std::vector<double> b, y;           ///< member
    std::vector<double> in_full;        ///< member: receipts from members if they paid in full
    std::vector<std::int32_t> order;    ///< members, component by component, debtors first
    std::vector<std::size_t> component; ///< where each begins in `order`; one more at the end
    std::vector<std::int32_t> component_of;
    std::vector<double> spread;      ///< member: scratch for products
    std::vector<std::int32_t> local; ///< member: its place in its component

    std::size_t size() const { return member.size(); }
};

std::vector<std::int32_t> places_of(FailingLoops const& loops, std::size_t firms) {
    std::vector<std::int32_t> place(firms, -1);
    for (std::size_t m = 0; m < loops.size(); ++m)
        place[static_cast<std::size_t>(loops.member[m])] = static_cast<std::int32_t>(m);
    return place;
}

/// In-claims of the cut tranches, and receipts in full from cut and emptied ones.
void connect(FailingLoops& loops, NetworkPlan const& plan) {
    auto const place = places_of(loops, plan.firms);
    loops.first.assign(loops.size() + 1, 0);
    loops.in_full.assign(loops.size(), 0.0);
    auto const each_claim = [&](auto&& see) {
        for (std::size_t m = 0; m < loops.size(); ++m) {
            std::size_t const last =
                plan.first_tranche[static_cast<std::size_t>(loops.member[m]) + 1];
            for (std::size_t t = loops.tranche[m]; t < last; ++t)
                for (std::size_t k = plan.first_claim[t]; k < plan.first_claim[t + 1]; ++k)
                    if (auto const to = place[static_cast<std::size_t>(plan.claims[k].creditor)];
                        to >= 0)
                        see(m, static_cast<std::size_t>(to), t, plan.claims[k].share);
        }
    };
    each_claim([&](std::size_t m, std::size_t to, std::size_t t, double share) {
        loops.in_full[to] += share * plan.total[t];
        if (t == loops.tranche[m]) ++loops.first[to + 1];
    });
    for (std::size_t m = 0; m < loops.size(); ++m) loops.first[m + 1] += loops.first[m];
    loops.from.resize(loops.first.back());
    loops.weight.resize(loops.first.back());
    auto next = loops.first;
    each_claim([&](std::size_t m, std::size_t to, std::size_t t, double share) {
        if (t != loops.tranche[m]) return;
        loops.from[next[to]] = static_cast<std::int32_t>(m);
        loops.weight[next[to]++] =
            share * plan.kept_income[static_cast<std::size_t>(loops.member[to])];
    });
}

/// Tarjan without recursion; debtors are successors, so components come out debtors first.
void find_components(FailingLoops& loops) {
    constexpr std::int32_t unseen = -1;
    std::size_t const n = loops.size();
    std::vector<std::int32_t> number(n, unseen), low(n, 0), stack, path;
    std::vector<std::size_t> next(n);
    loops.component_of.assign(n, -1);
    std::int32_t count = 0, parts = 0;
    for (std::size_t root = 0; root < n; ++root) {
        if (number[root] != unseen) continue;
        path.push_back(static_cast<std::int32_t>(root));
        while (!path.empty()) {
            auto const v = static_cast<std::size_t>(path.back());
            if (number[v] == unseen) {
                number[v] = low[v] = count++;
                next[v] = loops.first[v];
                stack.push_back(path.back());
            }
            bool deeper = false;
            while (next[v] < loops.first[v + 1]) {
                auto const w = static_cast<std::size_t>(loops.from[next[v]++]);
                if (number[w] == unseen) {
                    path.push_back(static_cast<std::int32_t>(w));
                    deeper = true;
                    break;
                }
                if (loops.component_of[w] < 0) low[v] = std::min(low[v], number[w]);
            }
            if (deeper) continue;
            path.pop_back();
            if (!path.empty()) {
                auto const up = static_cast<std::size_t>(path.back());
                low[up] = std::min(low[up], low[v]);
            }
            if (low[v] != number[v]) continue;
            loops.component.push_back(loops.order.size());
            for (std::int32_t w = -1; w != static_cast<std::int32_t>(v);) {
                w = stack.back();
                stack.pop_back();
                loops.component_of[static_cast<std::size_t>(w)] = parts;
                loops.order.push_back(w);
            }
            ++parts;
        }
    }
    loops.component.push_back(loops.order.size());
}

struct ComponentView {
    FailingLoops& loops;
    NetworkPlan const& plan;
    std::int32_t const* members = nullptr;
    std::size_t size = 0;
    std::int32_t number = 0;

    std::size_t at(std::size_t m) const { return static_cast<std::size_t>(members[m]); }
    double received(std::size_t v) const {
        double sum = 0;
        for (std::size_t k = loops.first[v]; k < loops.first[v + 1]; ++k)
            sum += loops.weight[k] * loops.y[static_cast<std::size_t>(loops.from[k])];
        return sum;
    }
};

/// The part of what each member pays on its cut tranche that leaves the component: added up, never
/// one less the rest.
std::vector<double> leaks_of(ComponentView const& part, std::vector<std::int32_t> const& place) {
    NetworkPlan const& plan = part.plan;
    std::vector<double> leaks(part.size);
    for (std::size_t m = 0; m < part.size; ++m) {
        std::size_t const t = part.loops.tranche[part.at(m)];
        double leak = plan.outside[t];
        for (std::size_t k = plan.first_claim[t]; k < plan.first_claim[t + 1]; ++k) {
            auto const firm = static_cast<std::size_t>(plan.claims[k].creditor);
            auto const to = place[firm];
            bool const inside =
                to >= 0 && part.loops.component_of[static_cast<std::size_t>(to)] == part.number;
            leak +=
                inside ? (1 - plan.kept_income[firm]) * plan.claims[k].share : plan.claims[k].share;
        }
        leaks[m] = leak;
    }
    return leaks;
}

/// Eliminates members from the last to the first: whoever paid it now pays its creditors. False when
/// nothing leaves the component.
bool eliminate(ComponentView& part, std::vector<double> leak, std::vector<double> b) {
    std::size_t const n = part.size;
    std::vector<double> pays(n * n, 0.0); // [debtor × n + creditor]
    for (std::size_t m = 0; m < n; ++m) part.loops.local[part.at(m)] = static_cast<std::int32_t>(m);
    for (std::size_t m = 0; m < n; ++m) {
        std::size_t const v = part.at(m);
        for (std::size_t k = part.loops.first[v]; k < part.loops.first[v + 1]; ++k) {
            auto const from = static_cast<std::size_t>(part.loops.from[k]);
            if (part.loops.component_of[from] != part.number) continue;
            auto const debtor = static_cast<std::size_t>(part.loops.local[from]);
            pays[debtor * n + m] += part.loops.weight[k];
        }
    }
    std::vector<double> leaves(n);
    for (std::size_t m = n; m-- > 0;) {
        double away = leak[m];
        for (std::size_t j = 0; j < m; ++j) away += pays[m * n + j];
        if (!(away > 0)) return false;
        leaves[m] = away;
        for (std::size_t i = 0; i < m; ++i) {
            double const part_of = pays[i * n + m] / away;
            if (part_of == 0) continue;
            for (std::size_t j = 0; j < m; ++j)
                if (j != i) pays[i * n + j] += part_of * pays[m * n + j];
            leak[i] += part_of * leak[m];
        }
        for (std::size_t j = 0; j < m; ++j) b[j] += b[m] * (pays[m * n + j] / away);
    }
    for (std::size_t m = 0; m < n; ++m) {
        double sum = b[m];
        for (std::size_t i = 0; i < m; ++i) sum += part.loops.y[part.at(i)] * pays[i * n + m];
        part.loops.y[part.at(m)] = sum / leaves[m];
    }
    return true;
}

/// One sweep in place; the greatest change, of what the tranche comes to.
double sweep(ComponentView& part) {
    double most = 0;
    for (std::size_t m = 0; m < part.size; ++m) {
        std::size_t const v = part.at(m);
        double const now = part.loops.b[v] + part.received(v);
        double const change = std::fabs(now - part.loops.y[v]);
        most = std::max(most, change / part.plan.total[part.loops.tranche[v]]);
        part.loops.y[v] = now;
    }
    return most;
}

/// Stabilised biconjugate gradients on one component, from where y stands. True when the residual
/// fell below 10^-14 of the right-hand side.
bool solve_by_gradients(ComponentView& part) {
    std::size_t const n = part.size;
    FailingLoops& loops = part.loops;
    std::vector<double> r(n), shadow, p(n, 0.0), v(n, 0.0), s(n), t(n), kept(loops.y);
    auto const apply = [&](std::vector<double> const& x, std::vector<double>& out) {
        for (std::size_t m = 0; m < n; ++m) loops.spread[part.at(m)] = x[m];
        for (std::size_t m = 0; m < n; ++m) {
            std::size_t const row = part.at(m);
            double sum = x[m];
            for (std::size_t k = loops.first[row]; k < loops.first[row + 1]; ++k) {
                auto const from = static_cast<std::size_t>(loops.from[k]);
                if (loops.component_of[from] == part.number)
                    sum -= loops.weight[k] * loops.spread[from];
            }
            out[m] = sum;
        }
    };
    auto const dot = [&](std::vector<double> const& a, std::vector<double> const& c) {
        double sum = 0;
        for (std::size_t m = 0; m < n; ++m) sum += a[m] * c[m];
        return sum;
    };
    double size = 0;
    for (std::size_t m = 0; m < n; ++m) {
        std::size_t const row = part.at(m);
        r[m] = loops.b[row] + part.received(row) - loops.y[row];
        size += loops.y[row] * loops.y[row];
    }
    shadow = r;
    double rho = 1, step = 1, weight = 1;
    bool found = false;
    for (int round = 0; round < 2000; ++round) {
        if (dot(r, r) <= 1e-28 * size) {
            found = true;
            break;
        }
        double const last = rho;
        rho = dot(shadow, r);
        double const beta = rho / last * step / weight;
        if (!std::isfinite(beta)) break;
        for (std::size_t m = 0; m < n; ++m) p[m] = r[m] + beta * (p[m] - weight * v[m]);
        apply(p, v);
        step = rho / dot(shadow, v);
        for (std::size_t m = 0; m < n; ++m) s[m] = r[m] - step * v[m];
        apply(s, t);
        double const length = dot(t, t);
        weight = length > 0 ? dot(t, s) / length : 0;
        for (std::size_t m = 0; m < n; ++m) {
            loops.y[part.at(m)] += step * p[m] + weight * s[m];
            r[m] = s[m] - weight * t[m];
        }
        if (!std::isfinite(step) || weight == 0) break;
    }
    for (std::size_t m = 0; m < n && found; ++m) found = std::isfinite(loops.y[part.at(m)]);
    if (!found) loops.y = kept;
    return found;
}

bool solve_large(ComponentView& part) {
    constexpr int patience = 200, most = 5000;
    double before = 0;
    bool tried = false;
    for (int round = 0; round < most; ++round) {
        double const change = sweep(part);
        if (change <= 2e-15) return true;
        if (round % 8 == 0 && round > 0 && !tried) {
            double const ratio = std::pow(change / before, 1.0 / 8);
            if (ratio >= 1 || std::log(1e-15 / change) / std::log(ratio) > patience) {
                tried = true;
                if (solve_by_gradients(part)) return true;
            }
        }
        if (round % 8 == 0) before = change;
    }
    return false;
}

/// False when money cannot leave some component, or a large one would not settle.
bool solve_components(FailingLoops& loops, NetworkPlan const& plan) {
    auto const place = places_of(loops, plan.firms);
    loops.spread.assign(loops.size(), 0.0);
    loops.local.assign(loops.size(), 0);
    for (std::size_t c = 0; c + 1 < loops.component.size(); ++c) {
        ComponentView part{loops, plan, loops.order.data() + loops.component[c],
                           loops.component[c + 1] - loops.component[c],
                           static_cast<std::int32_t>(c)};
        if (part.size == 1) {
            std::size_t const v = part.at(0);
            loops.y[v] = loops.b[v] + part.received(v);
        } else if (part.size <= most_eliminated) {
            std::vector<double> b(part.size);
            for (std::size_t m = 0; m < part.size; ++m) loops.y[part.at(m)] = 0;
            for (std::size_t m = 0; m < part.size; ++m)
                b[m] = loops.b[part.at(m)] + part.received(part.at(m));
            if (!eliminate(part, leaks_of(part, place), std::move(b))) return false;
        } else if (!solve_large(part)) {
            return false;
        }
    }
    return true;
}

/// The tranche that `has` ends in, and what is owed before it.
std::size_t cut_tranche(NetworkPlan const& plan, std::size_t firm, double has, double& before) {
    std::size_t t = plan.first_tranche[firm + 1] - 1;
    before = plan.owed[firm] - plan.total[t];
    while (t > plan.first_tranche[firm] && before > has) before -= plan.total[--t];
    if (t == plan.first_tranche[firm]) before = 0;
    return t;
}

} // namespace

std::vector<TrancheUnpaid> solve_failing(NetworkWalk const& walk) {
    NetworkPlan const& plan = walk.task.plan;
    if (plan.has_holdings()) return {};
    FailingLoops loops;
    std::vector<double> before;
    for (std::int32_t const entry : walk.failing) {
        auto const i = static_cast<std::size_t>(entry);
        double const has = walk.has(i);
        if (has >= plan.owed[i] * (1 - short_beyond)) continue; // bears costs, yet can pay
        before.push_back(0);
        loops.member.push_back(entry);
        loops.tranche.push_back(cut_tranche(plan, i, has, before.back()));
    }
    connect(loops, plan);
    find_components(loops);
    loops.b.resize(loops.size());
    loops.y.resize(loops.size());
    for (std::size_t m = 0; m < loops.size(); ++m) {
        auto const i = static_cast<std::size_t>(loops.member[m]);
        double const others = std::max(0.0, plan.income[i] - loops.in_full[m]);
        loops.b[m] = spendable(plan, i, walk.task.cash[i], others, true) - before[m];
        loops.y[m] = plan.total[loops.tranche[m]] - walk.unpaid[loops.tranche[m]];
    }
    if (!solve_components(loops, plan)) return {};
    std::vector<TrancheUnpaid> found;
    for (std::size_t m = 0; m < loops.size(); ++m) {
        std::size_t const t = loops.tranche[m];
        auto const i = static_cast<std::size_t>(loops.member[m]);
        double const slack = 1e-9 * plan.total[t];
        if (loops.y[m] < -slack || loops.y[m] > plan.total[t] + slack) return {};
        found.push_back({t, std::clamp(plan.total[t] - loops.y[m], 0.0, plan.total[t])});
        for (std::size_t rest = t + 1; rest < plan.first_tranche[i + 1]; ++rest)
            found.push_back({rest, plan.total[rest]});
    }
    return found;
}

double passed_on_in_all(NetworkTask const& task, ClearedNetwork const& cleared,
                        std::vector<double> const& amounts, bool& anchored) {
    NetworkPlan const& plan = task.plan;
    FailingLoops loops;
    for (std::size_t i = 0; i < plan.firms; ++i) {
        double before = 0;
        if (cleared.wave[i] == 0 || !(cleared.paid[i] < plan.owed[i])) continue;
        loops.member.push_back(static_cast<std::int32_t>(i));
        loops.tranche.push_back(cut_tranche(plan, i, cleared.paid[i], before));
        loops.b.push_back(amounts[i]);
    }
    loops.y = loops.b;
    connect(loops, plan);
    find_components(loops);
    anchored = solve_components(loops, plan);
    if (!anchored) return std::numeric_limits<double>::infinity();
    double most = 0;
    for (std::size_t m = 0; m < loops.size(); ++m)
        most = std::max(most, loops.y[m] / plan.owed[static_cast<std::size_t>(loops.member[m])]);
    for (std::size_t i = 0; i < plan.firms; ++i)
        if (plan.owed[i] > 0) most = std::max(most, amounts[i] / plan.owed[i]);
    return most;
}

} // namespace perpetuum
