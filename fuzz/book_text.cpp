// A book's text from bytes, read with the vocabulary of the shipped models and run when it is free
// of errors. A line "#%" ends a file and begins the next one of the same book.

#include "common.hpp"

#include <perpetuum/book/trees_for_tests.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>

namespace perpetuum {

namespace {

constexpr int steps = 8;
constexpr std::size_t most_bytes = 200'000, most_files = 8;
constexpr std::string_view next_file = "\n#%\n";

struct ShippedModel {
    Model model;
    Vocabulary vocabulary;
};

/// Reads it with its texts kept in `diagnostics`.
ShippedModel read_shipped(std::string const& name, Diagnostics& diagnostics) {
    std::vector<std::string> files;
    for (auto const& entry :
         std::filesystem::directory_iterator(PERPETUUM_SOURCE "/models/" + name))
        if (entry.path().extension() == ".model") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    std::vector<int> texts;
    for (auto const& file : files) {
        std::string content, problem;
        fuzz::require(read_text_file(file, content, problem), "the shipped models can be read");
        texts.push_back(diagnostics.add_text(file, std::move(content)));
    }
    ShippedModel shipped;
    shipped.model = parse_model(texts, {}, diagnostics);
    std::fputs(diagnostics.failed() ? diagnostics.render().c_str() : "", stderr);
    fuzz::require(!diagnostics.failed(), "the shipped models are free of errors");
    shipped.vocabulary = vocabulary_of(shipped.model);
    return shipped;
}

struct Shipped {
    Diagnostics texts;
    ShippedModel economy = read_shipped("ai-economy", texts);
    ShippedModel tutorial = read_shipped("tutorial", texts);
};

Shipped const& shipped_models() {
    static Shipped const all;
    return all;
}

/// What the plain reader reads at all is what the library reads.
void check_plain(int text, Diagnostics diagnostics) {
    TomlCounts counts, plain_counts;
    TomlNode whole, plain;
    if (!read_plain_toml(text, plain_counts, plain, diagnostics)) return;
    fuzz::require(check_toml_bytes(text, counts, diagnostics) &&
                      parse_toml(text, whole, diagnostics),
                  "the library reads what the plain reader reads");
    fuzz::require(difference_of_trees(plain, whole).empty() && counts.keys == plain_counts.keys &&
                      counts.headers == plain_counts.headers,
                  "both readers of TOML give the same tree");
}

/// As read_book_text does with files.
BookTextPtr read_from_bytes(std::string_view bytes, Diagnostics& diagnostics) {
    BookTextPtr book{new BookText};
    book->path = "fuzz";
    TomlCounts counts;
    for (std::size_t number = 0; number < most_files; ++number) {
        auto const end = bytes.find(next_file);
        std::string const name = "fuzz-" + std::to_string(number) + ".toml";
        int const text = diagnostics.add_text(name, std::string(bytes.substr(0, end)));
        BookFile file{text, {}};
        check_plain(text, diagnostics);
        if (read_plain_toml(text, counts, file.root, diagnostics) ||
            (check_toml_bytes(text, counts, diagnostics) &&
             parse_toml(text, file.root, diagnostics)))
            book->files.push_back(std::move(file));
        else
            book->partial = true;
        if (end == std::string_view::npos) break;
        bytes.remove_prefix(end + next_file.size());
    }
    return book;
}

void print_figures(Book const& book) {
    for (Deal const& deal : book.deals)
        for (auto const& [name, entry] : deal.parameters)
            for (Figure const& figure : entry.rivals) print_figure(figure);
}

/// What a command does with a book that is free of errors.
void use(Book const& book, ShippedModel const& shipped, Diagnostics const& texts) {
    Diagnostics diagnostics = texts;
    review_book(book, shipped.vocabulary, diagnostics);
    check_expectations(book, shipped.model, diagnostics);
    fuzz::check_shown_well(diagnostics);
    opening_gaps(book, shipped.model);
    print_figures(book);
    // Starts long ago are refused by the commands.
    if (book.start < date_of(1950, 1)) return;
    fuzz::run_book(book, shipped.model, steps, texts);
    for (std::size_t s = 0; s < book.scenarios.size() && s < 2; ++s) {
        Diagnostics of_scenario = texts;
        std::string const& name = book.scenarios[s].id;
        Book const changed =
            with_scenario(with_defaults(book, shipped.model, name), name, of_scenario);
        if (!of_scenario.failed()) fuzz::run_book(changed, shipped.model, steps, texts);
    }
}

void read_as_of(BookText const& text, ShippedModel const& shipped, std::optional<Date> as_of,
                Diagnostics diagnostics) {
    Book const book = interpret_book(text, shipped.vocabulary, as_of, diagnostics);
    standings(book);
    fuzz::check_shown_well(diagnostics);
    if (!diagnostics.failed()) use(book, shipped, diagnostics);
}

} // namespace

} // namespace perpetuum

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace perpetuum;
    if (size > most_bytes) return 0;
    fuzz::ShortWork const limit;
    Shipped const& models = shipped_models();
    Diagnostics diagnostics = models.texts;
    auto const text = read_from_bytes({reinterpret_cast<char const*>(data), size}, diagnostics);
    fuzz::check_shown_well(diagnostics);
    auto const& shipped = model_of(*text) == "tutorial" ? models.tutorial : models.economy;
    read_as_of(*text, shipped, std::nullopt, diagnostics);
    if (size % 4 == 0) read_as_of(*text, shipped, date_of(2025, 7), diagnostics);
    return 0;
}
