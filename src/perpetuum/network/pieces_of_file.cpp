#include "pieces_of_file.hpp"
#include "csv_fields.hpp"

#include <perpetuum/text.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace perpetuum {

namespace {

constexpr std::size_t piece_size = 1 << 17, longest_record = 4 << 20;

/// Appends up to `size` bytes; how many came, or -1.
ssize_t append_bytes(int file, std::size_t size, std::string& text) {
    std::size_t const before = text.size();
    text.resize(before + size);
    ssize_t count = -1;
    do count = read(file, text.data() + before, size);
    while (count < 0 && errno == EINTR);
    text.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
    return count;
}

} // namespace

FilePieces::~FilePieces() {
    if (file_ >= 0) close(file_);
}

bool FilePieces::open(std::string const& path, std::string& problem) {
    // Without O_NONBLOCK, opening a pipe that nobody writes would wait for ever.
    file_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status {};
    if (file_ < 0 || fstat(file_, &status) != 0) {
        problem = printable(path) + ": " + std::strerror(errno);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        problem = printable(path) + (S_ISDIR(status.st_mode) ? ": is a folder" : ": is not a file");
        return false;
    }
    bytes_ = static_cast<std::uint64_t>(status.st_size);
    return true;
}

FilePieces::Next FilePieces::next(char delimiter, std::string& piece, std::string& problem) {
    piece.swap(rest_);
    rest_.clear();
    while (true) {
        ssize_t const count = at_end_ ? 0 : append_bytes(file_, piece_size, piece);
        if (count < 0) {
            problem = std::strerror(errno);
            return Next::failed;
        }
        if (count == 0) {
            at_end_ = true;
            return piece.empty() ? Next::end : Next::piece;
        }
        char const* const begin = piece.data();
        char const* const end = begin + piece.size();
        if (delimiter == 0) delimiter = guess_delimiter(piece);
        char const* const cut = last_record_end(begin, end, delimiter);
        if (cut > begin) {
            rest_.assign(cut, end);
            piece.resize(static_cast<std::size_t>(cut - begin));
            return Next::piece;
        }
        if (piece.size() > longest_record) return Next::too_long;
    }
}

} // namespace perpetuum
