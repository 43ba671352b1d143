/// One state, inside or outside a quoted field, and one look at each byte.

#include "csv_fields.hpp"

#include <array>
#include <cstring>

namespace perpetuum {

namespace {

/// The end of a quoted field that begins at `at`: behind its closing mark and whatever follows up
/// to the delimiter. Counts the line ends in it.
char const* quoted_field_end(char const* at, char const* end, char delimiter, int& lines,
                             bool& open) {
    for (++at;; ++at) {
        if (at == end) {
            open = true;
            return end;
        }
        if (*at == '\n') ++lines;
        if (*at != '"') continue;
        if (at + 1 == end || at[1] != '"') break;
        ++at;
    }
    for (++at; at < end && *at != delimiter && *at != '\n'; ++at) {
    }
    return at;
}

} // namespace

CsvRecord split_csv_record(char const* at, char const* end, char delimiter,
                           std::vector<CsvField>& fields) {
    fields.clear();
    CsvRecord record;
    while (true) {
        char const* const begin = at;
        bool const quoted = at < end && *at == '"';
        if (quoted)
            at = quoted_field_end(at, end, delimiter, record.lines, record.open);
        else
            while (at < end && *at != delimiter && *at != '\n') ++at;
        bool const last = at == end || *at == '\n';
        char const* const cut = last && at > begin && at[-1] == '\r' ? at - 1 : at;
        fields.push_back({begin, cut, quoted});
        if (!last) {
            ++at;
            continue;
        }
        record.next = at == end ? end : at + 1;
        return record;
    }
}

char const* last_record_end(char const* at, char const* end, char delimiter) {
    auto const size = static_cast<std::size_t>(end - at);
    if (std::memchr(at, '"', size) == nullptr) {
        void const* const found = memrchr(at, '\n', size);
        return found == nullptr ? at : static_cast<char const*>(found) + 1;
    }
    char const* complete = at;
    bool at_field = true;
    while (at < end) {
        if (at_field && *at == '"') {
            int lines = 0;
            bool open = false;
            at = quoted_field_end(at, end, delimiter, lines, open);
            at_field = false;
            continue;
        }
        at_field = *at == delimiter || *at == '\n';
        if (*at == '\n') complete = at + 1;
        ++at;
    }
    return complete;
}

void append_csv_text(CsvField const& field, std::vector<char>& text) {
    if (!field.quoted) {
        text.insert(text.end(), field.begin, field.end);
        return;
    }
    bool inside = true;
    for (char const* at = field.begin + 1; at < field.end; ++at) {
        if (*at != '"' || !inside)
            text.push_back(*at);
        else if (at + 1 < field.end && at[1] == '"')
            text.push_back(*at++);
        else
            inside = false;
    }
}

char guess_delimiter(std::string_view text) {
    constexpr std::array<char, 4> candidates{',', ';', '\t', '|'};
    std::array<int, 4> counts{};
    bool quoted = false;
    for (char const c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n') break;
        for (std::size_t k = 0; k < candidates.size(); ++k) counts[k] += c == candidates[k];
    }
    std::size_t best = 0;
    for (std::size_t k = 1; k < candidates.size(); ++k)
        if (counts[k] > counts[best]) best = k;
    return candidates[best];
}

} // namespace perpetuum
