#include "model_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace perpetuum {

namespace {

namespace fs = std::filesystem;

fs::path folder_of_book(std::string const& book_path) {
    std::error_code ignored;
    fs::path const path(book_path);
    if (fs::is_directory(path, ignored)) return path;
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// The *.model files of a folder by name, or the one file that the path is.
std::vector<fs::path> model_files_in(fs::path const& path) {
    std::vector<fs::path> files;
    std::error_code error;
    if (fs::is_regular_file(path, error)) return {path};
    if (!fs::is_directory(path, error)) return {};
    for (fs::directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == ".model") files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Places in which a model of that name may stand, the nearest first.
std::vector<fs::path> places_of(fs::path const& folder, std::string const& name) {
    std::vector<fs::path> places{folder / (name + ".model"),
                                 folder / name,
                                 folder / ".." / ".." / "models" / name,
                                 folder / ".." / ".." / ".." / "models" / name,
                                 fs::path("models") / name,
                                 fs::path(PERPETUUM_SOURCE) / "models" / name};
    if (char const* extra = std::getenv("PERPETUUM_MODELS"))
        places.push_back(fs::path(extra) / name);
    return places;
}

std::vector<int> add_texts(std::vector<fs::path> const& files, Diagnostics& diagnostics) {
    std::vector<int> numbers;
    for (fs::path const& file : files) {
        std::string content, problem;
        if (read_text_file(file.string(), content, problem))
            numbers.push_back(diagnostics.add_text(file.lexically_normal().string(), content));
        else
            diagnostics.error({}, "a text of the model: " + problem);
    }
    return numbers;
}

} // namespace

std::vector<int> read_model_texts(std::string const& book_path, std::string const& name,
                                  Diagnostics& diagnostics) {
    fs::path const folder = folder_of_book(book_path);
    if (name.empty()) {
        auto const files = model_files_in(folder);
        if (files.empty())
            diagnostics.error({}, "the book names no model, and no *.model file stands beside it",
                              "write model = \"ai-economy\" (or another) under [book]");
        return add_texts(files, diagnostics);
    }
    bool const is_path =
        name.find('/') != std::string::npos || (name.size() > 6 && name.ends_with(".model"));
    auto const places = is_path ? std::vector<fs::path>{folder / name} : places_of(folder, name);
    for (fs::path const& place : places) {
        auto const files = model_files_in(place);
        if (!files.empty()) return add_texts(files, diagnostics);
    }
    diagnostics.error(
        {}, "there is no model " + perpetuum::quoted(name),
        is_path
            ? "the path is taken from the book's folder"
            : "a model is a folder models/NAME of *.model files; $PERPETUUM_MODELS may say where");
    return {};
}

} // namespace perpetuum
