#include <perpetuum/statistics.hpp>

#include "streams_for_tests.hpp"

#include <doctest/doctest.h>

using namespace perpetuum;
using Ranges = std::vector<Coverage::Range>;

TEST_CASE("ranges of paths join where they touch and are refused where they overlap") {
    Coverage coverage;
    CHECK(coverage.add({10, 20}));
    CHECK(coverage.add({30, 40}));
    CHECK(coverage.add({20, 25}));
    CHECK(coverage.ranges() == Ranges{{10, 25}, {30, 40}});
    CHECK_FALSE(coverage.add({24, 26}));
    CHECK_FALSE(coverage.add({0, 100}));
    CHECK_FALSE(coverage.add({25, 31}));
    CHECK_FALSE(coverage.add({12, 13}));
    CHECK_FALSE(coverage.add({5, 4}));
    CHECK(coverage.add({25, 30}));
    CHECK(coverage.add({7, 7}));
    CHECK(coverage.ranges() == Ranges{{10, 40}});
    CHECK(coverage.count() == 30);
    CHECK(coverage.missing(50) == Ranges{{0, 10}, {40, 50}});
    CHECK(coverage.missing(35) == Ranges{{0, 10}});
    CHECK(coverage.missing(5) == Ranges{{0, 5}});
}

TEST_CASE("ranges agree with a list of flags, however they come in") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        TestDraws draws{seed};
        Coverage coverage;
        std::vector<bool> in(60);
        for (int i = 0; i < 25; ++i) {
            std::uint64_t const begin = draws.below(55), end = begin + draws.below(6);
            bool free = true;
            for (std::uint64_t at = begin; at < end; ++at) free = free && !in[at];
            REQUIRE(coverage.add({begin, end}) == free);
            for (std::uint64_t at = begin; free && at < end; ++at) in[at] = true;
        }
        Coverage again;
        for (std::uint64_t at = 60; at-- > 0;)
            if (in[at]) REQUIRE(again.add({at, at + 1}));
        REQUIRE(again == coverage);
        Coverage rest;
        for (auto const& range : coverage.missing(60)) REQUIRE(rest.add(range));
        CHECK(rest.count() + coverage.count() == 60);
        REQUIRE(rest.merge(coverage));
        CHECK(rest.ranges() == Ranges{{0, 60}});
        CHECK((coverage.count() == 0 || !rest.merge(coverage)));
    }
}

TEST_CASE("what two parts share is named") {
    Coverage a, b;
    a.add({0, 1000});
    a.add({2000, 3000});
    b.add({999, 1001});
    b.add({2500, 12'600});
    CHECK(a.shared(b) == Ranges{{999, 1000}, {2500, 3000}});
    CHECK_FALSE(a.merge(b));
    CHECK(print_ranges(a.shared(b)) == "999, 2,500–2,999");
    CHECK(print_ranges(a.missing(2'000'000)) == "1,000–1,999, 3,000–1,999,999");
    Coverage many;
    for (std::uint64_t i = 0; i < 20; ++i) many.add({2 * i, 2 * i + 1});
    CHECK(print_ranges(many.ranges()) == "0, 2, 4, 6, 8, 10, 12 and 13 more");
    CHECK(print_ranges({}).empty());
}
