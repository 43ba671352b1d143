// No text crashes the reader, hangs it or makes it allocate without bound.

#include <perpetuum/model.hpp>

#include <doctest/doctest.h>

using namespace perpetuum;

namespace {

Diagnostics read_hostile(std::string content) {
    Diagnostics diagnostics;
    int const text = diagnostics.add_text("hostile.model", std::move(content));
    parse_model({text}, {{"openai", "lab"}}, diagnostics);
    return diagnostics;
}

std::string repeated(std::string const& part, std::size_t times) {
    std::string text;
    text.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
}

/// A fixed sequence of numbers that look like chance.
struct Lottery {
    std::uint64_t state = 1;
    std::uint64_t next() {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return state >> 33;
    }
};

std::string example_text() {
    std::string content, problem;
    REQUIRE(read_text_file(PERPETUUM_SOURCE "/tests/cases/model/example.model", content, problem));
    return content;
}

} // namespace

TEST_CASE("sixty thousand parentheses are one error") {
    for (std::string const& inner :
         {repeated("(", 60'000) + "1" + repeated(")", 60'000), repeated("(", 60'000),
          repeated("-", 60'000) + "1", repeated("not ", 60'000) + "1",
          repeated("if 1 then 2 else ", 30'000) + "3", repeated("2^", 60'000) + "1",
          repeated("max(1, ", 60'000), repeated("sum(a[", 60'000)}) {
        Diagnostics const diagnostics = read_hostile("model\n  x = " + inner + "\n");
        CHECK(diagnostics.errors() == 1);
    }
}

TEST_CASE("two hundred levels of nesting are read") {
    Diagnostics const diagnostics =
        read_hostile("model\n  x = " + repeated("(", 199) + "1" + repeated(")", 199) + "\n");
    CHECK(diagnostics.errors() == 0);
}

TEST_CASE("an endless chain of operators is an error and not a deep recursion") {
    CHECK(read_hostile("model\n  x = 1" + repeated(" + 1", 200'000) + "\n").errors() == 1);
    CHECK(read_hostile("model\n  x = 1" + repeated(" + 1", 900) + "\n").errors() == 0);
}

TEST_CASE("a megabyte of brackets, quotes, strange characters or line ends is read in no time") {
    for (char const* part : {"[", "(", "]", "{\n", "(\n", "\"", "#", "\n", "!a", "a ", "1 ", ".",
                             "x[-1]", "\"\"", "kind a\n", "a = b\n", "param a\n", "unit a = b\n"}) {
        INFO(part);
        std::string const text = repeated(part, 1'000'000 / std::string_view(part).size());
        Diagnostics const diagnostics = read_hostile("model\n" + text.substr(0, 999'990));
        CHECK(diagnostics.all().size() < 1000);
    }
}

TEST_CASE("a megabyte of units on one line is read in no time") {
    CHECK(read_hostile("unit b" + repeated(", a = b", 130'000)).failed());
    CHECK(read_hostile("unit b" + repeated(", 3", 300'000)).failed());
    CHECK(read_hostile("model\n  param a : GW" + repeated("/GW", 300'000)).failed());
    CHECK(read_hostile("model\n  param a : b" + repeated(" | c", 200'000)).failed());
    CHECK(read_hostile("model\n  param a[] : {b" + repeated(", c", 300'000)).failed());
    CHECK(read_hostile("instrument a (b : c" + repeated(", b : c", 100'000) + ")\n").failed());
    CHECK(
        read_hostile("model\n  shock a ~ discrete(1" + repeated(", 1", 300'000) + ")\n").failed());
}

TEST_CASE("more than a megabyte, damaged UTF-8 and a zero byte are refused") {
    CHECK(read_hostile(repeated("# comment\n", 100'001)).errors() == 1);
    CHECK(read_hostile("model\n  x = \xff\n").errors() == 1);
    CHECK(read_hostile(std::string("model\n  x = 1\0 2\n", 17)).errors() == 1);
}

TEST_CASE("thousands of declarations that wait for each other cost no more than they are long") {
    std::string text = "unit GW\nmodel\n";
    for (int i = 0; i < 15'000; ++i)
        text += "  x" + std::to_string(i) + " = 2 * x" + std::to_string(i + 1) + "\n";
    text += "  x15000 = 1 GW\n";
    CHECK(read_hostile(text).errors() == 0);
}

TEST_CASE("more than twenty thousand declarations are refused") {
    std::string text = "model\n";
    for (int i = 0; i < 25'000; ++i) text += "  x" + std::to_string(i) + " = 1\n";
    CHECK(read_hostile(text).errors() == 1);
}

TEST_CASE("a long line of kinds that extend each other ends") {
    std::string text;
    for (int i = 0; i < 5'000; ++i)
        text += "kind k" + std::to_string(i) + " extends k" + std::to_string(i + 1) + "\n";
    Diagnostics const diagnostics = read_hostile(text + "kind k5000\n");
    CHECK(diagnostics.failed());
}

TEST_CASE("units cannot be raised without bound") {
    std::string text = "unit GW\nmodel\n  x0 = 2 GW\n";
    for (int i = 0; i < 100; ++i)
        text += "  x" + std::to_string(i + 1) + " = x" + std::to_string(i) + " * x" +
                std::to_string(i) + "\n";
    CHECK(read_hostile(text).failed());
}

TEST_CASE("every prefix of the example ends in a model or in errors") {
    std::string const text = example_text();
    for (std::size_t length = 0; length < text.size(); length += 7)
        read_hostile(text.substr(0, length));
    CHECK(read_hostile(text).errors() == 0);
}

TEST_CASE("the example with characters changed, dropped and doubled ends in a model or in errors") {
    std::string const text = example_text();
    Lottery lottery;
    int refused = 0;
    for (int round = 0; round < 300; ++round) {
        std::string damaged = text;
        for (int change = 0; change < 5; ++change) {
            std::size_t const at = lottery.next() % damaged.size();
            switch (lottery.next() % 4) {
            case 0:
                damaged[at] = static_cast<char>(lottery.next() % 128);
                break;
            case 1:
                damaged.erase(at, 1 + lottery.next() % 20);
                break;
            case 2:
                damaged.insert(at, damaged.substr(at / 2, lottery.next() % 40));
                break;
            default:
                damaged.insert(at, 1, "()[]{}.,:=-\n\"#"[lottery.next() % 14]);
                break;
            }
        }
        refused += read_hostile(damaged).failed();
    }
    CHECK(refused > 200);
}

TEST_CASE("random bytes end in errors") {
    Lottery lottery;
    for (int round = 0; round < 200; ++round) {
        std::string text = "model\n";
        for (int i = 0; i < 400; ++i)
            text += static_cast<char>(lottery.next() % (round % 2 ? 256 : 128));
        read_hostile(text);
    }
}

TEST_CASE("thousands of unknown names are refused without looking for the nearest of each") {
    std::string kinds = "money USD\n", roles, replaced = "kind a\n", sums = "model\n";
    for (int i = 0; i < 15'000; ++i) {
        std::string const n = std::to_string(i);
        kinds += "kind kind_number_" + n + " extends kind_numbers_" + n + "\n";
        roles += "instrument i" + n + " (role: kind_nomber_" + n + ")\n";
        replaced += "  variable_" + n + " = 1\n";
        sums += "  v" + n + " = sum(kind_namber_" + n + ".x) + unknown_" + n + "\n";
    }
    replaced += "kind b extends a\n";
    for (int i = 0; i < 4'000; ++i)
        replaced += "  replace variables_" + std::to_string(i) + " = 1\n";
    CHECK(read_hostile(kinds).failed());
    CHECK(read_hostile(roles).failed());
    CHECK(read_hostile(replaced).failed());
    CHECK(read_hostile(sums).failed());
}
