#include "common.hpp"

#include <perpetuum/program.hpp>
#include <perpetuum/step.hpp>

#include <cstdio>
#include <cstdlib>

namespace perpetuum::fuzz {

namespace {

/// Above, an input only shows that much work takes long; what refuses it stands in apps/cli.
constexpr std::size_t most_cells = 20'000;

} // namespace

void require(bool holds, char const* promise) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

void check_shown_well(Diagnostics const& diagnostics) {
    for (Diagnostic const& one : diagnostics.all()) {
        require(!one.message.empty(), "a diagnostic says something");
        if (one.where.text < 0) continue;
        require(one.where.text < diagnostics.texts(), "a place is in a text");
        auto const size = diagnostics.text(one.where.text).content.size();
        // What is missing at the end may be marked one byte behind it.
        require(one.where.begin <= one.where.end && one.where.begin <= size,
                "a place is inside its text");
    }
    std::string const shown = diagnostics.render();
    require(damaged_utf8(shown) == std::string_view::npos, "what is printed is UTF-8");
    for (char const c : shown)
        require(c == '\n' || static_cast<unsigned char>(c) >= 0x20,
                "no control character is printed raw");
}

void run_book(Book const& book, Model const& model, int steps, Diagnostics diagnostics) {
    InstanceOptions options;
    options.steps = steps;
    System const system = instantiate(book, model, options, diagnostics);
    check_shown_well(diagnostics);
    if (diagnostics.failed() || system.cells.size() > most_cells) return;
    Program const program = compile(system, diagnostics);
    check_shown_well(diagnostics);
    if (diagnostics.failed()) return;
    PathBlock block(system, program, 1);
    block.begin();
    for (int step = 1; step <= steps && block.faults()[0].step == 0; ++step) block.advance();
}

} // namespace perpetuum::fuzz
