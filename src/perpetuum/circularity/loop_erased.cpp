/// Loop-erased volume by simulated dollars: each walks from where it enters a component, pro rata,
/// until it leaves; steps inside loops are counted as they are erased. No formula is known that is
/// not exponential, so the number has a standard error. Draws: Philox, by seed and walk.

#include "members.hpp"

#include <perpetuum/circularity.hpp>
#include <perpetuum/lanes.hpp>

#include <cmath>
#include <limits>
#include <numeric>

namespace perpetuum {

namespace {

/// One number after the other from the stream of one walk.
class WalkDraws {
  public:
    WalkDraws(std::uint64_t key, std::uint64_t walk) : key_(key), walk_(walk) {}
    /// 0 ≤ draw < bound < 2^63; the bias is below bound / 2^64.
    std::int64_t below(std::int64_t bound) {
        auto const high = [&](std::uint64_t wide) {
            __extension__ using Wide = unsigned __int128;
            return static_cast<std::int64_t>(
                (static_cast<Wide>(wide) * static_cast<std::uint64_t>(bound)) >> 64);
        };
        if (!left_) {
            words_ = philox(key_, {static_cast<std::uint32_t>(walk_),
                                   static_cast<std::uint32_t>(walk_ >> 32),
                                   static_cast<std::uint32_t>(block_),
                                   static_cast<std::uint32_t>(block_ >> 32)});
            ++block_;
        }
        left_ = !left_;
        std::size_t const at = left_ ? 0 : 2;
        return high(words_[at] | static_cast<std::uint64_t>(words_[at + 1]) << 32);
    }

  private:
    std::uint64_t key_, walk_, block_ = 0;
    std::array<std::uint32_t, 4> words_{};
    bool left_ = false;
};

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

/// Walks one dollar; keeps its path free of loops. `place_of` is -1 everywhere before and after.
class LoopErasure {
  public:
    explicit LoopErasure(InnerFlows const& flows)
        : flows_(flows), place_of_(flows.through.size(), -1) {}
    /// Steps erased; -1 when `steps` is used up first.
    std::int64_t walk(WalkDraws& draws, std::int64_t& steps) {
        auto const door = std::upper_bound(flows_.entered.begin(), flows_.entered.end(),
                                           draws.below(flows_.entered.back()));
        int node = flows_.door[static_cast<std::size_t>(door - flows_.entered.begin())];
        std::int64_t erased = 0;
        for (enter(node); (node = next(node, draws)) >= 0 && steps > 0; --steps) {
            int const before = place_of_[static_cast<std::size_t>(node)];
            if (before < 0) {
                enter(node);
                continue;
            }
            erased += static_cast<std::int64_t>(path_.size()) - before;
            cut(static_cast<std::size_t>(before) + 1);
        }
        cut(0);
        return node < 0 ? erased : -1;
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
};

} // namespace

LoopErasedVolume loop_erased_volume(Network const& network, OutsideFlows const& outside,
                                    WalkLimits const& limits) {
    InnerFlows const flows = inner_flows(network, outside);
    LoopErasedVolume result;
    result.volume = static_cast<double>(flows.closed);
    if (flows.door.empty()) return result;
    LoopErasure erasure(flows);
    std::uint64_t const key = stream_key(limits.seed, "loop-erased volume");
    std::int64_t steps = limits.steps;
    double mean = 0, squares = 0;
    for (std::uint64_t walk = 0; walk < limits.walks; ++walk) {
        WalkDraws draws(key, walk);
        std::int64_t const erased = erasure.walk(draws, steps);
        if (erased < 0) { // stopping here would favour short walks
            result.volume = result.error = std::numeric_limits<double>::quiet_NaN();
            return result;
        }
        double const off = static_cast<double>(erased) - mean;
        mean += off / static_cast<double>(walk + 1);
        squares += off * (static_cast<double>(erased) - mean);
    }
    auto const walks = static_cast<double>(limits.walks);
    auto const entered = static_cast<double>(flows.entered.back());
    result.volume += entered * mean;
    result.error = walks > 1 ? entered * std::sqrt(squares / (walks - 1) / walks)
                             : std::numeric_limits<double>::quiet_NaN();
    return result;
}

double loop_erased_usd(Network const& network, OutsideFlows const& outside) {
    return loop_erased_volume(network, outside, {}).volume * network.minor_unit;
}

} // namespace perpetuum
