// Waves of failures. A firm that fails passes what it does not pay on to its creditors; those that
// have failed already pass it on in turn, those that have not are looked at when the wave has run
// out. Every step only lowers payments and never below the greatest vector, so the order of steps
// cannot matter to where it ends.

#include <perpetuum/clearing/network_walk.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace perpetuum {
namespace {

/// Firms whose receipts fell, as bits, so that they are visited in the order in which they lie in
/// memory; a bit for each word of bits, so that few are found quickly among many.
class FallenFirms {
  public:
    explicit FallenFirms(std::size_t firms)
        : words_(firms / 64 + 1, 0), active_(words_), groups_(words_.size() / 64 + 1, 0) {}

    void add(std::size_t firm) {
        words_[firm / 64] |= bit(firm);
        groups_[firm / 4096] |= bit(firm / 64);
    }
    /// Each creditor loses its share of `less`. The innermost loop of all: a random place a claim.
    void hand_on(NetworkClaim const* claim, NetworkClaim const* end, double less, double* lost) {
        std::uint64_t* const words = words_.data();
        std::uint64_t* const groups = groups_.data();
        for (; claim != end; ++claim) {
            auto const firm = static_cast<std::uint32_t>(claim->creditor);
            lost[firm] += claim->share * less;
            words[firm / 64] |= bit(firm);
            groups[firm / 4096] |= bit(firm / 64);
        }
    }
    /// From now on visited by `each_active`.
    void activate(std::size_t firm) { active_[firm / 64] |= bit(firm); }

    /// Takes out, in order, every active firm; those added on the way behind are left for the next
    /// time. False when there was none.
    template <class Visit>
    bool each_active(Visit&& visit) {
        bool any = false;
        each_word([&](std::size_t w) {
            std::uint64_t bits = words_[w] & active_[w];
            words_[w] &= ~bits;
            any |= bits != 0;
            for (; bits != 0; bits &= bits - 1)
                visit(64 * w + static_cast<std::size_t>(std::countr_zero(bits)));
        });
        return any;
    }
    /// Takes out all that are not active.
    template <class Visit>
    void each_other(Visit&& visit) {
        each_word([&](std::size_t w) {
            std::uint64_t bits = words_[w] & ~active_[w];
            words_[w] &= active_[w];
            for (; bits != 0; bits &= bits - 1)
                visit(64 * w + static_cast<std::size_t>(std::countr_zero(bits)));
            if (words_[w] == 0) groups_[w / 64] &= ~bit(w);
        });
    }

  private:
    static std::uint64_t bit(std::size_t i) { return std::uint64_t{1} << (i % 64); }
    template <class Visit>
    void each_word(Visit&& visit) {
        for (std::size_t g = 0; g < groups_.size(); ++g)
            for (std::uint64_t bits = groups_[g]; bits != 0; bits &= bits - 1)
                visit(64 * g + static_cast<std::size_t>(std::countr_zero(bits)));
    }

    std::vector<std::uint64_t> words_, active_, groups_;
};

class Waves {
  public:
    explicit Waves(NetworkTask const& task)
        : walk{task, {}, {}, {}, {}, {}, {}, {}, 0}, plan_(task.plan), fallen_(plan_.firms) {
        walk.lost.assign(plan_.firms, 0.0);
        walk.unpaid.assign(plan_.tranches(), 0.0);
        walk.wave.assign(plan_.firms, 0);
        walk.full = plan_.income;
        if (plan_.has_holdings()) value_holdings();
    }

    /// False when a limit ended it.
    bool run() {
        for (std::size_t i = 0; i < plan_.firms; ++i) note_short(i);
        while (!short_.empty()) {
            ++waves;
            for (std::size_t const i : short_) fail(i);
            if (most_claims_fail()) ask_all();
            short_.clear();
            if (!pass_on_all()) return false;
            fallen_.each_other([&](std::size_t i) { note_short(i); });
            for (std::size_t const i : held_firms_) note_short(i);
        }
        return true;
    }

    NetworkWalk walk;
    int waves = 0, solved = 0;

  private:
    void value_holdings() {
        walk.worth = equity_in_full(plan_, walk.task.cash);
        walk.equity = walk.worth;
        is_held_.assign(plan_.firms, 0);
        for (std::size_t i = 0; i < plan_.firms; ++i) {
            for (std::size_t h = plan_.first_holder[i]; h < plan_.first_holder[i + 1]; ++h)
                walk.full[static_cast<std::size_t>(plan_.holder[h])] +=
                    plan_.held[h] * walk.worth[i];
            if (plan_.first_holder[i + 1] == plan_.first_holder[i]) continue;
            held_firms_.push_back(i); // passes losses on before it fails
            is_held_[i] = 1;
            fallen_.activate(i);
        }
    }

    bool is_held(std::size_t i) const { return !is_held_.empty() && is_held_[i] != 0; }

    bool short_now(std::size_t i) const {
        if (plan_.owed[i] == 0) return false;
        if (!walk.task.fixed.empty() && walk.task.fixed[i] != 0) return walk.task.fixed[i] == 1;
        return plan_.owed[i] - walk.task.cash[i] - walk.received(i) > short_beyond * plan_.owed[i];
    }

    void note_short(std::size_t i) {
        if (walk.wave[i] == 0 && short_now(i)) short_.push_back(i);
    }

