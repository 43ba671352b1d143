#include <doctest/doctest.h>

#include <perpetuum/instance.hpp>

#include <stdexcept>

using namespace perpetuum;

TEST_CASE("a cell is found by its name, and a name that is given twice means the first") {
    CellNames names;
    CHECK(names.find("a.cash") == names.end());
    names.emplace("a.cash", 3);
    names.emplace("b.cash", 4);
    names.emplace("a.cash", 5);
    names.emplace("", 6);
    CHECK(names.at("a.cash") == 3);
    CHECK(names.at("b.cash") == 4);
    CHECK(names.at("") == 6);
    CHECK(names.find("a.cas") == names.end());
    CHECK_THROWS_AS(names.at("c.cash"), std::out_of_range);
    names["c.cash"] = 7;
    names["b.cash"] = 8;
    CHECK(names.at("c.cash") == 7);
    CHECK(names.at("b.cash") == 8);
}

TEST_CASE("names are listed in their order, whatever the order in which they came") {
    CellNames names;
    for (int i = 999; i >= 0; --i) names.emplace("cell" + std::to_string(10'000 + i), i);
    auto const sorted = names.sorted();
    REQUIRE(sorted.size() == 1000);
    for (int i = 0; i < 1000; ++i) {
        auto const& [name, cell] = sorted[static_cast<std::size_t>(i)];
        CHECK(name == "cell" + std::to_string(10'000 + i));
        CHECK(cell == i);
        CHECK(names.at(name) == i);
    }
    CellNames const copy = names;
    names.reserve(5000);
    CHECK(names.at("cell10999") == 999);
    names.emplace("cell20000", 1000);
    CHECK(copy.find("cell20000") == copy.end());
    CHECK(copy.at("cell10007") == 7);
}
