// Losses are differences on the same path: taken there, then summed exactly.

#include "sums.hpp"

#include "nodes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace perpetuum::stressing {

namespace {

using Row = std::vector<double>;

/// Losses of a block, cumulated to the horizon: [lane].
struct BlockLosses {
    std::vector<Row> firms;
    Row sum, consolidated;

    BlockLosses(std::size_t count, std::size_t lanes)
        : firms(count, Row(lanes)), sum(lanes), consolidated(lanes) {}
    void take(std::size_t firm, double const* without, double const* with) {
        for (std::size_t i = 0; i < sum.size(); ++i) {
            double const loss = without[i] - with[i];
            firms[firm][i] += loss;
            sum[i] += loss;
            consolidated[i] += loss;
        }
    }
    void take_out(double const* without, double const* with) {
        for (std::size_t i = 0; i < sum.size(); ++i) consolidated[i] -= without[i] - with[i];
    }
};

class Adding {
  public:
    Adding(StressResult& all, TalliesOfBlock const& block, std::vector<char> const& hit)
        : all_(all), block_(block), hit_(hit), counted_(block.counted->data()),
          loss_(all.firms.size(), block.lanes) {}

    void add() {
        add_failures();
        add_steps();
        put(all_.loss, loss_);
        if (block_.induced_by >= 0) {
            Row others = loss_.consolidated;
            Row const& own = loss_.firms[index(block_.induced_by)];
            for (std::size_t i = 0; i < others.size(); ++i) others[i] -= own[i];
            moments(all_.induced, others);
        }
        moments(all_.revenue, change(block_.shocked->revenue(), block_.base->revenue()));
        moments(all_.given, change(block_.shocked->given(), block_.base->given()));
        if (block_.keeps_changes) keep_changes();
        if (block_.held.empty() || !block_.held[0]) return;
        BlockLosses const first = held(0);
        put(all_.first_round, first);
        put(all_.feedback, less(loss_, first));
        moments(all_.revenue_first_round,
                change(block_.held[0]->revenue(), block_.base->revenue()));
        add_support();
        if (block_.held[all_switches]) add_shares(first);
    }

  private:
    StressResult& all_;
    TalliesOfBlock const& block_;
    std::vector<char> const& hit_;
    std::uint8_t const* counted_;
    BlockLosses loss_;

    /// Differences are taken in whole coins, so that what is equal differs by exactly nothing.
    void moments(Moments& to, Row const& row) const {
        Row usd = row;
        for (double& value : usd) value *= block_.coin;
        to.add(usd.data(), usd.size(), counted_);
    }
    Row change(double const* with, double const* without) const {
        Row row(with, with + block_.lanes);
        for (std::size_t i = 0; i < row.size(); ++i) row[i] -= without[i];
        return row;
    }
    void keep_changes() {
        Row const revenue = change(block_.shocked->revenue(), block_.base->revenue());
        Row const given = change(block_.shocked->given(), block_.base->given());
        bool const held = !block_.held.empty() && block_.held[0];
        Row const first =
            held ? change(block_.held[0]->revenue(), block_.base->revenue()) : Row(block_.lanes);
        for (std::size_t i = 0; i < block_.lanes; ++i)
            if (counted_[i])
                all_.changes.push_back({block_.first + i, block_.coin * revenue[i],
                                        block_.coin * first[i], block_.coin * given[i]});
    }
    void put(LossTable& to, BlockLosses const& from) const {
        for (std::size_t f = 0; f < from.firms.size(); ++f) moments(to.firms[f], from.firms[f]);
        moments(to.sum, from.sum);
        moments(to.consolidated, from.consolidated);
    }

    void add_failures() {
        int const* const before = block_.base->first_defaults();
        int const* const after = block_.shocked->first_defaults();
        all_.without.add(before, block_.lanes, counted_);
        all_.with.add(after, block_.lanes, counted_);
        for (std::size_t i = 0; i < block_.lanes; ++i) {
            bool spreads = false;
            for (std::size_t f = 0; f < all_.firms.size(); ++f) {
                std::size_t const at = f * block_.lanes + i;
                spreads = spreads || (!hit_[f] && after[at] > 0 && before[at] == 0);
            }
            all_.spread += spreads && counted_[i];
        }
    }

    /// By step and channel, and all that is summed from them.
    void add_steps() {
        std::size_t const n = all_.firms.size(), lanes = block_.lanes;
        std::vector<Row> cumulated(n * channels, Row(lanes)), together(channels, Row(lanes));
        for (int step = 1; step <= all_.steps; ++step) {
            std::vector<Row> step_sums(channels, Row(lanes));
            for (std::size_t f = 0; f < n; ++f) {
                for (std::size_t c = 0; c < channels; ++c) {
                    auto const channel = static_cast<Channel>(c);
                    double const* const x = block_.base->channel(f, channel, step);
                    double const* const y = block_.shocked->channel(f, channel, step);
                    Row& sum = cumulated[f * channels + c];
                    for (std::size_t i = 0; i < lanes; ++i) {
                        sum[i] += x[i] - y[i];
                        step_sums[c][i] += x[i] - y[i];
                    }
                }
                loss_.take(f, block_.base->total(f, step), block_.shocked->total(f, step));
                moments(all_.firm_timeline[f][static_cast<std::size_t>(step - 1)], loss_.firms[f]);
            }
            loss_.take_out(block_.base->inside(step), block_.shocked->inside(step));
            for (std::size_t c = 0; c < channels; ++c) {
                for (std::size_t i = 0; i < lanes; ++i) together[c][i] += step_sums[c][i];
                moments(all_.timeline[static_cast<std::size_t>(step - 1)][c], together[c]);
            }
        }
        for (std::size_t f = 0; f < n; ++f)
            for (std::size_t c = 0; c < channels; ++c)
                moments(all_.loss.by_channel[f][c], cumulated[f * channels + c]);
        for (std::size_t c = 0; c < channels; ++c) moments(all_.sum_channels[c], together[c]);
        measure(cumulated);
    }

