// The plain reader against the library: where it reads a text at all, tree, places and counts are the library's.

#include <perpetuum/book/trees_for_tests.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

using namespace perpetuum;

namespace {

/// Whether it was read; checks that the library reads the same.
bool read_as_library(std::string const& content) {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("text.toml", content);
    TomlNode plain, whole;
    TomlCounts plain_counts, counts;
    if (!read_plain_toml(text, plain_counts, plain, diagnostics)) {
        CHECK(plain_counts.keys + plain_counts.headers == 0);
        CHECK(plain.members.empty());
        return false;
    }
    INFO(content.substr(0, 2000));
    bool const good =
        check_toml_bytes(text, counts, diagnostics) && parse_toml(text, whole, diagnostics);
    CHECK_MESSAGE(good, diagnostics.render());
    CHECK(plain_counts.keys == counts.keys);
    CHECK(plain_counts.headers == counts.headers);
    CHECK(difference_of_trees(plain, whole) == "");
    return true;
}

std::vector<std::string> texts_below(char const* folder) {
    std::vector<std::string> paths, texts;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".toml") paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    for (auto const& path : paths) {
        std::string problem;
        read_text_file(path, texts.emplace_back(), problem);
    }
    return texts;
}

/// A text with a few of its bytes taken out, doubled, or put in another's place (xorshift).
std::string disturbed(std::string text, std::uint64_t& state) {
    auto const draw = [&](std::size_t below) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        return static_cast<std::size_t>(state % below);
    };
    std::string_view const letters = "[]{}=.,\"'\n\r\t #-_0aT\\\x01\xC3\xA9";
    for (std::size_t left = 1 + draw(3); left > 0 && text.size() > 40; --left) {
        std::size_t const at = draw(text.size() - 30), length = draw(30);
        switch (draw(4)) {
        case 0:
            text.erase(at, length);
            break;
        case 1:
            text.insert(draw(text.size()), text.substr(at, length));
            break;
        case 2:
            text[at] = letters[draw(letters.size())];
            break;
        default:
            text.insert(at, 1, letters[draw(letters.size())]);
        }
    }
    return text;
}

} // namespace

TEST_CASE("every file of the AI book is plain, and reads as the library reads it") {
    auto const texts = texts_below(PERPETUUM_SOURCE "/books/ai");
    CHECK(texts.size() >= 20);
    for (auto const& text : texts) CHECK(read_as_library(text));
}

TEST_CASE(
    "what the plain reader makes of any book, right or wrong, is what the library makes of it") {
    int plain = 0;
    for (auto const* folder : {PERPETUUM_SOURCE "/books", PERPETUUM_SOURCE "/tests"})
        for (auto const& text : texts_below(folder)) plain += read_as_library(text);
    CHECK(plain >= 100);
}

TEST_CASE("a disturbed book is never read other than the library reads it") {
    std::uint64_t state = 20261122;
    int plain = 0, tried = 0;
    for (auto const* folder :
         {PERPETUUM_SOURCE "/books/tutorial", PERPETUUM_SOURCE "/tests/errors"})
        for (auto const& text : texts_below(folder))
            for (int i = 0; i < 10 && text.size() < 20'000; ++i, ++tried)
                plain += read_as_library(disturbed(text, state));
    CHECK(plain > tried / 10); // both ways are gone
    CHECK(plain < tried);
}

TEST_CASE("headers, dots and lists build the tables that the library builds") {
    for (char const* text :
         {"", "\n", "# only this", "a=1", "a = \"\"", "a = ''\r\n",
          "\xEF\xBB\xBF"
          "a = true\n",
          "[a]\n[b]\nx = false", "[a.b.c]\nx = 1\n[a]\ny = 2\n[a.b]\nz = 3\n",
          "a.b = 1\na.c.d = 2\na.c.e = \"x\"\n", "[a.b]\n[a]\nb.c = 1\n",
          "[ a . \"b c\" ]\n' d ' = 0", "[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 3\n[[a.c]]\n",
          "a = [1, [2, 3],\n # two\n { b = 2025-02-28 },]", "a = { b.c = 1, b.d = 2, e = {} }\n",
          "a = 2024-02-29 # a day\n", "a.\"b\".'c'.d = \"\xC3\xA9\t#\"", "x = \"a\\b\"",
          "[[a.b]]\n[[a.b]]\n[a]\n"})
        read_as_library(text);
    CHECK(read_as_library(
        "[a.b.c]\nx = 1\n[a]\ny = 2\n[a.b]\nz = [ { c = 'd' }, 2025-01-01 ] # good\n"));
    CHECK(read_as_library("a.b = 1\na.c.d = { e = true }\n[[f]]\n[[f]]\ng = ''"));
}

TEST_CASE("what is wrong, or seldom, is left to the library") {
    for (char const* text : {"a",
                             "a =",
                             "a = 1 b = 2",
                             "a = 1\na = 2",
                             "[a]\n[a]",
                             "[a]\nb = 1\n[a.b]",
                             "a = {b = 1}\n[a.c]",
                             "a = {b = 1}\na.c = 2",
                             "a.b = 1\n[a]",
                             "a = [1]\n[[a]]",
                             "[[a]]\n[a]",
                             "[a.b]\n[[a]]",
                             "[a",
                             "[]",
                             "[[a]",
                             "[ [a]]",
                             "a = [1",
                             "a = [,]",
                             "a = [1 2]",
                             "a = {,}",
                             "a = {b = 1,}",
                             "a = {b = 1",
                             "a = {\n}",
                             "a = \"b",
                             "a = \"b\nc\"",
                             "a = '''b'''",
                             "a = \"\"\"b\"\"\"",
                             "a = \"\\n\"",
                             "a = 01",
                             "a = 1.5",
                             "a = +1",
                             "a = 0x1",
                             "a = inf",
                             "a = truer",
                             "a = 2025-02-29",
                             "a = 2025-01-01T10:00:00",
                             "a = 2025-01-01 10:00:00",
                             "a = 10:00:00",
                             "a = 12345678901234567890",
                             "\xC3\xA9 = 1",
                             "a = 1 \xC2\xA0",
                             "a = \"\x01\"",
                             "a = \"\x7F\"",
                             "# \x02",
                             "a = 1\r",
                             "# \r b",
                             "a = \"\xFF\"",
                             "\n\xEF\xBB\xBF",
                             ".a = 1",
                             "a. = 1",
                             "a..b = 1",
                             "= 1",
                             "a = \"b\"c"})
        CHECK_MESSAGE(!read_as_library(text), text);
}

TEST_CASE("what goes beyond the plain reader's limits is left to the library") {
    auto const repeated = [](std::string const& part, int times) {
        std::string all;
        for (int i = 0; i < times; ++i) all += part;
        return all;
    };
    CHECK(read_as_library("a = " + repeated("[", 30) + repeated("]", 30)));
    CHECK_FALSE(read_as_library("a = " + repeated("[", 31) + repeated("]", 31)));
    CHECK(read_as_library(std::string(200, 'k') + " = 1"));
    CHECK_FALSE(read_as_library(std::string(201, 'k') + " = 1"));
    CHECK(read_as_library("k" + repeated(".k", 29) + " = 1"));
    CHECK_FALSE(read_as_library("k" + repeated(".k", 30) + " = 1"));
    std::string const commas = "a = [" + repeated("1,", 199'999);
    CHECK(read_as_library(commas + "]"));
    CHECK_FALSE(read_as_library(commas + "1,]"));
    CHECK_FALSE(
        read_as_library("[" + repeated("k.", 29) + "k]\n" + repeated("k.", 29) + "k = [[[[1]]]]"));
}
