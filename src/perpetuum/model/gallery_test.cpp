#include <perpetuum/model.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace perpetuum;

namespace {

std::string file_text(std::filesystem::path const& path) {
    std::string content, problem;
    REQUIRE_MESSAGE(read_text_file(path.string(), content, problem), problem);
    return content;
}

std::vector<std::filesystem::path> bad_models() {
    std::vector<std::filesystem::path> files;
    for (auto const& entry :
         std::filesystem::directory_iterator(PERPETUUM_SOURCE "/tests/errors/model"))
        if (entry.path().extension() == ".model") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

TEST_CASE("every bad model of the gallery is refused in the words that stand beside it") {
    auto const files = bad_models();
    CHECK(files.size() >= 24);
    for (auto const& file : files) {
        INFO(file.filename().string());
        Diagnostics diagnostics;
        int const text = diagnostics.add_text(file.filename().string(), file_text(file));
        parse_model({text}, {{"openai", "entity"}}, diagnostics);
        auto expected = file;
        expected.replace_extension(".expected");
        if (std::getenv("PERPETUUM_RECORD")) { // writes the renderings anew instead
            std::ofstream(expected) << diagnostics.render(1000);
            continue;
        }
        CHECK(diagnostics.render(1000) == file_text(expected));
        CHECK(!diagnostics.all().empty());
    }
}
