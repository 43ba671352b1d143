#include <perpetuum/clearing/networks_for_tests.hpp>

#include <perpetuum/base.hpp>
#include <perpetuum/lanes.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

using namespace perpetuum;

namespace {

bool same_bytes(std::vector<double> const& a, std::vector<double> const& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// 100 banks, each scenario with a fresh share of all cash.
ClearingScenarios some_scenarios(DebtNetwork const& network, std::size_t count) {
    ClearingScenarios scenarios;
    scenarios.count = count;
    NetworkDraws draws{8};
    for (std::size_t s = 0; s < count; ++s)
        for (double const cash : network.cash)
            scenarios.cash.push_back(cash * (1 - 0.6 * draws.unit() * draws.unit()));
    return scenarios;
}

} // namespace

TEST_CASE("each of many scenarios side by side clears as it does alone") {
    for (bool const costs : {false, true}) {
        DebtNetwork network = core_periphery(200, 10, 5, 31, 60, 20);
        if (costs) network.kept_cash = network.kept_income = std::vector<double>(200, 0.8);
        NetworkClearing const clearing(network);
        auto const scenarios = some_scenarios(network, 37);
        auto const all = clearing.all(scenarios, true);
        int failing = 0;
        for (std::size_t s = 0; s < 37; ++s) {
            std::vector<double> const cash(scenarios.cash.begin() + static_cast<long>(s) * 200,
                                           scenarios.cash.begin() + static_cast<long>(s + 1) * 200);
            auto const one = clearing.greatest(cash);
            int fails = 0;
            double shortfall = 0;
            for (std::size_t i = 0; i < 200; ++i) {
                REQUIRE(std::fabs(one.paid[i] - all.paid[s * 200 + i]) <= 2e-12 * one.owed[i]);
                fails += one.wave[i] > 0;
                shortfall += one.owed[i] - one.paid[i];
            }
            REQUIRE(all.failing[s] == fails);
            REQUIRE(all.shortfall[s] == doctest::Approx(shortfall).epsilon(1e-10));
            failing += fails;
        }
        CHECK(failing > 100);
        std::int64_t by_firm = 0;
        for (auto const times : all.failures) by_firm += times;
        CHECK(by_firm == failing);
    }
}

TEST_CASE("threads, company and instruction set do not show in a scenario's bytes") {
    DebtNetwork const network = core_periphery(150, 10, 5, 32, 60, 20);
    NetworkClearing const clearing(network);
    ClearingScenarios scenarios{.count = 300, .cash = {}, .seed = 5, .depth = 0.6};
    auto const one = clearing.all(scenarios, true);
    scenarios.threads = 3;
    auto const three = clearing.all(scenarios, true);
    CHECK(same_bytes(one.paid, three.paid));
    CHECK(same_bytes(one.unpaid, three.unpaid));
    CHECK(same_bytes(one.shortfall, three.shortfall));
    scenarios.count = 21; // other blocks, other chunks
    auto few = clearing.all(scenarios, true);
    CHECK(std::memcmp(few.paid.data(), one.paid.data(), few.paid.size() * sizeof(double)) == 0);
    InstructionSet const before = instruction_set();
    for (auto const set : {InstructionSet::baseline, InstructionSet::avx2}) {
        use_instruction_set(set);
        CHECK(same_bytes(clearing.all(scenarios, true).paid, few.paid));
    }
    use_instruction_set(before);
}

TEST_CASE("a scenario too slow for lanes is solved by itself") {
    DebtNetwork network;
    network.firms = 2;
    network.cash = {0, 0.5};
    network.debts = {{0, 1, 1e6}, {1, 0, 1e6}, {0, -1, 1}, {1, -1, 1}};
    NetworkClearing const clearing(network);
    auto const all = clearing.all({.count = 2, .cash = {0, 0.5, 1, 1}}, true);
    CHECK(all.single == 1);
    CHECK(all.failing == std::vector<int>{2, 0});
    CHECK(all.failures == std::vector<std::int64_t>{1, 1});
    CHECK((all.paid[0] + all.paid[1]) / (1e6 + 1) == doctest::Approx(0.5).epsilon(1e-9));
    CHECK(all.paid[2] == 1e6 + 1);
}

TEST_CASE("what scenarios cannot have is refused") {
    DebtNetwork network;
    network.firms = 2;
    network.cash = {1, 1};
    network.debts = {{0, 1, 1}, {0, -1, 1}};
    network.ranks = {1, 2};
    CHECK_THROWS_AS(NetworkClearing(network).all({.count = 1, .cash = {}}), BadInput);
    network.ranks = {};
    CHECK_THROWS_AS(NetworkClearing(network).all({.count = 1, .cash = {1}}), BadInput);
    CHECK_THROWS_AS(NetworkClearing(network).all({.count = 1, .cash = {1, -1}}), BadInput);
    CHECK(NetworkClearing(network).all({.count = 0, .cash = {}}).failing.empty());
}
