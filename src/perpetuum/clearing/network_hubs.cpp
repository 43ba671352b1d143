#include <perpetuum/clearing/network_hubs.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace perpetuum {
namespace {

constexpr std::uint32_t many_claims = 128;
constexpr std::size_t most_hubs = 4096; ///< 32 kB of sums

std::vector<std::uint32_t> claims_of_firms(NetworkPlan const& plan) {
    std::vector<std::uint32_t> claims(plan.firms, 0);
    for (NetworkClaim const& claim : plan.claims)
        ++claims[static_cast<std::size_t>(claim.creditor)];
    return claims;
}

std::vector<char> hubs_among(std::vector<std::uint32_t> const& claims) {
    std::uint32_t least = many_claims;
    std::vector<std::uint32_t> many;
    for (std::uint32_t const count : claims)
        if (count >= many_claims) many.push_back(count);
    if (many.size() > most_hubs) {
        auto const place = many.begin() + most_hubs;
        std::nth_element(many.begin(), place, many.end(), std::greater<>());
        least = *place + 1;
    }
    std::vector<char> hub(claims.size());
    for (std::size_t i = 0; i < claims.size(); ++i) hub[i] = claims[i] >= least;
    return hub;
}

/// Calls see(debtor, creditor, share) in the order of debtors.
template <class See>
void each_claim_of(NetworkPlan const& plan, See&& see) {
    for (std::size_t i = 0; i < plan.firms; ++i)
        for (std::size_t k = plan.first_claim[i]; k < plan.first_claim[i + 1]; ++k)
            see(i, static_cast<std::size_t>(plan.claims[k].creditor), plan.claims[k].share);
}

/// Places by number of claims read and sums added to, a counting sort; hubs last, by their numbers.
void place_by_claims(std::vector<char> const& hub, std::vector<std::uint32_t> const& reads,
                     std::vector<std::uint32_t> const& adds, HubLayout& layout) {
    constexpr std::uint32_t kinds = 32;
    auto const key = [&](std::size_t i) -> std::size_t {
        if (hub[i] != 0) return kinds * kinds;
        return std::min(reads[i], kinds - 1) * kinds + std::min(adds[i], kinds - 1);
    };
    std::vector<std::size_t> next(kinds * kinds + 2, 0);
    for (std::size_t i = 0; i < hub.size(); ++i) ++next[key(i) + 1];
    for (std::size_t k = 1; k < next.size(); ++k) next[k] += next[k - 1];
    layout.plain = next[kinds * kinds];
    layout.firm_at.resize(hub.size());
    layout.place_of = zeros_on_large_pages<std::int32_t>(hub.size());
    for (std::size_t i = 0; i < hub.size(); ++i) {
        std::size_t const place = next[key(i)]++;
        layout.firm_at[place] = static_cast<std::int32_t>(i);
        layout.place_of[i] = static_cast<std::int32_t>(place);
    }
}

std::vector<std::uint32_t> firsts(HubLayout const& layout, std::vector<std::uint32_t> const& counts,
                                  std::size_t places) {
    std::vector<std::uint32_t> first(places + 1, 0);
    for (std::size_t p = 0; p < places; ++p)
        first[p + 1] = first[p] + counts[static_cast<std::size_t>(layout.firm_at[p])];
    return first;
}

} // namespace

void prefer_large_pages(void* begin, std::size_t bytes) {
#if defined(MADV_HUGEPAGE)
    constexpr std::uintptr_t page = std::uintptr_t{2} << 20;
    auto const address = reinterpret_cast<std::uintptr_t>(begin);
    std::uintptr_t const first = (address + page - 1) / page * page,
                         last = (address + bytes) / page * page;
    if (last > first) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#else
    static_cast<void>(begin);
    static_cast<void>(bytes);
#endif
}

bool fits_hub_layout(NetworkPlan const& plan) {
    return plan.one_rank && plan.claims.size() < std::numeric_limits<std::uint32_t>::max() &&
           plan.firms < static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
}

HubLayout hub_layout(NetworkPlan const& plan) {
    HubLayout layout;
    auto const hub = hubs_among(claims_of_firms(plan));
    std::vector<std::uint32_t> reads(plan.firms, 0), adds(plan.firms, 0);
    each_claim_of(plan, [&](std::size_t debtor, std::size_t creditor, double) {
        if (hub[creditor] != 0 && hub[debtor] == 0)
            ++adds[debtor];
        else
            ++reads[creditor];
    });
    place_by_claims(hub, reads, adds, layout);
    layout.read_first = firsts(layout, reads, layout.size());
    layout.add_first = firsts(layout, adds, layout.plain);
    layout.read_from =
        zeros_on_large_pages<std::int32_t>(std::size_t{layout.read_first.back()} + read_ahead);
    layout.read_share = zeros_on_large_pages<double>(layout.read_first.back());
    layout.add_to = zeros_on_large_pages<std::int32_t>(layout.add_first.back());
    layout.add_share = zeros_on_large_pages<double>(layout.add_first.back());
    auto next_read = zeros_on_large_pages<std::uint32_t>(layout.read_first.size());
    std::copy(layout.read_first.begin(), layout.read_first.end(), next_read.begin());
    auto next_add = layout.add_first;
    each_claim_of(plan, [&](std::size_t debtor, std::size_t creditor, double share) {
        std::int32_t const from = layout.place_of[debtor], to = layout.place_of[creditor];
        if (hub[creditor] != 0 && hub[debtor] == 0) {
            std::uint32_t const k = next_add[static_cast<std::size_t>(from)]++;
            layout.add_to[k] = to - static_cast<std::int32_t>(layout.plain);
            layout.add_share[k] = share;
            return;
        }
        std::uint32_t const k = next_read[static_cast<std::size_t>(to)]++;
        layout.read_from[k] = from;
        layout.read_share[k] = share;
    });
    return layout;
}

std::vector<double> lost_by_firms(HubLayout const& layout, std::vector<double> const& values) {
    std::vector<double> lost(layout.size(), 0.0), sums(layout.hubs(), 0.0);
    for (std::size_t p = 0; p < layout.size(); ++p) {
        double sum = p >= layout.plain ? sums[p - layout.plain] : 0;
        for (std::uint32_t k = layout.read_first[p]; k < layout.read_first[p + 1]; ++k)
            sum += layout.read_share[k] * values[static_cast<std::size_t>(layout.read_from[k])];
        lost[static_cast<std::size_t>(layout.firm_at[p])] = sum;
        if (p >= layout.plain || values[p] == 0) continue;
        for (std::uint32_t k = layout.add_first[p]; k < layout.add_first[p + 1]; ++k)
            sums[static_cast<std::size_t>(layout.add_to[k])] += layout.add_share[k] * values[p];
    }
    return lost;
}

} // namespace perpetuum
