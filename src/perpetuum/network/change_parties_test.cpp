#include <doctest/doctest.h>
#include <perpetuum/network.hpp>

#include <algorithm>
#include <map>

using namespace perpetuum;

namespace {

PaymentList list_of(std::vector<std::string> parties, std::vector<Network::Edge> const& payments) {
    PaymentList list;
    list.parties = std::move(parties);
    for (Network::Edge const& payment : payments) {
        list.from.push_back(payment.from);
        list.to.push_back(payment.to);
        list.amount.push_back(payment.amount);
    }
    return list;
}

std::map<std::string, std::int64_t> sums_of(PaymentList const& list) {
    std::map<std::string, std::int64_t> sums;
    for (std::size_t k = 0; k < list.size(); ++k)
        sums[list.parties[static_cast<std::size_t>(list.from[k])] + ">" +
             list.parties[static_cast<std::size_t>(list.to[k])]] += list.amount[k];
    return sums;
}

using Sums = std::map<std::string, std::int64_t>;

} // namespace

TEST_CASE("subsidiaries count as their group; what they pay each other is left out and stated") {
    PaymentList const list =
        list_of({"a1", "a2", "b"}, {{0, 1, 5}, {1, 2, 7}, {2, 0, 3}, {1, 2, 1}});
    PartyChangeCount count;
    PaymentList const merged =
        changed_parties(list, {{{"a1", "a"}, {"a2", "a"}, {"zz", "a"}}, {}, {}}, count);
    CHECK(sums_of(merged) == Sums{{"a>b", 8}, {"b>a", 3}});
    CHECK(merged.parties.size() == 2);
    CHECK(count.merged == 2);
    CHECK(count.inside_groups == 1);
    CHECK(count.inside_amount == 5);
    CHECK(count.unknown == std::vector<std::string>{"zz"});
}

TEST_CASE("nothing to or from an excluded party counts") {
    PaymentList const list = list_of({"a", "bank", "b"}, {{0, 1, 5}, {1, 2, 7}, {2, 0, 3}});
    PartyChangeCount count;
    PaymentList const left = changed_parties(list, {{}, {"bank"}, {}}, count);
    CHECK(sums_of(left) == Sums{{"b>a", 3}});
    CHECK(count.excluded == 2);
    CHECK(count.excluded_amount == 12);
}

TEST_CASE("a pass-through gives way to payments from its payers to its payees, pro rata") {
    // a and b bring 60 and 40; c and d get 50 and 30; so 80 pass: 48 and 32 of a and b.
    PaymentList const list =
        list_of({"a", "b", "p", "c", "d"}, {{0, 2, 60}, {1, 2, 40}, {2, 3, 50}, {2, 4, 30}});
    PartyChangeCount count;
    PaymentList const split = changed_parties(list, {{}, {}, {"p"}}, count);
    CHECK(count.passed_through == 80);
    CHECK(sums_of(split) ==
          Sums{{"a>c", 30}, {"a>d", 18}, {"b>c", 20}, {"b>d", 12}, {"a>p", 12}, {"b>p", 8}});
}

TEST_CASE("a pass-through keeps every sum of others to the last unit") {
    PaymentList const list =
        list_of({"a", "b", "c", "p", "x", "y", "z"},
                {{0, 3, 7}, {1, 3, 11}, {2, 3, 13}, {3, 4, 5}, {3, 5, 17}, {3, 6, 19}, {4, 0, 2}});
    PartyChangeCount count;
    PaymentList const split = changed_parties(list, {{}, {}, {"p"}}, count);
    CHECK(count.passed_through == 31);
    std::map<std::string, std::int64_t> paid, got;
    for (auto const& [pair, amount] : sums_of(split)) {
        CHECK(amount > 0);
        paid[pair.substr(0, 1)] += amount;
        got[pair.substr(2)] += amount;
    }
    CHECK(paid == Sums{{"a", 7}, {"b", 11}, {"c", 13}, {"p", 10}, {"x", 2}});
    CHECK(got == Sums{{"a", 2}, {"x", 5}, {"y", 17}, {"z", 19}});
}

TEST_CASE("payments of a list add up to a network") {
    Network const network = network_of(list_of({"a", "b"}, {{0, 1, 5}, {1, 0, 7}, {0, 1, 1}}));
    REQUIRE(network.edges.size() == 2);
    CHECK(network.edges[0].amount == 6);
}
