// Many shocks of one network: blocks of scenarios side by side, blocks in chunks, chunks to
// threads. What a chunk holds depends on the number of scenarios only, and chunks are added up in
// order: the number of threads does not show.

#include <perpetuum/base.hpp>
#include <perpetuum/clearing/network_lanes.hpp>
#include <perpetuum/clearing/network_plan.hpp>
#include <perpetuum/lanes.hpp>
#include <perpetuum/threads.hpp>

#include <algorithm>
#include <atomic>
#include <new>
#include <numeric>
#include <string>

namespace perpetuum {

PERPETUUM_CLONES(void, clear_scenarios, LanesNetwork const*, LanesBlock const*)
PERPETUUM_CLONES(void, add_scenarios, LanesNetwork const*, LanesBlock const*, double*, double*,
                 double*, double*)
PERPETUUM_CLONES(void, shock_row, double*, double, double, int)

namespace {

constexpr std::size_t most_chunks = 64, most_firms_in_lanes = 200'000, most_claims = 1u << 31;
constexpr int most_sweeps_in_lanes = 120;

/// The network as the lanes see it. Firms stand at *places*, those with most claims first: where
/// many neighbours have as many claims, the processor foresees the end of their loops.
struct PlacedNetwork {
    std::vector<std::size_t> firm_at; ///< place
    std::vector<std::uint32_t> first, debtor;
    std::vector<double> share, owed, income, kept_cash, kept_income, slack, inverse;
};

void place_firms(NetworkPlan const& plan, PlacedNetwork& placed) {
    std::vector<std::uint32_t> claims(plan.firms, 0);
    for (NetworkClaim const& claim : plan.claims)
        ++claims[static_cast<std::size_t>(claim.creditor)];
    placed.firm_at.resize(plan.firms);
    std::iota(placed.firm_at.begin(), placed.firm_at.end(), std::size_t{0});
    std::stable_sort(placed.firm_at.begin(), placed.firm_at.end(),
                     [&](std::size_t a, std::size_t b) { return claims[a] > claims[b]; });
    placed.first.assign(plan.firms + 1, 0);
    for (std::size_t p = 0; p < plan.firms; ++p) {
        std::size_t const i = placed.firm_at[p];
        placed.first[p + 1] = placed.first[p] + claims[i];
        placed.owed.push_back(plan.owed[i]);
        placed.income.push_back(plan.income[i]);
        placed.kept_cash.push_back(plan.kept_cash[i]);
        placed.kept_income.push_back(plan.kept_income[i]);
        placed.slack.push_back(short_beyond * plan.owed[i]);
        placed.inverse.push_back(plan.owed[i] > 0 ? 1 / plan.owed[i] : 0);
    }
}

PlacedNetwork placed_network(NetworkPlan const& plan) {
    PlacedNetwork placed;
    place_firms(plan, placed);
    std::vector<std::uint32_t> place(plan.firms);
    for (std::size_t p = 0; p < plan.firms; ++p)
        place[placed.firm_at[p]] = static_cast<std::uint32_t>(p);
    placed.debtor.resize(plan.claims.size());
    placed.share.resize(plan.claims.size());
    std::vector<std::uint32_t> next(placed.first.begin(), placed.first.end() - 1);
    for (std::size_t i = 0; i < plan.firms; ++i)
        for (std::size_t k = plan.first_claim[i]; k < plan.first_claim[i + 1]; ++k) {
            auto const creditor = static_cast<std::size_t>(plan.claims[k].creditor);
            std::uint32_t const at = next[place[creditor]]++;
            placed.debtor[at] = place[i];
            placed.share[at] = plan.claims[k].share;
        }
    return placed;
}

/// Rows of lanes that begin where a line of the processor's memory does.
template <class T>
struct LineAllocator {
    using value_type = T;
    LineAllocator() = default;
    template <class U>
    LineAllocator(LineAllocator<U> const&) {}
    T* allocate(std::size_t count) {
        return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{64}));
    }
    void deallocate(T* at, std::size_t) { ::operator delete (at, std::align_val_t{64}); }
    bool operator==(LineAllocator const&) const = default;
};
using LaneRows = std::vector<double, LineAllocator<double>>;

/// What a thread works in.
struct Bench {
    LaneRows cash, eaten, unpaid, settled, unpaid_sum, failures;
    std::vector<double> part;
    std::vector<std::uint32_t> row, begin, from;
    std::vector<unsigned char> failing;

