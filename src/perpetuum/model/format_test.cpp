#include <perpetuum/model.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

using namespace perpetuum;

namespace {

std::string example_for_layout() {
    std::string content, problem;
    REQUIRE(read_text_file(PERPETUUM_SOURCE "/tests/cases/model/example.model", content, problem));
    return content;
}

std::vector<std::string> model_files_below(std::string const& folder) {
    std::vector<std::string> files;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".model") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

/// Every expression of a text, a line each; empty when the text by itself has mistakes.
std::string expressions_of(std::string const& content) {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("a.model", content);
    Model const model = parse_model({text}, {}, diagnostics);
    std::string lines;
    for (std::size_t i = 0; i < model.expressions.size() && !diagnostics.failed(); ++i)
        lines += print_expression(model, static_cast<ExpressionId>(i)) + "\n";
    return lines;
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

TEST_CASE(
    "laying out any shipped or broken model twice changes nothing, nor does it say another thing") {
    std::size_t laid = 0, whole = 0;
    for (char const* folder : {PERPETUUM_SOURCE "/books", PERPETUUM_SOURCE "/models",
                               PERPETUUM_SOURCE "/tests/errors/model"})
        for (std::string const& file : model_files_below(folder)) {
            std::string content, problem;
            REQUIRE_MESSAGE(read_text_file(file, content, problem), problem);
            std::string const once = format_model(content);
            CHECK_MESSAGE(format_model(once) == once, file);
            ++laid;
            auto const before = expressions_of(content);
            if (before.empty()) continue;
            CHECK_MESSAGE(expressions_of(once) == before, file);
            ++whole;
        }
    CHECK(laid > 60);
    CHECK(whole >= 20); // the textbook models, and what stands by itself
}

TEST_CASE("a grammar check looks at no names: a text of a model in several may be laid out") {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("a.model", "kind firm\n  x = elsewhere + 1\n");
    CHECK(check_model_texts({text}, diagnostics));
    int const broken = diagnostics.add_text("b.model", "kind firm\n  x = (1 +\n");
    CHECK_FALSE(check_model_texts({broken}, diagnostics));
    CHECK(diagnostics.errors() >= 1);
}
