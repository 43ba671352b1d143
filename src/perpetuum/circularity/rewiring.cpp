/// Networks in which everybody pays and gets what it did, but to and from whom is chance. Payments
/// change payees with payments of about the same size; what a payee then has too much is cut from
/// payments to it and paid to those who have too little.

#include "walk_draws.hpp"

#include <perpetuum/circularity.hpp>
#include <perpetuum/lanes.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace perpetuum {

namespace {

using Payments = std::vector<Network::Edge>;

/// Chance order by size: who is up to twice as large may come first.
std::vector<std::size_t> roughly_sorted(Payments const& payments, WalkDraws& draws) {
    constexpr std::int64_t fine = std::int64_t{1} << 52;
    std::vector<std::pair<double, std::size_t>> keys;
    for (std::size_t k = 0; k < payments.size(); ++k)
        keys.push_back({static_cast<double>(payments[k].amount) *
                            (1 + static_cast<double>(draws.below(fine)) / fine),
                        k});
    std::sort(keys.begin(), keys.end());
    std::vector<std::size_t> order;
    for (auto const& [key, k] : keys) order.push_back(k);
    return order;
}

/// Where a payment came to its own payer, the nearest in size with which it can change payees.
void part_from_themselves(Payments& payments) {
    auto const fits = [&](std::size_t k, std::size_t other) {
        return payments[k].from != payments[other].to && payments[other].from != payments[k].to;
    };
    for (std::size_t k = 0; k < payments.size(); ++k) {
        if (payments[k].from != payments[k].to) continue;
        for (std::size_t far = 1; far < payments.size(); ++far) {
            bool const before = far <= k && fits(k, k - far);
            if (!before && (k + far >= payments.size() || !fits(k, k + far))) continue;
            std::swap(payments[k].to, payments[before ? k - far : k + far].to);
            break;
        }
    }
}

/// The same payers, amounts and payees; who pays whom is new.
Payments dealt(Payments const& payments, WalkDraws& draws) {
    auto const payers = roughly_sorted(payments, draws);
    auto const payees = roughly_sorted(payments, draws);
    Payments result;
    for (std::size_t k = 0; k < payments.size(); ++k)
        result.push_back(
            {payments[payers[k]].from, payments[payees[k]].to, payments[payers[k]].amount});
    part_from_themselves(result);
    return result;
}

void shuffle(std::vector<int>& list, WalkDraws& draws) {
    for (std::size_t k = list.size(); k > 1; --k)
        std::swap(list[k - 1],
                  list[static_cast<std::size_t>(draws.below(static_cast<std::int64_t>(k)))]);
}

/// Who lacks something, in chance order.
class Lacking {
  public:
    Lacking(std::vector<std::int64_t>& surplus, WalkDraws& draws) : surplus_(surplus) {
        for (std::size_t node = 0; node < surplus.size(); ++node)
            if (surplus[node] < 0) nodes_.push_back(static_cast<int>(node));
        shuffle(nodes_, draws);
    }
    /// Somebody other than the payer, or -1.
    int other_than(int payer) {
        while (!nodes_.empty() && lacks(nodes_.back()) == 0) nodes_.pop_back();
        for (std::size_t k = nodes_.size(); k-- > 0;)
            if (nodes_[k] != payer && lacks(nodes_[k]) > 0) return nodes_[k];
        return -1;
    }
    std::int64_t lacks(int node) const { return -surplus_[static_cast<std::size_t>(node)]; }

  private:
    std::vector<std::int64_t>& surplus_;
    std::vector<int> nodes_;
};

/// surplus  by node: what it got too much; ends at 0 but for what only its own payer lacks
void settle(Payments& payments, std::vector<std::int64_t>& surplus, WalkDraws& draws) {
    Lacking lacking(surplus, draws);
    std::size_t const count = payments.size();
    for (std::size_t k = 0; k < count; ++k) {
        std::int64_t& over = surplus[static_cast<std::size_t>(payments[k].to)];
        while (over > 0 && payments[k].amount > 0) {
            int const node = lacking.other_than(payments[k].from);
            if (node < 0) break;
            std::int64_t const amount = std::min({over, payments[k].amount, lacking.lacks(node)});
            over -= amount;
            payments[k].amount -= amount;
            surplus[static_cast<std::size_t>(node)] += amount;
            payments.push_back({payments[k].from, node, amount});
        }
    }
}

} // namespace

Network rewired(Network const& network, std::uint64_t seed, std::uint64_t sample) {
    check_network(network);
    WalkDraws draws(stream_key(seed, "rewiring"), sample);
    Payments payments = dealt(network.edges, draws);
    std::vector<std::int64_t> surplus(network.nodes.size());
    for (Network::Edge const& edge : payments)
        surplus[static_cast<std::size_t>(edge.to)] += edge.amount;
    for (Network::Edge const& edge : network.edges)
        surplus[static_cast<std::size_t>(edge.to)] -= edge.amount;
    settle(payments, surplus, draws);
    std::erase_if(payments, [](Network::Edge const& payment) {
        return payment.amount == 0 || payment.from == payment.to;
    });
    return network_from(network.nodes, std::move(payments), network.minor_unit);
}

NullScore null_score(Network const& network, OutsideFlows const& outside, Measure const& measure,
                     int samples, std::uint64_t seed, int longest) {
    if (samples < 2) throw BadInput{"a score needs two samples or more"};
    auto const value_of = [&](Network const& one) {
        return longest > 0 && measure.within ? measure.within(one, longest)
                                             : measure.value(one, outside);
    };
    NullScore score;
    score.value = value_of(network);
    std::vector<double> values;
    double links = 0;
    for (int k = 0; k < samples; ++k) {
        Network const other = rewired(network, seed, static_cast<std::uint64_t>(k));
        values.push_back(value_of(other));
        links += static_cast<double>(other.edges.size());
        score.as_high += values.back() >= score.value;
    }
    for (double const value : values) score.mean += value / samples;
    double squares = 0;
    for (double const value : values) squares += (value - score.mean) * (value - score.mean);
    score.deviation = std::sqrt(squares / (samples - 1));
    score.z = score.deviation > 0 ? (score.value - score.mean) / score.deviation
                                  : std::numeric_limits<double>::quiet_NaN();
    score.samples = samples;
    score.links = links / samples;
    return score;
}

} // namespace perpetuum