    /// Channels against what the accounts say.
    void measure(std::vector<Row> const& cumulated) {
        for (std::size_t f = 0; f < all_.firms.size(); ++f)
            for (std::size_t i = 0; i < block_.lanes; ++i) {
                if (!counted_[i]) continue;
                double sum = 0;
                for (std::size_t c = 0; c < channels; ++c) sum += cumulated[f * channels + c][i];
                double const loss = block_.base->booked(f)[i] - block_.shocked->booked(f)[i];
                all_.residual = std::max(all_.residual, block_.coin * std::abs(sum - loss));
                all_.largest_loss = std::max(all_.largest_loss, block_.coin * std::abs(loss));
            }
    }

    /// Losses of a run in which a combination of switches is on.
    BlockLosses held(unsigned on) const {
        if (block_.held[on] == block_.shocked) return loss_;
        BlockLosses losses(all_.firms.size(), block_.lanes);
        for (int step = 1; step <= all_.steps; ++step) {
            for (std::size_t f = 0; f < all_.firms.size(); ++f) {
                Row const none(block_.lanes, 0.0);
                losses.take(f, block_.base->total(f, step),
                            step == 1 ? block_.held[on]->total(f, 1) : none.data());
            }
            Row const none(block_.lanes, 0.0);
            losses.take_out(block_.base->inside(step),
                            step == 1 ? block_.held[on]->inside(1) : none.data());
        }
        return losses;
    }

    static BlockLosses less(BlockLosses a, BlockLosses const& b) {
        auto const subtract = [](Row& x, Row const& y) {
            for (std::size_t i = 0; i < x.size(); ++i) x[i] -= y[i];
        };
        for (std::size_t f = 0; f < a.firms.size(); ++f) subtract(a.firms[f], b.firms[f]);
        subtract(a.sum, b.sum);
        subtract(a.consolidated, b.consolidated);
        return a;
    }

    void add_support() {
        Row sum(block_.lanes);
        for (std::size_t f = 0; f < all_.firms.size(); ++f) {
            Row drawn(block_.lanes);
            double const* const cash = block_.held[0]->cash(f);
            for (std::size_t i = 0; i < block_.lanes; ++i) {
                drawn[i] = hit_[f] ? 0 : std::max(0.0, -cash[i]);
                sum[i] += drawn[i];
            }
            moments(all_.support[f], drawn);
        }
        moments(all_.support_sum, sum);
    }

    /// Shapley (1953): the mean of what a switch adds over all orders in which they can be put on.
    void add_shares(BlockLosses const& first) {
        std::vector<Row> whole(switches, Row(block_.lanes)), sums(switches, Row(block_.lanes));
        std::array<double, switches> weight{}; // s! (k - s - 1)! / k!
        double const k = switches;
        weight[0] = 1 / k;
        for (int s = 1; s < switches; ++s) weight[index(s)] = weight[index(s - 1)] * s / (k - s);
        std::vector<BlockLosses> values;
        for (unsigned on = 0; on <= all_switches; ++on) values.push_back(held(on));
        for (unsigned c = 0; c < switches; ++c)
            for (unsigned on = 0; on <= all_switches; ++on) {
                if (on >> c & 1U) continue;
                double const w = weight[static_cast<std::size_t>(std::popcount(on))];
                BlockLosses const& with = values[on | 1U << c];
                for (std::size_t i = 0; i < block_.lanes; ++i) {
                    whole[c][i] += w * (with.consolidated[i] - values[on].consolidated[i]);
                    sums[c][i] += w * (with.sum[i] - values[on].sum[i]);
                }
            }
        for (std::size_t c = 0; c < switches; ++c) {
            moments(all_.share[c], whole[c]);
            moments(all_.share_sum[c], sums[c]);
        }
        for (std::size_t i = 0; i < block_.lanes; ++i) {
            double sum = 0;
            for (auto const& row : whole) sum += row[i];
            double const feedback = loss_.consolidated[i] - first.consolidated[i];
            if (counted_[i])
                all_.share_residual =
                    std::max(all_.share_residual, block_.coin * std::abs(sum - feedback));
        }
    }
};

} // namespace

StressResult empty_result(std::vector<int> const& firms, int horizon) {
    StressResult all;
    std::size_t const n = firms.size(), steps = static_cast<std::size_t>(horizon);
    all.firms = firms;
    all.steps = horizon;
    all.without = all.with = FailureTable(static_cast<int>(n), horizon);
    for (LossTable* table : {&all.loss, &all.first_round, &all.feedback}) table->firms.resize(n);
    all.loss.by_channel.resize(n);
    all.timeline.resize(steps);
    all.firm_timeline.assign(n, std::vector<Moments>(steps));
    all.support.resize(n);
    return all;
}

void add_block(StressResult& all, TalliesOfBlock const& block, std::vector<char> const& hit) {
    Adding(all, block, hit).add();
}

} // namespace perpetuum::stressing
