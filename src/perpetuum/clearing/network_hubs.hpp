#pragma once
/// Claims of a network with one rank, laid out for sweeps. Inside the room only.
///
/// What a firm loses is read at its debtors, one random place a claim; but what *hubs* lose, firms
/// with very many claims, is added up as their debtors are served: there are few hubs, so that the
/// sums stay in the first cache. Where money has a core, most claims are to a hub or on one.

#include <perpetuum/clearing/network_plan.hpp>

#include <cstdint>
#include <vector>

namespace perpetuum {

/// Firms stand at places, hubs last; those with as many claims to read and sums to add to are
/// neighbours, so that the processor foresees where their loops end.
struct HubLayout {
    std::vector<std::int32_t> firm_at;     ///< place
    std::vector<std::int32_t> place_of;    ///< firm
    std::size_t plain = 0;                 ///< places of firms that are no hubs
    std::vector<std::uint32_t> read_first; ///< place; one more at the end
    std::vector<std::int32_t> read_from;   ///< place of the debtor; of a hub's, hubs only
    std::vector<double> read_share;
    std::vector<std::uint32_t> add_first; ///< place that is no hub; one more at the end
    std::vector<std::int32_t> add_to;     ///< hub, from 0
    std::vector<double> add_share;

    std::size_t size() const { return firm_at.size(); }
    std::size_t hubs() const { return firm_at.size() - plain; }
};

/// Debtors of claims so far ahead are asked for early; so many zeros stand behind the last.
constexpr std::uint32_t read_ahead = 32;

/// True when the layout can be made: one rank, fewer than 2^32 claims.
bool fits_hub_layout(NetworkPlan const& plan);
HubLayout hub_layout(NetworkPlan const& plan);

/// Asks the system for large pages, where it has them, before memory is first touched: random
/// places are else looked up twice, once for where their page is.
void prefer_large_pages(void* begin, std::size_t bytes);

template <class T>
std::vector<T> zeros_on_large_pages(std::size_t size) {
    std::vector<T> values;
    values.reserve(size);
    prefer_large_pages(values.data(), size * sizeof(T));
    values.resize(size);
    return values;
}

/// One sweep in place over `active` places, in ascending order. values: place, 0 at those that are
/// not active; serve(place, lost) is what is stored there next. sums: scratch, one a hub.
template <class Serve>
void sweep_hubs(HubLayout const& layout, std::vector<std::int32_t> const& active,
                std::vector<double>& values, std::vector<double>& sums, Serve&& serve) {
    sums.assign(layout.hubs(), 0.0);
    double* const value = values.data();
    double* const sum = sums.data();
    std::int32_t const* const from = layout.read_from.data();
    double const* const read = layout.read_share.data();
    std::int32_t const* const to = layout.add_to.data();
    double const* const add = layout.add_share.data();
    for (std::int32_t const at : active) {
        auto const place = static_cast<std::size_t>(at);
        bool const hub = place >= layout.plain;
        double lost = hub ? sum[place - layout.plain] : 0;
        for (std::uint32_t k = layout.read_first[place]; k < layout.read_first[place + 1]; ++k) {
            __builtin_prefetch(value + from[k + read_ahead]);
            lost += read[k] * value[from[k]];
        }
        double const now = serve(place, lost);
        value[place] = now;
        if (hub) continue;
        for (std::uint32_t k = layout.add_first[place]; k < layout.add_first[place + 1]; ++k)
            sum[to[k]] += add[k] * now;
    }
}

/// What each firm loses, by firm, of what is at all places.
std::vector<double> lost_by_firms(HubLayout const& layout, std::vector<double> const& values);

} // namespace perpetuum
