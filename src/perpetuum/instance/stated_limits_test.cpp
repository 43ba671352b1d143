// The handbook's page of limits, row by row: at the limit all is well, one beyond is the error that
// the page quotes, with a way out.

#include <perpetuum/instance.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <unistd.h>

using namespace perpetuum;

namespace {

std::string repeated(std::string const& part, std::size_t times) {
    std::string text;
    text.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
}

/// `separator` between `times` numbered words.
std::string numbered(std::string const& word, std::size_t times, std::string const& separator) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += (i > 0 ? separator : "") + word + std::to_string(i);
    return text;
}

struct StatedLimit {
    std::size_t most = 0;
    std::string message;
};

std::map<std::string, StatedLimit> stated_limits() {
    std::string content, problem;
    REQUIRE(read_text_file(PERPETUUM_SOURCE "/docs/handbook/limits.md", content, problem));
    std::map<std::string, StatedLimit> rows;
    for (std::size_t begin = 0; begin < content.size();) {
        std::size_t const end = std::min(content.find('\n', begin), content.size());
        std::string const line = content.substr(begin, end - begin);
        begin = end + 1;
        if (!line.starts_with("| ") || line.starts_with("| ---") || line.starts_with("| what"))
            continue;
        std::size_t const first = line.find(" | "), second = line.find(" | ", first + 3);
        std::string digits;
        for (char const c : line.substr(first + 3, second - first - 3))
            if (c != ',') digits += c;
        rows[line.substr(2, first - 2)] = {std::stoul(digits),
                                           line.substr(second + 3, line.size() - second - 5)};
    }
    return rows;
}

/// No error at the limit; beyond it an error that says so, with a hint.
void check_limit(std::string const& what, StatedLimit const& limit,
                 std::function<Diagnostics(std::size_t)> const& read) {
    INFO(what);
    Diagnostics const fine = read(limit.most);
    INFO(fine.render(3));
    CHECK_FALSE(fine.failed());
    Diagnostics const beyond = read(limit.most + 1);
    bool said = false, cured = false;
    for (Diagnostic const& one : beyond.all()) {
        if (one.severity != Severity::error || one.message.find(limit.message) == std::string::npos)
            continue;
        said = true;
        cured |= !one.hint.empty();
    }
    INFO(beyond.render(3));
    CHECK(said);
    CHECK(cured);
}

Diagnostics read_model(std::string text) {
    Diagnostics diagnostics;
    int const number = diagnostics.add_text("limit.model", std::move(text));
    parse_model({number}, {}, diagnostics);
    return diagnostics;
}

/// Instruments, because a kind's first is `entity`.
std::string extending(std::size_t blocks) {
    std::string text = "instrument i0 (r0: entity)\n";
    for (std::size_t i = 1; i < blocks; ++i) {
        std::string const n = std::to_string(i);
        text +=
            "instrument i" + n + " (r" + n + ": entity) extends i" + std::to_string(i - 1) + "\n";
    }
    return text;
}

/// Model texts that have n of what a row counts.
std::map<std::string, std::function<std::string(std::size_t)>> model_probes() {
    return {
        {"bytes of a text",
         [](std::size_t n) { return "model\n  x = 1\n#" + repeated("c", n - 16) + "\n"; }},
        {"declarations of a model",
         [](std::size_t n) {
             std::string text = "model\n"; // counts as one
             for (std::size_t i = 1; i < n; ++i) text += "  x" + std::to_string(i) + " = 1\n";
             return text;
         }},
        {"characters of a name",
         [](std::size_t n) { return "model\n  " + repeated("x", n) + " = 1\n"; }},
        {"parts of a name",
         [](std::size_t n) {
             std::string roles = "instrument link (next: link)\n  x = 1\n  y = next";
             return roles + repeated(".next", n - 2) + ".x\n";
         }},
        {"levels of brackets in an expression",
         [](std::size_t n) {
             return "model\n  x = " + repeated("(", n) + "1" + repeated(")", n) + "\n";
         }},
        {"operators in a row",
         [](std::size_t n) { return "model\n  x = 1" + repeated(" + 1", n) + "\n"; }},
        {"steps that a lag looks back",
         [](std::size_t n) {
             return "model\n  x = 1,  start 0\n  y = x[-" + std::to_string(n) + "]\n";
         }},
        {"units that a model declares",
         [](std::size_t n) { return "unit " + numbered("q", n, ", ") + "\nmodel\n  x = 1\n"; }},
        {"blocks that extend each other", extending},
        {"roles of an instrument",
         [](std::size_t n) {
             return "instrument i (" + numbered("r", n, ": entity, ") + ": entity)\n";
         }},
        {"words of a parameter",
         [](std::size_t n) { return "model\n  param p : " + numbered("w", n, " | ") + " = w0\n"; }},
        {"fields of a table",
         [](std::size_t n) { return "kind k\n  param t[] : {" + numbered("f", n, ", ") + "}\n"; }},
    };
}

