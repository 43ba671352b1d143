#include "reference_graphs.hpp"

#include <doctest/doctest.h>
#include <perpetuum/loops.hpp>

#include <set>

using namespace perpetuum;

namespace {

using Counts = std::vector<std::uint64_t>;
using Chains = std::set<std::vector<std::uint32_t>>;

PaymentList dated_list(int parties, std::vector<reference::Payment> const& payments) {
    return reference::as_list(static_cast<std::uint64_t>(parties), payments);
}

PaymentList random_list(reference::Draws& draws, std::uint64_t parties, int payments,
                        std::uint64_t span) {
    std::vector<reference::Payment> list;
    while (static_cast<int>(list.size()) < payments) {
        auto const from = static_cast<std::uint32_t>(draws.below(parties));
        auto const to = static_cast<std::uint32_t>(draws.below(parties));
        if (from == to) continue;
        list.push_back({from, to, static_cast<std::int64_t>(1 + draws.below(20)),
                        static_cast<std::int64_t>(draws.below(span))});
    }
    return reference::as_list(parties, list);
}

bool follows(PaymentList const& list, TemporalRules const& rules, std::uint32_t before,
             std::uint32_t next) {
    std::int64_t const gap = list.time[next] - list.time[before];
    if (gap < (rules.strict ? 1 : 0) || gap > rules.gap) return false;
    auto const times = [&](std::uint32_t k, std::int64_t factor) {
        return list.amount[k] * factor;
    };
    if (rules.least_ratio &&
        times(next, rules.least_ratio->denominator) < times(before, rules.least_ratio->numerator))
        return false;
    return !rules.most_ratio ||
           times(next, rules.most_ratio->denominator) <= times(before, rules.most_ratio->numerator);
}

/// Every chain of payments that comes home, tried one by one; turned to begin at its smallest
/// number when all its times are equal.
void extend_chain(PaymentList const& list, LoopQuery const& query, TemporalRules const& rules,
                  std::vector<std::uint32_t>& chain, Chains& found) {
    if (list.to[chain.back()] == list.from[chain.front()]) {
        auto turned = chain;
        if (list.time[chain.back()] == list.time[chain.front()])
            std::rotate(turned.begin(), std::min_element(turned.begin(), turned.end()),
                        turned.end());
        found.insert(turned);
        return;
    }
    if (query.longest > 0 && chain.size() >= static_cast<std::size_t>(query.longest)) return;
    for (std::uint32_t k = 0; k < list.size(); ++k) {
        if (list.from[k] != list.to[chain.back()] || !follows(list, rules, chain.back(), k))
            continue;
        if (list.time[k] - list.time[chain.front()] > rules.window) continue;
        bool const again = std::any_of(chain.begin() + 1, chain.end(), [&](std::uint32_t earlier) {
            return list.from[earlier] == list.to[k];
        });
        if (again) continue;
        chain.push_back(k);
        extend_chain(list, query, rules, chain, found);
        chain.pop_back();
    }
}

Chains plain_chains(PaymentList const& list, LoopQuery const& query, TemporalRules const& rules) {
    Chains found;
    for (std::uint32_t k = 0; k < list.size(); ++k) {
        if (query.first >= 0 && list.from[k] != query.first) continue;
        std::vector<std::uint32_t> chain{k};
        extend_chain(list, query, rules, chain, found);
    }
    std::erase_if(found, [&](std::vector<std::uint32_t> const& chain) {
        auto const on = [&](int party) {
            return std::any_of(chain.begin(), chain.end(),
                               [&](std::uint32_t k) { return list.from[k] == party; });
        };
        auto const leg = [&](std::uint32_t k) {
            return list.from[k] == query.leg_from && list.to[k] == query.leg_to;
        };
        return (query.through >= 0 && !on(query.through)) ||
               (query.leg_from >= 0 && std::none_of(chain.begin(), chain.end(), leg));
    });
    return found;
}

Chains searched_chains(PaymentList const& list, LoopQuery const& query, TemporalRules const& rules,
                       int threads = 1) {
    Chains found;
    LoopBudget budget;
    budget.threads = threads;
    LoopTally const tally =
        search_temporal_loops(list, query, rules, budget, [&](LoopSeen const& loop) {
            std::vector<std::uint32_t> chain(loop.payments.begin(), loop.payments.end());
            std::int64_t smallest = list.amount[chain[0]];
            for (std::size_t k = 0; k < chain.size(); ++k) {
                CHECK(list.from[chain[k]] == loop.nodes[k]);
                smallest = std::min(smallest, list.amount[chain[k]]);
            }
            CHECK(smallest == loop.bottleneck);
            if (list.time[chain.back()] == list.time[chain.front()])
                std::rotate(chain.begin(), std::min_element(chain.begin(), chain.end()),
                            chain.end());
            CHECK(found.insert(chain).second);
            return true;
        });
    CHECK(tally.complete);
    CHECK(tally.count == found.size());
    CHECK(search_temporal_loops(list, query, rules, budget).count == found.size());
    return found;
}

} // namespace