    void fail(std::size_t i) {
        walk.wave[i] = waves;
        walk.failing.push_back(static_cast<std::int32_t>(i));
        claims_on_failing_ += plan_.first_claim[plan_.first_tranche[i + 1]] -
                              plan_.first_claim[plan_.first_tranche[i]];
        fallen_.activate(i);
        fallen_.add(i);
    }

    bool most_claims_fail() const {
        constexpr std::size_t few = 100'000;
        return plan_.claims.size() > few && claims_on_failing_ * 4 > plan_.claims.size() &&
               !plan_.has_holdings();
    }

    void ask_all() {
        if (fits_hub_layout(plan_)) {
            if (hubs_.firm_at.empty()) hubs_ = hub_layout(plan_);
            ask_failing(walk, hubs_);
        } else {
            if (in_.first.empty()) in_ = in_claims_of(plan_);
            ask_failing(walk, in_);
        }
        for (std::size_t i = 0; i < plan_.firms; ++i)
            if (walk.lost[i] > 0) fallen_.add(i);
    }

    void hand_on(std::size_t i, double less) {
        walk.lost[i] += less;
        fallen_.add(i);
    }

    /// A tranche's creditors lose `less` among them.
    void share_out(std::size_t tranche, double less) {
        std::size_t const begin = plan_.first_claim[tranche], end = plan_.first_claim[tranche + 1];
        fallen_.hand_on(plan_.claims.data() + begin, plan_.claims.data() + end, less,
                        walk.lost.data());
        walk.looks += static_cast<std::int64_t>(end - begin);
        passed_ += less;
    }

    /// Serves ranks from the last to the first with what the firm has.
    void serve(std::size_t i) {
        double const has = walk.has(i), least = passed_on * plan_.owed[i];
        double above = plan_.owed[i]; // owed on this rank and those before it
        for (std::size_t t = plan_.first_tranche[i + 1]; t-- > plan_.first_tranche[i];) {
            double const missing = std::clamp(above - has, 0.0, plan_.total[t]);
            double const more = missing - walk.unpaid[t];
            if (more > least) {
                walk.unpaid[t] = missing;
                share_out(t, more);
            }
            above -= plan_.total[t];
            if (has >= above) break;
        }
    }

    /// Holders of a firm's equity lose what it has become less.
    void devalue(std::size_t i) {
        double const now = walk.wave[i] > 0 ? 0.0 : std::max(0.0, walk.has(i) - plan_.owed[i]);
        double const less = walk.equity[i] - now;
        if (less <= passed_on * (plan_.owed[i] + walk.worth[i])) return;
        walk.equity[i] = now;
        std::size_t const begin = plan_.first_holder[i], end = plan_.first_holder[i + 1];
        for (std::size_t h = begin; h < end; ++h)
            hand_on(static_cast<std::size_t>(plan_.holder[h]), plan_.held[h] * less);
        walk.looks += static_cast<std::int64_t>(end - begin);
        passed_ += less;
    }

    /// Round after round, until nothing is left to be passed on. Where more than 200 rounds lie
    /// ahead at the pace of the last eight, the equations are solved instead.
    bool pass_on_all() {
        constexpr int watch = 8, patience = 20, most = 20'000;
        constexpr std::size_t few = 256;
        if (walk.failing.size() <= few) solve();
        double before = 0;
        int next_try = watch;
        for (int round = 0; round < most; ++round) {
            double owed = 0;
            passed_ = 0;
            bool const any = fallen_.each_active([&](std::size_t i) {
                owed += plan_.owed[i];
                if (walk.wave[i] > 0) serve(i);
                if (is_held(i)) devalue(i);
            });
            if (!any) return true;
            if (round < next_try) {
                if (round % watch == 0) before = passed_;
                continue;
            }
            double const ratio = std::pow(passed_ / before, 1.0 / watch);
            double const to_go = std::log(passed_on * owed / passed_);
            bool const slow =
                before > 0 && passed_ > 0 && (ratio >= 1 || to_go / std::log(ratio) > patience);
            before = passed_;
            next_try = slow && !solve() ? 2 * round : round + watch;
        }
        return false;
    }

    bool solve() {
        auto const found = solve_failing(walk);
        for (auto const& [tranche, unpaid] : found) {
            double const more = unpaid - walk.unpaid[tranche];
            walk.unpaid[tranche] = unpaid;
            if (more != 0) share_out(tranche, more);
        }
        if (!found.empty()) ++solved;
        return !found.empty();
    }

    NetworkPlan const& plan_;
    FallenFirms fallen_;
    std::vector<std::size_t> held_firms_, short_;
    std::vector<char> is_held_;
    std::size_t claims_on_failing_ = 0;
    InClaims in_;
    HubLayout hubs_;
    double passed_ = 0;
};

} // namespace

ClearedNetwork clear_by_waves(NetworkTask const& task) {
    Waves waves(task);
    ClearedNetwork result;
    result.settled = waves.run();
    result.waves = waves.waves;
    result.solved = waves.solved;
    result.looks = waves.walk.looks;
    result.wave = std::move(waves.walk.wave);
    result.received.resize(task.plan.firms);
    for (std::size_t i = 0; i < task.plan.firms; ++i) {
        double const left = waves.walk.full[i] - waves.walk.lost[i];
        result.received[i] = left > 0 ? left : 0;
    }
    fill_result(task, waves.walk.unpaid, result);
    return result;
}

} // namespace perpetuum
