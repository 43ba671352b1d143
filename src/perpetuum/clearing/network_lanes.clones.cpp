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
template <bool costly>
inline __attribute__((always_inline)) void serve(LanesNetwork const& net, LanesBlock const& block,
                                                 std::size_t firm, std::size_t at, Row const& lost,
                                                 Mask const& moving, Row& worst) {
    Row gap, before;
    load(gap, block.cash + at);
    load(before, block.unpaid + at);
    Row const missing = gap + lost;
    Row now = missing;
    if constexpr (costly) {
        load(now, block.eaten + at);
        now = now + net.kept_income[firm] * lost;
    }
    Row const owed = Row{} + net.owed[firm];
    now = now > owed ? owed : now;
    now = ((missing > net.slack[firm]) & (now > before) & moving) != 0 ? now : before;
    Row const change = (now - before) * net.inverse[firm];
    worst = change > worst ? change : worst;
    store(block.unpaid + at, now);
}

/// Cash becomes what is missing when all others pay in full.
template <bool costly>
void open_gaps(LanesNetwork const& net, LanesBlock const& block, std::size_t firm) {
    for (std::size_t h = 0; h < 2; ++h) {
        std::size_t const at = firm * scenario_lanes + h * half;
        Row cash;
        load(cash, block.cash + at);
        if constexpr (costly)
            store(block.eaten + at, net.owed[firm] - net.kept_income[firm] * net.income[firm] -
                                        net.kept_cash[firm] * cash);
        store(block.cash + at, net.owed[firm] - net.income[firm] - cash);
        store(block.unpaid + at, Row{});
    }
}

bool any(Row const& a, Row const& b) {
    for (std::size_t i = 0; i < half; ++i)
        if (a[i] > 0 || b[i] > 0) return true;
    return false;
}

/// Creditors and their claims.
struct ClaimRows {
    std::size_t count = 0;
    std::uint32_t const* row = nullptr;   ///< creditor; null: every firm
    std::uint32_t const* begin = nullptr; ///< of its claims; one more at the end
    std::uint32_t const* from = nullptr;
    double const* part = nullptr;
};

/// Those with claims on failing firms, or all where many fail: leaving out few costs more than it
/// saves.
ClaimRows rows_to_ask(LanesNetwork const& net, LanesBlock const& block) {
    std::size_t fail = 0;
    for (std::size_t i = 0; i < net.firms; ++i) fail += block.failing[i];
    if (fail * 3 > net.firms) return {net.firms, nullptr, net.first, net.debtor, net.share};
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
    return {rows, block.row, block.begin, block.from, block.part};
}

template <bool costly>
void clear_lanes(LanesNetwork const& net, LanesBlock const& block) {
    Mask moving[2] = {~Mask{}, ~Mask{}};
    bool grew = false;
    for (std::size_t i = 0; i < net.firms; ++i) {
        open_gaps<costly>(net, block, i);
        block.failing[i] = 0;
        if (!(net.owed[i] > 0)) continue;
        Row worst[2] = {};
        for (std::size_t h = 0; h < 2; ++h)
            serve<costly>(net, block, i, i * scenario_lanes + h * half, Row{}, moving[h], worst[h]);
        block.failing[i] = any(worst[0], worst[1]);
        grew = grew || block.failing[i] != 0;
    }
    ClaimRows rows;
    bool left = grew;
    for (int sweep = 0; left && sweep < block.most_sweeps; ++sweep) {
        if (grew && (sweep == 0 || rows.row)) rows = rows_to_ask(net, block);
        grew = false;
        Row worst[2] = {};
        for (std::size_t r = 0; r < rows.count; ++r) {
            std::size_t const i = rows.row ? rows.row[r] : r;
            Row low = {}, high = {};
            for (std::uint32_t k = rows.begin[r]; k < rows.begin[r + 1]; ++k) {
                double const* const from = block.unpaid + rows.from[k] * scenario_lanes;
                Row lower, upper;
                load(lower, from);
                load(upper, from + half);
                low += rows.part[k] * lower;
                high += rows.part[k] * upper;
            }
            Row change[2] = {};
            serve<costly>(net, block, i, i * scenario_lanes, low, moving[0], change[0]);
            serve<costly>(net, block, i, i * scenario_lanes + half, high, moving[1], change[1]);
            for (std::size_t h = 0; h < 2; ++h)
                worst[h] = change[h] > worst[h] ? change[h] : worst[h];
            if (block.failing[i] == 0 && any(change[0], change[1])) {
                block.failing[i] = 1;
                grew = true;
            }
        }
        for (std::size_t h = 0; h < 2; ++h) moving[h] &= worst[h] > net.passed_on;
        left = any(moving[0] != 0 ? Row{} + 1 : Row{}, moving[1] != 0 ? Row{} + 1 : Row{});
    }
    for (std::size_t h = 0; h < 2; ++h)
        store(block.settled + h * half, moving[h] != 0 && left ? Row{} : Row{} + 1);
}

} // namespace

void clear_scenarios(LanesNetwork const* network, LanesBlock const* block) {
    network->costly ? clear_lanes<true>(*network, *block) : clear_lanes<false>(*network, *block);
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
            Row const fails = unpaid > net.slack[i] ? weight[h] : Row{};
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
