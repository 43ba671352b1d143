#include <doctest/doctest.h>
#include <perpetuum/network.hpp>

using namespace perpetuum;

namespace {

PaymentSet three_payments() {
    PaymentSet set;
    set.parties = {{"sector", "Customers", PartyType::outside},
                   {"a", "A", PartyType::firm},
                   {"b", "B", PartyType::conduit}};
    set.opening = {-5, 100, 0}; // what an outside sector holds is nobody's question
    set.steps = 3;
    set.payments = {{0, 1, 2, 10}, {1, 1, 2, 5}, {1, 0, 1, 7, Nature::sale}, {2, 2, 0, 3}};
    return set;
}

} // namespace

TEST_CASE("parallel payments of a window are one edge, and the outside is no node") {
    Network const whole = network_of(three_payments(), 0, 2);
    CHECK(whole.nodes == std::vector<std::string>{"a", "b"});
    REQUIRE(whole.edges.size() == 1);
    CHECK(whole.edges[0].amount == 15);
    CHECK(network_of(three_payments(), 1, 1).edges[0].amount == 5);
    CHECK(network_of(three_payments(), 2, 2).edges.empty());
}

TEST_CASE("throughflow is the larger of what a firm gets and what it pays, outside included") {
    PaymentSet const set = three_payments();
    OutsideFlows const outside = outside_flows_of(set, 0, 2);
    CHECK(outside.in == std::vector<std::int64_t>{7, 0});
    CHECK(outside.out == std::vector<std::int64_t>{0, 3});
    CHECK(throughflows(network_of(set, 0, 2), outside) == std::vector<std::int64_t>{15, 15});
}

TEST_CASE("edges in any order make the same network; self-payments are left out") {
    Network const network = network_from({"x", "y"}, {{1, 0, 4}, {0, 1, 1}, {0, 0, 9}, {1, 0, 2}});
    REQUIRE(network.edges.size() == 2);
    CHECK(network.edges[0].amount == 1);
    CHECK(network.edges[1].amount == 6);
}

TEST_CASE("a damaged set is refused with the value and what was expected") {
    PaymentSet set = three_payments();
    set.payments[0].payee = 3;
    CHECK_THROWS_AS(network_of(set, 0, 2), BadInput);
    set = three_payments();
    set.payments[0].amount = 0;
    CHECK_THROWS_AS(network_of(set, 0, 2), BadInput);
    set = three_payments();
    set.payments[0].step = 3;
    CHECK_THROWS_AS(network_of(set, 0, 2), BadInput);
    set = three_payments();
    set.payments[0].amount = set.payments[1].amount = std::int64_t{1} << 61;
    CHECK_THROWS_AS(network_of(set, 0, 2), BadInput);
    set = three_payments();
    set.opening.pop_back();
    CHECK_THROWS_AS(network_of(set, 0, 2), BadInput);
    CHECK_THROWS_AS(network_from({"x"}, {{0, 1, 4}}), BadInput);
    Network twice = network_from({"x", "y"}, {{0, 1, 4}});
    twice.edges.push_back(twice.edges[0]);
    CHECK_THROWS_AS(check_network(twice), BadInput);
}
