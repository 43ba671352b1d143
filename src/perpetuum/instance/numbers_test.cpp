#include <doctest/doctest.h>

#include "bookings.hpp"
#include "words.hpp"

#include <map>

using namespace perpetuum;
using namespace perpetuum::instancing;

TEST_CASE("a table of numbers says what a map says, and lists its keys in order") {
    Numbers<std::array<int, 2>> table;
    std::map<std::array<int, 2>, int> map;
    CHECK(table.find({0, 0}) == -1);
    std::uint64_t random = 1;
    for (int i = 0; i < 5000; ++i) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        std::array<int, 2> const key{static_cast<int>(random >> 60),
                                     static_cast<int>(random >> 50 & 255)};
        CHECK(table.try_emplace(key, i).second == map.try_emplace(key, i).second);
    }
    table.put({3, 7}, -1);
    map[{3, 7}] = -1;
    auto const listed = table.in_order();
    REQUIRE(listed.size() == map.size());
    auto entry = listed.begin();
    for (auto const& [key, number] : map) {
        CHECK(table.find(key) == number);
        CHECK(entry->key == key);
        CHECK(entry->number == number);
        ++entry;
    }
    CHECK(table.find({-1, 0}) == -1);
}

TEST_CASE("the bookings of an account are closed one after another, those that come later too") {
    Bookings booked;
    booked.add(7, 100, true);
    booked.add(2, 101, true);
    booked.add(7, 102, false);
    auto const close = [&](CellId account) {
        std::vector<CellId> closed;
        AccountBookings& all = booked.of(account);
        for (int next = booked.next_to_close(all); next >= 0; next = booked.next_to_close(all)) {
            closed.push_back(booked.booking(next).posting);
            all.closed = next;
        }
        return closed;
    };
    CHECK(close(7) == std::vector<CellId>{100, 102});
    CHECK(close(7).empty());
    booked.add(7, 103, true);
    CHECK(close(7) == std::vector<CellId>{103});
    CHECK(close(2) == std::vector<CellId>{101});
    CHECK(close(90).empty());
}

TEST_CASE("a word has one number, and a path that was entered can be left") {
    Model const model;
    Words words(model);
    CHECK(words.number("self") == word_self);
    CHECK(words.number("defaulted") == word_defaulted);
    CHECK(words.text(word_net_worth) == "net_worth");
    Word const oracle = words.number("oracle");
    CHECK(words.number("Oracle") != oracle);
    Path const outer = words.enter({"oracle", "debt"});
    Path const inner = words.enter({"self"});
    CHECK(words.part(inner, 0) == word_self);
    words.leave(inner);
    CHECK(words.part(outer, 0) == oracle);
    CHECK(words.text(words.last(outer)) == "debt");
    for (int i = 0; i < 1000; ++i) words.number("word" + std::to_string(i));
    CHECK(words.number("oracle") == oracle);
}
