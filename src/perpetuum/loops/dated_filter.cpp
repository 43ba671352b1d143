/// Which payments can lie on a loop at all: slices of time, each looked at by itself.

#include "dated_graph.hpp"
#include "strong_components.hpp"

#include <perpetuum/threads.hpp>

#include <algorithm>
#include <atomic>

namespace perpetuum {

namespace {

constexpr int most_rounds = 20;

std::size_t party_index(int party) { return static_cast<std::size_t>(party); }

/// Numbers of the payments by time; equal times keep their order. Counts digits of eleven bits from
/// the lowest up.
std::vector<std::uint32_t> order_by_time(PaymentList const& list) {
    std::vector<std::uint32_t> order(list.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<std::uint32_t>(k);
    if (std::is_sorted(list.time.begin(), list.time.end())) return order;
    auto const [first, last] = std::minmax_element(list.time.begin(), list.time.end());
    std::int64_t const earliest = *first;
    auto const span = static_cast<std::uint64_t>(*last - earliest);
    std::vector<std::uint32_t> other(list.size());
    constexpr int bits = 11;
    for (int shift = 0; shift < 64 && span >> shift != 0; shift += bits) {
        auto const digit = [&](std::uint32_t k) {
            return static_cast<std::uint64_t>(list.time[k] - earliest) >> shift &
                   ((1U << bits) - 1);
        };
        std::vector<std::size_t> next((1U << bits) + 1);
        for (std::uint32_t const k : order) ++next[digit(k) + 1];
        for (std::size_t k = 1; k < next.size(); ++k) next[k] += next[k - 1];
        for (std::uint32_t const k : order) other[next[digit(k)]++] = k;
        order.swap(other);
    }
    return order;
}

/// A bit for each party.
class PartyBits {
  public:
    explicit PartyBits(std::size_t parties) : words_(parties / 64 + 1) {}
    void set(int party) { words_[party_index(party) / 64] |= bit(party); }
    void clear(int party) { words_[party_index(party) / 64] = 0; }
    bool has(int party) const { return (words_[party_index(party) / 64] & bit(party)) != 0; }

  private:
    static std::uint64_t bit(int party) { return std::uint64_t{1} << (party & 63); }
    std::vector<std::uint64_t> words_;
};

struct TimeSlice {
    std::size_t begin = 0, end = 0; ///< in the order by time
};

std::vector<TimeSlice> slices_of(PaymentList const& list, std::vector<std::uint32_t> const& order,
                                 std::int64_t window) {
    std::vector<TimeSlice> slices;
    std::size_t begin = 0, end = 0;
    while (begin < order.size()) {
        std::int64_t const start = list.time[order[begin]];
        std::int64_t const last_first = later(start, window), last = later(last_first, window);
        while (end < order.size() && list.time[order[end]] <= last) ++end;
        slices.push_back({begin, end});
        if (end == order.size() && last_first >= list.time[order.back()]) break;
        while (begin < order.size() && list.time[order[begin]] <= last_first) ++begin;
    }
    return slices;
}

/// Looks at one slice after the other; one a thread.
class SliceFilter {
  public:
    SliceFilter(PaymentList const& list, std::vector<std::uint32_t> const& order,
                LoopQuery const& query)
        : list_(list), order_(order), got_(list.parties.size()), paid_(list.parties.size()),
          local_(list.parties.size(), -1) {
        for (int const party : {query.through, query.first, query.leg_from})
            if (party >= 0) wanted_ = party;
    }

    /// Adds the payments of a slice that lie inside components.
    void run(TimeSlice slice, std::vector<std::uint32_t>& found) {
        left_.assign(order_.begin() + static_cast<std::ptrdiff_t>(slice.begin),
                     order_.begin() + static_cast<std::ptrdiff_t>(slice.end));
        for (int round = 0; round < most_rounds; ++round) {
            std::size_t const before = left_.size();
            drop_dead_ends();
            if (before - left_.size() <= before / 16) break;
        }
        if (!left_.empty()) keep_components(found);
    }

  private:
    int from(std::uint32_t payment) const { return list_.from[payment]; }
    int to(std::uint32_t payment) const { return list_.to[payment]; }

    void drop_dead_ends() {
        for (std::uint32_t const k : left_) {
            paid_.set(from(k));
            got_.set(to(k));
        }
        std::size_t kept = 0;
        std::size_t const before = left_.size();
        for (std::uint32_t const k : left_) {
            kept_or_not_.push_back(got_.has(from(k)) && paid_.has(to(k)));
            kept += kept_or_not_.back() != 0;
        }
        for (std::uint32_t const k : left_) {
            paid_.clear(from(k));
            got_.clear(to(k));
        }
        std::size_t at = 0;
        for (std::size_t k = 0; k < before; ++k)
            if (kept_or_not_[k] != 0) left_[at++] = left_[k];
        left_.resize(kept);
        kept_or_not_.clear();
    }

    void keep_components(std::vector<std::uint32_t>& found) {
        members_.clear();
        for (std::uint32_t const k : left_)
            for (int const party : {from(k), to(k)})
                if (local_[party_index(party)] < 0) {
                    local_[party_index(party)] = static_cast<int>(members_.size());
                    members_.push_back(party);
                }
        std::vector<std::uint32_t> begin(members_.size() + 1);
        for (std::uint32_t const k : left_) ++begin[local_at(from(k)) + 1];
        for (std::size_t k = 0; k < members_.size(); ++k) begin[k + 1] += begin[k];
        std::vector<std::uint32_t> next = begin;
        std::vector<int> targets(left_.size());
        for (std::uint32_t const k : left_)
            targets[next[local_at(from(k))]++] = local_[party_index(to(k))];
        auto const component =
            StrongComponents(begin, [&](std::uint32_t edge) { return targets[edge]; }).run();
        bool const all = wanted_ < 0;
        int const wanted =
            all || local_[party_index(wanted_)] < 0 ? -1 : component[local_at(wanted_)];
        for (std::uint32_t const k : left_) {
            int const mine = component[local_at(from(k))];
            if (mine == component[local_at(to(k))] && (all || mine == wanted)) found.push_back(k);
        }
        for (int const party : members_) local_[party_index(party)] = -1;
    }

    std::size_t local_at(int party) const {
        return static_cast<std::size_t>(local_[party_index(party)]);
    }

    PaymentList const& list_;
    std::vector<std::uint32_t> const& order_;
    PartyBits got_, paid_;
    std::vector<int> local_, members_;
    std::vector<std::uint32_t> left_;
    std::vector<char> kept_or_not_;
    int wanted_ = -1; ///< only components with this party
};

} // namespace

std::int64_t later(std::int64_t time, std::int64_t by) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(time, by, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

std::vector<std::uint32_t> payments_on_loops(PaymentList const& list, LoopQuery const& query,
                                             std::int64_t window, int threads) {
    auto order = order_by_time(list);
    auto const slices = slices_of(list, order, window);
    std::vector<std::vector<std::uint32_t>> found(slices.size());
    std::atomic<std::size_t> next = 0;
    auto const asked = static_cast<std::size_t>(std::max(threads, 1));
    run_on_threads(std::min(asked, slices.size()), [&](std::size_t) {
        SliceFilter filter(list, order, query);
        for (std::size_t k = next++; k < slices.size(); k = next++) filter.run(slices[k], found[k]);
    });
    std::vector<char> keep(list.size());
    for (auto const& of_slice : found)
        for (std::uint32_t const k : of_slice) keep[k] = 1;
    std::erase_if(order, [&](std::uint32_t k) { return keep[k] == 0; });
    return order;
}

} // namespace perpetuum
