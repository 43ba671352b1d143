#include <perpetuum/book.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

using namespace perpetuum;

namespace {

std::vector<std::string> toml_files_below(std::string const& folder) {
    std::vector<std::string> files;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

TEST_CASE("a book's file is laid out: one blank line before headers, brackets by four") {
    CHECK(format_book(
              "\n\n  # whose\n[book]  \ntitle=\"A  b\"\t# said\r\n\n\n\n  as_of = 2025-12-31\n"
              "[deal.a] # about\nlist = [\n\"a\",  # first\n# second\n      \"b\",\n  ]\n") ==
          "# whose\n[book]\ntitle = \"A  b\" # said\n\nas_of = 2025-12-31\n\n[deal.a] # about\n"
          "list = [\n    \"a\",  # first\n    # second\n    \"b\",\n]\n");
    CHECK(format_book("") == "");
    CHECK(format_book("\n\n") == "");
}

TEST_CASE("equals signs stand in a column where one of their neighbours does") {
    CHECK(format_book("a = 1\nlonger = 2\n") == "a = 1\nlonger = 2\n");
    CHECK(format_book("a   = 1\nlonger = 2\nb = 3\n\nc = 1\ndd = 2\n") ==
          "a      = 1\nlonger = 2\nb      = 3\n\nc = 1\ndd = 2\n");
    // A very long key stands out of the column instead of moving it.
    CHECK(format_book("a  = 1\nbb = 2\na-key-of-more-than-24-letters    = 3\n") ==
          "a  = 1\nbb = 2\na-key-of-more-than-24-letters = 3\n");
}

TEST_CASE("a string of several lines is not touched, whatever it looks like") {
    std::string const text =
        "note = '''\n  [not.a.header]   \n\n\n\n    a=1 # no comment\n'''\nb = \"[ # { \\\" =\"\n";
    CHECK(format_book(text) == text);
    std::string const quotes = "a = \"\"\"two quotes at the end: \"\"\"\"\"\nb = 1\n";
    CHECK(format_book(quotes) == quotes);
}

TEST_CASE("what is no TOML is not laid out") {
    CHECK_FALSE(format_book("a = \n"));
    CHECK_FALSE(format_book("[book\n"));
    CHECK_FALSE(format_book("a = \"\xff\"\n"));
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("book.toml", "a = \n");
    CHECK_FALSE(check_book_file(text, diagnostics));
    CHECK(diagnostics.errors() == 1);
}

TEST_CASE(
    "laying out any shipped or broken book twice changes nothing, nor does it say another thing") {
    std::size_t laid = 0;
    for (char const* folder : {PERPETUUM_SOURCE "/books", PERPETUUM_SOURCE "/tests/errors/books"})
        for (std::string const& file : toml_files_below(folder)) {
            std::string content, problem;
            REQUIRE_MESSAGE(read_text_file(file, content, problem), problem);
            Diagnostics diagnostics;
            int const number = diagnostics.add_text(file, content);
            auto const once = format_book(content);
            // format_book reads before and after, and gives nothing where they differ.
            CHECK_MESSAGE(once.has_value() == check_book_file(number, diagnostics), file);
            if (!once) continue;
            ++laid;
            CHECK_MESSAGE(format_book(*once) == once, file);
        }
    CHECK(laid > 30);
}

TEST_CASE("a book damaged anywhere is laid out without a change of meaning, or not at all") {
    std::string content, problem;
    REQUIRE(read_text_file(PERPETUUM_SOURCE "/books/tutorial/01-loop-of-two/book.toml", content,
                           problem));
    std::uint64_t random = 7;
    for (int i = 0; i < 400; ++i) {
        std::string text = content;
        for (int k = 0; k < 3; ++k) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            auto const at = static_cast<std::size_t>(random >> 33) % text.size();
            text[at] = "\n\"'[]{}=#, \tx"[(random >> 20) % 13];
        }
        auto const once = format_book(text);
        if (once) CHECK(format_book(*once) == once);
    }
}
