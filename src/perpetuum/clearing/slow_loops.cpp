#include <perpetuum/clearing/slow_loops.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace perpetuum {
namespace {

// With 113 bits the solution stays within a coin even where money goes round 10^13 times before it
// leaves.
#ifdef __SIZEOF_FLOAT128__
__extension__ typedef __float128 Fine;
constexpr double fine_error = 0x1p-112;
#else
using Fine = long double;
constexpr double fine_error = 0x1p-63;
#endif

template <class Real>
constexpr double arithmetic_error = 0x1p-52;
template <>
constexpr double arithmetic_error<Fine> = fine_error;

/// Of a share, what share_of takes at least: the jump must not take more.
constexpr double share_at_least = 1 - 0x1p-51;
/// Elimination is cubic in their number.
template <class Real>
constexpr std::size_t most_members = 256;
template <>
constexpr std::size_t most_members<Fine> = 128;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// An entity that cannot pay all: seniors are full, one group gets a part, juniors get nothing.
struct Member {
    int entity = 0, group = 0;
    Coins senior = 0; ///< owed before the group
    Coins total = 0;  ///< owed in the group
    Coins now = 0;    ///< what the group gets as things stand: no less than in the greatest vector
    double loses = 0; ///< what insolvency takes of a coin
};

/// part = flows × part + given, where it is not below zero; flows[to × n + from] of each coin that
/// `from` pays its group. Together with what leaks, each column of flows adds up to one.
template <class Real>
struct Equations {
    std::size_t n = 0;
    double error = 0; ///< of the arithmetic, relative to `size`; 0: do not stay above
    std::vector<Real> flows, leaks, given;
    std::vector<Real> size; ///< of what `given` is the difference of
};

template <class Real>
struct Solution {
    std::vector<Real> part;
    std::vector<Real> size; ///< the same with every difference a sum: what errors are relative to
    int rounds = 0;
    bool complete = false;
};

bool find_group(ClearingLane const& lane, Member& member, Coins available) {
    ClearingPlan const& plan = *lane.plan;
    int const end = plan.first_group[at(member.entity) + 1];
    for (int g = plan.first_group[at(member.entity)]; g < end; ++g) {
        member.group = g;
        member.total = lane.group_total[at(g)];
        member.now = available - member.senior;
        if (member.now < member.total) return true;
        member.senior += member.total;
    }
    return false;
}

std::vector<Member> members_since(ClearingLane const& lane, std::int64_t since, std::size_t most) {
    std::vector<Member> members;
    for (int entity = 0; entity < lane.plan->entities && members.size() < most; ++entity) {
        if (!lane.plan->limited[at(entity)] || lane.changed_at[at(entity)] <= since) continue;
        Member member;
        member.entity = entity;
        Means const means = means_of(lane, entity);
        if (!find_group(lane, member, means.available())) continue;
        if (means.lost > 0)
            member.loses = lane.share[at(lane.plan->cost_of[at(entity)])] * share_at_least;
        members.push_back(member);
    }
    return members;
}

/// The streams of money between members, and what leaks from them.
template <class Real>
void add_flows(Equations<Real>& equations, ClearingLane const& lane,
               std::vector<Member> const& members, std::vector<Coins>& fixed,
               std::vector<int>& streams) {
    ClearingPlan const& plan = *lane.plan;
    std::vector<int> place(at(plan.entities), -1);
    for (std::size_t i = 0; i < members.size(); ++i)
        place[at(members[i].entity)] = static_cast<int>(i);
    for (std::size_t from = 0; from < members.size(); ++from) {
        auto const [begin, end, due] = plan.groups[at(members[from].group)];
        for (int k = begin; k < end; ++k) {
            std::size_t const flow = at(plan.order[at(k)]);
            Real const part =
                static_cast<Real>(lane.owed[flow]) / static_cast<Real>(members[from].total);
            int const to = place[at(plan.payee[flow])];
            if (to < 0) {
                equations.leaks[from] += part;
                continue;
            }
            Real const loses = members[at(to)].loses;
            equations.flows[at(to) * members.size() + from] += part * (1 - loses);
            equations.leaks[from] += part * loses;
            fixed[at(to)] -= lane.paid[flow];
            ++streams[at(to)];
        }
    }
}

template <class Real>
Equations<Real> equations_of(ClearingLane const& lane, std::vector<Member> const& members,
                             double margin) {
    std::size_t const n = members.size();
    Equations<Real> equations;
    equations.n = n;
    // The elimination errs by some n³ roundings at most; a few more for what stands around it.
    auto const cubed = static_cast<double>(n * n * n);
    if (margin == 0) equations.error = arithmetic_error<Real> * (4 * cubed + 64);
    equations.flows.assign(n * n, 0);
    equations.leaks.assign(n, 0);
    std::vector<Coins> fixed(n); // what comes in whatever the members do
    std::vector<int> streams(n, 0);
    for (std::size_t i = 0; i < n; ++i)
        fixed[i] = lane.cash[at(members[i].entity)] + lane.received[at(members[i].entity)];
    add_flows(equations, lane, members, fixed, streams);
    for (std::size_t i = 0; i < n; ++i) {
        Real const loses = members[i].loses;
        Real const gets = (1 - loses) * static_cast<Real>(fixed[i]);
        auto const gives = static_cast<Real>(members[i].senior) +
                           static_cast<Real>(margin * static_cast<double>(streams[i] + 2));
        equations.given.push_back(gets - gives);
        equations.size.push_back(gets + gives);
    }
    return equations;
}

/// The equations of the active members, the others getting nothing.
template <class Real>
Equations<Real> restrict_to(std::vector<std::size_t> const& active, Equations<Real> const& all) {
    std::size_t const n = active.size();
    std::vector<char> inside(all.n, 0);
    for (std::size_t i : active) inside[i] = 1;
    Equations<Real> some;
    some.n = n;
    some.error = all.error;
    some.flows.resize(n * n);
    for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = 0; i < n; ++i)
            some.flows[i * n + j] = all.flows[active[i] * all.n + active[j]];
        some.leaks.push_back(all.leaks[active[j]]);
        for (std::size_t i = 0; i < all.n; ++i)
            if (!inside[i]) some.leaks[j] += all.flows[i * all.n + active[j]];
        some.given.push_back(all.given[active[j]]);
        some.size.push_back(all.size[active[j]]);
    }
    return some;
}

