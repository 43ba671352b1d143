#include <perpetuum/model.hpp>

#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

std::string example_for_layout() {
    std::string content, problem;
    REQUIRE(read_text_file(PERPETUUM_SOURCE "/tests/cases/model/example.model", content, problem));
    return content;
}

} // namespace

TEST_CASE(
    "headers stand in the first column, a block's lines by two, what goes on in brackets by six") {
    CHECK(format_model(
              "\n\n  money USD\nkind lab   # whose\n\"Develops.\"\n# of its users\nparam  a = "
              "1\t\r\n\n\n\n"
              "        x = max(a,\n2)\n   # the end of the block\n\n# about firms\n kind firm\n") ==
          "money USD\n\nkind lab   # whose\n  \"Develops.\"\n  # of its users\n  param  a = 1\n\n"
          "  x = max(a,\n      2)\n  # the end of the block\n\n# about firms\nkind firm\n");
    CHECK(format_model("") == "");
    CHECK(format_model("\n\n") == "");
}

TEST_CASE("laying out twice changes nothing, whatever the text") {
    std::string const text = example_for_layout();
    for (std::size_t length = 0; length <= text.size(); length += 61) {
        std::string const once = format_model(text.substr(length / 3, length));
        CHECK(format_model(once) == once);
    }
}

TEST_CASE("layout changes no meaning") {
    std::string const text = example_for_layout();
    Diagnostics diagnostics;
    int const before = diagnostics.add_text("before", text);
    int const after = diagnostics.add_text("after", format_model(text));
    Model const a = parse_model({before}, {}, diagnostics),
                b = parse_model({after}, {}, diagnostics);
    REQUIRE(a.blocks.size() == b.blocks.size());
    REQUIRE(a.expressions.size() == b.expressions.size());
    for (std::size_t i = 0; i < a.expressions.size(); ++i) {
        auto const id = static_cast<ExpressionId>(i);
        CHECK(print_expression(a, id) == print_expression(b, id));
    }
}