TEST_CASE("money that comes back in order and in time is a loop; otherwise it is none") {
    // a pays b on day 1, b pays c on day 3, c pays a on day 4 and again on day 9.
    PaymentList const list =
        dated_list(3, {{0, 1, 10, 1}, {1, 2, 8, 3}, {2, 0, 9, 4}, {2, 0, 9, 9}});
    TemporalRules rules;
    rules.window = 3;
    CHECK(searched_chains(list, {}, rules) == Chains{{0, 1, 2}});
    rules.window = 8;
    CHECK(searched_chains(list, {}, rules) == Chains{{0, 1, 2}, {0, 1, 3}});
    rules.gap = 2;
    CHECK(searched_chains(list, {}, rules) == Chains{{0, 1, 2}});
    rules.least_ratio = AmountRatio{9, 10};
    CHECK(searched_chains(list, {}, rules).empty());
    rules.least_ratio = AmountRatio{8, 10};
    CHECK(searched_chains(list, {}, rules).size() == 1);
    rules.window = 2;
    CHECK(searched_chains(list, {}, rules).empty());
}

TEST_CASE("payments of one moment follow each other only where times need not rise") {
    PaymentList const list = dated_list(3, {{0, 1, 1, 7}, {1, 2, 1, 7}, {2, 0, 1, 7}});
    TemporalRules rules;
    rules.window = 0;
    CHECK(searched_chains(list, {}, rules).empty());
    rules.strict = false;
    CHECK(searched_chains(list, {}, rules) == Chains{{0, 1, 2}});
}

TEST_CASE("the search and trying every chain agree, by every rule") {
    reference::Draws draws{11};
    for (int round = 0; round < 1000; ++round) {
        std::uint64_t const span = 1 + draws.below(30);
        PaymentList const list =
            random_list(draws, 3 + draws.below(5), 5 + static_cast<int>(draws.below(22)), span);
        auto const parties = list.parties.size();
        TemporalRules rules;
        auto const one_in = [&](std::uint64_t chances) { return draws.below(chances) == 0; };
        auto const any = [&](std::uint64_t most) { return static_cast<int>(draws.below(most)); };
        rules.strict = one_in(2);
        if (!one_in(3)) rules.window = any(span + 1);
        if (one_in(3)) rules.gap = any(span + 1);
        if (one_in(4)) rules.least_ratio = AmountRatio{1 + any(10), 10};
        if (one_in(4)) rules.most_ratio = AmountRatio{10 + any(10), 10};
        LoopQuery query;
        if (one_in(2)) query.longest = 2 + any(8);
        if (one_in(5)) query.through = any(parties);
        if (one_in(5)) query.first = any(parties);
        if (one_in(5)) {
            query.leg_from = any(parties);
            query.leg_to = (query.leg_from + 1 + any(parties - 1)) % static_cast<int>(parties);
        }
        CHECK(searched_chains(list, query, rules, 1 + round % 3) ==
              plain_chains(list, query, rules));
    }
}

