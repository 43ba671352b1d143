// Sixteen scenarios of one network side by side, in place, from all paying in full downwards. Only
// claims on firms that fail in some lane are looked at; adding what others leave unpaid would add
// zeros. A lane that has settled is frozen, so what it ends with does not depend on its neighbours.

#include <cstddef>
#include <cstdint>
#include <perpetuum/clearing/network_lanes.hpp>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

using Row = double __attribute__((vector_size(64)));
using Mask = std::int64_t __attribute__((vector_size(64)));
constexpr std::size_t half = 8;

inline __attribute__((always_inline)) void load(Row& to, double const* from) {
    __builtin_memcpy(&to, from, sizeof to);
}
inline __attribute__((always_inline)) void store(double* to, Row const& from) {
    __builtin_memcpy(to, &from, sizeof from);
}

/// Half of a firm's lanes: what it leaves unpaid when its debtors leave `lost` unpaid. Returns
/// through `worst` the greatest change, of what it owes.
inline __attribute__((always_inline)) void serve(LanesNetwork const& net, std::size_t firm,
                                                 Row const& lost, double const* cash,
                                                 double* unpaid, Row const& moving, Row& worst) {
    double const owed = net.owed[firm], income = net.income[firm];
    Row money, before;
    load(money, cash);
    load(before, unpaid);
    Row const missing = owed - income - money + lost;
    Row const eaten = owed - net.kept_income[firm] * (income - lost) - net.kept_cash[firm] * money;
    Row now = missing > net.short_beyond * owed ? eaten : Row{};
    now = now > owed ? owed - Row{} : now;
    now = (now > before) & (moving > 0) ? now : before;
    Row const change = (now - before) * (1 / owed);
    worst = change > worst ? change : worst;
    store(unpaid, now);
}

bool any(Row const& a, Row const& b) {
    for (std::size_t i = 0; i < half; ++i)
        if (a[i] > 0 || b[i] > 0) return true;
    return false;
}

/// The rows with claims on failing firms; returns how many.
std::size_t gather_rows(LanesNetwork const& net, LanesBlock const& block) {
    std::size_t rows = 0;
    std::uint32_t claims = 0;
    for (std::size_t i = 0; i < net.firms; ++i) {
        std::uint32_t const begin = claims;
        for (std::uint32_t k = net.first[i]; k < net.first[i + 1]; ++k) {
            block.from[claims] = net.debtor[k];
            block.part[claims] = net.share[k];
            claims += block.failing[net.debtor[k]];
        }
        if (claims == begin || !(net.owed[i] > 0)) {
            claims = begin;
            continue;
        }
        block.row[rows] = static_cast<std::uint32_t>(i);
        block.begin[rows++] = begin;
    }
    block.begin[rows] = claims;
    return rows;
}

} // namespace

void clear_scenarios(LanesNetwork const* network, LanesBlock const* given) {
    LanesNetwork const& net = *network;
    LanesBlock const& block = *given;
    Row moving[2] = {Row{} + 1, Row{} + 1}, worst[2] = {};
    bool grew = false;
    for (std::size_t i = 0; i < net.firms; ++i) {
        Row worst_here[2] = {};
        double* const unpaid = block.unpaid + i * scenario_lanes;
        store(unpaid, Row{});
        store(unpaid + half, Row{});
        block.failing[i] = 0;
        if (!(net.owed[i] > 0)) continue;
        for (std::size_t h = 0; h < 2; ++h)
            serve(net, i, Row{}, block.cash + i * scenario_lanes + h * half, unpaid + h * half,
                  moving[h], worst_here[h]);
        block.failing[i] = any(worst_here[0], worst_here[1]);
        grew = grew || block.failing[i] != 0;
    }
    std::size_t rows = 0;
    bool left = grew;
    for (int sweep = 0; left && sweep < block.most_sweeps; ++sweep) {
        if (grew) rows = gather_rows(net, block);
        grew = false;
        worst[0] = worst[1] = Row{};
        for (std::size_t r = 0; r < rows; ++r) {
            std::size_t const i = block.row[r];
            Row lost[2] = {};
            for (std::uint32_t k = block.begin[r]; k < block.begin[r + 1]; ++k) {
                double const* const from = block.unpaid + block.from[k] * scenario_lanes;
                Row low, high;
                load(low, from);
                load(high, from + half);
                lost[0] += block.part[k] * low;
                lost[1] += block.part[k] * high;
            }
            Row change[2] = {};
            double* const unpaid = block.unpaid + i * scenario_lanes;
            double const* const cash = block.cash + i * scenario_lanes;
            serve(net, i, lost[0], cash, unpaid, moving[0], change[0]);
            serve(net, i, lost[1], cash + half, unpaid + half, moving[1], change[1]);
            for (std::size_t h = 0; h < 2; ++h)
                worst[h] = change[h] > worst[h] ? change[h] : worst[h];
            if (block.failing[i] == 0 && any(change[0], change[1])) {
                block.failing[i] = 1;
                grew = true;
            }
        }
        left = false;
        for (std::size_t h = 0; h < 2; ++h) {
            Row const stays = worst[h] > net.passed_on ? moving[h] : Row{};
            moving[h] = stays;
        }
        left = any(moving[0], moving[1]);
    }
    for (std::size_t h = 0; h < 2; ++h) store(block.settled + h * half, 1 - moving[h]);
    if (!left)
        for (std::size_t lane = 0; lane < scenario_lanes; ++lane) block.settled[lane] = 1;
}

/// Adds what the settled lanes leave unpaid, and where they fail, to sums of the same shape; counts
/// firms that fail and adds up shortfalls lane by lane.
void add_scenarios(LanesNetwork const* network, LanesBlock const* given, double* unpaid_sum,
                   double* failures, double* failing, double* shortfall) {
    LanesNetwork const& net = *network;
    LanesBlock const& block = *given;
    Row count[2] = {}, sum[2] = {}, weight[2];
    for (std::size_t h = 0; h < 2; ++h) load(weight[h], block.settled + h * half);
    for (std::size_t i = 0; i < net.firms; ++i) {
        if (block.failing[i] == 0) continue;
        for (std::size_t h = 0; h < 2; ++h) {
            std::size_t const at = i * scenario_lanes + h * half;
            Row unpaid, total, times;
            load(unpaid, block.unpaid + at);
            load(total, unpaid_sum + at);
            load(times, failures + at);
            Row const fails = unpaid > net.short_beyond * net.owed[i] ? weight[h] : Row{};
            store(unpaid_sum + at, total + unpaid * weight[h]);
            store(failures + at, times + fails);
            count[h] += fails;
            sum[h] += unpaid * weight[h];
        }
    }
    for (std::size_t h = 0; h < 2; ++h) {
        store(failing + h * half, count[h]);
        store(shortfall + h * half, sum[h]);
    }
}

/// cash = base · (1 − depth · u^steepness), for 16 lanes of u.
void shock_row(double* row, double base, double depth, int steepness) {
    for (std::size_t lane = 0; lane < scenario_lanes; ++lane) {
        double power = row[lane];
        for (int k = 1; k < steepness; ++k) power *= row[lane];
        row[lane] = base * (1 - depth * power);
    }
}

} // namespace perpetuum::PERPETUUM_CLONE