/// A folder of its own that goes with the test.
struct LimitFolder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("perpetuum-limits-" + std::to_string(getpid()));
    LimitFolder() { std::filesystem::create_directory(path); }
    ~LimitFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

/// Files of a book, by name.
using BookFiles = std::map<std::string, std::string>;

std::string const limit_head = "[book]\ntitle = \"t\"\nas_of = 2026-01-01\ncurrency = \"USD\"\n"
                               "model = \"m\"\n";

Diagnostics read_files(BookFiles const& files) {
    LimitFolder const folder;
    for (auto const& [name, content] : files) std::ofstream(folder.path / name) << content;
    Diagnostics diagnostics;
    BookTextPtr const text = read_book_text(folder.path.string(), diagnostics);
    if (!diagnostics.failed() && files.begin()->second.find("[entity.") != std::string::npos) {
        Vocabulary vocabulary;
        vocabulary.kinds.push_back({"firm", {"firm"}, {}});
        interpret_book(*text, vocabulary, std::nullopt, diagnostics);
    }
    return diagnostics;
}

std::map<std::string, std::function<BookFiles(std::size_t)>> book_probes() {
    auto const comment = [](std::size_t bytes) { return "#" + repeated("c", bytes - 1); };
    auto const values = [](std::size_t n) { // the sign and each comma count one
        return "a = [1" + repeated(",1", n - 1) + "]\n";
    };
    return {
        {"bytes of a file",
         [=](std::size_t n) {
             return BookFiles{{"b.toml", comment(n)}};
         }},
        {"bytes of a book",
         [=](std::size_t n) {
             BookFiles files;
             for (std::size_t left = n, i = 10; left > 0; ++i) {
                 std::size_t const part = std::min<std::size_t>(left, 4'000'000);
                 files["b" + std::to_string(i) + ".toml"] = comment(part);
                 left -= part;
             }
             return files;
         }},
        {"files of a book",
         [=](std::size_t n) {
             BookFiles files;
             for (std::size_t i = 0; i < n; ++i) files["b" + std::to_string(i) + ".toml"] = "";
             return files;
         }},
        {"tables of a file",
         [](std::size_t n) {
             std::string text;
             for (std::size_t i = 0; i < n; ++i) text += "[t" + std::to_string(i) + "]\n";
             return BookFiles{{"b.toml", text}};
         }},
        {"keys and values of a file",
         [=](std::size_t n) {
             return BookFiles{{"b.toml", values(n)}};
         }},
        {"keys and values of a book",
         [=](std::size_t n) {
             return BookFiles{{"a.toml", values(200'000)},
                              {"b.toml", values(200'000)},
                              {"c.toml", values(n - 400'000)}};
         }},
        {"levels of nesting",
         [](std::size_t n) {
             return BookFiles{{"b.toml", "a = " + repeated("[", n) + repeated("]", n) + "\n"}};
         }},
        {"bytes of a key or number",
         [](std::size_t n) {
             return BookFiles{{"b.toml", repeated("k", n) + " = 1\n"}};
         }},
        {"bytes of an id",
         [](std::size_t n) {
             return BookFiles{
                 {"b.toml", limit_head + "[entity." + repeated("e", n) + "]\nkind = \"firm\"\n"}};
         }},
    };
}

std::map<std::string, std::size_t> system_limits() {
    InstanceLimits const limits;
    return {
        {"entities and contracts", limits.instances},
        {"quantities: parameters, variables, accounts, payments of each", limits.cells},
        {"operations of a step", limits.nodes},
        {"entities times accounts", limits.sheets},
        {"numbers given step by step: two series a contract, one a schedule, times steps",
         limits.given},
        {"readings of an expression, for each entity, contract and member of a sum", limits.work},
    };
}

} // namespace

TEST_CASE("every limit of a model text holds, and beyond it stands the error of the handbook") {
    auto const stated = stated_limits();
    for (auto const& [what, probe] : model_probes()) {
        REQUIRE_MESSAGE(stated.contains(what), what);
        check_limit(what, stated.at(what), [&](std::size_t n) { return read_model(probe(n)); });
    }
}

TEST_CASE("every limit of a book holds, and beyond it stands the error of the handbook") {
    auto const stated = stated_limits();
    for (auto const& [what, probe] : book_probes()) {
        REQUIRE_MESSAGE(stated.contains(what), what);
        check_limit(what, stated.at(what), [&](std::size_t n) { return read_files(probe(n)); });
    }
}

TEST_CASE("the handbook states every limit of a system, and no limit that is not tried") {
    auto const stated = stated_limits();
    // Smaller ones are tried at the limit and beyond in limits_test.cpp.
    for (auto const& [what, limit] : system_limits()) {
        REQUIRE_MESSAGE(stated.contains(what), what);
        CHECK(stated.at(what).most == limit);
    }
    CHECK(stated.size() == model_probes().size() + book_probes().size() + system_limits().size());
}
