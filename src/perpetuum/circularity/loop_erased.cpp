/// Loop-erased volume by simulated dollars: each walks from where it enters a component, pro rata,
/// until it leaves; steps inside loops are counted as they are erased, and so are arrivals where the
/// dollar has been before: their sum is the flow that Finn's index counts. No formula is known for
/// the first that is not exponential, so the number has a standard error. Draws: Philox, by seed and walk.

#include "members.hpp"
#include "walk_draws.hpp"

#include <perpetuum/circularity.hpp>
#include <perpetuum/lanes.hpp>

#include <cmath>
#include <limits>
#include <numeric>

namespace perpetuum {

namespace {

/// Payments that stay inside a component, and where money enters those that it can leave.
struct InnerFlows {
    std::vector<std::int64_t> through; ///< by node
    std::vector<std::size_t> first;    ///< by node: its inner payments are [first, next first)
    std::vector<int> payee;            ///< by inner payment
    std::vector<std::int64_t> until;   ///< by inner payment: running sum of its payer's
    std::vector<int> door;             ///< nodes where money enters
    std::vector<std::int64_t> entered; ///< running sum over doors
    std::int64_t closed = 0;           ///< paid in components that nothing leaves: all goes round
};

InnerFlows inner_flows(Network const& network, OutsideFlows const& outside) {
    ComponentMembers const members = members_of(network);
    InnerFlows flows;
    flows.through = throughflows(network, outside);
    std::size_t const nodes = network.nodes.size();
    std::vector<std::int64_t> paid(nodes), got(nodes);
    flows.first.assign(nodes + 1, 0);
    auto const place = [](int node) { return static_cast<std::size_t>(node); };
    auto const inner = [&](Network::Edge const& edge) {
        return members.component[place(edge.from)] == members.component[place(edge.to)];
    };
    for (Network::Edge const& edge : network.edges) // sorted by payer
        if (inner(edge)) {
            ++flows.first[place(edge.from) + 1];
            paid[place(edge.from)] += edge.amount;
            got[place(edge.to)] += edge.amount;
            flows.payee.push_back(edge.to);
            flows.until.push_back(paid[place(edge.from)]);
        }
    std::partial_sum(flows.first.begin(), flows.first.end(), flows.first.begin());
    std::int64_t sum = 0;
    for (auto const& group : members.nodes) {
        if (group.size() < 2) continue;
        bool const leaves = std::any_of(group.begin(), group.end(), [&](int node) {
            return flows.through[place(node)] > paid[place(node)];
        });
        for (int const node : group) {
            std::int64_t const enters = flows.through[place(node)] - got[place(node)];
            if (!leaves) flows.closed += paid[place(node)];
            if (!leaves || enters <= 0) continue;
            sum += enters;
            flows.door.push_back(node);
            flows.entered.push_back(sum);
        }
    }
    return flows;
}

/// Of one dollar.
struct WalkCount {
    std::int64_t erased = 0, returns = 0;
    bool ended = false; ///< false: the steps were used up first
};

/// Walks one dollar; keeps its path free of loops. `place_of` is -1 everywhere before and after.
class LoopErasure {
  public:
    explicit LoopErasure(InnerFlows const& flows)
        : flows_(flows), place_of_(flows.through.size(), -1), last_walk_(flows.through.size(), 0) {}
    WalkCount walk(WalkDraws& draws, std::int64_t& steps) {
        auto const door = std::upper_bound(flows_.entered.begin(), flows_.entered.end(),
                                           draws.below(flows_.entered.back()));
        int node = flows_.door[static_cast<std::size_t>(door - flows_.entered.begin())];
        WalkCount count;
        ++walk_;
        last_walk_[static_cast<std::size_t>(node)] = walk_;
        for (enter(node); (node = next(node, draws)) >= 0 && steps > 0; --steps) {
            int const before = place_of_[static_cast<std::size_t>(node)];
            count.returns += last_walk_[static_cast<std::size_t>(node)] == walk_;
            last_walk_[static_cast<std::size_t>(node)] = walk_;
            if (before < 0) {
                enter(node);
                continue;
            }
            count.erased += static_cast<std::int64_t>(path_.size()) - before;
            cut(static_cast<std::size_t>(before) + 1);
        }
        cut(0);
        count.ended = node < 0;
        return count;
    }

  private:
    void enter(int node) {
        place_of_[static_cast<std::size_t>(node)] = static_cast<int>(path_.size());
        path_.push_back(node);
    }
    void cut(std::size_t length) {
        for (; path_.size() > length; path_.pop_back())
            place_of_[static_cast<std::size_t>(path_.back())] = -1;
    }
    /// -1: it leaves the component.
    int next(int node, WalkDraws& draws) const {
        auto const at = static_cast<std::size_t>(node);
        std::int64_t const draw = draws.below(flows_.through[at]);
        auto const begin = flows_.until.begin();
        auto const end = begin + static_cast<std::ptrdiff_t>(flows_.first[at + 1]);
        auto const to =
            std::upper_bound(begin + static_cast<std::ptrdiff_t>(flows_.first[at]), end, draw);
        return to == end ? -1 : flows_.payee[static_cast<std::size_t>(to - begin)];
    }
    InnerFlows const& flows_;
    std::vector<int> place_of_, path_;
    std::vector<std::uint64_t> last_walk_; ///< by node: the last walk that came by
    std::uint64_t walk_ = 0;
};

/// Welford's running mean and sum of squares.
class RunningMean {
  public:
    void add(std::int64_t value) {
        double const off = static_cast<double>(value) - mean_;
        mean_ += off / ++count_;
        squares_ += off * (static_cast<double>(value) - mean_);
    }
    double mean() const { return mean_; }
    double error() const {
        return count_ > 1 ? std::sqrt(squares_ / (count_ - 1) / count_)
                          : std::numeric_limits<double>::quiet_NaN();
    }

  private:
    double count_ = 0, mean_ = 0, squares_ = 0;
};

} // namespace

LoopErasedVolume loop_erased_volume(Network const& network, OutsideFlows const& outside,
                                    WalkLimits const& limits) {
    InnerFlows const flows = inner_flows(network, outside);
    LoopErasedVolume result;
    result.volume = result.returned = static_cast<double>(flows.closed);
    if (flows.door.empty()) return result;
    LoopErasure erasure(flows);
    std::uint64_t const key = stream_key(limits.seed, "loop-erased volume");
    std::int64_t steps = limits.steps;
    RunningMean erased, returns;
    for (std::uint64_t walk = 0; walk < limits.walks; ++walk) {
        WalkDraws draws(key, walk);
        WalkCount const count = erasure.walk(draws, steps);
        if (!count.ended) { // stopping here would favour short walks
            result.volume = result.error = std::numeric_limits<double>::quiet_NaN();
            result.returned = result.returned_error = result.volume;
            return result;
        }
        erased.add(count.erased);
        returns.add(count.returns);
    }
    auto const entered = static_cast<double>(flows.entered.back());
    result.volume += entered * erased.mean();
    result.error = entered * erased.error();
    result.returned += entered * returns.mean();
    result.returned_error = entered * returns.error();
    return result;
}

Estimate loop_erased_estimate(Network const& network, OutsideFlows const& outside) {
    LoopErasedVolume const found = loop_erased_volume(network, outside, {});
    return {found.volume * network.minor_unit, found.error * network.minor_unit};
}

double loop_erased_usd(Network const& network, OutsideFlows const& outside) {
    return loop_erased_estimate(network, outside).value;
}

} // namespace perpetuum
