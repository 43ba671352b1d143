// The handbook's page on books: what it shows must be so.

#include <perpetuum/book/vocabulary_for_tests.hpp>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

/// What stands in the first fenced block of this kind.
std::string fenced(std::string const& kind) {
    std::string page, problem;
    REQUIRE_MESSAGE(
        read_text_file(std::string{PERPETUUM_SOURCE} + "/docs/handbook/book.md", page, problem),
        problem);
    std::string const fence = "\n```" + kind + "\n";
    auto const begin = page.find(fence);
    REQUIRE(begin != std::string::npos);
    auto const first = begin + fence.size();
    return page.substr(first, page.find("\n```", first) + 1 - first);
}

} // namespace

TEST_CASE("every figure that the handbook shows is one") {
    std::string const block = fenced("figures");
    int lines = 0;
    for (std::size_t at = 0; at < block.size();) {
        auto const end = block.find('\n', at);
        std::string line = block.substr(at, end - at);
        at = end + 1;
        auto const explanation = line.find("  ");
        if (explanation != std::string::npos) line.resize(explanation);
        Diagnostics diagnostics;
        int const text = diagnostics.add_text("figure", line);
        CHECK_MESSAGE(parse_figure(line, {text, 0, static_cast<std::uint32_t>(line.size())},
                                   Units::for_books(), {}, diagnostics),
                      diagnostics.render());
        ++lines;
    }
    CHECK(lines == 18);
}

TEST_CASE("the book that the handbook offers to copy is one") {
    auto const read = read_text_as_book(fenced("toml"));
    CHECK_MESSAGE(read.all.empty(), read.all);
    CHECK(read.book.deals.size() == 2);
}

TEST_CASE("what the handbook shows of what came true belongs to that book") {
    auto const read = read_text_as_book(fenced("toml") + fenced("reported"));
    CHECK_MESSAGE(read.all.empty(), read.all);
    bool found = false;
    for (Entity const& entity : read.book.entities)
        if (entity.id == "labco") found = entity.reported.size() == 4;
    CHECK(found);
}
