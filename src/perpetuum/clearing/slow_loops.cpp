#include <perpetuum/clearing/slow_loops.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace perpetuum {
namespace {

// With 113 bits the solution stays within a coin even where money goes round 10^13 times before it
// leaves.
#ifdef __SIZEOF_FLOAT128__
__extension__ typedef __float128 Real;
#else
using Real = long double;
#endif

constexpr std::size_t most_members = 128;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// An entity that cannot pay all: seniors are full, one group gets a part, juniors get nothing.
struct Member {
    int entity = 0, group = 0;
    Real senior = 0; ///< owed before the group
    Real total = 0;  ///< owed in the group
    Real keeps = 1;  ///< what insolvency leaves of a coin
    Real now = 0;    ///< what the group gets as things stand: no less than in the greatest vector
};

/// part = flows × part + given, where it is not below zero; flows[to × n + from] of each coin that
/// `from` pays its group. Together with what leaks, each column of flows adds up to one.
struct Equations {
    std::size_t n = 0;
    std::vector<Real> flows, leaks, given;
};

Real larger(Real a, Real b) { return a < b ? b : a; }

bool find_group(ClearingLane const& lane, Member& member, Coins available) {
    ClearingPlan const& plan = *lane.plan;
    Coins senior = 0;
    for (int g = plan.first_group[at(member.entity)]; g < plan.first_group[at(member.entity) + 1];
         ++g) {
        Coins const total = lane.group_total[at(g)];
        if (available - senior < total) {
            member.group = g;
            member.senior = static_cast<Real>(senior);
            member.total = static_cast<Real>(total);
            return true;
        }
        senior += total;
    }
    return false;
}

std::vector<Member> members_since(ClearingLane const& lane, std::int64_t since) {
    std::vector<Member> members;
    for (int entity = 0; entity < lane.plan->entities && members.size() < most_members; ++entity) {
        if (!lane.plan->limited[at(entity)] || lane.changed_at[at(entity)] <= since) continue;
        Member member;
        member.entity = entity;
        Means const means = means_of(lane, entity);
        if (!find_group(lane, member, means.available())) continue;
        if (means.lost > 0)
            member.keeps = 1 - static_cast<Real>(lane.share[at(lane.plan->cost_of[at(entity)])]);
        member.now = larger(0, member.keeps * static_cast<Real>(means.has) - member.senior);
        members.push_back(member);
    }
    return members;
}

Equations equations_of(ClearingLane const& lane, std::vector<Member> const& members,
                       double margin) {
    ClearingPlan const& plan = *lane.plan;
    std::size_t const n = members.size();
    Equations equations{n, std::vector<Real>(n * n, 0), std::vector<Real>(n, 0), {}};
    std::vector<int> place(at(plan.entities), -1);
    for (std::size_t i = 0; i < n; ++i) place[at(members[i].entity)] = static_cast<int>(i);

    std::vector<Real> fixed(n),
        streams(n, 0); // what comes in whatever the members do; from how many flows of members
    for (std::size_t i = 0; i < n; ++i)
        fixed[i] = static_cast<Real>(lane.cash[at(members[i].entity)] +
                                     lane.received[at(members[i].entity)]);
    for (std::size_t from = 0; from < n; ++from) {
        auto const [begin, end, due] = plan.groups[at(members[from].group)];
        for (int k = begin; k < end; ++k) {
            std::size_t const flow = at(plan.order[at(k)]);
            Real const part = static_cast<Real>(lane.owed[flow]) / members[from].total;
            int const to = place[at(plan.payee[flow])];
            if (to < 0) {
                equations.leaks[from] += part;
                continue;
            }
            equations.flows[at(to) * n + from] += part * members[at(to)].keeps;
            equations.leaks[from] += part * (1 - members[at(to)].keeps);
            fixed[at(to)] -= static_cast<Real>(lane.paid[flow]);
            streams[at(to)] += 1;
        }
    }
    Real const rounding =
        std::ldexp(1.0, -90); // more than the arithmetic below can err, relatively
    for (std::size_t i = 0; i < n; ++i) {
        Member const& member = members[i];
        Real const slack = margin > 0 ? -static_cast<Real>(margin) * (streams[i] + 2)
                                      : rounding * (fixed[i] + member.senior + 1);
        equations.given.push_back(member.keeps * fixed[i] - member.senior + slack);
    }
    return equations;
}

/// Solves for the active members, the others getting nothing. Elimination after Grassmann, Taksar
/// and Heyman (1985): the diagonal comes from what flows on and leaks, so that nothing is ever
/// subtracted and every entry keeps its relative accuracy however slowly money leaks. A closed
/// circle has no pivot: its last member falls to zero where the circle loses money each time round,
/// and stays where it is otherwise.
void solve(Equations const& equations, std::vector<Member> const& members,
           std::vector<std::size_t> const& active, std::vector<Real>& part) {
    std::size_t const all = equations.n, n = active.size();
    std::vector<Real> flows(n * n), leaks(n), given(n), pivot(n);
    for (std::size_t j = 0; j < n; ++j) {
        leaks[j] = equations.leaks[active[j]];
        given[j] = equations.given[active[j]];
        std::vector<char> inside(all, 0);
        for (std::size_t i = 0; i < n; ++i) {
            flows[i * n + j] = equations.flows[active[i] * all + active[j]];
            inside[active[i]] = 1;
        }
        for (std::size_t i = 0; i < all; ++i)
            if (!inside[i]) leaks[j] += equations.flows[i * all + active[j]];
    }
    for (std::size_t k = n; k-- > 0;) {
        pivot[k] = leaks[k];
        for (std::size_t i = 0; i < k; ++i) pivot[k] += flows[i * n + k];
        if (!(pivot[k] > 0)) continue;
        for (std::size_t i = 0; i < k; ++i) {
            Real const factor = flows[i * n + k] / pivot[k];
            if (!(factor > 0)) continue;
            given[i] += factor * given[k];
            for (std::size_t j = 0; j < k; ++j) flows[i * n + j] += factor * flows[k * n + j];
        }
        for (std::size_t j = 0; j < k; ++j) leaks[j] += leaks[k] / pivot[k] * flows[k * n + j];
    }
    for (std::size_t k = 0; k < n; ++k) {
        Real sum = given[k];
        for (std::size_t j = 0; j < k; ++j) sum += flows[k * n + j] * part[active[j]];
        Member const& member = members[active[k]];
        part[active[k]] = pivot[k] > 0 ? larger(0, sum / pivot[k]) : sum < 0 ? Real{0} : member.now;
    }
}

/// The solution with max(0, ·), from below: whoever gets something is active, and stays so.
std::vector<Real> solve_from_below(Equations const& equations, std::vector<Member> const& members) {
    std::size_t const n = equations.n;
    std::vector<Real> part(n, 0);
    std::vector<char> is_active(n, 0);
    std::vector<std::size_t> active;
    for (bool grown = true; grown;) {
        grown = false;
        std::vector<Real> const before = part;
        for (std::size_t i = 0; i < n; ++i) {
            if (is_active[i]) continue;
            Real gets = equations.given[i];
            for (std::size_t j : active) gets += equations.flows[i * n + j] * before[j];
            if (!(gets > 0)) continue;
            is_active[i] = 1;
            active.push_back(i);
            grown = true;
        }
        if (grown) solve(equations, members, active, part);
    }
    return part;
}

bool lower_flow(ClearingLane& lane, std::size_t flow, Coins most) {
    Coins const fall = lane.paid[flow] - most;
    if (fall <= 0) return false;
    lane.paid[flow] = most;
    int const payee = lane.plan->payee[flow];
    lane.received[at(payee)] -= fall;
    look_again(lane, payee);
    return true;
}

} // namespace

bool jump(ClearingLane& lane, std::int64_t since, double margin) {
    auto const members = members_since(lane, since);
    if (members.empty()) return false;
    auto const part = solve_from_below(equations_of(lane, members, margin), members);
    bool any = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
        Real const most = part[i] < members[i].now ? part[i] : members[i].now;
        auto const [begin, end, due] = lane.plan->groups[at(members[i].group)];
        for (int k = begin; k < end; ++k) {
            std::size_t const flow = at(lane.plan->order[at(k)]);
            Real const exact = static_cast<Real>(lane.owed[flow]) * most / members[i].total;
            any |= lower_flow(lane, flow, static_cast<Coins>(exact));
        }
    }
    return any;
}

} // namespace perpetuum
