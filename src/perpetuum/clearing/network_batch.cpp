// Many shocks of one network: blocks of sixteen scenarios side by side, blocks in chunks, chunks to
// threads. What a chunk holds depends on the number of scenarios only, and chunks are added up in
// order: the number of threads does not show.

#include <perpetuum/base.hpp>
#include <perpetuum/clearing/network_lanes.hpp>
#include <perpetuum/clearing/network_plan.hpp>
#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <new>
#include <string>
#include <thread>

namespace perpetuum {

PERPETUUM_CLONES(void, clear_scenarios, LanesNetwork const*, LanesBlock const*)
PERPETUUM_CLONES(void, add_scenarios, LanesNetwork const*, LanesBlock const*, double*, double*,
                 double*, double*)
PERPETUUM_CLONES(void, shock_row, double*, double, double, int)

namespace {

constexpr std::size_t most_chunks = 64, most_firms_in_lanes = 200'000, most_claims = 1u << 31;
constexpr int most_sweeps_in_lanes = 120;

struct InClaims {
    std::vector<std::uint32_t> first, debtor;
    std::vector<double> share;
};

InClaims turned_round(NetworkPlan const& plan) {
    InClaims claims;
    claims.first.assign(plan.firms + 1, 0);
    for (NetworkClaim const& claim : plan.claims)
        ++claims.first[static_cast<std::size_t>(claim.creditor) + 1];
    for (std::size_t i = 0; i < plan.firms; ++i) claims.first[i + 1] += claims.first[i];
    claims.debtor.resize(plan.claims.size());
    claims.share.resize(plan.claims.size());
    std::vector<std::uint32_t> next(claims.first.begin(), claims.first.end() - 1);
    for (std::size_t i = 0; i < plan.firms; ++i)
        for (std::size_t k = plan.first_claim[i]; k < plan.first_claim[i + 1]; ++k) {
            std::uint32_t const at = next[static_cast<std::size_t>(plan.claims[k].creditor)]++;
            claims.debtor[at] = static_cast<std::uint32_t>(i);
            claims.share[at] = plan.claims[k].share;
        }
    return claims;
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
          claims_(turned_round(plan)), key_(stream_key(scenarios.seed, "clearing")) {
        for (double const owed : plan.owed) {
            slack_.push_back(short_beyond * owed);
            inverse_.push_back(owed > 0 ? 1 / owed : 0);
        }
        lanes_ = {plan.firms,
                  claims_.first.data(),
                  claims_.debtor.data(),
                  claims_.share.data(),
                  plan.owed.data(),
                  plan.income.data(),
                  plan.kept_cash.data(),
                  plan.kept_income.data(),
                  slack_.data(),
                  inverse_.data(),
                  passed_on,
                  plan.costly};
        blocks_ = (scenarios.count + scenario_lanes - 1) / scenario_lanes;
        per_chunk_ = std::max<std::size_t>(1, (blocks_ + most_chunks - 1) / most_chunks);
        chunks_.resize((blocks_ + per_chunk_ - 1) / per_chunk_);
    }

    void run() {
        auto const threads = static_cast<std::size_t>(scenarios_.threads);
        std::vector<std::thread> others;
        for (std::size_t t = 1; t < std::min(threads, chunks_.size()); ++t)
            others.emplace_back([this] { work(); });
        work();
        for (std::thread& other : others) other.join();
        if (fault_) std::rethrow_exception(fault_);
        add_up();
    }

  private:
    void work() {
        try {
            Bench bench(plan_.firms, plan_.claims.size(), plan_.costly);
            for (std::size_t c; !failed_ && (c = next_++) < chunks_.size();) run_chunk(bench, c);
        } catch (...) {
            if (!failed_.exchange(true)) fault_ = std::current_exception();
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
        for (std::size_t i = 0; i < plan_.firms; ++i)
            for (std::size_t lane = 0; lane < scenario_lanes; ++lane) {
                sums.unpaid[i] += bench.unpaid_sum[i * scenario_lanes + lane];
                sums.failures[i] +=
                    static_cast<std::int64_t>(bench.failures[i * scenario_lanes + lane]);
            }
    }

    void draw_cash(Bench& bench, std::size_t block) const {
        std::size_t const first = block * scenario_lanes;
        for (std::size_t i = 0; i < plan_.firms; ++i) {
            double* const row = bench.cash.data() + i * scenario_lanes;
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
        for (std::size_t i = 0; i < plan_.firms; ++i)
            result_.paid[(first + lane) * plan_.firms + i] =
                plan_.owed[i] - bench.unpaid[i * scenario_lanes + lane];
    }

    void clear_single(Bench const& bench, std::size_t scenario, std::size_t lane, ChunkSums& sums) {
        std::vector<double> cash(plan_.firms);
        for (std::size_t i = 0; i < plan_.firms; ++i)
            cash[i] = bench.cash[i * scenario_lanes + lane];
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
    InClaims claims_;
    std::uint64_t key_;
    std::vector<double> slack_, inverse_;
    LanesNetwork lanes_;
    std::size_t blocks_ = 0, per_chunk_ = 1;
    std::vector<ChunkSums> chunks_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> failed_{false};
    std::exception_ptr fault_;
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
