#include <doctest/doctest.h>
#include <perpetuum/network.hpp>

using namespace perpetuum;

namespace {

std::vector<std::vector<std::string>> table_texts(std::string const& content, char delimiter = 0) {
    Diagnostics diagnostics;
    auto const table = parse_csv_table("t.csv", content, delimiter, diagnostics);
    std::vector<std::vector<std::string>> texts;
    if (!table) return texts;
    auto const add = [&](std::vector<CsvCell> const& cells) {
        texts.emplace_back();
        for (CsvCell const& cell : cells) texts.back().push_back(cell.text);
    };
    add(table->head);
    for (auto const& row : table->rows) add(row);
    return texts;
}

using Texts = std::vector<std::vector<std::string>>;

} // namespace

TEST_CASE("a quoted field may hold delimiters, line ends and doubled marks") {
    CHECK(table_texts("a,b\n1,\"x, \"\"y\"\"\nz\"\n") == Texts{{"a", "b"}, {"1", "x, \"y\"\nz"}});
    CHECK(table_texts("a,b\r\n\"\",\"\"\r\n3,4") == Texts{{"a", "b"}, {"", ""}, {"3", "4"}});
}

TEST_CASE("a mark that does not begin a field is a letter") {
    CHECK(table_texts("a,b\n5\" pipe,x\n") == Texts{{"a", "b"}, {"5\" pipe", "x"}});
}

TEST_CASE("the delimiter is guessed from the first line, or named") {
    CHECK(table_texts("a;b\n1,5;2\n") == Texts{{"a", "b"}, {"1,5", "2"}});
    CHECK(table_texts("a\tb\n1\t2\n") == Texts{{"a", "b"}, {"1", "2"}});
    CHECK(table_texts("\"a;;;\"|b\n1|2\n") == Texts{{"a;;;", "b"}, {"1", "2"}});
    CHECK(table_texts("a:b\n1:2\n", ':') == Texts{{"a", "b"}, {"1", "2"}});
}

TEST_CASE("blank lines and a byte order mark are no rows") {
    CHECK(table_texts("\xEF\xBB\xBF"
                      "a,b\n\n1,2\n  \n") == Texts{{"a", "b"}, {"1", "2"}});
}

TEST_CASE("cells know their place, and a column is found by its name") {
    Diagnostics diagnostics;
    auto const table = parse_csv_table("t.csv", "a, b \n1,\"2\"\n", 0, diagnostics);
    REQUIRE(table);
    CHECK(table->column("b") == 1);
    CHECK_FALSE(table->column("c"));
    CHECK(table->rows[0][1].where.begin == 8);
    CHECK(table->rows[0][1].where.end == 11);
}

TEST_CASE("an empty text, an open mark and damaged letters are refused") {
    for (std::string const text : {"", "\n\n", "a,b\n\"1,2\n", "a,b\n\xFF,1\n"}) {
        Diagnostics diagnostics;
        CHECK_FALSE(parse_csv_table("t.csv", text, 0, diagnostics));
        CHECK(diagnostics.errors() == 1);
    }
}
