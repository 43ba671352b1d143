/// Cost scaling by pushes and relabels, first in first out, with a price update over the whole
/// graph now and then: one sweep from all nodes that lack does the work of many relabels. Costs are
/// −1 · (n + 1), so that an error of 1 is less than 1/n of a cost: the end is the optimum itself. As a
/// rule the flow is the optimum long before: whole floors that prove it are looked for after each
/// error.

#include "cost_scaling.hpp"

#include <perpetuum/base.hpp>

#include <algorithm>
#include <deque>
#include <limits>
#include <string>

namespace perpetuum {

namespace {

/// An edge there or back. Those that leave a node lie side by side, the ones there before the ones back: nearly all time goes
/// into looking through them, so they are small.
struct ScalingArc {
    std::int64_t left = 0;     ///< of the capacity; back: the edge's flow
    std::int64_t opposite = 0; ///< what is left of its twin, said here too: it is asked as often
    std::uint32_t head = 0, twin = 0; ///< node; the other direction's place
};

class CostScaling {
  public:
    explicit CostScaling(UnitCostProblem const& problem)
        : unit_(problem.nodes + 1), forward_(problem.capacity.size()) {
        std::size_t const nodes = at(problem.nodes), edges = problem.capacity.size();
        if (edges >= std::size_t{1} << 31)
            throw BadInput{"the network has " + std::to_string(edges) +
                           " edges, expected less than 2^31"};
        first_.assign(nodes + 1, 0);
        std::vector<std::size_t> there(nodes, 0);
        for (std::size_t k = 0; k < edges; ++k) {
            ++first_[at(problem.from[k]) + 1];
            ++first_[at(problem.to[k]) + 1];
            ++there[at(problem.from[k])];
        }
        for (std::size_t node = 0; node < nodes; ++node) first_[node + 1] += first_[node];
        std::vector<std::size_t> next(first_.begin(), first_.end() - 1), next_back = next;
        for (std::size_t node = 0; node < nodes; ++node) next_back[node] += there[node];
        back_ = next_back;
        arcs_.resize(2 * edges);
        for (std::size_t k = 0; k < edges; ++k) {
            std::size_t const from = at(problem.from[k]), to = at(problem.to[k]);
            std::size_t const way = next[from]++, home = next_back[to]++;
            arcs_[way] = {problem.capacity[k], 0, static_cast<std::uint32_t>(to),
                          static_cast<std::uint32_t>(home)};
            arcs_[home] = {0, problem.capacity[k], static_cast<std::uint32_t>(from),
                           static_cast<std::uint32_t>(way)};
            forward_[k] = way;
        }
        price_.assign(nodes, 0);
        excess_.assign(nodes, 0);
        current_.assign(nodes, 0);
    }

    UnitCostSolution run() {
        UnitCostSolution solution;
        for (std::int64_t error = unit_; error > 1 && solution.level.empty();) {
            error = std::max<std::int64_t>(1, error / 64);
            refine(error);
            if (error > 1) solution.level = proving_levels();
        }
        for (std::size_t const there : forward_) solution.flow.push_back(arcs_[there].opposite);
        if (solution.level.empty()) solution.level = levels();
        return solution;
    }

  private:
    static std::size_t at(int node) { return static_cast<std::size_t>(node); }

    /// Of the arc at place k among those that leave a node.
    std::int64_t cost(std::size_t node, std::size_t k) const {
        return k < back_[node] ? -unit_ : unit_;
    }

    void move(std::size_t from, ScalingArc& arc, std::int64_t amount) {
        arc.left -= amount;
        arc.opposite += amount;
        arcs_[arc.twin].left += amount;
        arcs_[arc.twin].opposite -= amount;
        excess_[from] -= amount;
        excess_[arc.head] += amount;
    }

    /// From a flow right to within a larger error to one right to within this one.
    void refine(std::int64_t error) {
        for (std::size_t node = 0; node < price_.size(); ++node) {
            for (std::size_t k = first_[node]; k < first_[node + 1]; ++k) {
                ScalingArc& arc = arcs_[k];
                if (arc.left > 0 && cost(node, k) + price_[node] - price_[arc.head] < 0)
                    move(node, arc, arc.left);
            }
        }
        std::deque<std::size_t> active;
        for (std::size_t node = 0; node < price_.size(); ++node)
            if (excess_[node] > 0) active.push_back(node);
        update_prices(error);
        while (!active.empty()) {
            if (2 * relabels_ >= price_.size()) update_prices(error);
            std::size_t const node = active.front();
            active.pop_front();
            discharge(node, error, active);
        }
    }

    void discharge(std::size_t node, std::int64_t error, std::deque<std::size_t>& active) {
        while (excess_[node] > 0) {
            if (current_[node] == first_[node + 1]) {
                relabel(node, error);
                current_[node] = first_[node];
            }
            ScalingArc& arc = arcs_[current_[node]];
            if (arc.left > 0 && cost(node, current_[node]) + price_[node] - price_[arc.head] < 0) {
                bool const asleep = excess_[arc.head] <= 0;
                move(node, arc, std::min(excess_[node], arc.left));
                if (asleep && excess_[arc.head] > 0) active.push_back(arc.head);
            }
            if (excess_[node] > 0) ++current_[node];
        }
    }

