// Files of a book: which there are, within which limits, and their digest (FNV-1a, 64 bits; Fowler,
// Noll and Vo).

#include <perpetuum/book/tree.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace perpetuum {

namespace {

constexpr std::size_t largest_file = 4'000'000, largest_book = 64'000'000;
constexpr std::size_t most_files = 2000, most_book_keys = 500'000;

constexpr char end_of_part = '\xFF'; // no UTF-8 text has this byte: a b and ab differ

bool is_book_file(std::filesystem::path const& path) {
    return path.extension() == ".toml" && path.filename().string().front() != '.';
}

/// The files of a folder by name, or the one file.
std::vector<std::string> files_of(std::string const& path, Diagnostics& diagnostics) {
    namespace fs = std::filesystem;
    std::error_code problem;
    if (!fs::is_directory(path, problem)) return {path};
    std::vector<std::string> files;
    fs::directory_iterator entries{path, problem};
    for (; !problem && entries != fs::directory_iterator{}; entries.increment(problem))
        if (is_book_file(entries->path())) files.push_back(entries->path().string());
    if (problem)
        diagnostics.error({}, quoted(path) + " cannot be read: " + problem.message());
    else if (files.empty())
        diagnostics.error({}, quoted(path) + " has no *.toml in it",
                          "a book needs at least book.toml");
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

void BookTextDeleter::operator()(BookText* text) const { delete text; }

BookTextPtr read_book_text(std::string const& path, Diagnostics& diagnostics) {
    BookTextPtr book{new BookText};
    book->path = path;
    book->partial = true;
    auto const files = files_of(path, diagnostics);
    if (files.size() > most_files) {
        diagnostics.error({}, quoted(path) + " has more than 2,000 files", "join some of them");
        return book;
    }
    bool damaged = false;
    std::size_t bytes = 0;
    TomlCounts counts;
    for (auto const& name : files) {
        std::string content, problem;
        if (!read_text_file(name, content, problem, largest_file)) {
            bool const large = problem.find(": larger than") != std::string::npos;
            diagnostics.error({}, problem, large ? "split the file" : "");
            damaged = true;
            continue;
        }
        book->digested += std::filesystem::path{name}.filename().string() + end_of_part;
        book->digested += content;
        book->digested += end_of_part;
        bytes += content.size();
        if (bytes > largest_book) {
            diagnostics.error({}, quoted(path) + " is larger than 64 MB", "split the book");
            return book;
        }
        int const text = diagnostics.add_text(name, std::move(content));
        BookFile file{text, {}};
        bool const plain = read_plain_toml(text, counts, file.root, diagnostics);
        bool const clean = plain || check_toml_bytes(text, counts, diagnostics);
        damaged = damaged || !clean;
        if (!clean) continue;
        if (counts.keys > most_book_keys) {
            diagnostics.error({text, 0, 0}, "more than 500,000 keys and values in one book",
                              "split the book");
            return book;
        }
        if (plain || parse_toml(text, file.root, diagnostics))
            book->files.push_back(std::move(file));
        else
            damaged = true;
    }
    book->partial = damaged;
    return book;
}

std::string model_of(BookText const& text) {
    for (auto const& file : text.files) {
        TomlNode const* head = file.root.find("book");
        TomlNode const* model = head ? head->find("model") : nullptr;
        if (model && model->type == TomlNode::Type::text) return model->text;
    }
    return {};
}

std::string book_digest(BookText const& text) {
    std::uint64_t digest = 14695981039346656037u;
    for (char const c : text.digested) {
        digest ^= static_cast<unsigned char>(c);
        digest *= 1099511628211u;
    }
    char buffer[17];
    std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(digest));
    return buffer;
}

} // namespace perpetuum
