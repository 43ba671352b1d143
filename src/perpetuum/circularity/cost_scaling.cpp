/// Cost scaling by pushes and relabels, first in first out. Costs are −1 · (n + 1), so that an
/// error of 1 is less than 1/n of a cost and the end is the optimum, not an approximation.

#include "cost_scaling.hpp"

#include <algorithm>
#include <deque>
#include <limits>

namespace perpetuum {

namespace {

/// Each edge is two arcs: 2k forward with what is left of it, 2k + 1 backward with its flow.
class CostScaling {
  public:
    explicit CostScaling(UnitCostProblem const& problem) : problem_(problem) {
        std::size_t const nodes = static_cast<std::size_t>(problem.nodes);
        std::size_t const edges = problem.capacity.size();
        unit_ = problem.nodes + 1;
        first_.assign(nodes + 1, 0);
        for (std::size_t k = 0; k < edges; ++k) {
            ++first_[at(problem.from[k]) + 1];
            ++first_[at(problem.to[k]) + 1];
        }
        for (std::size_t node = 0; node < nodes; ++node) first_[node + 1] += first_[node];
        arcs_.resize(2 * edges);
        std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
        for (std::size_t k = 0; k < edges; ++k) {
            arcs_[next[at(problem.from[k])]++] = 2 * k;
            arcs_[next[at(problem.to[k])]++] = 2 * k + 1;
        }
        left_.resize(2 * edges);
        for (std::size_t k = 0; k < edges; ++k) left_[2 * k] = problem.capacity[k];
        price_.assign(nodes, 0);
        excess_.assign(nodes, 0);
        current_.assign(nodes, 0);
    }

    UnitCostSolution run() {
        for (std::int64_t error = unit_; error > 1;) {
            error = std::max<std::int64_t>(1, error / 8);
            refine(error);
        }
        UnitCostSolution solution;
        for (std::size_t k = 0; k < problem_.capacity.size(); ++k)
            solution.flow.push_back(left_[2 * k + 1]);
        solution.level = levels();
        return solution;
    }

  private:
    static std::size_t at(int node) { return static_cast<std::size_t>(node); }
    std::size_t head(std::size_t arc) const {
        return at(arc % 2 == 0 ? problem_.to[arc / 2] : problem_.from[arc / 2]);
    }
    std::size_t tail(std::size_t arc) const { return head(arc ^ 1U); }
    std::int64_t cost(std::size_t arc) const { return arc % 2 == 0 ? -unit_ : unit_; }
    std::int64_t reduced(std::size_t arc) const {
        return cost(arc) + price_[tail(arc)] - price_[head(arc)];
    }

    void move(std::size_t arc, std::int64_t amount) {
        left_[arc] -= amount;
        left_[arc ^ 1U] += amount;
        excess_[tail(arc)] -= amount;
        excess_[head(arc)] += amount;
    }

    /// From a flow right to within a larger error to one right to within this one.
    void refine(std::int64_t error) {
        for (std::size_t arc = 0; arc < left_.size(); ++arc)
            if (left_[arc] > 0 && reduced(arc) < 0) move(arc, left_[arc]);
        std::deque<std::size_t> active;
        for (std::size_t node = 0; node < price_.size(); ++node) {
            current_[node] = first_[node];
            if (excess_[node] > 0) active.push_back(node);
        }
        while (!active.empty()) {
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
            std::size_t const arc = arcs_[current_[node]];
            if (left_[arc] > 0 && reduced(arc) < 0) {
                std::size_t const to = head(arc);
                bool const asleep = excess_[to] <= 0;
                move(arc, std::min(excess_[node], left_[arc]));
                if (asleep && excess_[to] > 0) active.push_back(to);
            }
            if (excess_[node] > 0) ++current_[node];
        }
    }

    /// As low as needed for one arc to become admissible; there is one, since what came can go
    /// back.
    void relabel(std::size_t node, std::int64_t error) {
        std::int64_t best = std::numeric_limits<std::int64_t>::min();
        for (std::size_t k = first_[node]; k < first_[node + 1]; ++k)
            if (left_[arcs_[k]] > 0) best = std::max(best, price_[head(arcs_[k])] - cost(arcs_[k]));
        price_[node] = best - error;
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

    UnitCostProblem const& problem_;
    std::int64_t unit_ = 1;
    std::vector<std::size_t> first_, arcs_, current_;
    std::vector<std::int64_t> left_, price_, excess_;
};

} // namespace

UnitCostSolution largest_circulation(UnitCostProblem const& problem) {
    return CostScaling(problem).run();
}

} // namespace perpetuum
