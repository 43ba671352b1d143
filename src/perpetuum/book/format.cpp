// The layout of a book's file: keys in the first column, what goes on inside brackets by four a
// bracket, equals signs in a column where the writer has begun one. Blanks within a value are the
// writer's. One pass over the bytes says where strings, comments and brackets are.

#include <perpetuum/book/tree.hpp>

#include <algorithm>

namespace perpetuum {

namespace {

constexpr std::size_t longest_in_column = 24; ///< a longer key stands out of its neighbours' column

struct LayoutLine {
    std::string content;    ///< without blanks at either end, unless it is inside a string
    std::size_t equals = 0; ///< of the first `=` outside strings and brackets; 0: there is none
    int depth = 0;          ///< brackets open at its beginning, less those it closes at once
    bool in_string = false; ///< begins inside a string of several lines: not to be touched
    bool ends_in_string = false;
    bool header = false;

    bool blank() const { return content.empty() && !in_string; }
    bool comment() const { return !in_string && !content.empty() && content[0] == '#'; }
    bool key() const { return equals > 0; }
};

/// Where a string ends, counted from its opening quotes: after the closing ones, or at the text's
/// end. A string of one line that is not closed ends with its line.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
    char const quote = text[begin];
    bool const several = text.substr(begin, 3) == std::string(3, quote);
    std::size_t at = begin + (several ? 3 : 1);
    for (; at < text.size(); ++at) {
        if (text[at] == '\\' && quote == '"') {
            ++at;
        } else if (!several && text[at] == '\n') {
            return at;
        } else if (text[at] == quote && (!several || text.substr(at, 3) == std::string(3, quote))) {
            if (!several) return at + 1;
            // Up to two more quotes belong to the string.
            std::size_t end = at + 3;
            while (end < text.size() && end < at + 5 && text[end] == quote) ++end;
            return end;
        }
    }
    return text.size();
}

/// One pass: the lines with what stands where.
class LayoutReader {
  public:
    explicit LayoutReader(std::string_view text) : text_(text) {}

    std::vector<LayoutLine> read() {
        while (at_ < text_.size()) step();
        end_line(false);
        return std::move(lines_);
    }

  private:
    void step() {
        char const c = text_[at_];
        if (c == '\n') {
            end_line(false);
            ++at_;
        } else if (c == '#') {
            take(std::min(text_.find('\n', at_), text_.size()));
        } else if (c == '"' || c == '\'') {
            take_string(end_of_string(text_, at_));
        } else {
            if (c == '[' || c == '{') ++depth_;
            if ((c == ']' || c == '}') && depth_ > 0) {
                --depth_;
                if (only_brackets_) line_.depth = depth_;
            }
            if (c != ' ' && c != '\t' && c != ']' && c != '}') only_brackets_ = false;
            if (c == '=' && depth_ == 0 && line_.equals == 0) line_.equals = line_.content.size();
            bool const starts = line_.content.empty() && !line_.in_string;
            if (starts && c == '[' && depth_ == 1) line_.header = true;
            if (!(starts && (c == ' ' || c == '\t')) && c != '\r')
                line_.content += c == '\t' ? ' ' : c;
            ++at_;
        }
    }

    void take(std::size_t end) {
        only_brackets_ = false;
        std::string_view taken = text_.substr(at_, end - at_);
        while (!taken.empty() && taken.back() == '\r') taken.remove_suffix(1);
        line_.content += taken;
        at_ = end;
    }

    /// A string of several lines: each as it is.
    void take_string(std::size_t end) {
        only_brackets_ = false;
        for (; at_ < end; ++at_) {
            if (text_[at_] == '\n')
                end_line(true);
            else
                line_.content += text_[at_];
        }
    }

