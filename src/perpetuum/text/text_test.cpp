#include <perpetuum/text.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

using namespace perpetuum;

namespace {

std::string rendered(std::string content, std::uint32_t begin, std::uint32_t end,
                     std::string hint = {}) {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("book.toml", std::move(content));
    diagnostics.error({text, begin, end}, "wrong", std::move(hint));
    return diagnostics.render();
}

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "perpetuum-text-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()));
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string operator/(char const* file) const { return (path / file).string(); }
};

} // namespace

TEST_CASE("an error shows the place, the fact and the way out") {
    std::string text;
    for (int i = 0; i < 11; ++i) text += "\n";
    text += "  term    = \"0 q filed [10-k]\"\n";
    Diagnostics diagnostics;
    int const number = diagnostics.add_text("books/tutorial/03-loans/book.toml", text);
    diagnostics.error({number, 24, 27}, "term must be at least one quarter, found '0 q'",
                      "write '20 q' or '5 y'; for money due at once use a payment");
    CHECK(diagnostics.render() ==
          "books/tutorial/03-loans/book.toml:12:14: error: term must be at least one quarter, "
          "found '0 q'\n"
          "   12 |   term    = \"0 q filed [10-k]\"\n"
          "      |              ^^^\n"
          "   hint: write '20 q' or '5 y'; for money due at once use a payment\n");
}

TEST_CASE("the caret stays below its word after tabs, accents and wide characters") {
    CHECK(rendered("\tx = 1", 1, 2) ==
          "book.toml:1:2: error: wrong\n    1 |     x = 1\n      |     ^\n");
    CHECK(rendered("é = x", 5, 6) == "book.toml:1:5: error: wrong\n    1 | é = x\n      |     ^\n");
    CHECK(rendered("日本 x", 7, 8) ==
          "book.toml:1:4: error: wrong\n    1 | 日本 x\n      |      ^\n");
    CHECK(rendered("e\u0301 x", 4, 5) ==
          "book.toml:1:4: error: wrong\n    1 | e\u0301 x\n      |   ^\n");
}

TEST_CASE("a place at the end of a line or text still has a caret") {
    CHECK(rendered("ab\ncd", 2, 2) == "book.toml:1:3: error: wrong\n    1 | ab\n      |   ^\n");
    CHECK(rendered("ab", 999, 1000) == "book.toml:1:3: error: wrong\n    1 | ab\n      |   ^\n");
    CHECK(rendered("", 0, 0) == "book.toml:1:1: error: wrong\n    1 | \n      | ^\n");
    CHECK(rendered("ab\r\ncd", 1, 2) == "book.toml:1:2: error: wrong\n    1 | ab\n      |  ^\n");
}

TEST_CASE("a caret run ends with its line") {
    CHECK(rendered("abc\ndef", 1, 6) == "book.toml:1:2: error: wrong\n    1 | abc\n      |  ^^\n");
}

TEST_CASE("a long line is cut around the caret") {
    std::string const line = std::string(5000, 'a') + "X" + std::string(5000, 'b');
    std::string const shown = rendered(line, 5000, 5001);
    CHECK(shown.size() < 400);
    CHECK(shown.find("book.toml:1:5001: error") == 0);
    CHECK(shown.find("…aaa") != std::string::npos);
    CHECK(shown.find("bbb…") != std::string::npos);
    // Both lines begin alike, so the caret is as many columns behind the bar as the X is.
    std::size_t const x = shown.find('X') - shown.find(" | …") - std::string{" | …"}.size();
    std::size_t const caret =
        shown.find('^') - shown.find("      | ") - std::string{"      | "}.size();
    CHECK(caret == x + 1);
}

TEST_CASE("nothing raw reaches the terminal") {
    std::string const shown = rendered("a = \"\x1b]0;x\x07\" \xff \u202e", 5, 6);
    for (char const c : shown) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    CHECK(shown.find("\\x1b]0;x\\x07") != std::string::npos);
    CHECK(shown.find("\\xff") != std::string::npos);
    CHECK(shown.find("\\u{202e}") != std::string::npos);
    CHECK(shown.find("^^^^\n") != std::string::npos); // as wide as \x1b
    Diagnostics diagnostics;
    diagnostics.error({}, "found \x1b[31m", "try \x07");
    CHECK(diagnostics.render() == "error: found \\x1b[31m\n   hint: try \\x07\n");
}