    Bench(std::size_t firms, std::size_t claims, bool costly)
        : cash(firms * scenario_lanes), eaten(costly ? cash.size() : 0),
          unpaid(firms * scenario_lanes), settled(scenario_lanes),
          unpaid_sum(firms * scenario_lanes), failures(firms * scenario_lanes), part(claims + 1),
          row(firms), begin(firms + 1), from(claims + 1), failing(firms) {}
    LanesBlock block() {
        return {cash.data(), eaten.data(), unpaid.data(), settled.data(), most_sweeps_in_lanes,
                row.data(),  begin.data(), from.data(),   part.data(),    failing.data()};
    }
};

struct ChunkSums {
    std::vector<double> unpaid;
    std::vector<std::int64_t> failures;
    std::size_t single = 0;
};

class Batch {
  public:
    Batch(DebtNetwork const& network, NetworkPlan const& plan, ClearingScenarios const& scenarios,
          ClearedScenarios& result)
        : network_(network), plan_(plan), scenarios_(scenarios), result_(result),
          placed_(placed_network(plan)), key_(stream_key(scenarios.seed, "clearing")) {
        lanes_ = {plan.firms,
                  placed_.first.data(),
                  placed_.debtor.data(),
                  placed_.share.data(),
                  placed_.owed.data(),
                  placed_.income.data(),
                  placed_.kept_cash.data(),
                  placed_.kept_income.data(),
                  placed_.slack.data(),
                  placed_.inverse.data(),
                  passed_on,
                  plan.costly};
        blocks_ = (scenarios.count + scenario_lanes - 1) / scenario_lanes;
        per_chunk_ = std::max<std::size_t>(1, (blocks_ + most_chunks - 1) / most_chunks);
        chunks_.resize((blocks_ + per_chunk_ - 1) / per_chunk_);
    }

    void run() {
        auto const threads = static_cast<std::size_t>(scenarios_.threads);
        run_on_threads(std::min(threads, chunks_.size()), [this](std::size_t) { work(); });
        add_up();
    }

  private:
    void work() {
        try {
            Bench bench(plan_.firms, plan_.claims.size(), plan_.costly);
            for (std::size_t c; !failed_ && (c = next_++) < chunks_.size();) run_chunk(bench, c);
        } catch (...) {
            failed_ = true; // the others need not go on
            throw;
        }
    }

    void run_chunk(Bench& bench, std::size_t chunk) {
        ChunkSums& sums = chunks_[chunk];
        sums.unpaid.assign(plan_.firms, 0.0);
        sums.failures.assign(plan_.firms, 0);
        std::fill(bench.unpaid_sum.begin(), bench.unpaid_sum.end(), 0.0);
        std::fill(bench.failures.begin(), bench.failures.end(), 0.0);
        std::size_t const end = std::min(blocks_, (chunk + 1) * per_chunk_);
        for (std::size_t b = chunk * per_chunk_; b < end; ++b) run_block(bench, b, sums);
        for (std::size_t p = 0; p < plan_.firms; ++p)
            for (std::size_t lane = 0; lane < scenario_lanes; ++lane) {
                std::size_t const i = placed_.firm_at[p];
                sums.unpaid[i] += bench.unpaid_sum[p * scenario_lanes + lane];
                sums.failures[i] +=
                    static_cast<std::int64_t>(bench.failures[p * scenario_lanes + lane]);
            }
    }

    void draw_cash(Bench& bench, std::size_t block) const {
        std::size_t const first = block * scenario_lanes;
        for (std::size_t p = 0; p < plan_.firms; ++p) {
            std::size_t const i = placed_.firm_at[p];
            double* const row = bench.cash.data() + p * scenario_lanes;
            if (scenarios_.cash.empty()) {
                uniforms(row, key_, first, scenario_lanes, i);
                each_shock_row(row, network_.cash[i], scenarios_.depth, scenarios_.steepness);
                continue;
            }
            for (std::size_t lane = 0; lane < scenario_lanes; ++lane) {
                std::size_t const s = std::min(first + lane, scenarios_.count - 1);
                row[lane] = scenarios_.cash[s * plan_.firms + i];
            }
        }
    }

