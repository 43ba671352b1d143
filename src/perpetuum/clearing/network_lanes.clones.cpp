// Scenarios of one network side by side, in place, from all paying in full downwards. Only
// claims on firms that fail in some lane are looked at; adding what others leave unpaid would add
// zeros. A lane that has settled is frozen, so what it ends with does not depend on its neighbours.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <perpetuum/clearing/network_lanes.hpp>

namespace perpetuum::PERPETUUM_CLONE {

namespace {

// As wide as a register: of wider vectors the compiler makes single numbers wherever it compares.
#if defined(__AVX512F__)
constexpr std::size_t row_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t row_bytes = 32;
#else
constexpr std::size_t row_bytes = 16;
#endif
using Row = double __attribute__((vector_size(row_bytes)));
using Mask = std::int64_t __attribute__((vector_size(row_bytes)));
constexpr std::size_t width = row_bytes / sizeof(double), parts = scenario_lanes / width;
/// So many rows are added up at once: what registers hold.
constexpr std::size_t at_once = 4, groups = parts / at_once;
static_assert(groups * at_once * width == scenario_lanes);

inline __attribute__((always_inline)) void load(Row& to, double const* from) {
    __builtin_memcpy(&to, from, sizeof to);
}
inline __attribute__((always_inline)) void store(double* to, Row const& from) {
    __builtin_memcpy(to, &from, sizeof from);
}

/// The same in all lanes. (Not returned: a vector that is returned has no fixed place.)
inline __attribute__((always_inline)) void spread(Row& to, double value) {
    to = value - Row{}; // less nothing, which no number notices
}

/// All lanes of a firm.
struct FirmLanes {
    Row part[parts];
};

/// Some lanes of a firm: what it leaves unpaid when its debtors leave `lost` unpaid. `bar` is beyond
/// every amount where a lane has settled, else 0. Returns through `worst` the greatest change, of
/// what the firm owes.
template <bool costly>
inline __attribute__((always_inline)) void serve(LanesNetwork const& net, LanesBlock const& block,
                                                 std::size_t firm, std::size_t at, Row const& lost,
                                                 Row const& bar, Row& worst) {
    Row gap, before;
    load(gap, block.cash + at);
    load(before, block.unpaid + at);
    Row const missing = gap + lost;
    Row owed, slack, inverse;
    spread(owed, net.owed[firm]);
    spread(slack, net.slack[firm]);
    spread(inverse, net.inverse[firm]);

    Row least = before > bar ? before : bar; // what it must exceed to count
    Row now = missing;
    if constexpr (costly) {
        load(now, block.eaten + at);
        now = now + net.kept_income[firm] * lost;
        now = missing > slack ? now : Row{};
    } else {
        // Owed exceeds its slack, so that what is left of the smaller one does only if both do.
        least = least > slack ? least : slack;
    }
    now = now > owed ? owed : now;
    now = now > least ? now : before;
    Row const change = (now - before) * inverse;
    worst = change > worst ? change : worst;
    store(block.unpaid + at, now);
}

/// Cash becomes what is missing when all others pay in full.
template <bool costly>
void open_gaps(LanesNetwork const& net, LanesBlock const& block, std::size_t firm) {
    for (std::size_t h = 0; h < parts; ++h) {
        std::size_t const at = firm * scenario_lanes + h * width;
        Row cash;
        load(cash, block.cash + at);
        if constexpr (costly)
            store(block.eaten + at, net.owed[firm] - net.kept_income[firm] * net.income[firm] -
                                        net.kept_cash[firm] * cash);
        store(block.cash + at, net.owed[firm] - net.income[firm] - cash);
        store(block.unpaid + at, Row{});
    }
}

bool any(FirmLanes const& lanes) {
    Mask above = lanes.part[0] > 0;
    for (std::size_t h = 1; h < parts; ++h) above |= lanes.part[h] > 0;
    std::int64_t bits = 0;
    for (std::size_t i = 0; i < width; ++i) bits |= above[i];
    return bits != 0;
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

/// A firm's lanes: what others leave unpaid to it, and what it leaves unpaid then.
template <bool costly>
inline __attribute__((always_inline)) void
serve_row(LanesNetwork const& net, LanesBlock const& block, ClaimRows const& rows, std::size_t row,
          std::size_t firm, FirmLanes const& bar, FirmLanes& worst) {
#pragma GCC unroll 4
    for (std::size_t g = 0; g < groups; ++g) {
        Row lost[at_once] = {};
        double const* const unpaid = block.unpaid + g * at_once * width;
        for (std::uint32_t k = rows.begin[row]; k < rows.begin[row + 1]; ++k) {
            double const* const from = unpaid + rows.from[k] * scenario_lanes;
            Row share;
            spread(share, rows.part[k]);
#pragma GCC unroll 4
            for (std::size_t h = 0; h < at_once; ++h) {
                Row lanes;
                load(lanes, from + h * width);
                lost[h] += share * lanes;
            }
        }
#pragma GCC unroll 4
        for (std::size_t h = 0; h < at_once; ++h) {
            std::size_t const part = g * at_once + h;
            serve<costly>(net, block, firm, firm * scenario_lanes + part * width, lost[h],
                          bar.part[part], worst.part[part]);
        }
    }
}

/// All paying in full: who fails then. False when nobody does in any lane.
template <bool costly>
bool fail_first(LanesNetwork const& net, LanesBlock const& block) {
    bool any_fails = false;
    for (std::size_t i = 0; i < net.firms; ++i) {
        open_gaps<costly>(net, block, i);
        block.failing[i] = 0;
        if (!(net.owed[i] > 0)) continue;
        FirmLanes worst = {};
        for (std::size_t h = 0; h < parts; ++h)
            serve<costly>(net, block, i, i * scenario_lanes + h * width, Row{}, Row{},
                          worst.part[h]);
        block.failing[i] = any(worst);
        any_fails = any_fails || block.failing[i] != 0;
    }
    return any_fails;
}

/// A sweep over all firms; who fails is not noted.
template <bool costly>
FirmLanes sweep_all(LanesNetwork const& network, LanesBlock const& given, ClaimRows const& rows,
                    FirmLanes const& bar) {
    // Copies: what is stored on the way could else be thought to change them.
    LanesNetwork const net = network;
    LanesBlock const block = given;
    FirmLanes worst = {};
    for (std::size_t i = 0; i < rows.count; ++i)
        serve_row<costly>(net, block, rows, i, i, bar, worst);
    return worst;
}

/// A sweep over some; `grew` when one of them fails that did not.
template <bool costly>
FirmLanes sweep_some(LanesNetwork const& net, LanesBlock const& block, ClaimRows const& rows,
                     FirmLanes const& bar, bool& grew) {
    FirmLanes worst = {};
    for (std::size_t r = 0; r < rows.count; ++r) {
        std::size_t const i = rows.row[r];
        FirmLanes change = {};
        serve_row<costly>(net, block, rows, r, i, bar, change);
        for (std::size_t h = 0; h < parts; ++h)
            worst.part[h] = change.part[h] > worst.part[h] ? change.part[h] : worst.part[h];
        if (block.failing[i] == 0 && any(change)) {
            block.failing[i] = 1;
            grew = true;
        }
    }
    return worst;
}

template <bool costly>
void clear_lanes(LanesNetwork const& net, LanesBlock const& block) {
    constexpr double beyond = std::numeric_limits<double>::infinity();
    FirmLanes bar = {};
    bool grew = fail_first<costly>(net, block);
    ClaimRows rows;
    bool left = grew;
    for (int sweep = 0; left && sweep < block.most_sweeps; ++sweep) {
        if (grew && (sweep == 0 || rows.row)) rows = rows_to_ask(net, block);
        grew = false;
        FirmLanes const worst = rows.row ? sweep_some<costly>(net, block, rows, bar, grew)
                                         : sweep_all<costly>(net, block, rows, bar);
        FirmLanes moving;
        for (std::size_t h = 0; h < parts; ++h) {
            bar.part[h] = worst.part[h] > net.passed_on ? bar.part[h] : Row{} + beyond;
            moving.part[h] = bar.part[h] > 0 ? Row{} : Row{} + 1;
        }
        left = any(moving);
    }
    if (rows.count > 0 && !rows.row)
        for (std::size_t i = 0; i < net.firms; ++i) block.failing[i] = 1;
    for (std::size_t h = 0; h < parts; ++h)
        store(block.settled + h * width, left && bar.part[h] == 0 ? Row{} : Row{} + 1);
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
    Row count[parts] = {}, sum[parts] = {}, weight[parts];
    for (std::size_t h = 0; h < parts; ++h) load(weight[h], block.settled + h * width);
    for (std::size_t i = 0; i < net.firms; ++i) {
        if (block.failing[i] == 0) continue;
        for (std::size_t h = 0; h < parts; ++h) {
            std::size_t const at = i * scenario_lanes + h * width;
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
    for (std::size_t h = 0; h < parts; ++h) {
        store(failing + h * width, count[h]);
        store(shortfall + h * width, sum[h]);
    }
}

/// cash = base · (1 − depth · u^steepness), for all lanes of u.
void shock_row(double* row, double base, double depth, int steepness) {
    double power[scenario_lanes];
    for (std::size_t lane = 0; lane < scenario_lanes; ++lane) power[lane] = row[lane];
    for (int k = 1; k < steepness; ++k)
        for (std::size_t lane = 0; lane < scenario_lanes; ++lane) power[lane] *= row[lane];
    for (std::size_t lane = 0; lane < scenario_lanes; ++lane)
        row[lane] = base * (1 - depth * power[lane]);
}

} // namespace perpetuum::PERPETUUM_CLONE
