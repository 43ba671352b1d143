#pragma once
/// Shipped books and models, read for tests.

#include <perpetuum/ensemble.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace perpetuum::ensemble_tests {

inline int add_file(Diagnostics& diagnostics, std::string const& path) {
    std::string content, problem;
    REQUIRE_MESSAGE(read_text_file(path, content, problem), problem);
    return diagnostics.add_text(path, content);
}

/// books/ai with its model.
inline System ai_system(Diagnostics& diagnostics) {
    std::vector<std::string> files;
    for (auto const& entry :
         std::filesystem::directory_iterator(PERPETUUM_SOURCE "/models/ai-economy"))
        if (entry.path().extension() == ".model") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    std::vector<int> texts;
    for (std::string const& file : files) texts.push_back(add_file(diagnostics, file));
    Vocabulary const vocabulary = vocabulary_of(parse_model(texts, {}, diagnostics));
    auto const text = read_book_text(PERPETUUM_SOURCE "/books/ai", diagnostics);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    Book const book = interpret_book(*text, vocabulary, std::nullopt, diagnostics);
    Model const model = parse_model(texts, known_ids(book), diagnostics);
    System system = instantiate(book, model, {}, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    return system;
}

/// A model without a book, in which some parameters are not known exactly.
inline System plain_system(Diagnostics& diagnostics, std::string const& path, int steps,
                           std::map<std::string, Distribution> const& spreads) {
    int const text = add_file(diagnostics, path);
    Model const model = parse_model({text}, {}, diagnostics);
    Book book;
    for (auto const& [parameter, spread] : spreads) {
        Figure figure;
        figure.value = median(spread);
        figure.spread = spread;
        book.parameters[parameter].rivals = {figure};
    }
    InstanceOptions options;
    options.steps = steps;
    System system = instantiate(book, model, options, diagnostics);
    REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    return system;
}

inline System textbook_system(Diagnostics& diagnostics, std::string const& name, int steps,
                              std::map<std::string, Distribution> const& spreads) {
    return plain_system(diagnostics, PERPETUUM_SOURCE "/books/godley-lavoie/" + name + ".model",
                        steps, spreads);
}

/// The named cells as series.
inline std::vector<Series> series_of(System const& system, std::vector<std::string> const& names) {
    std::vector<Series> series;
    for (std::string const& name : names) {
        auto const found = system.names.find(name);
        REQUIRE_MESSAGE(found != system.names.end(), name);
        auto const& cell = system.cells[static_cast<std::size_t>(found->second)];
        series.push_back({name, {{found->second, cell.coins ? system.coin : 1.0}}, 1});
    }
    return series;
}

/// A system compiled for what is to be kept.
struct Prepared {
    Prepared(System made, std::vector<std::string> const& names, Diagnostics& diagnostics)
        : system(std::move(made)), keeping(keeping_of(system, series_of(system, names))) {
        CompileOptions options;
        options.wanted = wanted_by(system, keeping);
        program = compile(system, diagnostics, options);
        REQUIRE_MESSAGE(!diagnostics.failed(), diagnostics.render());
    }
    EnsembleSide side() const {
        return {&system, &program, keeping, summary_plan(system, keeping, {{"test", "yes"}})};
    }
    System system;
    Keeping keeping;
    Program program;
};

} // namespace perpetuum::ensemble_tests
