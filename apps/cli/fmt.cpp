// perpetuum fmt PATHS

#include "commands.hpp"
#include "tables.hpp"

#include <perpetuum/book.hpp>
#include <perpetuum/model.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace perpetuum {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files_laid_out = 20'000;

bool is_model_file(std::string const& path) { return path.ends_with(".model"); }
bool can_be_laid_out(fs::path const& path) {
    return path.extension() == ".model" || path.extension() == ".toml";
}

/// The files of a path: itself, or what lies below the folder, by name.
std::vector<std::string> files_below(std::string const& path, std::string& problem) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        if (can_be_laid_out(path)) return {path};
        problem = perpetuum::quoted(path) + " is neither a folder nor a *.toml or *.model file";
        return {};
    }
    std::vector<std::string> files;
    fs::recursive_directory_iterator entries(path, error), end;
    for (; !error && entries != end && files.size() <= most_files_laid_out;
         entries.increment(error))
        if (entries->is_regular_file(error) && can_be_laid_out(entries->path()))
            files.push_back(entries->path().lexically_normal().string());
    std::sort(files.begin(), files.end());
    if (error) problem = printable(path) + ": " + error.message();
    if (files.size() > most_files_laid_out)
        problem = "more than 20,000 files below " + printable(path);
    return files;
}

/// The model files beside one, without it: a model may stand in several texts.
std::vector<int> siblings_of(std::string const& file, Diagnostics& diagnostics) {
    std::vector<int> texts;
    std::error_code error;
    fs::path const path(file), folder = path.has_parent_path() ? path.parent_path() : ".";
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::string content, problem;
        bool const other =
            entry->path().extension() == ".model" && entry->path().filename() != path.filename();
        if (other && read_text_file(entry->path().string(), content, problem))
            texts.push_back(diagnostics.add_text(entry->path().string(), content));
    }
    return texts;
}

/// Whether a model's file keeps to the grammar, by itself or with what stands beside it; its errors
/// by itself, if not.
bool check_model_file(int text, Diagnostics& diagnostics) {
    Diagnostics together;
    std::string const file = diagnostics.text(text).name;
    int const own = together.add_text(file, diagnostics.text(text).content);
    if (check_model_texts({own}, together)) return true;
    auto texts = siblings_of(file, together);
    texts.push_back(own);
    auto const before = together.all().size();
    check_model_texts(texts, together);
    for (std::size_t i = before; i < together.all().size(); ++i) {
        Diagnostic const& found = together.all()[i];
        if (found.severity == Severity::error && found.where.text == own)
            diagnostics.error({text, found.where.begin, found.where.end}, found.message,
                              found.hint);
    }
    return !diagnostics.failed();
}

struct LaidOut {
    std::string before, after;
    bool sound = false;
};

/// Reads and lays out one file; errors where it is not fit for it.
LaidOut lay_out(std::string const& file, Diagnostics& diagnostics) {
    LaidOut result;
    std::string problem;
    if (!read_text_file(file, result.before, problem)) {
        diagnostics.error({}, problem);
        return result;
    }
    int const text = diagnostics.add_text(file, result.before);
    if (is_model_file(file)) {
        result.sound = check_model_file(text, diagnostics);
        if (result.sound) result.after = format_model(result.before);
    } else if (check_book_file(text, diagnostics)) {
        auto const after = format_book(result.before);
        result.sound = after.has_value();
        if (after) result.after = *after;
        if (!after)
            diagnostics.error({text, 0, 0}, "cannot be laid out without changing what it says",
                              "please report it; the file is left as it is");
    }
    return result;
}

} // namespace

Answer run_fmt(Options const& options) {
    Answer answer;
    std::vector<std::string> files;
    for (std::string const& path : options.paths) {
        std::string problem;
        for (auto& file : files_below(path, problem)) files.push_back(std::move(file));
        if (!problem.empty()) return refused(problem, "perpetuum fmt books/mine");
    }
    std::size_t changed = 0, wrong = 0;
    for (std::string const& file : files) {
        Diagnostics diagnostics;
        LaidOut const laid = lay_out(file, diagnostics);
        if (!laid.sound) {
            ++wrong;
            answer.talk += diagnostics.render();
            continue;
        }
        if (options.stdout_only) answer.text += laid.after;
        if (laid.after == laid.before) continue;
        ++changed;
        if (options.stdout_only) continue;
        std::string problem;
        if (!options.only_check && !write_text_file(file, laid.after, problem)) {
            ++wrong;
            answer.talk += "perpetuum: " + problem + "\n";
            continue;
        }
        answer.text += printable(file, 1000) + "\n";
    }
    if (!options.stdout_only)
        answer.text += fmt::format("{}, {} {}\n", count_of(files.size(), "file"), changed,
                                   options.only_check ? "to be laid out" : "laid out");
    if (wrong > 0) answer.talk += "nothing changed in " + count_of(wrong, "file") + "\n";
    answer.code = wrong > 0                           ? Exit::wrong_input
                  : options.only_check && changed > 0 ? Exit::found
                                                      : Exit::ok;
    return answer;
}

} // namespace perpetuum