    /// As low as needed for one arc to take money; there is one, since what came can go back.
    void relabel(std::size_t node, std::int64_t error) {
        std::int64_t best = std::numeric_limits<std::int64_t>::min();
        for (std::size_t k = first_[node]; k < first_[node + 1]; ++k)
            if (arcs_[k].left > 0) best = std::max(best, price_[arcs_[k].head] - cost(node, k));
        price_[node] = best - error;
        ++relabels_;
    }

    /// Lowers every price at once by as many errors as the node is away from one that lacks,
    /// nearest first; nodes further than all that have too much fall by the last distance.
    void update_prices(std::int64_t error) {
        relabels_ = 0;
        std::size_t waiting = 0;
        rank_.assign(price_.size(), std::numeric_limits<std::int64_t>::max());
        done_.assign(price_.size(), 0);
        for (auto& bucket : buckets_) bucket.clear();
        buckets_.resize(std::max<std::size_t>(1, buckets_.size()));
        for (std::size_t node = 0; node < price_.size(); ++node) {
            if (excess_[node] > 0) ++waiting;
            if (excess_[node] >= 0) continue;
            rank_[node] = 0;
            buckets_[0].push_back(node);
        }
        std::size_t rank = 0;
        for (; rank < buckets_.size() && waiting > 0; ++rank) {
            for (std::size_t k = 0; k < buckets_[rank].size() && waiting > 0; ++k) {
                std::size_t const node = buckets_[rank][k];
                if (done_[node] != 0) continue;
                done_[node] = 1;
                if (excess_[node] > 0) --waiting;
                reach_back(node, static_cast<std::int64_t>(rank), error);
            }
        }
        std::int64_t const last = std::max<std::int64_t>(1, static_cast<std::int64_t>(rank)) - 1;
        for (std::size_t node = 0; node < price_.size(); ++node) {
            price_[node] -= error * (done_[node] != 0 ? rank_[node] : last);
            current_[node] = first_[node];
        }
    }

    /// Whoever could push to this node, and after how many errors' fall.
    void reach_back(std::size_t node, std::int64_t rank, std::int64_t error) {
        for (std::size_t k = first_[node]; k < first_[node + 1]; ++k) {
            ScalingArc const& away = arcs_[k];
            std::size_t const before = away.head;
            if (away.opposite == 0 || done_[before] != 0) continue;
            std::int64_t const above = price_[before] - price_[node] - cost(node, k); // ≥ −error
            std::int64_t const fall = rank + (above < 0 ? 0 : above / error + 1);
            // What lies beyond the last bucket is left to the common fall, which is not longer.
            if (fall >= rank_[before] || fall > 4 * unit_) continue;
            rank_[before] = fall;
            auto const bucket = static_cast<std::size_t>(fall);
            if (buckets_.size() <= bucket) buckets_.resize(bucket + 1);
            buckets_[bucket].push_back(before);
        }
    }

    /// Whole floors that prove the flow to be the largest, or nothing: prices rounded down, corrected
    /// arc by arc. Where a better flow exists this would never end, so it is given up.
    std::vector<std::int64_t> proving_levels() const {
        constexpr std::size_t patience = 16; // corrections of a node, on average
        std::vector<std::int64_t> level = levels();
        std::deque<std::size_t> changed;
        std::vector<char> waits(level.size(), 1);
        for (std::size_t node = 0; node < level.size(); ++node) changed.push_back(node);
        for (std::size_t looked = 0; !changed.empty(); ++looked) {
            if (looked > (patience + 1) * level.size()) return {};
            std::size_t const node = changed.front();
            changed.pop_front();
            waits[node] = 0;
            for (std::size_t k = first_[node]; k < first_[node + 1]; ++k) {
                ScalingArc const& arc = arcs_[k];
                std::int64_t const least = level[node] + (k < back_[node] ? 1 : -1);
                if (arc.left == 0 || level[arc.head] >= least) continue;
                level[arc.head] = least;
                if (waits[arc.head] == 0) changed.push_back(arc.head);
                waits[arc.head] = 1;
            }
        }
        return level;
    }

    /// Whole floors from prices in units of 1/(n + 1). n prices leave one of n + 1 remainders free;
    /// rounding down from there, two neighbours' remainders differ by n − 1 at most, which with the
    /// error of 1 is less than a floor.
    std::vector<std::int64_t> levels() const {
        auto const floor_of = [this](std::int64_t value) {
            return value / unit_ - (value % unit_ < 0 ? 1 : 0);
        };
        std::vector<char> taken(static_cast<std::size_t>(unit_), 0);
        for (std::int64_t const price : price_)
            taken[static_cast<std::size_t>(price - unit_ * floor_of(price))] = 1;
        std::int64_t const free = std::find(taken.begin(), taken.end(), 0) - taken.begin();
        std::vector<std::int64_t> level;
        for (std::int64_t const price : price_) level.push_back(-floor_of(price - free));
        return level;
    }

    std::int64_t unit_;
    std::vector<std::size_t> forward_;                ///< by edge: the place of its arc there
    std::vector<ScalingArc> arcs_;                    ///< by the node that they leave
    std::vector<std::size_t> first_, back_, current_; ///< by node: places of arcs
    std::vector<std::int64_t> price_, excess_, rank_;
    std::vector<char> done_;
    std::vector<std::vector<std::size_t>> buckets_; ///< by rank; a node's lowest one counts
    std::size_t relabels_ = 0;
};

} // namespace

UnitCostSolution largest_circulation(UnitCostProblem const& problem) {
    return CostScaling(problem).run();
}

} // namespace perpetuum
