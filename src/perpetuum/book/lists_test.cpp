#include <perpetuum/book.hpp>

#include <doctest/doctest.h>

using namespace perpetuum;

TEST_CASE("a file of lists has sections in their order, texts and numbers as they are written") {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text(
        "a.toml", "says = \"one\"\nsteps = 60\n[first]\ncells = [\"a - b\", 2.50]\n[second]\n");
    auto const sections = read_lists(text, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    REQUIRE(sections.size() == 3);
    CHECK(sections[0].name == "");
    CHECK(sections[0].items[1].texts[0].text == "60");
    CHECK_FALSE(sections[0].items[1].is_list);
    REQUIRE(sections[1].items.size() == 1);
    CHECK(sections[1].items[0].is_list);
    CHECK(sections[1].items[0].texts[0].text == "a - b");
    CHECK(sections[1].items[0].texts[1].text == "2.50");
    // The place is the text between the quotes.
    CHECK(sections[1].items[0].texts[0].where.end - sections[1].items[0].texts[0].where.begin == 5);
    CHECK(sections[2].items.empty());
}

TEST_CASE("what is no text in a file of lists has its place") {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("a.toml", "says = true\n[a]\nb = [[1]]\nc = {d = 1}\n");
    read_lists(text, diagnostics);
    CHECK(diagnostics.errors() == 3);
    CHECK(diagnostics.render().find("a.toml:1:8: error: a text in quotes is wanted here") !=
          std::string::npos);
    int const broken = diagnostics.add_text("b.toml", "= 1\n");
    CHECK(read_lists(broken, diagnostics).empty());
    CHECK(diagnostics.errors() == 4);
}
