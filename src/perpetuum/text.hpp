#pragma once
/// text: source texts, places in them, and what is wrong there.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perpetuum {

/// A place in a text: bytes [begin, end) of text number `text`; text < 0 is nowhere.
struct Span {
    int text = -1;
    std::uint32_t begin = 0, end = 0;
};

enum class Severity { error, warning, note };

struct Diagnostic {
    Severity severity = Severity::error;
    Span where;
    std::string message; ///< what is wrong
    std::string hint;    ///< the way out; may be empty
};

struct SourceText {
    std::string name; ///< as it is printed: a path
    std::string content;
};

/// Every text that was read and everything found wrong in them. Rooms add; apps print.
class Diagnostics {
  public:
    /// Keeps a text; returns its number for spans.
    int add_text(std::string name, std::string content);
    SourceText const& text(int number) const { return texts_.at(static_cast<std::size_t>(number)); }
    int texts() const { return static_cast<int>(texts_.size()); }

    void error(Span where, std::string message, std::string hint = {});
    void warning(Span where, std::string message, std::string hint = {});
    void note(Span where, std::string message, std::string hint = {});

    bool failed() const { return errors_ > 0; }
    int errors() const { return errors_; }
    std::vector<Diagnostic> const& all() const { return all_; }

    /// "file:line:column: error: message", the line, a caret, "hint: …"; in the order of the texts,
    /// at most `most` of them and then a count. Control characters of a text are never passed on
    /// raw.
    std::string render(std::size_t most = 100) const;
    std::string render(Diagnostic const& diagnostic) const;

  private:
    std::vector<SourceText> texts_;
    std::vector<Diagnostic> all_;
    int errors_ = 0;
};

/// Line and column (both from 1; columns count characters, not bytes) of a byte of a text.
struct LineColumn {
    int line = 1, column = 1;
};
LineColumn line_column(std::string_view text, std::size_t byte);

/// Control characters and damaged UTF-8 made visible (\x1b), long texts cut: safe for a terminal.
std::string printable(std::string_view text, std::size_t longest = 200);
/// 'text', printable and in quotes.
std::string quoted(std::string_view text);
// Where <iomanip> is included, std::quoted would otherwise be the better match for a std::string.
inline std::string quoted(std::string const& text) { return quoted(std::string_view{text}); }
inline std::string quoted(std::string& text) { return quoted(std::string_view{text}); }
inline std::string quoted(char const* text) { return quoted(std::string_view{text}); }
inline std::string quoted(std::string&& text) { return quoted(std::string_view{text}); }
/// The byte at which a text stops being UTF-8, or npos.
std::size_t damaged_utf8(std::string_view text);

/// A whole file, or an error in words (no such file, a folder, above `most` bytes).
bool read_text_file(std::string const& path, std::string& content, std::string& problem,
                    std::size_t most = 16'000'000);
/// All or nothing: writes beside the target, then renames. Throws BadInput-like text in `problem`.
bool write_text_file(std::string const& path, std::string_view content, std::string& problem);

} // namespace perpetuum