/// Takes one unknown after the other out of those before it; returns the pivots. Grassmann, Taksar
/// and Heyman (1985): the pivot is what flows on and leaks, so that nothing is ever subtracted and
/// every entry keeps its relative accuracy however slowly money leaks.
template <class Real>
std::vector<Real> eliminate(Equations<Real>& equations) {
    std::size_t const n = equations.n;
    auto& flows = equations.flows;
    std::vector<Real> pivots(n);
    for (std::size_t k = n; k-- > 0;) {
        pivots[k] = equations.leaks[k];
        for (std::size_t i = 0; i < k; ++i) pivots[k] += flows[i * n + k];
        if (!(pivots[k] > 0)) continue;
        for (std::size_t i = 0; i < k; ++i) {
            Real const factor = flows[i * n + k] / pivots[k];
            if (!(factor > 0)) continue;
            equations.given[i] += factor * equations.given[k];
            equations.size[i] += factor * equations.size[k];
            for (std::size_t j = 0; j < k; ++j) flows[i * n + j] += factor * flows[k * n + j];
        }
        Real const leak = equations.leaks[k] / pivots[k];
        for (std::size_t j = 0; j < k; ++j) equations.leaks[j] += leak * flows[k * n + j];
    }
    return pivots;
}

/// Solves for the active members. A closed circle has no last pivot: its last member falls to zero
/// where the circle loses money each time round, and stays where it is otherwise.
template <class Real>
void solve(Equations<Real> const& all, std::vector<Member> const& members,
           std::vector<std::size_t> const& active, Solution<Real>& solution) {
    Equations<Real> equations = restrict_to(active, all);
    auto const pivots = eliminate(equations);
    std::size_t const n = active.size();
    std::vector<Real> part(n), size(n);
    for (std::size_t k = 0; k < n; ++k) {
        Real sum = equations.given[k], sum_of_sizes = equations.size[k];
        for (std::size_t j = 0; j < k; ++j) {
            sum += equations.flows[k * n + j] * part[j];
            sum_of_sizes += equations.flows[k * n + j] * size[j];
        }
        if (pivots[k] > 0) {
            part[k] = sum / pivots[k];
            size[k] = sum_of_sizes / pivots[k];
        } else {
            bool const falls = sum + equations.error * sum_of_sizes < 0;
            part[k] = size[k] = falls ? Real{0} : static_cast<Real>(members[active[k]].now);
        }
    }
    for (std::size_t k = 0; k < n; ++k) {
        Real const above = part[k] + equations.error * size[k];
        solution.part[active[k]] = above > 0 ? above : Real{0};
        solution.size[active[k]] = size[k];
    }
}

