#include <perpetuum/base.hpp>
#include <perpetuum/statistics.hpp>

#include "streams_for_tests.hpp"

#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

/// Three firms on four paths: (2, never, 2), (1, 3, never), (never …), (3, 1, 1).
FailureTable four_paths() {
    FailureTable table(3, 4);
    std::vector<int> const first{2, 1, 0, 3, 0, 3, 0, 1, 2, 0, 0, 1};
    table.add(first.data(), 4);
    return table;
}

} // namespace

TEST_CASE("who fails when, and who with whom, is counted by paths") {
    FailureTable const table = four_paths();
    CHECK(table.paths() == 4);
    CHECK(table.failed(0) == 3);
    CHECK(table.at(0, 0) == 1);
    CHECK(table.at(0, 2) == 1);
    CHECK(table.by(0, 2) == 2);
    CHECK(table.median_step(0) == 2); // 1, 2, 3
    CHECK(table.median_step(1) == 1); // 3, 1: by step 1 half have
    CHECK(table.before(0, 1) == 1);
    CHECK(table.before(1, 0) == 1);
    CHECK(table.both(0, 1) == 2);
    CHECK(table.same_step(0, 2) == 1);
    CHECK(table.before(2, 0) == 1);
    CHECK(table.same_step(2, 1) == 1);
    CHECK(table.both(1, 1) == table.failed(1));
    CHECK(table.exactly(0) == 1);
    CHECK(table.exactly(2) == 2);
    CHECK(table.exactly(3) == 1);
}

TEST_CASE("failures merge in any order, and pairs add up to what single firms do") {
    TestDraws draws;
    std::vector<int> first;
    for (int i = 0; i < 5 * 300; ++i)
        first.push_back(draws.below(3) ? 0 : static_cast<int>(draws.below(12) + 1));
    FailureTable whole(5, 12), left(5, 12), right(5, 12);
    whole.add(first.data(), 300);
    std::vector<std::uint8_t> one(300), other(300);
    for (std::size_t i = 0; i < 300; ++i) one[i] = i % 3 == 0, other[i] = i % 3 != 0;
    left.add(first.data(), 300, one.data());
    right.add(first.data(), 300, other.data());
    right.merge(left);
    CHECK(right == whole);
    std::uint64_t pairs = 0, expected = 0;
    for (int i = 0; i < 5; ++i)
        for (int j = 0; j < i; ++j) pairs += whole.both(i, j);
    for (int k = 0; k <= 5; ++k)
        expected += whole.exactly(k) * static_cast<unsigned>(k * (k - 1) / 2);
    CHECK(pairs == expected);
}

TEST_CASE("a step that is none is refused before anything is counted") {
    FailureTable table(1, 3);
    std::vector<int> const first{1, 4};
    CHECK_THROWS_AS(table.add(first.data(), 2), BadInput);
    CHECK(table.paths() == 0);
    std::vector<std::uint8_t> const counted{1, 0};
    table.add(first.data(), 2, counted.data());
    CHECK(table.paths() == 1);
    CHECK_THROWS_AS(table.merge(FailureTable(2, 3)), BadInput);
    CHECK_THROWS_AS(FailureTable(5000, 1), BadInput);
    CHECK_THROWS_AS(table.at(1, 1), BadInput);
    CHECK(table.median_step(0) == 1);
}

TEST_CASE("paths without an end are counted by reason, the first by number") {
    FailedPaths failed;
    for (std::uint64_t path = 100; path > 0; --path)
        failed.add(path * 3, path % 2 ? "odd" : "even");
    CHECK(failed.count() == 100);
    CHECK(failed.reasons().at("odd").paths == 50);
    CHECK(failed.reasons().at("odd").first ==
          std::vector<std::uint64_t>{3, 9, 15, 21, 27, 33, 39, 45});
}

TEST_CASE("of very many reasons the first by alphabet are kept, whatever the order") {
    FailedPaths rising, falling, left, right;
    auto const reason = [](std::uint64_t i) { return "reason " + std::to_string(1000 + i % 100); };
    for (std::uint64_t i = 0; i < 500; ++i) {
        rising.add(i, reason(i));
        falling.add(499 - i, reason(499 - i));
        (i * 7 % 13 < 6 ? left : right).add(i, reason(i));
    }
    CHECK(rising == falling);
    right.merge(left);
    CHECK(right == rising);
    CHECK(rising.reasons().size() == 64);
    CHECK(rising.reasons().at("reason 1063").paths == 5);
    CHECK(rising.other_reasons() == 36 * 5);
    CHECK(rising.count() == 500);
}