TEST_CASE("diagnostics come in the order of the texts, with a count of the rest") {
    Diagnostics diagnostics;
    int const first = diagnostics.add_text("a", "one\ntwo"),
              second = diagnostics.add_text("b", "x");
    diagnostics.error({second, 0, 1}, "third");
    diagnostics.warning({first, 4, 5}, "second");
    diagnostics.error({first, 0, 1}, "first");
    CHECK(diagnostics.errors() == 2);
    CHECK(diagnostics.failed());
    std::string const all = diagnostics.render();
    CHECK(all.find("first") < all.find("second"));
    CHECK(all.find("a:2:1: warning: second") < all.find("third"));
    std::string const some = diagnostics.render(1);
    CHECK(some.find("second") == std::string::npos);
    CHECK(some.find("and 2 more\n") != std::string::npos);
}

TEST_CASE("columns count characters and a byte order mark is none") {
    CHECK(line_column("ab\ncd", 4).line == 2);
    CHECK(line_column("ab\ncd", 4).column == 2);
    CHECK(line_column("\xEF\xBB\xBFx = 1", 3).column == 1);
    CHECK(line_column("日本x", 6).column == 3);
}

TEST_CASE("damaged UTF-8 is found at its byte") {
    CHECK(damaged_utf8("日本 é 😀") == std::string::npos);
    CHECK(damaged_utf8("ab\xff") == 2);
    CHECK(damaged_utf8("ab\xe6\x97") == 2);       // cut
    CHECK(damaged_utf8("\xc0\xaf") == 0);         // overlong
    CHECK(damaged_utf8("x\xed\xa0\x80") == 1);    // surrogate
    CHECK(damaged_utf8("\xf4\x90\x80\x80") == 0); // above U+10FFFF
    CHECK(damaged_utf8("") == std::string::npos);
}

TEST_CASE("printable cuts by characters and quotes") {
    CHECK(quoted("abc") == "'abc'");
    CHECK(printable("éééé", 2) == "éé…");
    CHECK(printable("éé", 2) == "éé");
    CHECK(quoted(std::string(1'000'000, 'x')).size() < 300);
}

TEST_CASE("a file is written whole and read back") {
    Folder folder;
    std::string content, problem;
    CHECK(write_text_file(folder / "a.toml", "one\n", problem));
    CHECK(write_text_file(folder / "a.toml", "two\n", problem));
    CHECK(read_text_file(folder / "a.toml", content, problem));
    CHECK(content == "two\n");
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path}, {}) == 1);
}

TEST_CASE("writing through a link keeps the link, and rights are kept") {
    Folder folder;
    std::string content, problem;
    REQUIRE(write_text_file(folder / "a.toml", "one", problem));
    std::filesystem::permissions(folder / "a.toml", std::filesystem::perms{0640});
    std::filesystem::create_symlink(folder / "a.toml", folder / "link.toml");
    CHECK(write_text_file(folder / "link.toml", "two", problem));
    CHECK(std::filesystem::is_symlink(folder / "link.toml"));
    CHECK(read_text_file(folder / "a.toml", content, problem));
    CHECK(content == "two");
    CHECK(std::filesystem::status(folder / "a.toml").permissions() == std::filesystem::perms{0640});
}

TEST_CASE("what cannot be read or written is said in words") {
    Folder folder;
    std::string content, problem;
    CHECK_FALSE(read_text_file(folder / "none", content, problem));
    CHECK(problem.find("No such file") != std::string::npos);
    CHECK_FALSE(read_text_file(folder.path.string(), content, problem));
    CHECK(problem.find("is a folder") != std::string::npos);
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK_FALSE(read_text_file(folder / "pipe", content, problem));
    CHECK(problem.find("is not a file") != std::string::npos);
    REQUIRE(write_text_file(folder / "big", std::string(100, 'x'), problem));
    CHECK_FALSE(read_text_file(folder / "big", content, problem, 99));
    CHECK(problem.find("larger than 99 bytes") != std::string::npos);
    CHECK(content.empty());
    CHECK_FALSE(write_text_file(folder / "no/such/folder", "x", problem));
    CHECK_FALSE(write_text_file(folder.path.string(), "x", problem));
}