    void run_block(Bench& bench, std::size_t block, ChunkSums& sums) {
        draw_cash(bench, block);
        LanesBlock const given = bench.block();
        bool const lanes = plan_.firms <= most_firms_in_lanes;
        if (lanes)
            each_clear_scenarios(&lanes_, &given);
        else
            std::fill(bench.settled.begin(), bench.settled.end(), 0.0);
        std::size_t const first = block * scenario_lanes,
                          count = std::min(scenario_lanes, scenarios_.count - first);
        std::vector<std::size_t> slow;
        for (std::size_t lane = 0; lane < count; ++lane)
            if (bench.settled[lane] == 0) slow.push_back(lane);
        std::fill(bench.settled.begin() + static_cast<std::ptrdiff_t>(count), bench.settled.end(),
                  0.0);
        double failing[scenario_lanes] = {}, shortfall[scenario_lanes] = {};
        if (lanes)
            each_add_scenarios(&lanes_, &given, bench.unpaid_sum.data(), bench.failures.data(),
                               failing, shortfall);
        for (std::size_t lane = 0; lane < count; ++lane) {
            result_.failing[first + lane] = static_cast<int>(failing[lane]);
            result_.shortfall[first + lane] = shortfall[lane];
            if (!result_.paid.empty() && bench.settled[lane] != 0) keep(bench, first, lane);
        }
        if (lanes && !slow.empty()) draw_cash(bench, block);
        for (std::size_t const lane : slow) clear_single(bench, first + lane, lane, sums);
    }

    void keep(Bench const& bench, std::size_t first, std::size_t lane) {
        for (std::size_t p = 0; p < plan_.firms; ++p)
            result_.paid[(first + lane) * plan_.firms + placed_.firm_at[p]] =
                placed_.owed[p] - bench.unpaid[p * scenario_lanes + lane];
    }

    void clear_single(Bench const& bench, std::size_t scenario, std::size_t lane, ChunkSums& sums) {
        std::vector<double> cash(plan_.firms);
        for (std::size_t p = 0; p < plan_.firms; ++p)
            cash[placed_.firm_at[p]] = bench.cash[p * scenario_lanes + lane];
        ClearedNetwork const cleared = clear_by_waves({plan_, cash, {}});
        ++sums.single;
        for (std::size_t i = 0; i < plan_.firms; ++i) {
            double const unpaid = cleared.owed[i] - cleared.paid[i];
            result_.shortfall[scenario] += unpaid;
            result_.failing[scenario] += cleared.wave[i] > 0;
            sums.unpaid[i] += unpaid;
            sums.failures[i] += cleared.wave[i] > 0;
            if (!result_.paid.empty()) result_.paid[scenario * plan_.firms + i] = cleared.paid[i];
        }
    }

    void add_up() {
        for (ChunkSums const& chunk : chunks_) {
            result_.single += chunk.single;
            for (std::size_t i = 0; i < plan_.firms; ++i) {
                result_.unpaid[i] += chunk.unpaid[i];
                result_.failures[i] += chunk.failures[i];
            }
        }
        for (double& unpaid : result_.unpaid) unpaid /= static_cast<double>(scenarios_.count);
    }

    DebtNetwork const& network_;
    NetworkPlan const& plan_;
    ClearingScenarios const& scenarios_;
    ClearedScenarios& result_;
    PlacedNetwork placed_;
    std::uint64_t key_;
    LanesNetwork lanes_;
    std::size_t blocks_ = 0, per_chunk_ = 1;
    std::vector<ChunkSums> chunks_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> failed_{false};
};

void check_scenarios(NetworkPlan const& plan, ClearingScenarios const& scenarios) {
    auto const refuse = [](std::string const& what) {
        throw BadInput{"clearing of scenarios: " + what};
    };
    if (scenarios.threads < 1 || scenarios.threads > 1024) refuse("threads must be 1 to 1024");
    if (!(scenarios.depth >= 0 && scenarios.depth <= 1)) refuse("depth must be 0 to 1");
    if (scenarios.steepness < 1 || scenarios.steepness > 100) refuse("steepness must be 1 to 100");
    if (plan.claims.size() >= most_claims) refuse("at most 2^31 debts");
    if (scenarios.cash.empty()) return;
    if (scenarios.cash.size() != scenarios.count * plan.firms)
        refuse("cash must hold one amount for each scenario and firm");
    for (double const cash : scenarios.cash)
        if (!(cash >= 0 && cash <= 1e300)) refuse("cash must be 0 to 1e300");
}

} // namespace

ClearedScenarios clear_scenarios_of(DebtNetwork const& network, NetworkPlan const& plan,
                                    ClearingScenarios const& scenarios, bool keep_paid) {
    check_scenarios(plan, scenarios);
    ClearedScenarios result;
    result.failing.assign(scenarios.count, 0);
    result.shortfall.assign(scenarios.count, 0.0);
    result.failures.assign(plan.firms, 0);
    result.unpaid.assign(plan.firms, 0.0);
    if (keep_paid) result.paid.assign(scenarios.count * plan.firms, 0.0);
    if (scenarios.count == 0 || plan.firms == 0) return result;
    Batch(network, plan, scenarios, result).run();
    return result;
}

} // namespace perpetuum
