#pragma once
/// RFC 4180: lines into fields. Inside the room only.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace perpetuum {

/// A field as it stands in its text, quotation marks included.
struct CsvField {
    char const* begin = nullptr;
    char const* end = nullptr;
    bool quoted = false; ///< it begins with a quotation mark
    std::string_view raw() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

/// The record that begins at `at`: where its line end is (behind the field before it).
struct CsvRecord {
    char const* next = nullptr; ///< behind the line end, or the end of the text
    int lines = 1;              ///< line ends it takes up
    bool open = false;          ///< a quotation mark is not closed before the text ends
};

/// Splits a record. A quotation mark opens a field only at its beginning; elsewhere it is a letter.
/// A carriage return before the line end belongs to the end.
CsvRecord split_csv_record(char const* at, char const* end, char delimiter,
                           std::vector<CsvField>& fields);

/// Behind the last record that is complete in [at, end); `at` when there is none.
char const* last_record_end(char const* at, char const* end, char delimiter);

/// Appends what a field means: without its quotation marks, doubled ones made single.
void append_csv_text(CsvField const& field, std::vector<char>& text);

/// The most frequent of , ; tab and | outside quotation marks of the first line; a comma if there
/// is none.
char guess_delimiter(std::string_view text);

} // namespace perpetuum
