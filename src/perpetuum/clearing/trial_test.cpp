#include <perpetuum/clearing/trial.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>

namespace perpetuum {
namespace {

std::size_t of(int index) { return static_cast<std::size_t>(index); }

/// A flow of the plain method: a payment, or what a guarantor was called for.
struct PlainFlow {
    int payer, payee;
    bool offer;
    int rank;
    std::int64_t owed;
};

struct PlainState {
    std::vector<PlainFlow> flows;
    std::vector<std::int64_t> called_on;
};

PlainState plain_state(Trial const& trial) {
    PlainState state;
    for (std::size_t p = 0; p < trial.owed.size(); ++p) {
        auto const& payment = trial.system.payments[p];
        state.flows.push_back({payment.payer, payment.payee, !payment.due, payment.rank,
                               static_cast<std::int64_t>(trial.owed[p])});
    }
    state.called_on.assign(of(trial.system.entities), 0);
    return state;
}

struct PlainMeans {
    std::int64_t has = 0, lost = 0, dues = 0;
};

PlainMeans plain_means(Trial const& trial, PlainState const& state,
                       std::vector<std::int64_t> const& paid, int entity) {
    PlainMeans means;
    means.has = static_cast<std::int64_t>(trial.cash[of(entity)]);
    for (std::size_t f = 0; f < paid.size(); ++f) {
        if (state.flows[f].payee == entity) means.has += paid[f];
        if (state.flows[f].payer == entity && !state.flows[f].offer)
            means.dues += state.flows[f].owed;
    }
    auto const missing = std::max<std::int64_t>(0, means.dues - means.has);
    if (missing + state.called_on[of(entity)] <= 100) return means;
    for (std::size_t c = 0; c < trial.share.size(); ++c)
        if (trial.system.costs[c].entity == entity)
            means.lost = static_cast<std::int64_t>(
                std::ceil(trial.share[c] * static_cast<double>(means.has)));
    return means;
}

/// What of a flow is paid by an entity that can spend so much: what is left after its seniors, pro
/// rata with its equals.
std::int64_t plain_part(PlainState const& state, std::size_t flow, std::int64_t available) {
    auto const key = [](PlainFlow const& f) { return std::tuple(f.offer, f.rank); };
    std::int64_t senior = 0, equal = 0;
    PlainFlow const& mine = state.flows[flow];
    for (PlainFlow const& other : state.flows) {
        if (other.payer != mine.payer) continue;
        if (key(other) < key(mine)) senior += other.owed;
        if (key(other) == key(mine)) equal += other.owed;
    }
    std::int64_t const left = std::max<std::int64_t>(0, available - senior);
    __extension__ using Wide = __int128;
    return left >= equal ? mine.owed : static_cast<std::int64_t>(Wide{mine.owed} * left / equal);
}

std::vector<std::int64_t> plain_round(Trial const& trial, PlainState const& state,
                                      std::vector<std::int64_t> const& paid) {
    std::vector<std::int64_t> next(paid.size());
    for (std::size_t f = 0; f < paid.size(); ++f) {
        int const payer = state.flows[f].payer;
        next[f] = state.flows[f].owed;
        if (trial.system.unlimited[of(payer)]) continue;
        PlainMeans const means = plain_means(trial, state, paid, payer);
        next[f] = plain_part(state, f, means.has - means.lost);
    }
    return next;
}

std::vector<std::int64_t> plain_greatest(Trial const& trial, PlainState const& state) {
    std::vector<std::int64_t> paid;
    for (PlainFlow const& flow : state.flows) paid.push_back(flow.owed);
    for (;;) {
        auto next = plain_round(trial, state, paid);
        if (next == paid) return paid;
        paid = std::move(next);
    }
}

std::uint64_t scramble(std::uint64_t x) { // splitmix64
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

struct TrialDraws {
    std::uint64_t state;
    std::int64_t below(std::int64_t n) {
        state = scramble(state);
        return static_cast<std::int64_t>((state >> 11) % static_cast<std::uint64_t>(n));
    }
};

} // namespace

int Trial::firm(double coins) {
    system.unlimited.push_back(false);
    cash.push_back(coins);
    return system.entities++;
}
int Trial::sector() {
    system.unlimited.push_back(true);
    cash.push_back(0);
    return system.entities++;
}
int Trial::due(int payer, int payee, double amount, int rank) {
    system.payments.push_back({payer, payee, true, rank});
    owed.push_back(amount);
    return static_cast<int>(owed.size()) - 1;
}
int Trial::offer(int payer, int payee, double amount, int rank) {
    system.payments.push_back({payer, payee, false, rank});
    owed.push_back(amount);
    return static_cast<int>(owed.size()) - 1;
}
int Trial::guarantee(int guarantor, int covers, double up_to, int rank) {
    system.guarantees.push_back({guarantor, covers, rank});
    cover.push_back(up_to);
    return static_cast<int>(cover.size()) - 1;
}
int Trial::default_cost(int entity, int to_sector, double part) {
    system.costs.push_back({entity, to_sector});
    share.push_back(part);
    return static_cast<int>(share.size()) - 1;
}

Cleared clear(Trial const& trial) {
    Cleared out;
    out.paid.assign(trial.owed.size(), -1);
    out.called.assign(trial.cover.size(), -1);
    out.lost.assign(trial.share.size(), -1);
    out.short_of.assign(trial.cash.size(), -1);
    Clearing clearing(trial.system);
    clearing.clear(
        {1, trial.cash.data(), trial.owed.data(), trial.cover.data(), trial.share.data()},
        {out.paid.data(), out.called.data(), out.lost.data(), out.short_of.data()});
    return out;
}

std::vector<double> cash_after(Trial const& trial, Cleared const& cleared) {
    auto cash = trial.cash;
    auto const move = [&](int from, int to, double amount) {
        cash[of(from)] -= amount;
        cash[of(to)] += amount;
    };
    for (std::size_t p = 0; p < cleared.paid.size(); ++p)
        move(trial.system.payments[p].payer, trial.system.payments[p].payee, cleared.paid[p]);
    for (std::size_t g = 0; g < cleared.called.size(); ++g)
        move(trial.system.guarantees[g].guarantor,
             trial.system.payments[of(trial.system.guarantees[g].covers)].payee, cleared.called[g]);
    for (std::size_t c = 0; c < cleared.lost.size(); ++c)
        move(trial.system.costs[c].entity, trial.system.costs[c].sector, cleared.lost[c]);
    return cash;
}

std::vector<std::int64_t> one_round(Trial const& trial, std::vector<std::int64_t> const& paid) {
    return plain_round(trial, plain_state(trial), paid);
}

Cleared clear_plainly(Trial const& trial) {
    PlainState state = plain_state(trial);
    std::size_t const payments = trial.owed.size();
    std::vector<std::size_t> flow_of(trial.cover.size(), 0); // of a call; 0 while there is none
    for (;;) {
        auto const paid = plain_greatest(trial, state);
        bool called = false;
        for (std::size_t g = 0; g < flow_of.size(); ++g) {
            auto const& guarantee = trial.system.guarantees[g];
            PlainFlow const due = state.flows[of(guarantee.covers)];
            auto const missing = due.owed - paid[of(guarantee.covers)];
            auto const call = std::min(missing, static_cast<std::int64_t>(trial.cover[g]));
            if (flow_of[g] != 0 || missing <= 100 || call == 0) continue;
            state.flows[of(guarantee.covers)].owed -= call;
            state.called_on[of(due.payer)] += call;
            flow_of[g] = state.flows.size();
            state.flows.push_back({guarantee.guarantor, due.payee, false, guarantee.rank, call});
            called = true;
        }
        if (called) continue;
        Cleared out;
        for (std::size_t p = 0; p < payments; ++p) out.paid.push_back(static_cast<double>(paid[p]));
        for (std::size_t flow : flow_of)
            out.called.push_back(flow == 0 ? 0.0 : static_cast<double>(paid[flow]));
        for (auto const& cost : trial.system.costs)
            out.lost.push_back(
                static_cast<double>(plain_means(trial, state, paid, cost.entity).lost));
        for (int entity = 0; entity < trial.system.entities; ++entity) {
            PlainMeans const means = plain_means(trial, state, paid, entity);
            auto const missing = std::max<std::int64_t>(0, means.dues - means.has + means.lost);
            bool const limited = !trial.system.unlimited[of(entity)];
            out.short_of.push_back(
                limited ? static_cast<double>(missing + state.called_on[of(entity)]) : 0.0);
        }
        return out;
    }
}

Trial random_trial(std::uint64_t number, TrialShape const& shape) {
    TrialDraws draws{scramble(number)};
    Trial trial;
    for (int i = 0; i < shape.firms; ++i)
        trial.firm(draws.below(3) == 0 ? 0.0 : static_cast<double>(draws.below(shape.cash + 1)));
    int const sector = trial.sector();
    auto const anyone = [&] { return static_cast<int>(draws.below(shape.firms + 1)); };
    for (int p = 0; p < shape.payments; ++p) {
        int const payer = anyone(), payee = anyone(), rank = static_cast<int>(draws.below(3));
        auto const amount = static_cast<double>(draws.below(shape.owed + 1));
        if (draws.below(4) == 0)
            trial.offer(payer, payee, amount, rank);
        else
            trial.due(payer, payee, amount, rank);
    }
    for (int p = 0; shape.guarantees && p < shape.payments; ++p)
        if (trial.system.payments[of(p)].due && draws.below(3) == 0)
            trial.guarantee(anyone(), p, static_cast<double>(draws.below(shape.owed + 1)),
                            static_cast<int>(draws.below(3)));
    for (int e = 0; shape.costs && e < shape.firms; ++e)
        if (draws.below(2) == 0)
            trial.default_cost(e, sector, static_cast<double>(draws.below(5)) / 4);
    return trial;
}

} // namespace perpetuum