    void end_line(bool in_string) {
        line_.ends_in_string = in_string;
        if (!in_string)
            while (!line_.content.empty() && line_.content.back() == ' ') line_.content.pop_back();
        lines_.push_back(std::move(line_));
        line_ = {};
        line_.depth = depth_;
        line_.in_string = in_string;
        only_brackets_ = true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool only_brackets_ = true; ///< nothing but closing brackets so far in this line
    LayoutLine line_;
    std::vector<LayoutLine> lines_;
};

std::string key_of(LayoutLine const& line) {
    std::string key = line.content.substr(0, line.equals);
    while (!key.empty() && key.back() == ' ') key.pop_back();
    return key;
}

std::string value_of(LayoutLine const& line) {
    std::size_t begin = line.equals + 1;
    while (begin < line.content.size() && line.content[begin] == ' ') ++begin;
    return line.content.substr(begin);
}

/// Keys [first, last): their equals signs in one column where one of them has been moved there,
/// else behind one blank each.
void set_column(std::vector<LayoutLine>& lines, std::size_t first, std::size_t last) {
    std::size_t longest = 0;
    bool column = false;
    for (std::size_t i = first; i < last; ++i) {
        if (!lines[i].key()) continue;
        std::size_t const size = key_of(lines[i]).size();
        if (size > longest_in_column) continue;
        longest = std::max(longest, size);
        column = column || lines[i].equals > size + 1;
    }
    for (std::size_t i = first; i < last; ++i) {
        if (!lines[i].key()) continue;
        std::string key = key_of(lines[i]);
        auto const value = value_of(lines[i]);
        if (column && key.size() < longest) key.append(longest - key.size(), ' ');
        lines[i].equals = key.size() + 1;
        lines[i].content = key + " = " + value;
    }
}

/// Keys that follow each other without a blank line or a header between them.
void set_columns(std::vector<LayoutLine>& lines) {
    std::size_t first = 0;
    for (std::size_t i = 0; i <= lines.size(); ++i) {
        bool const parts = i == lines.size() || lines[i].blank() || lines[i].header;
        if (!parts) continue;
        set_column(lines, first, i);
        first = i + 1;
    }
}

bool before_header(std::vector<LayoutLine> const& lines, std::size_t at) {
    while (at < lines.size() && lines[at].comment() && lines[at].depth == 0) ++at;
    return at < lines.size() && lines[at].header;
}

/// At most one blank line in a row, none at the ends, one before each header and what is said above
/// it.
std::vector<LayoutLine> space_out(std::vector<LayoutLine> const& lines) {
    std::vector<LayoutLine> spaced;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        LayoutLine const& line = lines[i];
        if (line.blank() && (spaced.empty() || spaced.back().blank())) continue;
        bool const opens =
            (line.header || line.comment()) && line.depth == 0 && before_header(lines, i);
        bool const wants_blank =
            opens && !spaced.empty() && !spaced.back().blank() && !spaced.back().comment();
        if (wants_blank) spaced.push_back({});
        spaced.push_back(line);
    }
    while (!spaced.empty() && spaced.back().blank()) spaced.pop_back();
    return spaced;
}

bool same_tree(TomlNode const& a, TomlNode const& b) {
    if (a.type != b.type || a.text != b.text || a.truth != b.truth || !(a.day == b.day) ||
        a.members.size() != b.members.size() || a.items.size() != b.items.size())
        return false;
    for (std::size_t i = 0; i < a.items.size(); ++i)
        if (!same_tree(a.items[i], b.items[i])) return false;
    for (std::size_t i = 0; i < a.members.size(); ++i)
        if (a.members[i].key != b.members[i].key ||
            !same_tree(a.members[i].value, b.members[i].value))
            return false;
    return true;
}

bool parse_for_layout(std::string const& text, TomlNode& root) {
    Diagnostics unheard;
    return read_toml(unheard.add_text("", text), root, unheard);
}

std::string laid_out(std::string_view text) {
    auto lines = LayoutReader(text).read();
    set_columns(lines);
    std::string result;
    for (LayoutLine const& line : space_out(lines)) {
        if (!line.in_string && !line.content.empty())
            result.append(static_cast<std::size_t>(4 * std::max(line.depth, 0)), ' ');
        result += line.content;
        result += '\n';
    }
    return result;
}

} // namespace

bool check_book_file(int text, Diagnostics& diagnostics) {
    TomlNode root;
    return read_toml(text, root, diagnostics);
}

std::optional<std::string> format_book(std::string const& text) {
    TomlNode before, after;
    if (!parse_for_layout(text, before)) return std::nullopt;
    std::string result = laid_out(text);
    if (!parse_for_layout(result, after) || !same_tree(before, after)) return std::nullopt;
    return result;
}

} // namespace perpetuum
