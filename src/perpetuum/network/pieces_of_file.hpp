#pragma once
/// A file in pieces of whole CSV records. Inside the room only.

#include <cstdint>
#include <string>

namespace perpetuum {

class FilePieces {
  public:
    FilePieces() = default;
    FilePieces(FilePieces const&) = delete;
    FilePieces& operator=(FilePieces const&) = delete;
    ~FilePieces();
    /// False when there is no such file, or it is none; `problem` says so in words.
    bool open(std::string const& path, std::string& problem);
    std::uint64_t bytes() const { return bytes_; } ///< of the file

    enum class Next { piece, end, too_long, failed };
    /// The next records, about 128 kB: with its rows, what the second cache holds. too_long: a record (or what an open quotation mark makes
    /// one) of more than 4 MB; `piece` then begins with it. failed: `problem` says why. delimiter
    /// 0: guessed.
    Next next(char delimiter, std::string& piece, std::string& problem);

  private:
    int file_ = -1;
    std::uint64_t bytes_ = 0;
    std::string rest_; ///< read but not handed out: the beginning of a record
    bool at_end_ = false;
};

} // namespace perpetuum