/// Whoever gets something from what the active get, and from whoever was found before it.
template <class Real>
bool activate(Equations<Real> const& equations, std::vector<char>& is_active,
              std::vector<std::size_t>& active, Solution<Real>& solution) {
    std::size_t const before = active.size();
    for (std::size_t i = 0; i < equations.n; ++i) {
        if (is_active[i]) continue;
        Real gets = equations.given[i], size = equations.size[i];
        for (std::size_t j : active) {
            gets += equations.flows[i * equations.n + j] * solution.part[j];
            size += equations.flows[i * equations.n + j] * solution.size[j];
        }
        gets += equations.error * size;
        if (!(gets > 0)) continue;
        is_active[i] = 1;
        active.push_back(i);
        solution.part[i] = gets; // no more than it will get in the end
        solution.size[i] = size;
    }
    return active.size() > before;
}

/// The solution with max(0, ·), from below: whoever gets something is active, and stays so. After
/// too many rounds `complete` is false, and the parts are too small.
template <class Real>
Solution<Real> solve_from_below(Equations<Real> const& equations,
                                std::vector<Member> const& members) {
    std::size_t const n = equations.n;
    Solution<Real> solution{std::vector<Real>(n, 0), std::vector<Real>(n, 0)};
    std::vector<char> is_active(n, 0);
    std::vector<std::size_t> active;
    for (; solution.rounds < 24; ++solution.rounds) {
        bool grown = false;
        while (activate(equations, is_active, active, solution)) grown = true;
        solution.complete = !grown;
        if (!grown) break;
        solve(equations, members, active, solution);
    }
    return solution;
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

/// In the unit of looks, so that both together are bounded.
template <class Real>
std::int64_t work_of(std::size_t members, int rounds) {
    auto const n = static_cast<std::int64_t>(members);
    return (rounds + 1) * n * n * n / 8 * (sizeof(Real) == sizeof(double) ? 1 : 32);
}

template <class Real>
bool jump_with(ClearingLane& lane, std::int64_t since, double margin) {
    auto const members = members_since(lane, since, most_members<Real>);
    if (members.empty()) return false;
    auto const solution = solve_from_below(equations_of<Real>(lane, members, margin), members);
    lane.work += work_of<Real>(members.size(), solution.rounds);
    if (!solution.complete && margin == 0) return false; // it would not stay above
    auto const& part = solution.part;
    bool any = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (part[i] >= static_cast<Real>(members[i].now)) continue;
        auto const [begin, end, due] = lane.plan->groups[at(members[i].group)];
        for (int k = begin; k < end; ++k) {
            std::size_t const flow = at(lane.plan->order[at(k)]);
            Real const exact =
                static_cast<Real>(lane.owed[flow]) * part[i] / static_cast<Real>(members[i].total);
            any |= lower_flow(lane, flow, static_cast<Coins>(exact));
        }
    }
    return any;
}

} // namespace

bool jump(ClearingLane& lane, std::int64_t since) { return jump_with<double>(lane, since, 0); }

bool jump_finely(ClearingLane& lane, std::int64_t since) { return jump_with<Fine>(lane, since, 0); }

bool jump_below(ClearingLane& lane, std::int64_t since, double margin) {
    return jump_with<Fine>(lane, since, margin);
}

} // namespace perpetuum
