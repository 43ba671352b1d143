// The gallery of bad books: each file or folder of tests/errors/books beside what is said of it, word by word.
// Where nothing is wrong, what a review has to say is shown instead.
//
// With PERPETUUM_RECORD set in the environment the renderings are written anew instead of compared.

#include <perpetuum/book/vocabulary_for_tests.hpp>

#include <algorithm>

using namespace perpetuum;
using namespace perpetuum::book_tests;

namespace {

std::string gallery_text(std::filesystem::path const& path) {
    std::string content, problem;
    REQUIRE_MESSAGE(read_text_file(path.string(), content, problem), problem);
    return content;
}

std::vector<std::filesystem::path> gallery_books() {
    std::vector<std::filesystem::path> files;
    for (auto const& entry :
         std::filesystem::directory_iterator(PERPETUUM_SOURCE "/tests/errors/books"))
        if (entry.is_directory() || entry.path().extension() == ".toml")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// What is said of a book, its mistakes or else its weak spots, with file names instead of paths.
std::string said_of(std::filesystem::path const& file) {
    ReadBook read = read_folder(file.string());
    if (!read.diagnostics.failed()) review_book(read.book, test_vocabulary(), read.diagnostics);
    std::string text = read.diagnostics.render(1000);
    std::string const folder = file.parent_path().string() + "/";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
        text.erase(at, folder.size());
    return text;
}

} // namespace

TEST_CASE("every bad book of the gallery is refused in the words that stand beside it") {
    auto const files = gallery_books();
    CHECK(files.size() >= 45);
    for (auto const& file : files) {
        INFO(file.filename().string());
        std::string const said = said_of(file);
        auto expected = file;
        expected.replace_extension(".expected");
        if (std::getenv("PERPETUUM_RECORD")) {
            std::ofstream(expected) << said;
            continue;
        }
        CHECK(said == gallery_text(expected));
    }
}