TEST_CASE("reference counts of dated graphs, however many threads") {
    PaymentList const tt5 =
        reference::as_list(20'000, reference::dated(20'000, 100'000, 70, 2'592'000, 200, 21));
    TemporalRules rules;
    for (int const threads : {1, 2}) {
        LoopBudget budget;
        budget.threads = threads;
        rules.window = 86'400;
        CHECK(search_temporal_loops(tt5, {}, rules, budget).by_length ==
              Counts{0, 0, 42, 56, 37, 36, 29, 32, 32});
        rules.window = 259'200;
        CHECK(search_temporal_loops(tt5, {}, rules, budget).by_length ==
              Counts{0, 0, 108, 170, 168, 124, 67, 52, 38, 3, 2});
        CHECK(search_temporal_loops(tt5, {.longest = 5}, rules, budget).by_length ==
              Counts{0, 0, 108, 170, 168, 124});
    }
    rules.window = 604'800;
    CHECK(search_temporal_loops(tt5, {}, rules, {}).by_length ==
          Counts{0, 0, 221, 731, 1534, 2355, 2914, 2864, 2371, 1629, 972, 499, 257, 89, 37, 23, 11,
                 2, 1});
}

TEST_CASE("the order of the rows and the numbers of the parties change no count") {
    PaymentList const list =
        reference::as_list(200, reference::dated(200, 3000, 70, 200'000, 10, 4));
    PaymentList other = list;
    std::reverse(other.from.begin(), other.from.end());
    std::reverse(other.to.begin(), other.to.end());
    std::reverse(other.amount.begin(), other.amount.end());
    std::reverse(other.time.begin(), other.time.end());
    std::reverse(other.parties.begin(), other.parties.end());
    for (auto* side : {&other.from, &other.to})
        for (int& party : *side) party = 199 - party;
    for (bool const strict : {true, false}) {
        TemporalRules rules;
        rules.window = 12'000;
        rules.strict = strict;
        LoopTally const tally = search_temporal_loops(list, {}, rules, {});
        CHECK(tally.count > 100);
        CHECK(search_temporal_loops(other, {}, rules, {}).by_length == tally.by_length);
    }
}

TEST_CASE("threads change neither the order of temporal loops nor where a budget cuts") {
    PaymentList const list =
        reference::as_list(200, reference::dated(200, 3000, 70, 200'000, 10, 4));
    TemporalRules rules;
    rules.window = 12'000;
    for (std::uint64_t const effort : {std::uint64_t{30'000}, ~std::uint64_t{0}}) {
        std::vector<std::vector<std::uint32_t>> orders;
        for (int const threads : {1, 2, 4}) {
            LoopBudget budget;
            budget.effort = effort;
            budget.threads = threads;
            std::vector<std::uint32_t> order;
            search_temporal_loops(list, {}, rules, budget, [&](LoopSeen const& loop) {
                order.insert(order.end(), loop.payments.begin(), loop.payments.end());
                return true;
            });
            orders.push_back(order);
        }
        CHECK(orders[0].size() > 50);
        CHECK(orders[1] == orders[0]);
        CHECK(orders[2] == orders[0]);
    }
}

TEST_CASE("a hub through which everything goes at all times ends within its budget") {
    reference::Draws draws{9};
    std::vector<reference::Payment> payments;
    for (std::int64_t k = 0; k < 20'000; ++k) {
        auto const other = static_cast<std::uint32_t>(1 + draws.below(300));
        if (k % 2 == 0)
            payments.push_back({0, other, 1, k});
        else
            payments.push_back({other, 1 + static_cast<std::uint32_t>(k % 300), 1, k});
    }
    std::erase_if(payments, [](auto const& payment) { return payment.from == payment.to; });
    for (std::size_t k = 0; k < payments.size(); k += 3)
        std::swap(payments[k].from, payments[k].to);
    PaymentList const list = dated_list(301, payments);
    LoopTally const cut = search_temporal_loops(list, {}, {}, {.effort = 1'000'000, .threads = 2});
    CHECK(cut.cut_by_effort);
    CHECK_FALSE(cut.complete);
    CHECK(cut.effort == 1'000'000);
}

TEST_CASE("a damaged list or senseless rules are refused") {
    PaymentList list = dated_list(2, {{0, 1, 1, 1}, {1, 0, 1, 2}});
    TemporalRules rules;
    rules.window = -1;
    CHECK_THROWS_AS(search_temporal_loops(list, {}, rules, {}), BadInput);
    rules = {};
    rules.least_ratio = AmountRatio{1, 0};
    CHECK_THROWS_AS(search_temporal_loops(list, {}, rules, {}), BadInput);
    list.time.pop_back();
    CHECK_THROWS_AS(search_temporal_loops(list, {}, {}, {}), BadInput);
    list.time = {1, 2};
    list.to[0] = 0;
    CHECK_THROWS_AS(search_temporal_loops(list, {}, {}, {}), BadInput);
    CHECK(search_temporal_loops(dated_list(2, {}), {}, {}, {}).count == 0);
}

TEST_CASE("where there are more loops than payments, the search and trying every chain agree") {
    // The denser family of reference_graphs.hpp: groups that pay each other at random, so that
    // there are many ways round.
    for (std::uint64_t const seed : {1U, 2U, 3U, 4U}) {
        PaymentList const list =
            reference::as_list(40, reference::dense_dated(40, 170, 70, 86'400, 2, seed));
        TemporalRules rules;
        rules.window = 7'200;
        Chains const tried = plain_chains(list, {}, rules);
        CHECK(tried.size() > list.size());
        CHECK(searched_chains(list, {}, rules) == tried);
        CHECK(searched_chains(list, {}, rules, 2) == tried);
        // Up to six legs another way is taken: legs are counted in the sweep.
        LoopQuery query;
        query.longest = 6;
        CHECK(searched_chains(list, query, rules) == plain_chains(list, query, rules));
    }
}
